"""A closed letter is handed over and ends with a word; what was handed over can be read and checked by everybody."""

import hashlib
import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from campaign import delivering, editions, organising
from campaign.models import AuditEntry, CampaignLetter, Delivery, News, NewsKind, Outcome, Reminder
from campaign.organising import NotPossible
from letters import counting, publishing
from letters.models import PublicSignature
from tests.campaign.reminders.story import let_go
from tests.cast import NOW, Cast, browser_of
from tests.letters.test_people import add

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/deliver/"
CLOSED, DAY = NOW + timedelta(days=5), (NOW + timedelta(days=6)).date()
LATER = NOW + timedelta(days=7)


@pytest.fixture
def closed(cast) -> Cast:
    for signature in add(cast, "Ben Kovač", "عدا سالم", "Ana #panic() $x$ *b*", role="Engineer", level="email"):
        counting.count_signature(signature)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=CLOSED)
    return cast


def deliver(cast, **given) -> Delivery:
    words = {"how": "in person", "to_whom": "Ada Boss, Acme", "delivered_on": DAY, "reply_by": None} | given
    return delivering.deliver(campaign_letter=cast.campaign_letter, by=cast.carla, now=LATER, **words)


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def address(delivery: Delivery, kind: str) -> str:
    return f"/letters/robots/deliveries/{delivery.pk}/letter.{kind}"


def test_both_editions_say_what_the_page_says_and_have_the_names_that_it_has(closed, stranger):
    delivery = deliver(closed)
    assert delivering.make_editions() == 1
    assert delivering.make_editions() == 0

    delivery.refresh_from_db()
    paper, text = (stranger.get(address(delivery, kind)) for kind in ("pdf", "txt"))
    pdf, words = body(paper), body(text)
    page = stranger.get("/letters/robots/").content.decode()

    assert (paper.headers["Content-Type"], text.headers["Content-Type"]) == (
        "application/pdf", "text/plain; charset=utf-8",
    )  # fmt: skip
    assert hashlib.sha256(pdf).hexdigest() == delivery.pdf_sha256
    assert hashlib.sha256(words).hexdigest() == delivery.text_sha256
    printed = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages).split())
    for said in ("Stop the robots", "Stop every robot", "Ben Kovač, Engineer", "Ana #panic() $x$ *b*", "3 people"):
        assert said in " ".join(words.decode().split())
        assert said.replace(" ", "") in printed.replace(" ", "")
    assert closed.letter.sha256 in words.decode()
    assert "عدا سالم" in words.decode()
    assert "Ada Boss, Acme" in page
    assert address(delivery, "pdf") in page
    assert delivery.pdf_sha256 in page


def test_an_edition_is_the_same_each_time_it_is_made(closed):
    delivery = deliver(closed)

    made = ["".join(editions.lines(delivery)) for _ in range(2)]

    assert made[0] == made[1]


def test_a_letter_in_two_languages_is_printed_in_both(cast):
    publishing.add_translation(
        letter_id=cast.letter.id, language="ar", title="أوقفوا", body="> نص\n\n1. a\n2. **b**", demands=["أ", "ب"],
        follows="", now=NOW,
    )  # fmt: skip
    from tests.campaign.test_amending import IN_FORCE, correct

    correct(cast)
    from campaign import amending

    amending.take_effect(now=IN_FORCE)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=CLOSED)
    delivery = deliver(cast)

    pdf = editions.on_paper(delivery, text_sha256="0" * 64)

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 3


def test_an_edition_with_a_name_that_is_gone_is_given_out_no_more(closed, stranger):
    delivery = deliver(closed)
    delivering.make_editions()
    signature = PublicSignature.objects.get(name="Ben Kovač")
    counting.erase(signature, NOW.date())

    answers = [stranger.get(address(delivery, kind)) for kind in ("pdf", "txt")]
    forgotten = [delivering.forget_editions(), delivering.forget_editions()]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "The list of names has changed since" in answers[0].content.decode()
    assert forgotten == [1, 0]
    delivery.refresh_from_db()
    assert (delivery.pdf, len(delivery.pdf_sha256)) == (None, 64)


def test_an_edition_that_cannot_be_made_is_tried_three_times(closed, stranger, monkeypatch):
    delivery = deliver(closed)
    monkeypatch.setattr(editions, "on_paper", lambda *_args, **_more: 1 / 0)

    for _ in range(5):
        delivering.make_editions()

    delivery.refresh_from_db()
    assert (delivery.tries, delivery.pdf_sha256) == (3, "")
    assert stranger.get(address(delivery, "pdf")).status_code == 503
    assert "could not be made" in browser_of(closed.carla).get(PAGE).content.decode()


def test_an_open_letter_is_not_handed_over_nor_one_tomorrow_nor_twice(cast):
    with pytest.raises(NotPossible, match="Close the letter first"):
        deliver(cast)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=CLOSED)

    with pytest.raises(NotPossible, match="still to come"):
        deliver(cast, delivered_on=DAY + timedelta(days=30))
    with pytest.raises(NotPossible, match="not open yet"):
        deliver(cast, delivered_on=date(2020, 1, 1))
    deliver(cast)
    with pytest.raises(NotPossible, match="on record already"), transaction.atomic():
        deliver(cast)


def test_followers_and_the_log_know_and_an_answer_is_waited_for(closed):
    deliver(closed, reply_by=LATER + timedelta(days=10))
    let_go(LATER + timedelta(hours=1))

    assert News.objects.get(kind=NewsKind.DELIVERED).what == "It was handed to Ada Boss, Acme, with 3 signatures."
    assert News.objects.get(kind=NewsKind.DELIVERED).number == 1
    assert AuditEntry.objects.filter(what="letter.delivered").count() == 1
    assert Reminder.objects.get(kind="no_answer", state="planned").due_at == LATER + timedelta(days=10)


def test_the_outcome_stands_at_the_head_of_the_page_and_is_told_once(closed, stranger):
    for words in ("They stopped <b>every</b> robot.", "They stopped every robot, they say."):
        delivering.say_outcome(
            campaign_letter=closed.campaign_letter, outcome=Outcome.VICTORY, statement=words, by=closed.carla, now=LATER
        )

    page = stranger.get("/letters/robots/").content.decode()
    assert "Victory" in page
    assert "they say." in page
    assert News.objects.filter(kind=NewsKind.DELIVERED).count() == 1
    assert AuditEntry.objects.filter(what="letter.outcome").count() == 2


def test_the_page_of_the_team_records_and_refuses_at_the_field(closed):
    carla = browser_of(closed.carla)
    refused = carla.post(PAGE, {"to_whom": "Ada", "how": "mail", "day": "2999-01-01"})
    kept = carla.post(PAGE, {"to_whom": "Ada", "how": "mail", "day": DAY.isoformat()})
    ended = carla.post(PAGE, {"outcome": "ended", "statement": "Nobody answered."})
    nothing = carla.post(PAGE, {"outcome": "", "statement": ""})

    assert [one.status_code for one in (refused, kept, ended, nothing)] == [422, 302, 302, 422]
    assert "still to come" in refused.content.decode()
    assert 'value="Ada"' in refused.content.decode()
    assert "being made" in carla.get(PAGE).content.decode()


@pytest.mark.parametrize(("name", "read"), [("oskar", 200), ("vera", 200), ("mallory", 404)])
def test_only_an_owner_hands_over_and_an_outsider_finds_nothing(closed, name, read):
    browser = browser_of(getattr(closed, name))

    assert browser.get(PAGE).status_code == read
    assert browser.post(PAGE, {"to_whom": "A", "how": "B", "day": DAY.isoformat()}).status_code == 404
    assert not Delivery.objects.exists()


def test_no_other_letter_gives_an_edition_out(closed, stranger):
    delivery = deliver(closed)

    assert stranger.get(f"/letters/robots/deliveries/{closed.letter.id}/letter.pdf").status_code == 404
    assert stranger.get(address(delivery, "exe")).status_code == 404


def test_the_database_keeps_paper_with_its_name_and_an_outcome_with_its_words(closed):
    delivery = deliver(closed)
    with pytest.raises(IntegrityError, match="has_its_name"), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(pdf=b"x")
    with pytest.raises(IntegrityError, match="outcome"), transaction.atomic():
        CampaignLetter.objects.update(outcome="victory")
