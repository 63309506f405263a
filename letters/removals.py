"""What was removed from letters and why, as everybody reads it, and as its team does."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from letters.matching import Conditions
from letters.models import Removal
from letters.removing import REVERSIBLE

State = Removal.State


@dataclass(frozen=True)
class RemovalFacts:
    """One act of removing."""

    id: uuid.UUID
    letter_id: uuid.UUID
    state: str
    state_text: str
    reason: str
    conditions: Conditions
    employer_id: int | None  # set when confidential signatures were taken off its number
    matched: int
    removed: int
    planned_on: date
    over_on: date | None
    erased_on: date | None

    @property
    def is_confidential(self) -> bool:
        return self.employer_id is not None

    @property
    def is_planned(self) -> bool:
        return self.state == State.PLANNED

    @property
    def is_moving(self) -> bool:
        return self.state in {State.RUNNING, State.REVERSING}

    @property
    def is_put_back(self) -> bool:
        return self.state == State.REVERSED

    @property
    def may_be_put_back(self) -> bool:
        named = not self.is_confidential and self.erased_on is None
        return named and self.state in {State.RUNNING, State.DONE}

    @property
    def last_on(self) -> date:
        """The day of what was done last."""
        return self.over_on or self.planned_on

    @property
    def reversible_until(self) -> date | None:
        """The last day on which the names are still kept."""
        return self.over_on + REVERSIBLE - timedelta(days=1) if self.over_on and self.may_be_put_back else None


def public(letter_id: uuid.UUID) -> list[RemovalFacts]:
    """What left the list, newest first; also what was put back since."""
    seen = Q(removed__gt=0) | Q(state__in=[State.REVERSING, State.REVERSED])
    return [_facts(row) for row in _rows(letter_id).filter(seen)]


def of_letter(letter_id: uuid.UUID) -> list[RemovalFacts]:
    """All that were ever planned, newest first, for the team."""
    return [_facts(row) for row in _rows(letter_id)]


def one(removal_id: uuid.UUID) -> RemovalFacts:
    """One of them, for the team."""
    return _facts(Removal.objects.get(pk=removal_id))


def _rows(letter_id: uuid.UUID) -> "QuerySet[Removal]":
    return Removal.objects.filter(letter_id=letter_id).order_by("-planned_on", "-over_on", "pk")


def _facts(row: Removal) -> RemovalFacts:
    return RemovalFacts(
        row.pk, row.letter_id, row.state, str(row.get_state_display()), row.reason, Conditions.read(row.conditions),
        row.employer_id, row.matched, row.removed, row.planned_on, row.over_on, row.erased_on,
    )  # fmt: skip
