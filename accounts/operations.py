"""What an operator needs to know about the outbox: numbers by queue, never a mail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import Now

from accounts.kinds import QUEUES
from accounts.models import OutgoingMail

State = OutgoingMail.State
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class QueueNumbers:
    """One queue, now."""

    queue: str
    due: int = 0
    later: int = 0
    under_way: int = 0
    oldest_due_at: datetime | None = None
    sent_hour: int = 0
    sent_day: int = 0
    failed_hour: int = 0
    failed_day: int = 0
    dead: int = 0
    uncertain: int = 0


def queues() -> list[QueueNumbers]:
    """The numbers of every queue. Each of the questions is answered by an index, whatever the table has grown to."""
    found: dict[str, dict[str, Any]] = {queue: {"queue": queue} for queue in QUEUES}
    for rows in (_waiting(), _under_way(), _over(), _undecided()):
        for row in rows:
            found.setdefault(str(row["queue"]), {}).update(row)
    return [QueueNumbers(**numbers) for numbers in found.values()]


def _waiting() -> Iterable[Mapping[str, object]]:
    due = Q(due_at__lte=Now())
    rows = OutgoingMail.objects.filter(state=State.WAITING).values("queue")
    return list(
        rows.annotate(
            due=Count("pk", filter=due), later=Count("pk", filter=~due), oldest_due_at=Min("due_at", filter=due)
        )
    )


def _under_way() -> Iterable[Mapping[str, object]]:
    return list(OutgoingMail.objects.filter(state=State.SENDING).values("queue").annotate(under_way=Count("pk")))


def _over() -> Iterable[Mapping[str, object]]:
    sent, failed = Q(state=State.SENT), Q(state__in=[State.DEAD, State.UNCERTAIN])
    hour = Q(over_at__gt=Now() - _HOUR)
    return list(
        OutgoingMail.objects.filter(over_at__gt=Now() - _DAY)
        .values("queue")
        .annotate(
            sent_hour=Count("pk", filter=sent & hour),
            sent_day=Count("pk", filter=sent),
            failed_hour=Count("pk", filter=failed & hour),
            failed_day=Count("pk", filter=failed),
        )
    )


def _undecided() -> Iterable[Mapping[str, object]]:
    rows = OutgoingMail.objects.filter(state__in=[State.DEAD, State.UNCERTAIN], sealed__isnull=False).values("queue")
    return list(
        rows.annotate(
            dead=Count("pk", filter=Q(state=State.DEAD)), uncertain=Count("pk", filter=Q(state=State.UNCERTAIN))
        )
    )
