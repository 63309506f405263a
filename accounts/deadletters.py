"""Dead letters and uncertain ones: what an operator may look at and decide. Nobody sees an address or a subject."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from accounts import outbox
from accounts.kinds import OUTREACH
from accounts.models import OutgoingMail
from accounts.sending import EMPTIED

DEAD, UNCERTAIN = OutgoingMail.State.DEAD, OutgoingMail.State.UNCERTAIN


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Letters that ended alike."""

    state: str
    kind: str
    failure: str
    many: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which letters are meant; what is not given chooses all."""

    kind: str = ""
    failure: str = ""
    ids: Sequence[uuid.UUID] = ()

    def of(self, *states: str) -> "QuerySet[OutgoingMail]":
        """The chosen letters that still have their content, so that there is something to decide."""
        rows = OutgoingMail.objects.filter(state__in=states, sealed__isnull=False)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.failure:
            rows = rows.filter(failure=self.failure)
        return rows.filter(pk__in=list(self.ids)) if self.ids else rows

    def to_send(self, state: str) -> "QuerySet[OutgoingMail]":
        """The chosen letters that may be sent again. Of outreach only who names the kind chooses any.

        An answer may have come since, or another asking: a person who knows writes a new one.
        """
        rows = self.of(state)
        return rows if self.kind == OUTREACH.name else rows.exclude(kind=OUTREACH.name)

    def left_alone(self, state: str) -> int:
        """How many of the chosen letters `to_send` leaves where they are."""
        return self.of(state).count() - self.to_send(state).count()


def heaps(*, choice: Choice) -> list[Heap]:
    """What waits for a decision, by state, kind and class of failure."""
    grouped = (
        choice.of(DEAD, UNCERTAIN).values("state", "kind", "failure").annotate(many=Count("pk"), oldest=Min("over_at"))
    )
    return [Heap(**row) for row in grouped.order_by("state", "kind", "failure")]


def without_content() -> int:
    """How many ended so and cannot be sent any more: buried, or sealed under a key that is gone."""
    return OutgoingMail.objects.filter(state__in=[DEAD, UNCERTAIN], sealed__isnull=True).count()


def owe_again(*, choice: Choice, state: str) -> int:
    """Send the chosen ones that are dead, or uncertain, once more; answers how many are owed again."""
    chosen = choice.to_send(state).values_list("pk", flat=True)
    return sum(outbox.owe_again(mail_id=mail_id, state=state) for mail_id in list(chosen))


def bury(*, choice: Choice) -> int:
    """Throw away the content of the chosen ones; answers of how many."""
    return choice.of(DEAD, UNCERTAIN).update(**EMPTIED)


def age(*, of: datetime, now: datetime) -> str:
    """How long ago, in one word."""
    seconds = int((now - of).total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
