"""Taking false signatures off a letter, with a reason that everybody reads, and putting them back (docs/removing.md).

Who decides is the campaign's business. Named signatures go some hundred at a time; a confidential one cannot be told
from another, so of those only a number goes, at one employer, by the rules of letters.settling.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from letters import evidence, freshness, matching, saying
from letters.matching import Conditions
from letters.models import THRESHOLD, Case, Cell, Day, Letter, PublicSignature, Removal, Version
from letters.settling import Group, lower

State = Removal.State
SHOWN, REMOVED = PublicSignature.State.SHOWN, PublicSignature.State.REMOVED
CHUNK = 200
REVERSIBLE = timedelta(days=30)


class NotPossible(Exception):
    """It cannot be done; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Moved(NotPossible):
    """What would be taken is no longer what the page showed; nothing was changed."""


def plan(*, letter_id: uuid.UUID, conditions: Conditions, reason: str, seen: str, today: date) -> uuid.UUID:
    """Bind the signatures that fit to a new removal, if they are those that were `seen`; none leaves the list yet.

    Raises NotPossible, and Moved when others fit by now.
    """
    with transaction.atomic():
        _hold(letter_id)
        rows = matching.fitting(letter_id, conditions)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if matching.fingerprint(ids) != seen:
            raise Moved(_("The list changed since you looked. Nothing was removed; here is what fits now."))
        if not ids:
            raise NotPossible(_("No signature fits, so there is nothing to remove."))
        removal = Removal.objects.create(
            letter_id=letter_id, conditions=conditions.kept(), reason=reason, matched=len(ids), planned_on=today
        )
        PublicSignature.objects.filter(pk__in=ids).update(removal=removal)
    return removal.pk


def could_lower(*, letter_id: uuid.UUID, employer_id: int, most: int) -> tuple[int, int]:
    """The shown confidential number of an employer, and how many of `most` could be taken off it."""
    shown = _shown(letter_id)
    there = sum(count for cell, count in shown.items() if cell.employer_id == employer_id)
    return there, sum(count for _cell, count in lower(shown, employer_id=employer_id, most=most))


def plan_lowering(
    *, letter_id: uuid.UUID, employer_id: int, number: int, reason: str, seen: tuple[int, int], today: date
) -> uuid.UUID:
    """Plan to take a number off an employer's confidential signatures; `seen` is what could_lower answered.

    Raises NotPossible, and Moved when it answers otherwise by now.
    """
    with transaction.atomic():
        _hold(letter_id)
        found = could_lower(letter_id=letter_id, employer_id=employer_id, most=number)
        if found != seen:
            raise Moved(_("The number changed since you looked. Nothing was taken off; here is how it stands now."))
        if found[1] < THRESHOLD:
            raise NotPossible(_too_small(), field="number")
        edition = Letter.objects.values_list("current__edition", flat=True).get(pk=letter_id)
        removal = Removal.objects.create(
            letter_id=letter_id,
            employer_id=employer_id,
            edition=edition,
            reason=reason,
            matched=found[1],
            planned_on=today,
        )
    return removal.pk


def begin(*, removal_id: uuid.UUID, today: date) -> None:
    """Let a planned one go ahead: named signatures leave step by step, a number at once. Raises NotPossible."""
    with transaction.atomic():
        removal = _held(removal_id)
        if removal.state != State.PLANNED:
            raise _settled_already()
        if removal.employer_id is None:
            Removal.objects.filter(pk=removal_id).update(state=State.RUNNING)
            return
        falls = lower(_shown(removal.letter_id, removal.edition), employer_id=removal.employer_id, most=removal.matched)
        if sum(count for _cell, count in falls) != removal.matched:
            raise Moved(_too_small())
        for cell, count in falls:
            _cells(removal.letter_id, cell).update(confidential=F("confidential") - count)
        _count_day(removal.letter_id, today, lowered=removal.matched)
        Removal.objects.filter(pk=removal_id).update(state=State.DONE, removed=removal.matched, over_on=today)


def drop(*, removal_id: uuid.UUID, today: date) -> None:
    """Give up one that has not begun. Raises NotPossible."""
    with transaction.atomic():
        if _held(removal_id).state != State.PLANNED:
            raise _settled_already()
        PublicSignature.objects.filter(removal=removal_id).update(removal=None)
        Removal.objects.filter(pk=removal_id).update(state=State.DROPPED, over_on=today)


def put_back(*, removal_id: uuid.UUID) -> None:
    """Stop one that is under way, or reverse one that is done: all it took comes back. Raises NotPossible."""
    with transaction.atomic():
        removal = _held(removal_id)
        if removal.employer_id is not None:
            raise NotPossible(_("A number that was taken off cannot be put back: nobody knows whose it was."))
        if removal.erased_on is not None:
            raise NotPossible(_("The names were erased thirty days after they were removed, so they cannot come back."))
        if removal.state not in {State.RUNNING, State.DONE}:
            raise _settled_already()
        PublicSignature.objects.filter(removal=removal_id, state=SHOWN).update(removal=None)
        Removal.objects.filter(pk=removal_id).update(state=State.REVERSING, over_on=None)


def under_way() -> list[uuid.UUID]:
    """The removals that have steps to take, oldest first."""
    rows = Removal.objects.filter(state__in=[State.RUNNING, State.REVERSING])
    return list(rows.order_by("planned_on", "pk").values_list("pk", flat=True))


def step(*, removal_id: uuid.UUID, today: date) -> str:
    """Take off or put back the next CHUNK of signatures; answers the removal's state then."""
    with transaction.atomic():
        removal = _held(removal_id)
        taking = removal.state == State.RUNNING
        if not taking and removal.state != State.REVERSING:
            return removal.state
        rows = PublicSignature.objects.filter(removal=removal, state=SHOWN if taking else REMOVED).exclude(name="")
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not ids:
            # A name that waits for a person's eye by now is hers to judge.
            PublicSignature.objects.filter(removal=removal).exclude(state=REMOVED).update(removal=None)
            state = State.DONE if taking else State.REVERSED
            Removal.objects.filter(pk=removal_id).update(state=state, over_on=today)
            return state
        _move(removal.letter_id, PublicSignature.objects.filter(pk__in=ids), taking=taking, today=today)
        moved = len(ids) if taking else -len(ids)
        Removal.objects.filter(pk=removal_id).update(removed=F("removed") + moved)
        return removal.state


def erase(*, signatures: Iterable[int]) -> None:
    """Forget the words of removed signatures. Their tags stay, so that whoever they were does not simply sign again."""
    PublicSignature.objects.filter(pk__in=list(signatures), state=REMOVED).update(
        **PublicSignature.WORDLESS,
    )


def erase_old(*, today: date) -> int:
    """Forget the names that were removed thirty days ago, and what was looked for; answers of how many removals."""
    rows = Removal.objects.filter(over_on__lte=today - REVERSIBLE, erased_on__isnull=True)
    old = list(rows.values_list("pk", flat=True))
    for removal_id in old:
        with transaction.atomic():
            removal = _held(removal_id)
            if removal.over_on is None:
                continue  # it is being reversed this moment
            erase(signatures=PublicSignature.objects.filter(removal=removal_id).values_list("pk", flat=True))
            Removal.objects.filter(pk=removal_id).update(erased_on=today, conditions={})
    return len(old)


def _move(letter_id: uuid.UUID, rows: "QuerySet[PublicSignature]", *, taking: bool, today: date) -> None:
    under = _counted_under(letter_id)
    groups = rows.values("version_id", "employer_id", "role_group").order_by().annotate(count=Count("pk"))
    counts = Counter(
        {Group(under[row["version_id"]], row["employer_id"], row["role_group"]): row["count"] for row in groups}
    )
    if taking:
        for signature_id in Case.objects.filter(signature__in=rows).values_list("signature_id", flat=True):
            evidence.destroy(signature_id=signature_id)
        Case.objects.filter(signature__in=rows).delete()
        rows.update(state=REMOVED)
    else:
        back = list(rows.values_list("pk", flat=True))
        rows.update(state=SHOWN, removal=None)
        saying.ask_again(back, today)
    for cell, count in sorted(counts.items(), key=repr):
        _cells(letter_id, cell).update(public=F("public") + (-count if taking else count))
    moved = counts.total()
    _count_day(letter_id, today, removed=moved if taking else 0, restored=0 if taking else moved)


def _count_day(letter_id: uuid.UUID, today: date, **moved: int) -> None:
    freshness.changed()
    Day.objects.get_or_create(letter_id=letter_id, day=today)
    Day.objects.filter(letter_id=letter_id, day=today).update(**{name: F(name) + by for name, by in moved.items()})


def _counted_under(letter_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Under which version those count who signed each: the first of its edition."""
    rows = Version.objects.filter(letter_id=letter_id).values_list("pk", "number", "edition")
    by_number = {number: pk for pk, number, _edition in rows}
    return {pk: by_number[edition] for pk, _number, edition in rows}


def _shown(letter_id: uuid.UUID, edition: int | None = None) -> dict[Group, int]:
    """The confidential numbers of an edition; without one, of the text as it reads now."""
    rows = Cell.objects.filter(letter_id=letter_id, confidential__gt=0)
    rows = rows.filter(version__number=F("letter__current__edition") if edition is None else edition)
    return {Group(row.version_id, row.employer_id, row.role_group): row.confidential for row in rows}


def _cells(letter_id: uuid.UUID, cell: Group) -> "QuerySet[Cell]":
    employer = Q(employer__isnull=True) if cell.employer_id is None else Q(employer=cell.employer_id)
    return Cell.objects.filter(employer, letter_id=letter_id, version_id=cell.version_id, role_group=cell.role_group)


def _hold(letter_id: uuid.UUID) -> None:
    """Nobody signs, takes back or is published meanwhile: they all hold the letter too."""
    Letter.objects.select_for_update(no_key=True).get(pk=letter_id)


def _held(removal_id: uuid.UUID) -> Removal:
    _hold(Removal.objects.values_list("letter_id", flat=True).get(pk=removal_id))
    return Removal.objects.select_for_update().get(pk=removal_id)


def _settled_already() -> NotPossible:
    return NotPossible(_("This changed a moment ago. Here is how it stands now."))


def _too_small() -> str:
    return _("No number from ten to this one can be taken off without leaving a group of fewer than ten to be seen.")
