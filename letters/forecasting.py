"""About how many follow, and about when they are told: never an exact number, and nothing that shows one of them."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts import hours
from letters.broadcasting import MORNING
from letters.models import Frequency, Subscription

_FEW = 10


@dataclass(frozen=True)
class Forecast:
    """About how many followers are told at a moment; without a frequency, some time on that day of theirs."""

    at: datetime
    frequency: Frequency | None
    followers: str


def followers(*, topic: uuid.UUID) -> str:
    """About how many follow: never an exact number, and never one that a small group shows in."""
    return _about(Subscription.objects.filter(topic=topic).count())


def forecast(*, topic: uuid.UUID, time_zone: str, until: datetime) -> list[Forecast]:
    """When followers are told what is announced already, and about how many at a time.

    An hour at which few are told would show in which zones they live: they are one line a day, by the days of their
    own zones, at the topic's morning.
    """
    together: Counter[tuple[datetime, str]] = Counter()
    days: dict[tuple[datetime, str], Counter[date]] = defaultdict(Counter)
    rows = Subscription.objects.filter(topic=topic, next_at__lte=until)
    counted = rows.values_list("next_at", "frequency", "time_zone").annotate(many=Count("pk"))
    for at, frequency, zone, many in counted:
        if at is not None:
            together[at, frequency] += many
            days[at, frequency][at.astimezone(hours.zone_of(zone)).date()] += many
    alone: Counter[date] = Counter()
    found: list[Forecast] = []
    for key, many in together.items():
        if many < _FEW:
            alone.update(days[key])
        else:
            found.append(Forecast(key[0], Frequency(key[1]), _about(many)))
    here = hours.zone_of(time_zone)
    for day, many in alone.items():
        found.append(Forecast(datetime.combine(day, time(MORNING), here).astimezone(UTC), None, _about(many)))
    return sorted(found, key=lambda one: (one.at, one.frequency or ""))


def _about(count: int) -> str:
    if count < _FEW:
        return _("fewer than 10")
    if count < 25:
        return _("10 to 24")
    return _("25 to 49") if count < 50 else _("50 or more")
