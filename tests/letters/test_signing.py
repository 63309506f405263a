"""A worker signs: what stands, what is counted, and what nobody can tell."""

import re

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from accounts.shortlived import memory
from campaign import organising
from letters import employers, keyring, pooling, publishing
from letters.models import Cell, Letter, PublicSignature, Tag, Version, Waiting
from tests.cast import NOW, ask, code_of, sign

pytestmark = pytest.mark.django_db


def test_a_public_signature_stands_at_once_with_its_proof(cast, mailbox, stranger):
    response = sign(
        mailbox, address="ben@acme.example", visibility="public", name="Ben Łukasz", role="Software engineer"
    )

    assert response.headers["Location"] == "/letters/robots/signed/"
    page = stranger.get("/letters/robots/").content.decode()
    assert "Ben Łukasz" in page
    assert "work e-mail" in page
    assert (cast.numbers.public, cast.numbers.confidential) == (1, 0)


def test_an_address_elsewhere_proves_a_mailbox_and_no_employer(cast, mailbox, stranger):
    sign(mailbox, address="ben@home.example", visibility="public", name="Ben", employer="Acme")

    page = stranger.get("/letters/robots/signatures/").content.decode()
    assert "e-mail checked" in page
    assert cast.numbers.employers == ()


def test_a_confidential_signature_waits_without_a_name(cast, mailbox, stranger):
    sign(mailbox, address="ana@acme.example", name="Ana Secret", role="Secret engineer")

    assert cast.numbers.total == 0
    waiting = Waiting.objects.get()
    assert (waiting.employer_id, waiting.role_group, waiting.count) == (cast.acme, "engineering", 1)
    assert not PublicSignature.objects.exists()
    assert "Ana" not in stranger.get("/letters/robots/").content.decode()


def test_ten_confidential_signatures_are_published_together(cast, mailbox):
    for number in range(9):
        sign(mailbox, address=f"ana{number}@acme.example", role="engineer")
    pooling.publish(letter_id=cast.letter.id, today=NOW.date())
    before = cast.numbers.total
    sign(mailbox, address="ana9@acme.example", role="engineer")

    published = pooling.publish(letter_id=cast.letter.id, today=NOW.date())

    assert (before, published) == (0, 10)
    assert cast.numbers.employers[0].confidential == 10


@pytest.mark.parametrize("visibility", ["public", "confidential"])
@pytest.mark.parametrize(
    "again",
    ["ben@acme.example", "BEN@Acme.Example", "ben+news@acme.example", "ben@acme-alias.example"],
)
def test_the_same_person_signs_once_in_any_spelling_and_sees_the_same(cast, mailbox, visibility, again, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    first = sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")

    second = sign(mailbox, address=again, visibility=visibility, name="Ben Again")

    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert (PublicSignature.objects.count(), Waiting.objects.count()) == (1, 0)
    assert cast.numbers.total == 1


def test_a_domain_that_comes_or_goes_makes_nobody_two_people(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
    sign(mailbox, address="ann@later.example", visibility="public", name="Ann")
    employers.set_domains(employer_id=cast.acme, domains=["acme-alias.example", "later.example"])

    for address in ("ben@acme.example", "ben@acme-alias.example", "ann@later.example", "ann@acme-alias.example"):
        sign(mailbox, address=address, visibility="public", name="Again")

    assert sorted(PublicSignature.objects.values_list("name", flat=True)) == ["Ann", "Ben"]


def test_the_answer_to_the_form_is_the_same_whatever_is_known_of_the_address(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 1
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
    sign(mailbox, address="ana@acme.example")

    answers = [
        ask(Client(), email=address)
        for address in ("new@acme.example", "ben@acme.example", "ana@acme.example", "ana@acme.example", "x@no.example")
    ]

    assert {answer.status_code for answer in answers} == {302}
    assert {answer.headers["Location"] for answer in answers} == {"/letters/robots/code/"}
    pages = set()
    for answer in answers:
        client = Client()
        client.cookies = answer.cookies
        page = client.get("/letters/robots/code/").content.decode()
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert len(pages) == 1


def test_above_the_limit_no_mail_leaves(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 3

    for spelling in ("a@acme.example", "A@acme.example", "a+1@acme.example", "a+2@acme.example", "a@acme.example"):
        ask(Client(), email=spelling)

    assert len(mailbox()) == 3
    assert OutgoingMail.objects.filter(state="cancelled", failure="withheld").count() == 2


def test_the_mail_names_no_letter_no_company_and_no_act(cast, mailbox, settings, tmp_path):
    ask(Client(), email="ana@acme.example", name="Ana", role="Engineer")
    mailbox()

    [file] = (tmp_path / "mail").glob("*.eml")
    words = file.read_text().lower()
    words = words.replace("ana@acme.example", "")
    for forbidden in ("robots", "acme", "sign", "petition", "letter", "campaign", "http", "ana"):
        assert forbidden not in words, forbidden


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{lower}", "{dashed}"])
def test_a_code_survives_being_pasted(cast, mailbox, typed):
    client = Client()
    ask(client, email="ana@acme.example")
    code = code_of(mailbox()[0].text)

    response = client.post(
        "/letters/robots/code/",
        {"code": typed.format(code=code, lower=code.lower(), dashed=code.replace(" ", "-"))},
    )

    assert response.status_code == 302


def test_a_wrong_code_is_refused_with_words_and_five_are_the_end(cast, mailbox):
    client = Client()
    ask(client, email="ana@acme.example")
    right = code_of(mailbox()[0].text)

    refused = [client.post("/letters/robots/code/", {"code": "AAAA AAAA"}) for _ in range(5)]
    late = client.post("/letters/robots/code/", {"code": right})

    assert [answer.status_code for answer in refused] == [422, 422, 422, 422, 410]
    assert "does not fit" in refused[0].content.decode()
    assert late.status_code == 410
    assert not Tag.objects.exists()


def test_a_code_works_only_in_the_browser_that_asked(cast, mailbox):
    ask(Client(), email="ana@acme.example")
    code = code_of(mailbox()[0].text)

    response = Client().post("/letters/robots/code/", {"code": code})

    assert response.status_code == 410
    assert not Tag.objects.exists()


def test_another_code_replaces_the_first(cast, mailbox):
    client = Client()
    ask(client, email="ana@acme.example")
    first = code_of(mailbox()[0].text)
    client.post("/letters/robots/code/again/")
    second = code_of(mailbox()[1].text)

    assert client.post("/letters/robots/code/", {"code": first}).status_code == 422
    assert client.post("/letters/robots/code/", {"code": second}).status_code == 302


def test_above_the_limit_the_code_that_was_mailed_stays_good(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 2
    client = Client()
    ask(client, email="ana@acme.example")
    for _ in range(3):
        client.post("/letters/robots/code/again/")

    newest = code_of(mailbox()[-1].text)

    assert len(mailbox()) == 2
    assert client.post("/letters/robots/code/", {"code": newest}).status_code == 302


def test_another_code_is_no_way_to_more_guesses(cast, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30
    client = Client()
    ask(client, email="ana@acme.example")

    answers = []
    for _ in range(4):
        answers += [client.post("/letters/robots/code/", {"code": "AAAA AAAA"}).status_code for _ in range(2)]
        client.post("/letters/robots/code/again/")

    assert answers == [422] * 4 + [410] * 4


def test_a_double_click_signs_once_and_is_answered_twice(cast, mailbox):
    client = Client()
    ask(client, email="ben@acme.example", visibility="public", name="Ben")
    code = code_of(mailbox()[0].text)
    cookies = client.cookies.copy()

    answers = []
    for _ in range(2):
        again = Client()
        again.cookies = cookies.copy()
        answers.append(again.post("/letters/robots/code/", {"code": code}).status_code)

    assert answers == [302, 302]
    assert PublicSignature.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"email": "ben@acme.example", "visibility": "public"}, "name"),
        ({"email": "ben@acme.example", "visibility": "public", "name": "Buy at https://x.example"}, "name"),
        ({"email": "ben@acme.example", "visibility": "public", "name": "=SUM(A1)"}, "name"),
        ({"email": "ben@acme.example", "visibility": "public", "name": "BENJAMIN SHOUTING"}, "name"),
        ({"email": "ben@acme.example", "visibility": "loud"}, "visibility"),
        ({"email": "ben@acme.example", "visibility": "public", "name": "ﷺ" * 100}, "name"),
        ({"email": "ben@acme.example", "visibility": "public", "name": "\u3164"}, "name"),
    ],
)
def test_a_bad_form_is_refused_at_its_field_and_keeps_what_was_typed(cast, form, field):
    response = ask(Client(), role="Kept role", **form)

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert "Kept role" in response.content.decode()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("name", ["Łukasz Żółć", "José", "李雷", "محمد علی", "Nguyễn Thị Ánh", "O’Neil-Smith"])
def test_names_in_every_script_pass(cast, mailbox, stranger, name):
    sign(mailbox, address="ben@acme.example", visibility="public", name=name)

    assert name in stranger.get("/letters/robots/signatures/").content.decode()


def test_nobody_signs_a_text_that_she_did_not_read(cast):
    response = ask(Client(), email="ana@acme.example", version="0" * 64)

    assert response.status_code == 422
    assert "changed while you were reading" in response.content.decode()


def test_a_form_that_names_no_text_means_the_one_that_stands(cast):
    response = ask(Client(), email="ana@acme.example", version="")

    assert response.headers["Location"] == "/letters/robots/code/"


@pytest.mark.django_db(transaction=True)
def test_a_closed_letter_keeps_its_numbers_and_loses_its_key(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
    client = Client()
    ask(client, email="late@acme.example")
    late_code = code_of(mailbox("late@acme.example")[0].text)

    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)

    assert not keyring.exists(cast.letter.id)
    assert cast.letter.key_destroyed_at == NOW
    assert not Tag.objects.exists()
    page = stranger.get("/letters/robots/").content.decode()
    assert "closed" in page
    assert "Ben" in page
    assert cast.numbers.total == 1
    assert client.post("/letters/robots/code/", {"code": late_code}).status_code == 409
    assert ask(Client(), email="x@acme.example").status_code == 200
    assert not OutgoingMail.objects.filter(state="waiting").exists()


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_closing_and_destroying_is_mended_by_the_clock(cast, monkeypatch):
    def power_cut(**_: object) -> int:
        raise OSError

    monkeypatch.setattr(publishing, "finish_closing", power_cut)
    publishing.close_letter(letter_id=cast.letter.id, now=NOW)
    monkeypatch.undo()
    assert keyring.exists(cast.letter.id)

    publishing.finish_closing(now=NOW)

    assert not keyring.exists(cast.letter.id)


def test_signing_waits_rather_than_forget_who_signed_when_the_key_is_missing(cast):
    keyring.destroy(cast.letter.id)

    response = ask(Client(), email="ana@acme.example")

    assert response.status_code == 422
    assert "paused" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_form_costs_at_most_eight_queries_and_the_code_nine(cast, mailbox):
    client, version = Client(), cast.letter.sha256
    with CaptureQueriesContext(connection) as form:
        ask_response = client.post(
            "/letters/robots/sign/",
            {"visibility": "public", "email": "ben@acme.example", "name": "Ben", "version": version},
        )
    code = code_of(mailbox()[0].text)
    with CaptureQueriesContext(connection) as complete:
        client.post("/letters/robots/code/", {"code": code})

    assert ask_response.status_code == 302
    assert len(form.captured_queries) <= 8, form.captured_queries  # BEGIN and COMMIT included
    assert len(complete.captured_queries) <= 9  # one reads the hold list, one locks the mail about a code not typed


def test_what_waits_for_a_code_is_unreadable_without_the_browser(cast, mailbox):
    ask(Client(), email="ana.canary@acme.example", visibility="public", name="Canary Name")

    blocks = b"".join(memory().get(key) or b"" for key in memory().keys("pending:*") if b"tries" not in key)
    assert blocks
    assert b"canary" not in blocks.lower()


def test_get_changes_nothing(cast, mailbox):
    client = Client()
    ask(client, email="ana@acme.example")
    code = code_of(mailbox()[0].text)

    client.get("/letters/robots/code/", {"code": code})
    client.get("/letters/robots/code/again/")
    client.get("/letters/robots/signed/")

    assert not Tag.objects.exists()
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_second_tag_a_small_group_and_a_changed_version(cast):
    letter, version = Letter.objects.get(), Version.objects.get()
    Tag.objects.create(letter=letter, digest=b"1" * 32)

    with pytest.raises(IntegrityError, match="tag_once_in_a_letter"):
        Tag.objects.create(letter=letter, digest=b"1" * 32)
    with pytest.raises(IntegrityError, match="cell_shows_no_small_group"):
        Cell.objects.create(letter=letter, version=version, confidential=9)
    with pytest.raises(IntegrityError, match="never updated"):
        Version.objects.update(body="Something else")
