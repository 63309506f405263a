"""How confidential signatures become numbers: in batches of at least the threshold, merged upward or left waiting.

What is shown is one partition: every confidential signer counts in exactly one `Cell`, and a cell only ever
grows, by nothing or by THRESHOLD and more. So every sum of cells, and every difference between two days,
is nothing or at least THRESHOLD too (docs/privacy.md has the argument, tests/letters/test_pooling.py the test).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import F

from letters import freshness
from letters.models import THRESHOLD, Day, Letter, RoleGroup, Waiting


@dataclass(frozen=True)
class Group:
    """One group of the finest kind."""

    version_id: uuid.UUID
    employer_id: int | None
    role_group: str


@dataclass(frozen=True)
class Batch:
    """So many people, published under `shown_as`, taken from the groups that waited."""

    shown_as: Group
    taken: tuple[Group, ...]
    count: int


def plan(waiting: dict[Group, int], *, rest: bool) -> list[Batch]:
    """Which batches may be published now.

    A group of THRESHOLD or more goes as it is. What is left at one employer goes without roles once it is
    THRESHOLD or more. With `rest` (once a day) what is left of a version goes without employers.
    """
    batches: list[Batch] = []
    left = dict(waiting)

    def publish(shown_as: Group, groups: Iterable[Group]) -> None:
        taken = tuple(group for group in groups if left.get(group))
        count = sum(left[group] for group in taken)
        if count >= THRESHOLD:
            batches.append(Batch(shown_as, taken, count))
            for group in taken:
                del left[group]

    for group in sorted(waiting, key=repr):
        if group.employer_id is not None:
            publish(group, [group])
    for version_id, employer_id in sorted({(group.version_id, group.employer_id) for group in left}, key=repr):
        if employer_id is not None:
            merged = Group(version_id, employer_id, RoleGroup.OTHER)
            publish(
                merged, [group for group in left if (group.version_id, group.employer_id) == (version_id, employer_id)]
            )
    if rest:
        for version_id in sorted({group.version_id for group in left}, key=repr):
            merged = Group(version_id, None, RoleGroup.OTHER)
            publish(merged, [group for group in left if group.version_id == version_id])
    return batches


def publish(*, letter_id: uuid.UUID, today: date, rest: bool = False, last: bool = False) -> int:
    """Move what may be shown from waiting to shown and shuffle what remains; answers how many people were published.

    `last` is for closing: the rest is published if it is large enough, and whatever is too small is dropped,
    because it may never be shown.
    """
    with transaction.atomic():
        if not Letter.objects.select_for_update(no_key=True).filter(pk=letter_id).exists():
            return 0
        rows = list(Waiting.objects.select_for_update().filter(letter_id=letter_id))
        waiting = {Group(row.version_id, row.employer_id, row.role_group): row.count for row in rows if row.count}
        published = 0
        for batch in plan(waiting, rest=rest or last):
            _show(letter_id, batch)
            published += batch.count
            for group in batch.taken:
                del waiting[group]
        if published:
            _count_day(letter_id, today, published)
            freshness.changed()
        Waiting.objects.filter(letter_id=letter_id).delete()
        if not last:
            Waiting.objects.bulk_create(
                Waiting(
                    letter_id=letter_id,
                    version_id=group.version_id,
                    employer_id=group.employer_id,
                    role_group=group.role_group,
                    count=count,
                )
                for group, count in waiting.items()
            )
            _shuffle_tags(letter_id)
    return published


def letters_waiting() -> list[uuid.UUID]:
    """Letters with confidential signatures that wait."""
    return list(Waiting.objects.values_list("letter_id", flat=True).distinct())


def _show(letter_id: uuid.UUID, batch: Batch) -> None:
    group = batch.shown_as
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
            VALUES (%s, %s, %s, %s, 0, %s)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET confidential = letters_cell.confidential + EXCLUDED.confidential
            """,
            [letter_id, group.version_id, group.employer_id, group.role_group, batch.count],
        )


def _count_day(letter_id: uuid.UUID, today: date, count: int) -> None:
    Day.objects.get_or_create(letter_id=letter_id, day=today)
    Day.objects.filter(letter_id=letter_id, day=today).update(confidential=F("confidential") + count)


def _shuffle_tags(letter_id: uuid.UUID) -> None:
    """Write the fresh tags anew, in random order, in the transaction that wrote every waiting count anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM letters_tag WHERE letter_id = %s AND fresh RETURNING letter_id, digest)
            INSERT INTO letters_tag (id, letter_id, digest, fresh)
            SELECT gen_random_uuid(), letter_id, digest, false FROM gone ORDER BY random()
            """,
            [letter_id],
        )
