"""Several workers and several events at the same moment: each follower is told everything, once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from accounts.models import OutgoingMail
from campaign import news
from letters import broadcasting
from letters.models import Subscription
from tests.letters.following import NOON, tell

pytestmark = pytest.mark.django_db(transaction=True)


def in_own_connection(work):
    """`work` for a thread: its database connection ends with it."""

    def run() -> object:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def test_four_workers_at_once_tell_each_follower_once(cast):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, f"fay{number}@home.example") for number in range(40)], now=NOON)
    Subscription.objects.update(frequency="instant")
    tell(cast.campaign, "We met the board")

    with ThreadPoolExecutor(4) as workers:
        handled = list(workers.map(lambda work: work(), [in_own_connection(lambda: news.send_due(now=NOON))] * 4))

    assert sum(handled) == 40
    assert OutgoingMail.objects.filter(kind="news").count() == 40


def test_what_is_announced_while_a_follower_is_being_told_is_not_lost(cast):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, "fay@home.example")], now=NOON)
    Subscription.objects.update(frequency="instant")
    tell(cast.campaign, "First")
    reading, announced = threading.Event(), threading.Event()

    def slowly(follower: broadcasting.Follower) -> broadcasting.Content:
        reading.set()
        announced.wait(1)  # the announcement cannot finish before this follower is done
        return broadcasting.Content(subject="First", text="First", html="", newest=1)

    def announce() -> None:
        reading.wait(5)
        tell(cast.campaign, "Second")
        announced.set()

    with ThreadPoolExecutor(1) as other:
        second = other.submit(in_own_connection(announce))
        broadcasting.send_one(topic=topic, now=NOON, compose=slowly)
        second.result(timeout=10)

    row = Subscription.objects.get()
    assert row.told == 1
    assert row.next_at is not None, "the second is still to be told"
    news.send_due(now=NOON)
    assert Subscription.objects.get().told == 2


def test_a_sending_that_is_cut_off_leaves_neither_a_mail_nor_a_mark(cast):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, "fay@home.example")], now=NOON)
    Subscription.objects.update(frequency="instant")
    tell(cast.campaign, "First")

    def power_cut(follower: broadcasting.Follower) -> broadcasting.Content:
        raise OSError

    with pytest.raises(OSError):
        broadcasting.send_one(topic=topic, now=NOON, compose=power_cut)

    assert not OutgoingMail.objects.exists()
    news.send_due(now=NOON)
    assert OutgoingMail.objects.filter(kind="news").count() == 1


def test_signers_who_asked_for_news_are_written_together_with_one_hidden_mark(cast):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, f"fay{number}@home.example") for number in range(5)], now=NOON)

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT xmin::text FROM letters_subscription")
        assert len(cursor.fetchall()) == 1


def test_announcing_takes_as_many_queries_for_two_hundred_followers_as_for_one(cast, django_assert_max_num_queries):
    topic = cast.campaign.directory_id
    broadcasting.take_in(newcomers=[(topic, f"fay{number}@home.example") for number in range(200)], now=NOON)

    with django_assert_max_num_queries(9), transaction.atomic():
        broadcasting.announce(topic=topic, number=1, time_zone="Europe/Berlin", now=NOON)

    assert Subscription.objects.filter(next_at__isnull=False, time_zone="Europe/Berlin", told=0).count() == 200
