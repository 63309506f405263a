"""Public signers who ticked the box for news: they follow a few minutes later, and nothing joins the two."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import OutgoingMail
from accounts.shortlived import memory
from campaign import news
from letters import newcomers, tasks
from letters.models import PublicSignature, Subscription, Waiting
from tests.cast import ask, code_of, sign
from tests.letters.following import NOON, follow, tell

pytestmark = pytest.mark.django_db


def test_a_public_signer_who_wants_news_follows_once_a_week_some_minutes_later(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")
    at_once = Subscription.objects.count()

    newcomers.take_all(now=NOON)

    assert at_once == 0
    row = Subscription.objects.get()
    assert (row.topic, row.frequency, row.confirmed_in.day) == (cast.campaign.directory_id, "weekly", 1)
    tell(cast.campaign, "We met the board")
    news.send_due(now=datetime(2026, 2, 9, 7, 0, tzinfo=UTC))  # Monday, eight in the campaign's morning
    assert "We met the board" in mailbox("ben@acme.example")[-1].text


def test_without_the_box_nobody_follows(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")

    assert newcomers.take_all(now=NOON) == 0


def test_a_confidential_signer_follows_nothing_whatever_the_form_says(cast, mailbox):
    sign(mailbox, address="ana@acme.example", visibility="confidential", news="on")

    assert not memory().exists("newcomers")
    assert newcomers.take_all(now=NOON) == 0
    assert Waiting.objects.get().count == 1
    assert not Subscription.objects.exists()


def test_a_code_that_was_never_typed_makes_no_follower(cast, mailbox):
    ask(Client(), email="ben@acme.example", visibility="public", name="Ben", news="on")

    assert newcomers.take_all(now=NOON) == 0


def test_whoever_follows_already_keeps_her_choice(cast, mailbox):
    follow(mailbox, address="ben@acme.example", frequency="daily")
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")

    newcomers.take_all(now=NOON)

    assert Subscription.objects.get().frequency == "daily"


def test_whoever_had_signed_before_follows_all_the_same_so_that_news_tells_nothing_of_signing(cast, mailbox):
    sign(mailbox, address="ana@acme.example")
    sign(mailbox, address="ana@acme.example", visibility="public", name="Ana", news="on")

    newcomers.take_all(now=NOON)

    assert not PublicSignature.objects.exists()
    assert Subscription.objects.count() == 1


def test_what_waits_in_redis_is_unreadable_there_and_gone_within_the_hour(cast, mailbox):
    sign(mailbox, address="ben.canary@acme.example", visibility="public", name="Ben", news="on")

    [block] = memory().lrange("newcomers", 0, -1)
    assert b"canary" not in block
    assert 0 < memory().ttl("newcomers") <= 45 * 60
    for key in memory().keys("brief:*"):
        memory().delete(key)
    assert newcomers.take_all(now=NOON) == 0, "without the brief key nobody can open it"
    assert not memory().exists("newcomers")


def test_when_redis_loses_them_they_are_lost_and_the_signature_stands(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")
    memory().flushdb()

    assert newcomers.take_all(now=NOON) == 0
    assert PublicSignature.objects.count() == 1


def test_a_failure_while_writing_them_down_keeps_them_for_the_next_time(cast, mailbox, monkeypatch):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")

    def power_cut(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(newcomers.broadcasting, "take_in", power_cut)
    with pytest.raises(OSError):
        newcomers.take_all(now=NOON)
    monkeypatch.undo()

    tasks.take_in_newcomers()

    assert Subscription.objects.count() == 1


def test_signing_twice_with_the_box_follows_once(cast, mailbox):
    client = Client()
    ask(client, email="ben@acme.example", visibility="public", name="Ben", news="on")
    code = code_of(mailbox()[0].text)
    cookies = client.cookies.copy()
    for _ in range(2):
        again = Client()
        again.cookies = cookies.copy()
        again.post("/letters/robots/code/", {"code": code})

    newcomers.take_all(now=NOON)

    assert Subscription.objects.count() == 1
    assert not OutgoingMail.objects.filter(kind="news").exists()
