"""Public signers who ticked the box for news: they follow later, with others, and nothing joins the two."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client

from accounts import clock, sealing
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from campaign import news
from letters import newcomers, tasks
from letters.models import PublicSignature, Subscription, Waiting
from tests.cast import ask, code_of, sign
from tests.letters.following import NOON, follow, tell

pytestmark = pytest.mark.django_db


def test_a_public_signer_who_wants_news_follows_once_a_week_when_the_day_is_over(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")
    at_once = Subscription.objects.count()

    newcomers.take_all(now=NOON, day_is_over=True)

    assert at_once == 0
    row = Subscription.objects.get()
    assert (row.topic, row.frequency, row.confirmed_in.day) == (cast.campaign.directory_id, "weekly", 1)
    tell(cast.campaign, "We met the board")
    news.send_due(now=datetime(2026, 2, 9, 7, 0, tzinfo=UTC))  # Monday, eight in the campaign's morning
    assert "We met the board" in mailbox("ben@acme.example")[-1].text


def test_without_the_box_nobody_follows(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben")

    assert newcomers.take_all(now=NOON, day_is_over=True) == 0


def test_a_confidential_signer_follows_nothing_whatever_the_form_says(cast, mailbox):
    sign(mailbox, address="ana@acme.example", visibility="confidential", news="on")

    assert not memory().exists("newcomers")
    assert newcomers.take_all(now=NOON, day_is_over=True) == 0
    assert Waiting.objects.get().count == 1
    assert not Subscription.objects.exists()


def test_a_code_that_was_never_typed_makes_no_follower(cast, mailbox):
    ask(Client(), email="ben@acme.example", visibility="public", name="Ben", news="on")

    assert newcomers.take_all(now=NOON, day_is_over=True) == 0


def test_whoever_follows_already_keeps_her_choice(cast, mailbox):
    follow(mailbox, address="ben@acme.example", frequency="daily")
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")

    newcomers.take_all(now=NOON, day_is_over=True)

    assert Subscription.objects.get().frequency == "daily"


def test_whoever_had_signed_before_follows_all_the_same_so_that_news_tells_nothing_of_signing(cast, mailbox):
    sign(mailbox, address="ana@acme.example", visibility="public", name="Ana")
    sign(mailbox, address="ana@acme.example", visibility="public", name="Ana Again", news="on")

    newcomers.take_all(now=NOON, day_is_over=True)

    assert PublicSignature.objects.get().name == "Ana"
    assert Subscription.objects.count() == 1


def test_what_waits_in_redis_is_unreadable_there_and_gone_within_three_days(cast, mailbox):
    sign(mailbox, address="ben.canary@acme.example", visibility="public", name="Ben", news="on")

    [block] = memory().lrange("newcomers", 0, -1)
    assert b"canary" not in block
    assert 0 < memory().ttl("newcomers") <= 3 * 86400
    for key in memory().keys("days:*"):
        memory().delete(key)
    assert newcomers.take_all(now=NOON, day_is_over=True) == 0, "without the key of the day nobody can open it"
    assert not memory().exists("newcomers")


def test_ten_who_wait_for_one_campaign_follow_at_once_and_others_go_on_waiting(cast):
    topic, other = cast.campaign.directory_id, type(cast.campaign).objects.get(slug="elsewhere").directory_id
    for number in range(9):
        newcomers.keep(topic=topic, address=f"fay{number}@home.example")
        newcomers.keep(topic=other, address=f"fay{number}@home.example")
    newcomers.keep(topic=topic, address="fay0@home.example")
    nine = newcomers.take_all(now=NOON)
    newcomers.keep(topic=topic, address="fay9@home.example")

    assert nine == 0, "one who signed twice is one"
    assert newcomers.take_all(now=NOON) == 10
    assert set(Subscription.objects.values_list("topic", flat=True)) == {topic}
    assert memory().llen("newcomers") == 9
    assert newcomers.take_all(now=NOON, day_is_over=True) == 9


def test_being_cut_off_after_writing_them_down_makes_nobody_follow_twice(cast, monkeypatch):
    newcomers.keep(topic=cast.campaign.directory_id, address="fay@home.example")
    [block] = memory().lrange("newcomers", 0, -1)
    newcomers.take_all(now=NOON, day_is_over=True)
    memory().rpush("newcomers", block)

    newcomers.take_all(now=NOON, day_is_over=True)

    assert Subscription.objects.count() == 1


def test_no_column_tells_who_came_with_a_signature(cast, mailbox):
    follow(mailbox, address="fay@home.example", frequency="weekly", zone="Europe/Berlin")
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")
    newcomers.take_all(now=clock.now(), day_is_over=True)
    columns = [field.name for field in Subscription._meta.fields if field.name not in ("id", "tag", "sealed")]

    before = set(Subscription.objects.values_list(*columns))
    tell(cast.campaign, "We met the board")
    after = set(Subscription.objects.values_list(*columns))

    assert (cast.campaign.time_zone, len(before), len(after)) == ("Europe/Berlin", 1, 1)


def test_whoever_lived_elsewhere_and_asks_again_from_the_campaigns_zone_is_told_at_home(cast, mailbox):
    follow(mailbox, address="fay@home.example", zone="Asia/Tokyo")
    follow(mailbox, address="fay@home.example", zone="Europe/Berlin")

    assert Subscription.objects.get().time_zone == "Europe/Berlin"


@pytest.mark.django_db(transaction=True)
def test_neither_a_hidden_mark_nor_the_order_of_rows_joins_followers_with_signatures(cast, mailbox, settings):
    settings.CODES_PER_NETWORK_PER_HOUR = 1000
    follow(mailbox, address="fay@home.example", frequency="weekly")
    for number in range(8):
        sign(mailbox, address=f"s{number}@home.example", visibility="public", name=f"Signer {number}", news="on")
        newcomers.take_all(now=NOON, day_is_over=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM letters_publicsignature ORDER BY ctid")
        signed = [int(name.split()[1]) for (name,) in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT xmin::text FROM letters_subscription")
        marks = cursor.fetchall()
        orders = set()
        for _ in range(4):
            cursor.execute("SELECT id, sealed FROM letters_subscription ORDER BY ctid")
            orders.add(tuple(_address(*row) for row in cursor.fetchall()))
            newcomers.keep(topic=cast.campaign.directory_id, address="s0@home.example")
            newcomers.take_all(now=NOON, day_is_over=True)

    assert signed == list(range(8)), "the search itself must find the order of signing"
    assert len(marks) == 1
    assert len(orders) > 1, "every time in another order"
    assert {len(order) for order in orders} == {9}


def _address(subscription_id, sealed: bytes) -> str:
    bound_to = f"subscription:{subscription_id}"
    return sealing.unseal(bytes(sealed), key=sealing.lasting_key()[1], bound_to=bound_to).decode()


def test_when_redis_loses_them_they_are_lost_and_the_signature_stands(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")
    memory().flushdb()

    assert newcomers.take_all(now=NOON, day_is_over=True) == 0
    assert PublicSignature.objects.count() == 1


def test_a_failure_while_writing_them_down_keeps_them_for_the_next_time(cast, mailbox, monkeypatch):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben", news="on")

    def power_cut(**_: object) -> None:
        raise OSError

    monkeypatch.setattr(newcomers.broadcasting, "take_in", power_cut)
    with pytest.raises(OSError):
        newcomers.take_all(now=NOON, day_is_over=True)
    monkeypatch.undo()

    tasks.take_in_newcomers()
    assert not Subscription.objects.exists(), "one alone waits for the day to end"
    tasks.take_in_the_days_newcomers()

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

    newcomers.take_all(now=NOON, day_is_over=True)

    assert Subscription.objects.count() == 1
    assert not OutgoingMail.objects.filter(kind="news").exists()
