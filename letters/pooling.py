"""How confidential signatures become numbers: in batches of at least the threshold, merged upward or left waiting.

Every run takes one turn (letters.settling): it shows more or it shows less, each time by THRESHOLD or more, and writes
everything that waits anew, so that no hidden row version joins a person's tag with a count (docs/privacy.md).
Each edition of the text has a pool of its own: what people signed is never mixed (docs/versions.md).
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import deepcopy
from datetime import date

from django.db import connection, transaction
from django.db.models import F, Model, Q, Sum

from letters import arrivals, freshness
from letters.models import Cell, Day, Leaving, Letter, Pledge, Removal, Version, Waiting
from letters.settling import Batch, Group, Pool, Promise, Turn, plan, turn

__all__ = ["Batch", "Group", "letters_waiting", "plan", "publish"]


def publish(
    *, letter_id: uuid.UUID, today: date, rest: bool = False, last: bool = False, invented: bool = False
) -> int:
    """Show what may be shown, let go who left, and shuffle what remains; answers how many people were published.

    `last` is for closing: the rest is published if it is large enough, and whatever is too small is dropped,
    because it may never be shown; so are those who waited for a number that was not reached. What is `invented`, an
    example's past, does not come in now.
    """
    with transaction.atomic():
        if not Letter.objects.select_for_update(no_key=True).filter(pk=letter_id).exists():
            return 0
        pools = _read(letter_id)
        before = {edition: pool.lowered.copy() for edition, pool in pools.items()}
        taken = _turns(pools, rest=rest, last=last)
        for edition, pool in pools.items():
            if pool.lowered != before[edition]:
                _absorb(letter_id, edition, pool.lowered)
        for batch in taken.batches:
            _show(letter_id, batch)
        for cell, count in taken.falls:
            _let_go(letter_id, cell, count)
        published = sum(batch.count for batch in taken.batches)
        fallen = sum(count for _cell, count in taken.falls)
        if published or fallen:
            _count_day(letter_id, today, published, fallen)
            freshness.changed()
        _write(letter_id, pools)
        if not last:
            _shuffle_tags(letter_id)
    if not invented:
        shown = ((batch.shown_as.employer_id, batch.count) for batch in taken.batches)
        arrivals.count_published(letter_id=letter_id, at_employers=[(key, count) for key, count in shown if key])
    return published


def letters_waiting() -> list[uuid.UUID]:
    """Letters with confidential signatures that wait, or that leave."""
    found: set[uuid.UUID] = set()
    for model in (Waiting, Pledge, Leaving):
        found.update(model.objects.values_list("letter_id", flat=True).distinct())
    return sorted(found)


def _turns(pools: dict[int, Pool], *, rest: bool, last: bool) -> Turn:
    """Let each edition's pool take its turn. While one falls no other rises, except at the end, or a sum of both could
    move by less than either."""
    tried = {edition: deepcopy(pool) for edition, pool in pools.items()}
    turns = {edition: turn(pool, rest=rest, last=last) for edition, pool in tried.items()}
    falling = any(one.falls for one in turns.values()) and not last
    done = Turn()
    for edition, one in turns.items():
        if one.batches and falling:
            continue
        pools[edition] = tried[edition]
        done.batches += one.batches
        done.falls += one.falls
    return done


def _read(letter_id: uuid.UUID) -> dict[int, Pool]:
    """The letter's pools by edition, their rows locked; the cells are read only where they matter."""
    editions = dict(Version.objects.filter(letter_id=letter_id).values_list("pk", "edition"))
    pools: defaultdict[int, Pool] = defaultdict(Pool)
    for waiting in Waiting.objects.select_for_update().filter(letter_id=letter_id):
        pool = pools[editions[waiting.version_id]]
        pool.waiting[Group(waiting.version_id, waiting.employer_id, waiting.role_group)] += waiting.count
    for pledge in Pledge.objects.select_for_update().filter(letter_id=letter_id):
        group = Group(pledge.version_id, pledge.employer_id, pledge.role_group)
        promise = Promise(group, pledge.scope == Pledge.Scope.EMPLOYER, pledge.number)
        pools[editions[pledge.version_id]].pledged[promise] += pledge.count
    for leaving in Leaving.objects.select_for_update().filter(letter_id=letter_id):
        pools[leaving.edition].leaving[leaving.employer_id] += leaving.count
    if any(pool.pledged or pool.leaving for pool in pools.values()):
        for cell in Cell.objects.filter(letter_id=letter_id):
            pool = pools[editions[cell.version_id]]
            pool.shown[Group(cell.version_id, cell.employer_id, cell.role_group)] += cell.confidential
            pool.named[cell.employer_id] += cell.public
        for (edition, employer_id), left in _lowered(letter_id).items():
            pools[edition].lowered[employer_id] = left
    return dict(pools)


def _lowered(letter_id: uuid.UUID) -> dict[tuple[int, int | None], int]:
    """Whom organisers took off an employer's number, less those who have taken their signature back since."""
    rows = Removal.objects.filter(letter_id=letter_id, edition__isnull=False, removed__gt=0)
    counts = rows.values_list("edition", "employer_id").annotate(left=Sum("removed") - Sum("absorbed"))
    return {(edition or 0, employer_id): left for edition, employer_id, left in counts}


def _absorb(letter_id: uuid.UUID, edition: int, left: Counter[int | None]) -> None:
    """Write down who of those taken off an employer's number has left, oldest removal first."""
    for (lowered, employer_id), before in _lowered(letter_id).items():
        gone = before - left[employer_id] if lowered == edition else 0
        rows = Removal.objects.filter(letter_id=letter_id, edition=edition, employer=employer_id, removed__gt=0)
        for row in rows.order_by("over_on", "pk"):
            now_gone = min(gone, row.removed - row.absorbed)
            if now_gone:
                Removal.objects.filter(pk=row.pk).update(absorbed=F("absorbed") + now_gone)
                gone -= now_gone


def _write(letter_id: uuid.UUID, pools: dict[int, Pool]) -> None:
    """Everything that waits or leaves, written anew."""
    _replace(
        letter_id,
        (
            Waiting(
                letter_id=letter_id,
                version_id=group.version_id,
                employer_id=group.employer_id,
                role_group=group.role_group,
                count=count,
            )
            for pool in pools.values()
            for group, count in pool.waiting.items()
        ),
        of=Waiting,
    )
    _replace(
        letter_id,
        (
            Pledge(
                letter_id=letter_id,
                version_id=one.group.version_id,
                employer_id=one.group.employer_id,
                role_group=one.group.role_group,
                scope=Pledge.Scope.EMPLOYER if one.at_employer else Pledge.Scope.LETTER,
                number=one.number,
                count=count,
            )
            for pool in pools.values()
            for one, count in pool.pledged.items()
        ),
        of=Pledge,
    )
    _replace(
        letter_id,
        (
            Leaving(letter_id=letter_id, edition=edition, employer_id=employer_id, count=count)
            for edition, pool in pools.items()
            for employer_id, count in pool.leaving.items()
        ),
        of=Leaving,
    )


def _replace(letter_id: uuid.UUID, rows: Iterable[Model], *, of: type[Model]) -> None:
    of._default_manager.filter(letter_id=letter_id).delete()
    of._default_manager.bulk_create(rows)


def _let_go(letter_id: uuid.UUID, cell: Group, count: int) -> None:
    employer = Q(employer__isnull=True) if cell.employer_id is None else Q(employer=cell.employer_id)
    Cell.objects.filter(employer, letter_id=letter_id, version_id=cell.version_id, role_group=cell.role_group).update(
        confidential=F("confidential") - count
    )


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


def _count_day(letter_id: uuid.UUID, today: date, published: int, fallen: int) -> None:
    Day.objects.get_or_create(letter_id=letter_id, day=today)
    Day.objects.filter(letter_id=letter_id, day=today).update(
        confidential=F("confidential") + published, fallen=F("fallen") + fallen
    )


def _shuffle_tags(letter_id: uuid.UUID) -> None:
    """Write the fresh tags anew, in random order, in the transaction that wrote every waiting count anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM letters_tag WHERE letter_id = %s AND fresh RETURNING letter_id, digest, edition)
            INSERT INTO letters_tag (id, letter_id, digest, fresh, edition)
            SELECT gen_random_uuid(), letter_id, digest, false, edition FROM gone ORDER BY random()
            """,
            [letter_id],
        )
