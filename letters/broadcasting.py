"""Followers and what they are told (docs/news.md). Nobody who calls this ever sees an address.

A topic is a directory's id: it stands for one campaign without `letters` knowing campaigns. What there is to tell is
counted: `announce` says that there is news up to a number, and each follower is told, at the hour that she chose, all
that is above the number that she was told before. So several things that are due at once are one mail.
"""

import base64
import hmac
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accounts import hours, links, outbox, sealing, suppression
from letters import codes, verification
from letters.limits import Effort
from letters.models import Frequency, Subscription

__all__ = [
    "Choice", "Content", "Follower", "Following", "Frequency", "announce", "begin", "change", "confirm", "end",
    "end_all", "is_full", "read", "send_again", "send_one", "take_in", "topics_due",
]  # fmt: skip

log = logging.getLogger(__name__)

QUIET_FROM, QUIET_UNTIL = 21, 8
MORNING, MONDAY = 8, 0
MOST_A_DAY = 3
_PURPOSE = "news"
_MOST_WAITING = 2_000  # mails of one topic: more would wait so long that some grow too old to be sent


@dataclass(frozen=True, kw_only=True)
class Choice:
    """How a follower wants her news; without a time zone the topic's counts."""

    frequency: Frequency
    time_zone: str = ""


@dataclass(frozen=True, kw_only=True)
class Following:
    """What a link of a follower's mail leads to. `is_on` is false once she has stopped."""

    topic: uuid.UUID
    is_on: bool
    choice: Choice


@dataclass(frozen=True, kw_only=True)
class Follower:
    """For whom a mail is written: how much she knows, and in which zone its times are."""

    topic: uuid.UUID
    since: int
    time_zone: str
    frequency: Frequency
    settings_address: str


@dataclass(frozen=True, kw_only=True)
class Content:
    """One mail of news, up to the news with the number `newest`."""

    subject: str
    text: str
    html: str
    newest: int


def begin(
    *, topic: uuid.UUID, address: str, choice: Choice, secret: str, network: str, effort: Effort = Effort.PLAIN
) -> None:
    """Keep the choice under the browser's secret and owe a code to the address, whether it follows already or not."""
    within = codes.within_limits(address=address, network=network, effort=effort)
    wanted = {"frequency": choice.frequency.value, "time_zone": choice.time_zone}
    with transaction.atomic():
        codes.ask(subject=topic, secret=secret, address=address, wanted=wanted, withheld=not within, effort=effort)


def send_again(*, topic: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code in place of the old one. Raises codes.StartAgain."""
    with transaction.atomic():
        codes.ask_again(subject=topic, secret=secret, network=network)


def confirm(*, topic: uuid.UUID, secret: str, code: str, topic_zone: str, now: datetime) -> None:
    """Follow, once the code fits; whoever follows already changes her choice. Raises codes.WrongCode or StartAgain.

    A mailbox in which a fresh code was read works, whatever came back from it before.
    """
    asked = codes.prove(subject=topic, secret=secret, typed=code)
    choice = Choice(frequency=Frequency(asked.wanted["frequency"]), time_zone=asked.wanted["time_zone"])
    with transaction.atomic():
        _share(topic)
        row = Subscription.objects.select_for_update().filter(topic=topic, tag=_tag(topic, asked.address)).first()
        if row is not None:
            _choose(row, choice, now)
        else:
            # As those who came with a signature have it, so that no column tells one from the other.
            zone = "" if choice.time_zone == topic_zone else choice.time_zone
            _follow(topic, asked.address, Choice(frequency=choice.frequency, time_zone=zone), now)
        suppression.lift(address=asked.address)


def take_in(*, newcomers: list[tuple[uuid.UUID, str]], now: datetime) -> None:
    """Followers whose mailbox was proved elsewhere, all in one transaction; who follows already keeps her choice.

    All who follow these topics are written anew in random order, so that nothing tells who came last.
    """
    with transaction.atomic():
        topics = sorted({topic for topic, _address in newcomers})
        for topic in topics:
            _lock(topic)
        for topic, address in newcomers:
            _follow(topic, address, Choice(frequency=Frequency.WEEKLY), now)
        _shuffle(topics)


def read(*, token: str) -> Following:
    """What a link of a mail leads to. Raises links.BadLink when the link is not ours."""
    subscription_id, topic = _read_token(token)
    row = Subscription.objects.filter(pk=subscription_id, topic=topic).first()
    if row is None:
        return Following(topic=topic, is_on=False, choice=Choice(frequency=Frequency.WEEKLY))
    choice = Choice(frequency=Frequency(row.frequency), time_zone=row.time_zone)
    return Following(topic=topic, is_on=True, choice=choice)


def change(*, token: str, choice: Choice, now: datetime) -> bool:
    """Change how often and when; False for somebody who has stopped. Raises links.BadLink."""
    subscription_id, topic = _read_token(token)
    with transaction.atomic():
        _share(topic)
        row = Subscription.objects.select_for_update().filter(pk=subscription_id, topic=topic).first()
        if row is not None:
            _choose(row, choice, now)
    return row is not None


def end(*, token: str) -> None:
    """Follow no more, at once: the row goes, and with it all mail to her that is owed. Raises links.BadLink."""
    subscription_id, topic = _read_token(token)
    with transaction.atomic():
        _share(topic)
        row = Subscription.objects.select_for_update().filter(pk=subscription_id, topic=topic).first()
        if row is not None:
            _end(row)


def end_all(*, topic: uuid.UUID) -> int:
    """Forget everybody who follows a topic that is gone; answers how many."""
    with transaction.atomic():
        _lock(topic)
        outbox.cancel_group(group=_group(topic), reason="unsubscribed")
        deleted, _details = Subscription.objects.filter(topic=topic).delete()
    return deleted


def announce(*, topic: uuid.UUID, number: int, time_zone: str, now: datetime) -> None:
    """There is news up to `number`: whoever waits for nothing yet is told at her hour. `time_zone` is the topic's."""
    with transaction.atomic():
        _lock(topic)
        rows = Subscription.objects.filter(topic=topic)
        rows.filter(time_zone="").update(time_zone=time_zone)
        rows.filter(told__isnull=True).update(told=number - 1)
        idle = rows.filter(next_at__isnull=True)
        for frequency, zone in list(idle.values_list("frequency", "time_zone").distinct()):
            idle.filter(frequency=frequency, time_zone=zone).update(next_at=_due(Frequency(frequency), zone, now))


def topics_due(*, now: datetime) -> list[uuid.UUID]:
    """The topics with followers who are to be told something by now."""
    return list(Subscription.objects.filter(next_at__lte=now).values_list("topic", flat=True).distinct())


def send_one(*, topic: uuid.UUID, now: datetime, compose: Callable[[Follower], Content | None]) -> bool:
    """Owe one follower of the topic her mail, as `compose` writes it; False when nobody is due.

    Her row is claimed, her mail is owed and what she was told is written down in one transaction, so any number of
    workers tell her once. In her quiet hours, and above the most a day, she waits for her next morning. Whoever
    complained of such a mail, or whose mailbox is no more, follows no longer.
    """
    with transaction.atomic():
        _share(topic)
        row = (
            Subscription.objects.select_for_update(skip_locked=True)
            .filter(topic=topic, next_at__lte=now)
            .order_by("next_at")
            .first()
        )
        if row is None:
            return False
        day = now.astimezone(hours.zone_of(row.time_zone)).date()
        mails = 1 + (row.mails_that_day if row.mails_on == day else 0)
        wait_until = hours.out_of_quiet_hours(now, row.time_zone, QUIET_FROM, QUIET_UNTIL)
        if mails > MOST_A_DAY:
            wait_until = hours.next_daily(now, row.time_zone, MORNING)
        changes: dict[str, object] = {"next_at": wait_until if wait_until > now else None}
        try:
            if wait_until <= now and (content := _owe(row, compose)):
                changes |= {"told": content.newest, "mails_on": day, "mails_that_day": mails}
        except _Unwanted:
            _end(row)
        else:
            Subscription.objects.filter(pk=row.pk).update(**changes)
    return True


def is_full(*, topic: uuid.UUID) -> bool:
    """Whether so much mail of the topic waits to leave that nobody more is to be told for now."""
    return outbox.owed(group=_group(topic), most=_MOST_WAITING) >= _MOST_WAITING


class _Unwanted(Exception):
    """Mail of this kind is not wanted at the address."""


def _owe(row: Subscription, compose: Callable[[Follower], Content | None]) -> Content | None:
    settings_address = settings.SITE_URL + reverse("news-settings", args=[_token(row)])
    try:
        address = sealing.unseal(bytes(row.sealed), key=sealing.lasting_key()[1], bound_to=_bound(row.pk)).decode()
    except sealing.KeyGone:
        log.warning("subscription %s cannot be opened: was SECRET_KEY changed?", row.pk)
        return None
    if suppression.holds(address, kind=outbox.NEWS.name):
        raise _Unwanted
    content = compose(
        Follower(
            topic=row.topic,
            since=row.told or 0,
            time_zone=row.time_zone,
            frequency=Frequency(row.frequency),
            settings_address=settings_address,
        )
    )
    if content is None:
        return None
    outbox.queue(
        kind=outbox.NEWS,
        key=f"{row.pk}:{content.newest}",
        mail=outbox.Letterhead(
            recipient=address,
            subject=content.subject,
            text=content.text,
            html=content.html,
            unsubscribe=settings_address,
        ),
        group=_group(row.topic),
    )
    return content


def _end(row: Subscription) -> None:
    outbox.cancel(key_prefix=outbox.row_key(outbox.NEWS, f"{row.pk}:"), reason="unsubscribed")
    row.delete()


def _shuffle(topics: list[uuid.UUID]) -> None:
    """Write all who follow these topics anew, in random order and in one transaction. It holds the topics' locks."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM letters_subscription WHERE topic = ANY(%s) RETURNING *)
            INSERT INTO letters_subscription SELECT * FROM gone ORDER BY random()
            """,
            [topics],
        )


def _follow(topic: uuid.UUID, address: str, choice: Choice, now: datetime) -> None:
    subscription_id = uuid.uuid4()
    row = Subscription(
        id=subscription_id,
        topic=topic,
        tag=_tag(topic, address),
        sealed=sealing.seal(address.encode(), key=sealing.lasting_key()[1], bound_to=_bound(subscription_id)),
        frequency=choice.frequency,
        time_zone=choice.time_zone,
        confirmed_in=now.date().replace(day=1),
    )
    Subscription.objects.bulk_create([row], ignore_conflicts=True)


def _choose(row: Subscription, choice: Choice, now: datetime) -> None:
    """Change the choice; what she waits for comes at the hour that she chooses now."""
    zone = choice.time_zone or row.time_zone
    next_at = _due(choice.frequency, zone, now) if row.next_at else None
    Subscription.objects.filter(pk=row.pk).update(frequency=choice.frequency, time_zone=zone, next_at=next_at)


def _due(frequency: Frequency, zone: str, now: datetime) -> datetime:
    match frequency:
        case Frequency.INSTANT:
            return hours.out_of_quiet_hours(now, zone, QUIET_FROM, QUIET_UNTIL)
        case Frequency.DAILY:
            return hours.next_daily(now, zone, MORNING)
        case Frequency.WEEKLY:
            return hours.next_weekly(now, zone, MONDAY, MORNING)


def _tag(topic: uuid.UUID, address: str) -> bytes:
    key = sealing.derive(settings.SECRET_KEY.encode(), purpose="followers")
    return hmac.digest(key, f"{topic}\0{verification.canonical(address)}".encode(), "sha256")


def _group(topic: uuid.UUID) -> str:
    return f"topic:{topic}"


def _bound(subscription_id: uuid.UUID) -> str:
    return f"subscription:{subscription_id}"


def _token(row: Subscription) -> str:
    both = base64.urlsafe_b64encode(row.pk.bytes + row.topic.bytes).decode().rstrip("=")
    return links.make(purpose=_PURPOSE, of=both)


def _read_token(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    found = links.read(purpose=_PURPOSE, token=token)
    try:
        both = base64.urlsafe_b64decode(found["of"] + "=")
        return uuid.UUID(bytes=both[:16]), uuid.UUID(bytes=both[16:])
    except (KeyError, ValueError) as error:
        raise links.BadLink from error


def _share(topic: uuid.UUID) -> None:
    """Let nothing be announced on this topic until the transaction ends; others may do the same meanwhile.

    Otherwise a follower who is being told what was there a moment ago would miss what is announced just now.
    """
    _advise("pg_advisory_xact_lock_shared", topic)


def _lock(topic: uuid.UUID) -> None:
    """Wait for those who share the topic, and let nobody else in until the transaction ends."""
    _advise("pg_advisory_xact_lock", topic)


def _advise(function: str, topic: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [int.from_bytes(topic.bytes[:8], "big", signed=True)])
