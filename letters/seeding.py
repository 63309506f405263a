"""Signatures for an example letter, generated: they stand where real ones would, and follow the same rules.

Public ones are rows without a tag, because nobody's address stands behind them. Confidential ones go through the
pool, day by day, so that no shown number is smaller, or moves by less, than the threshold.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from letters import names, pooling, roles
from letters.models import Cell, Day, Letter, Organisation, ProofLevel, PublicSignature, RoleGroup, Tag, Waiting


class NotPossible(Exception):
    """This letter may not be seeded; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """An invented public signer. With `employer_id` the proof is work e-mail, without it e-mail alone."""

    name: str
    role: str
    employer: str
    employer_id: int | None
    day: date
    reason: str = ""
    quotable: bool = False


@dataclass(frozen=True, kw_only=True)
class Unnamed:
    """So many invented confidential signers of one sort who signed on one day."""

    employer_id: int | None
    role: str
    day: date
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Joined:
    """An invented organisation; one that is not `shown` waits for the team."""

    name: str
    domain: str
    representative: str
    role: str
    day: date
    shown: bool = True


def join(*, letter_id: uuid.UUID, organisations: Iterable[Joined]) -> None:
    """Let these stand on an open example letter, or wait for it. Raises NotPossible."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if not letter.is_example or letter.current is None or Organisation.objects.filter(letter=letter).exists():
            raise NotPossible(_("Signatures are invented for examples alone, and this letter is not one."))
        Letter.objects.filter(pk=letter_id).update(takes_organisations=True)
        Organisation.objects.bulk_create(
            Organisation(
                letter=letter,
                version=letter.current,
                state=Organisation.State.SHOWN if one.shown else Organisation.State.WAITING,
                name=names.tidy(one.name),
                domain=one.domain,
                representative=names.tidy_person(one.representative),
                representative_role=names.tidy(one.role),
                at_domain=True,
                asked_on=one.day,
                shown_on=one.day if one.shown else None,
            )
            for one in organisations
        )


def seed(*, letter_id: uuid.UUID, people: Iterable[Person], unnamed: Iterable[Unnamed]) -> int:
    """Give an open example letter without signatures these; answers how many are shown. Raises NotPossible."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        _refuse_unless_empty_example(letter)
        version_id = letter.current_id
        if version_id is None:
            raise NotPossible(_("Only an open letter can be given signatures."))
        signed = _sign_publicly(letter_id, version_id, sorted(people, key=lambda person: person.day))
        return signed + _sign_confidentially(letter_id, version_id, unnamed)


def _refuse_unless_empty_example(letter: Letter) -> None:
    if not letter.is_example:
        raise NotPossible(_("Signatures are invented for examples alone, and this letter is not one."))
    if letter.state != Letter.State.OPEN:
        raise NotPossible(_("Only an open letter can be given signatures."))
    if any(model.objects.filter(letter=letter).exists() for model in (PublicSignature, Cell, Waiting, Day, Tag)):
        raise NotPossible(_("This letter has signatures already; invented ones are never mixed with them."))


def _sign_publicly(letter_id: uuid.UUID, version_id: uuid.UUID, people: list[Person]) -> int:
    """Rows in the order of their days, so that the newest id is the newest signature; then what they add up to."""
    rows = [
        PublicSignature(
            letter_id=letter_id,
            version_id=version_id,
            name=names.tidy_person(person.name),
            role=names.tidy(person.role),
            role_group=roles.group_of(person.role),
            employer_id=person.employer_id,
            employer_name=names.tidy(person.employer),
            level=ProofLevel.EMAIL if person.employer_id is None else ProofLevel.WORK,
            signed_on=person.day,
            reason=names.tidy_line(person.reason),
            reason_shown=bool(person.reason),
            quotable=person.quotable,
        )
        for person in people
    ]
    PublicSignature.objects.bulk_create(rows, batch_size=500)
    if any(row.reason for row in rows):
        Letter.objects.filter(pk=letter_id).update(asks_reason=True)
    cells = Counter((row.employer_id, row.role_group) for row in rows)
    Cell.objects.bulk_create(
        Cell(letter_id=letter_id, version_id=version_id, employer_id=employer_id, role_group=group, public=count)
        for (employer_id, group), count in cells.items()
    )
    days = Counter(row.signed_on for row in rows)
    Day.objects.bulk_create(Day(letter_id=letter_id, day=day, public=count) for day, count in sorted(days.items()))
    return len(rows)


def _sign_confidentially(letter_id: uuid.UUID, version_id: uuid.UUID, unnamed: Iterable[Unnamed]) -> int:
    by_day: dict[date, Counter[tuple[int | None, str]]] = {}
    for one in unnamed:
        # As in signing: without a proved employer the kind of work is not counted either.
        group = roles.group_of(one.role) if one.employer_id else RoleGroup.OTHER
        by_day.setdefault(one.day, Counter())[one.employer_id, group] += one.count
    published = 0
    for day in sorted(by_day):
        _wait(letter_id, version_id, by_day[day])
        # The rest without employers goes once a week here, so that the picture shows more of them than it hides.
        week_is_over = day.weekday() == 6 or day == max(by_day)
        published += pooling.publish(letter_id=letter_id, today=day, rest=week_is_over, invented=True)
    return published


def _wait(letter_id: uuid.UUID, version_id: uuid.UUID, counts: Counter[tuple[int | None, str]]) -> None:
    waiting = {(row.employer_id, row.role_group): row for row in Waiting.objects.filter(letter_id=letter_id)}
    for (employer_id, group), count in counts.items():
        row = waiting.setdefault(
            (employer_id, group),
            Waiting(letter_id=letter_id, version_id=version_id, employer_id=employer_id, role_group=group, count=0),
        )
        row.count += count
    Waiting.objects.filter(letter_id=letter_id).delete()
    Waiting.objects.bulk_create(
        Waiting(
            letter_id=letter_id,
            version_id=version_id,
            employer_id=row.employer_id,
            role_group=row.role_group,
            count=row.count,
        )
        for row in waiting.values()
    )
