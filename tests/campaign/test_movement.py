"""What changed since a day, as a page and as a feed, and which answers are owed."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from campaign import disputes, movement, organising, record
from campaign.models import Entry, Said
from tests.campaign.deciding import follow_the_rules
from tests.campaign.test_record import say
from tests.campaign.test_replies import ada, decided, submitted
from tests.cast import NOW
from tests.people import plain

__all__ = ["ada"]
pytestmark = pytest.mark.django_db
PAGE = "/campaigns/robots/movement/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def said(cast) -> Entry:
    entry = say(cast, bearings={cast.act.pk: Said.REFUSED})
    record.check(entry=entry, by=cast.oskar, now=NOW)
    follow_the_rules(cast)
    return entry


def titles(cast, since=NOW - timedelta(days=1)) -> list[str]:
    return [change.title for change in movement.changes(cast.campaign, since=since)]


def test_standings_and_entries_are_told_from_and_to(cast, said, stranger):
    page = plain(stranger.get(f"{PAGE}?since=2026-01-31").content.decode())

    assert "On the record: statement, Ada Boss, Chief executive, Acme" in page
    assert "“Stop every robot”: from unaddressed to refused" in page
    assert (
        'href="/campaigns/robots/executives/ada-boss/#demand-1"'
        in stranger.get(f"{PAGE}?since=2026-01-31").content.decode()
    )


def test_what_is_not_public_is_no_change(cast, stranger):
    say(cast)

    assert titles(cast) == []
    assert "Nothing changed" in stranger.get(PAGE).content.decode()


def test_what_was_taken_back_and_what_was_disputed_is_told_with_the_reason(cast, ada, said):
    one = decided(cast, submitted(cast, ada, entry=said))
    disputes.confirm(submission=one, by=cast.carla, now=NOW + timedelta(hours=1))

    told = titles(cast, since=NOW + timedelta(minutes=30))

    assert any(title.startswith("Taken back: statement, Ada Boss") for title in told)
    assert any("from refused to unaddressed" in title for title in told)
    assert any(title.startswith("A dispute was decided (accepted): Ada Boss") for title in told)
    assert not any(title.startswith("On the record") for title in told)


def test_answers_owed_and_given_say_how_long(cast, said, stranger):
    organising.ask_reply_by(
        campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=2), by=cast.carla, now=NOW
    )

    found = movement.page("robots", since="", now=NOW + timedelta(days=12))
    page = plain(stranger.get(PAGE).content.decode())

    assert ([row.employer for row in found.owed], found.overdue_days) == (["Beta"], 10)
    assert [(one.row.name, one.days) for one in found.given] == [("Ada Boss", 2)]
    assert "1 executive has not answered in public." in page
    assert "Ada Boss, Chief executive, Acme after 2 days" in page


def test_the_feed_tells_each_change_once_under_an_id_that_stays(cast, said, stranger):
    first, second = (stranger.get("/campaigns/robots/movement.atom") for _ in range(2))

    entries = ElementTree.fromstring(first.content).findall(f"{ATOM}entry")  # noqa: S314  # our own feed
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert first.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert len(ids) == len(set(ids)) == 2
    assert ids == re.findall(r"<entry>.*?<id>([^<]+)</id>", second.content.decode(), re.DOTALL)
    assert all("http://localhost:8000/campaigns/robots/" in entry.find(f"{ATOM}link").get("href") for entry in entries)


@pytest.mark.parametrize(
    ("since", "status"),
    [("2026-13-01", 422), ("x", 422), ("9999-12-31", 422), ("0001-01-01", 200), ("1970-01-01", 200)],
)
def test_a_day_that_is_none_is_said_at_its_field(cast, stranger, since, status):
    assert stranger.get(f"{PAGE}?since={since}").status_code == status


def test_a_campaign_that_is_not_public_has_none(cast, stranger):
    assert stranger.get("/campaigns/elsewhere/movement/").status_code == 404
    assert stranger.get("/campaigns/elsewhere/movement.atom").status_code == 404


def test_a_month_is_shown_when_no_day_is_named(cast, stranger):
    assert stranger.get(PAGE).context["page"].since == timezone.localdate() - timedelta(days=30)
