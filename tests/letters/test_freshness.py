"""Public pages are rendered once for each state of what they show."""

import pytest
import redis
from django.test import Client

from accounts.shortlived import memory
from campaign import organising, record
from letters import pooling
from tests.campaign.test_record import say
from tests.cast import NOW, sign

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/", "/letters/robots/", "/letters/robots/signatures/", "/campaigns/robots/")


@pytest.fixture(autouse=True)
def pages_are_kept(settings):
    settings.PAGES_KEPT_SECONDS = 30


def pages() -> list[str]:
    return [Client().get(path).content.decode() for path in PAGES]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_kept_costs_no_query_and_is_the_same(cast, django_assert_num_queries, path):
    first = Client().get(path, headers={"accept-encoding": "gzip"})

    with django_assert_num_queries(0):
        second = Client().get(path, headers={"accept-encoding": "gzip"})

    assert second.content == first.content
    for header in ("Content-Type", "Content-Encoding", "Vary", "Content-Security-Policy"):
        assert second.headers[header] == first.headers[header]


def test_whoever_cannot_unpack_gets_a_page_that_is_not_packed(cast):
    Client().get("/letters/robots/", headers={"accept-encoding": "gzip"})

    assert b"Stop the robots" in Client().get("/letters/robots/").content


def test_a_change_shows_at_once(cast, mailbox):
    before = pages()
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")
    signed = pages()
    entry = say(cast)
    unchecked = pages()
    record.check(entry=entry, by=cast.oskar, now=NOW)
    checked = pages()
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)
    closed = pages()

    assert "1 person has signed" in signed[0]
    assert all("Ben" in page for page in signed[1:3])
    assert "Ben" not in before[1]
    assert unchecked == signed
    assert "think about it" in checked[3]
    assert "This letter closed" in closed[1]


def test_a_batch_shows_at_once(cast, mailbox):
    for number in range(10):
        sign(mailbox, address=f"ana{number}@acme.example")
    before = pages()

    pooling.publish(letter_id=cast.letter.id, today=NOW.date())

    assert "0 people" in before[0]
    assert "10 people have signed" in pages()[0]


def test_queries_refusals_and_other_methods_are_not_kept(cast):
    client = Client()
    client.get("/letters/robots/signatures/?q=secret")
    client.get("/letters/nowhere/")
    client.head("/letters/robots/")

    assert not list(memory().scan_iter("page:*"))


def test_pages_stay_up_without_redis(cast, monkeypatch):
    def gone(*args: object, **kwargs: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(memory(), "mget", gone)

    assert all("Stop the robots" in page for page in pages())
