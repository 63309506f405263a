"""Whatever is announced when, and however a follower changes her mind: told everything, once, by day, and seldom."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import hours
from letters import broadcasting
from letters.broadcasting import Choice, Content, Follower, Frequency
from letters.models import Subscription

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)  # some days before clocks change, in most places that change them
CHOICES = st.builds(
    Choice,
    frequency=st.sampled_from(list(Frequency)),
    time_zone=st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/New_York", "Asia/Kathmandu", "UTC"]),
)
EVENTS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(minutes=1), timedelta(hours=30)),
        st.one_of(st.just("announce"), st.just("announce"), st.just("send"), CHOICES),
    ),
    max_size=40,
)


class Rollback(Exception):
    """The end of one history."""


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, CHOICES)
def test_no_history_loses_or_repeats_anything_or_wakes_anybody(db, events, choice):
    with pytest.raises(Rollback), transaction.atomic():
        _live(events, choice)
        raise Rollback


def _live(events, choice) -> None:
    topic, announced, told, mails = uuid.uuid4(), 0, [], []
    now = BEGIN
    broadcasting.take_in(newcomers=[(topic, "fay@home.example")], now=now)
    [row] = Subscription.objects.filter(topic=topic)
    token = broadcasting._token(row)
    broadcasting.change(token=token, choice=choice, now=now)

    def compose(follower: Follower) -> Content:
        told.extend(range(follower.since + 1, announced + 1))
        mails.append(now.astimezone(hours.zone_of(follower.time_zone)))
        return Content(subject="x", text="x", html="", newest=announced)

    # In the end a week and a half passes, and the schedule runs every three hours.
    for after, event in [*events, *[(timedelta(hours=3), "send")] * 8 * 11]:
        now += after
        if event == "announce":
            announced += 1
            broadcasting.announce(topic=topic, number=announced, time_zone="UTC", now=now)
        elif isinstance(event, Choice):
            broadcasting.change(token=token, choice=event, now=now)
        if event == "send" and topic in broadcasting.topics_due(now=now):
            while broadcasting.send_one(topic=topic, now=now, compose=compose):
                pass

    assert told == list(range(1, announced + 1))
    assert all(8 <= mail.hour < 21 for mail in mails)
    # Whoever moves to another zone may live one calendar day twice.
    zones = {event.time_zone for _, event in events if isinstance(event, Choice)} | {choice.time_zone}
    if len(zones) == 1:
        assert max(Counter(mail.date() for mail in mails).values(), default=0) <= broadcasting.MOST_A_DAY
