"""Lanes: how much mail one domain gets, so that no provider takes us for a flood (docs/mail.md).

A lane is a recipient's domain, known by an HMAC alone. Its pace is GCRA by the database's clock: `paid_until` moves
on by one interval for each mail, and a mail may leave while it is not too far ahead of the moment.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from accounts import sealing
from accounts.models import Lane

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Pace:
    """What one queue may send down one lane."""

    interval: timedelta
    ahead: timedelta  # how far ahead of the moment a lane may be paid
    at_once: int


def name_of(address: str) -> str:
    """The lane of an address."""
    key = sealing.derive(settings.SECRET_KEY.encode(), purpose="mail lanes")
    domain = address.rpartition("@")[2].rstrip("> .").lower()
    return hmac.digest(key, domain.encode(), "sha256").hex()[:32]


def pace_of(queue: str) -> Pace:
    """The pace at which no hour sees more than MAIL_PER_DOMAIN_PER_HOUR, whatever waits.

    A twentieth of that may go at once, where few went before; of bulk only a hundredth, so that bulk never uses up
    what the rest may need.
    """
    most = settings.MAIL_PER_DOMAIN_PER_HOUR
    burst = 1 + most // 20
    # n mails in one hour need (n - 1) intervals less the burst's, so n is at most `most`.
    interval = _HOUR / (most - burst + 1)
    own_burst = 1 + most // 100 if queue == "bulk" else burst
    return Pace(interval, (own_burst - 1) * interval, settings.MAIL_PER_DOMAIN_AT_ONCE)


def forget(*, unused_for: timedelta) -> int:
    """Delete lanes on which nothing went for so long; the next mail makes them anew."""
    deleted, _ = Lane.objects.filter(paid_until__lt=Now() - unused_for).delete()
    return deleted
