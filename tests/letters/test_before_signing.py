"""What somebody learns before she signs, what it costs her to sign, and how she sees where it stands."""

import re

import pytest
from django.test import Client

from letters import crowd, reviewing
from letters.models import Cell, Letter, PublicSignature, Tag, Waiting
from tests.cast import ask, code_of, sign
from tests.letters.test_withdrawing import CODE, begin, change

pytestmark = pytest.mark.django_db
FORM = "/letters/robots/sign/"


@pytest.fixture(autouse=True)
def codes_enough(settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30


def said(response) -> str:
    page = re.sub(r'name="(csrfmiddlewaretoken|made)" value="[^"]+"|data-puzzle="[^"]+"', "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


class TestTheCrowd:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "under 10"),
            (9, "under 10"),
            (10, "10–24"),
            (24, "10–24"),
            (25, "25–49"),
            (49, "25–49"),
            (50, "50 and more"),
        ],
    )
    def test_it_is_told_in_buckets(self, number, words):
        assert crowd.bucket(number) == words

    def test_it_counts_what_is_published_and_nothing_that_waits(self, cast, stranger):
        letter = Letter.objects.get()
        group = {"letter": letter, "version": letter.current, "employer_id": cast.acme}
        Cell.objects.create(**group, public=2, confidential=22)
        Waiting.objects.create(**group, count=9)

        page = said(stranger.get(FORM, {"employer": "acme"}))

        assert "At Acme : 10–24 , as far as it is published." in page.replace("Acme:", "Acme :").replace("  ", " ")

    def test_a_small_crowd_is_said_to_be_one_and_an_unknown_company_says_nothing(self, cast, stranger):
        assert "In a small crowd people guess" in said(stranger.get(FORM, {"employer": "acme"}))
        for employer in ("nobody", "", "acme\0", "x" * 5000):
            page = said(stranger.get(FORM, {"employer": employer}))
            assert "as far as it is published" not in page

    def test_looking_keeps_nothing(self, cast, stranger):
        response = stranger.get(FORM, {"employer": "acme"})

        assert "no-store" in response.headers["Cache-Control"]
        assert not stranger.session.keys()


class TestThePreview:
    def test_a_name_looks_as_it_will_and_nothing_is_sent(self, cast, mailbox):
        response = ask(
            Client(), email="ben@acme.example", visibility="public", name="Ben Kovač", role="Engineer", preview="1"
        )

        assert response.status_code == 200
        assert "Ben Kovač Engineer , Acme work e-mail" in said(response)
        assert "Nothing is sent yet" in said(response)
        assert 'value="ben@acme.example"' in response.content.decode()
        assert mailbox() == []

    def test_an_employer_that_is_only_stated_is_not_called_checked(self, cast, mailbox):
        response = ask(
            Client(), email="ben@home.example", visibility="public", name="Ben", employer="Acme", preview="1"
        )

        assert "Ben Acme e-mail checked" in said(response)

    @pytest.mark.parametrize(
        ("address", "words"),
        [("ana@acme.example", "one of those counted at Acme"), ("ana@home.example", "No name and no company")],
    )
    def test_a_confidential_signer_sees_that_there_is_no_name(self, cast, mailbox, address, words):
        response = ask(Client(), email=address, name="Ana", preview="1")

        assert words in said(response)
        assert 'people__name" dir="auto">Ana' not in response.content.decode()

    def test_what_is_missing_is_said_as_when_it_is_sent(self, cast):
        assert ask(Client(), email="", preview="1").status_code == 422


def test_a_confidential_signing_takes_three_pages_and_five_things_to_do(cast, mailbox):
    client, pages, things = Client(), [], []

    page = client.get(FORM).content.decode()
    pages.append(FORM)
    things += ["choose how", "type the address", "send the form"]
    required = re.findall(r"<(?:input|select|textarea)(?=[^>]*\brequired\b)[^>]*name=\"(\w+)\"", page)
    to_code = client.post(FORM, {"visibility": "confidential", "email": "ana@acme.example"}).headers["Location"]
    pages.append(to_code)
    things += ["type the code", "send it"]
    thanks = client.post(to_code, {"code": code_of(mailbox()[0].text)}).headers["Location"]
    pages.append(thanks)

    assert set(required) <= {"visibility", "email"}
    assert client.get(thanks).status_code == 200
    assert Waiting.objects.get().count == 1
    assert len(pages) <= 3
    assert len(things) <= 6


class TestWhereItStands:
    def look(self, mailbox, address):
        return change(mailbox, address, visibility="look")

    def test_a_name_that_waits_is_said_to_wait_and_nothing_changes(self, cast, mailbox):
        sign(mailbox, address="ada@acme.example", visibility="public", name="Ada Boss")

        page = said(self.look(mailbox, "ada@acme.example"))

        assert "Your name waits for a person to look" in page
        assert PublicSignature.objects.get().state == "held"

    def test_a_name_that_stands_is_said_to_stand(self, cast, mailbox):
        sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")

        assert "Your name stands on the letter" in said(self.look(mailbox, "ben@acme-alias.example"))

    def test_of_a_confidential_signature_it_says_the_same_as_of_none(self, cast, mailbox):
        sign(mailbox, address="ana@acme.example")
        sign(mailbox, address="ada@acme.example", visibility="public", name="Bеn Miller")  # its e is Cyrillic
        directory_id = cast.campaign.directory_id
        case_id = reviewing.claim_next(directory_id=directory_id, by_id=cast.carla.pk, now=cast.letter.opened_at)
        reviewing.decide(
            directory_id=directory_id, case_id=case_id, by_id=cast.carla.pk, agrees=False, now=cast.letter.opened_at
        )

        pages = {
            said(self.look(mailbox, address))
            for address in ("ana@acme.example", "new@acme.example", "ada@acme.example")
        }

        assert len(pages) == 1
        assert "No name of this address stands or waits here" in pages.pop()
        assert Tag.objects.count() == 2

    def test_it_takes_the_code(self, cast, mailbox):
        sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
        client = Client()
        begin(client, "ben@acme.example", visibility="look")

        response = client.post(CODE, {"code": "AAAA AAAA"})

        assert response.status_code == 422
        assert "Your name" not in said(response)
