"""A confidential signer who wants to be counted only when enough others are."""

import pytest
from django.db import IntegrityError
from django.test import Client

from campaign import organising
from letters import pooling, publishing, queries
from letters.models import Cell, Letter, Pledge, Tag, Waiting
from tests.cast import NOW, ask, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(cast):
    publishing.offer_release(letter_id=cast.letter.id, least=50)
    return cast


def pledged(cast, many: int) -> None:
    """So many at Beta wait for fifty."""
    letter = Letter.objects.get()
    Pledge.objects.create(
        letter=letter, version=letter.current, employer_id=cast.beta, scope="letter", number=50, count=many
    )


def test_the_form_asks_only_where_the_letter_offers_it(cast, stranger):
    before = stranger.get("/letters/robots/sign/").content.decode()
    publishing.offer_release(letter_id=cast.letter.id, least=50)

    after = stranger.get("/letters/robots/sign/").content.decode()

    assert 'name="release"' not in before
    assert "Only when 50 have signed" in after
    assert "Only when 500 at my company have signed" in after


def test_she_is_counted_once_fifty_are_shown_and_not_before(offered, mailbox):
    pledged(offered, 49)
    sign(mailbox, address="ana@acme.example", release="letter-50", role="engineer")
    pooling.publish(letter_id=offered.letter.id, today=NOW.date(), rest=True)
    before, waits = offered.numbers.total, Pledge.objects.get(employer_id=offered.acme)

    sign(mailbox, address="ben@beta.example", visibility="public", name="Ben")
    pooling.publish(letter_id=offered.letter.id, today=NOW.date(), rest=True)

    assert (before, waits.role_group, waits.scope, waits.number) == (0, "engineering", "letter", 50)
    assert offered.numbers.total == 1 + 49
    assert Waiting.objects.get().count == 1, "she is not alone when she is shown"
    assert not Pledge.objects.exists()


def test_her_company_counts_where_her_address_is_there_and_otherwise_the_letter(offered, mailbox):
    for address in ("ana@acme.example", "ana@home.example"):
        sign(mailbox, address=address, release="employer-100")

    assert {(one.employer_id, one.scope, one.number) for one in Pledge.objects.all()} == {
        (offered.acme, "employer", 100),
        (None, "letter", 100),
    }


def test_her_second_signature_and_her_leaving_are_like_everybodys(offered, mailbox, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 9
    answers = [sign(mailbox, address="ana@acme.example", release=when) for when in ("letter-50", "letter-100", "")]

    assert len({(answer.status_code, answer.headers["Location"]) for answer in answers}) == 1
    assert [(one.number, one.count) for one in Pledge.objects.all()] == [(50, 1)]
    client = Client()
    client.post("/letters/robots/withdraw/", {"email": "ana@acme.example"})
    client.post("/letters/robots/withdraw/code/", {"code": mailbox("ana@acme.example")[-1].text.split("\n\n")[1]})
    pooling.publish(letter_id=offered.letter.id, today=NOW.date())
    assert not Pledge.objects.exists()
    assert not Tag.objects.exists()


@pytest.mark.parametrize("form", [{"visibility": "public", "name": "Ana"}, {"release": "letter-49"}])
def test_what_is_not_offered_is_refused_at_its_field(offered, form):
    response = ask(Client(), email="ana@acme.example", **{"release": "letter-50", **form})

    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"release"}


def test_at_closing_it_is_erased_and_nobody_sees_that_it_was(offered, mailbox):
    pledged(offered, 48)
    sign(mailbox, address="ana@acme.example", release="letter-50")

    organising.close_letter(campaign_letter=offered.campaign_letter, by=offered.carla, now=NOW)

    assert not Pledge.objects.exists()
    assert not Tag.objects.exists()
    assert not Cell.objects.exists()
    assert queries.growth(offered.letter.id) == []


def test_a_closed_letter_offers_nothing_and_no_letter_a_small_number(offered):
    with pytest.raises(publishing.NotPossible):
        publishing.offer_release(letter_id=offered.letter.id, least=9)
    organising.close_letter(campaign_letter=offered.campaign_letter, by=offered.carla, now=NOW)

    with pytest.raises(publishing.NotPossible):
        publishing.offer_release(letter_id=offered.letter.id, least=None)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_promises_that_name_a_small_group(cast):
    letter = Letter.objects.get()

    for name, fields in (
        ("pledge_waits_for_no_small_group", {"scope": "letter", "number": 9}),
        ("pledge_at_an_employer_knows_which", {"scope": "employer", "number": 10}),
    ):
        with pytest.raises(IntegrityError, match=name):
            Pledge.objects.create(letter=letter, version=letter.current, count=1, **fields)
    with pytest.raises(IntegrityError, match="letter_lets_nobody_wait_for_a_small_group"):
        Letter.objects.update(release_from=9)
