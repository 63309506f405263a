"""What moves between waiting, shown and gone: arithmetic alone, without a row (docs/signing.md has the rules).

What is shown is one partition: every confidential signer counts in exactly one cell. A turn either adds to cells or
takes from cells, never both, each time THRESHOLD or more; so no sum of cells moves by less than that in a turn, and
none is ever smaller than that unless it is nothing (tests/letters/test_release_and_leaving.py walks random histories).
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from letters.models import THRESHOLD, RoleGroup

Counted = TypeVar("Counted")


@dataclass(frozen=True)
class Group:
    """One group of the finest kind."""

    version_id: uuid.UUID
    employer_id: int | None
    role_group: str


@dataclass(frozen=True)
class Promise:
    """To whom it was promised that she is counted only when `number` have signed, at her employer or altogether."""

    group: Group
    at_employer: bool
    number: int


@dataclass(frozen=True)
class Batch:
    """So many people, published under `shown_as`, taken from the groups that waited."""

    shown_as: Group
    taken: tuple[Group, ...]
    count: int


@dataclass
class Pool:
    """A letter's counts: what waits, who waits for others, who is leaving, and what is shown."""

    waiting: Counter[Group] = field(default_factory=Counter)
    pledged: Counter[Promise] = field(default_factory=Counter)
    leaving: Counter[int | None] = field(default_factory=Counter)
    shown: Counter[Group] = field(default_factory=Counter)
    named: Counter[int | None] = field(default_factory=Counter)  # public signatures by employer; they only count along
    lowered: Counter[int | None] = field(default_factory=Counter)  # whom organisers took off the shown number


@dataclass
class Turn:
    """What a turn changes of what is shown: `batches` come, or so many people go from cells."""

    batches: list[Batch] = field(default_factory=list)
    falls: list[tuple[Group, int]] = field(default_factory=list)


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


def turn(pool: Pool, *, rest: bool, last: bool) -> Turn:
    """Let the pool take one turn, in place, and answer what of the shown it changes.

    Who leaves is taken from what waits; then, in groups of THRESHOLD, from what is shown. Only a turn in which nothing
    falls releases promises and publishes. The `last` turn, at closing, then forgets whatever is left.
    """
    _leave(pool, last=last)
    falls = _fall(pool, last=last)
    batches: list[Batch] = []
    if not falls:
        _release(pool, rest=rest or last, last=last)
        batches = plan(pool.waiting, rest=rest or last)
        for batch in batches:
            pool.shown[batch.shown_as] += batch.count
            for group in batch.taken:
                del pool.waiting[group]
    if last:
        for count in (pool.waiting, pool.pledged, pool.leaving):
            count.clear()
    pool.waiting, pool.pledged, pool.leaving = +pool.waiting, +pool.pledged, +pool.leaving
    return Turn(batches, falls)


def lower(shown: Mapping[Group, int], *, employer_id: int, most: int) -> list[tuple[Group, int]]:
    """Which cells of an employer fall by how many when organisers take `most` off, or as many of them as can go.

    As in a turn every cell falls by nothing or by THRESHOLD and more, and none keeps a smaller group. What waits is not
    touched: nobody shall learn from the answer how many do.
    """
    here = sorted(
        (one for one in shown if one.employer_id == employer_id and shown[one]), key=lambda o: (-shown[o], repr(o))
    )
    for cell in here:
        if most >= THRESHOLD and (shown[cell] == most or shown[cell] - most >= THRESHOLD):
            return [(cell, most)]
    falls = []
    for cell in here:
        there = shown[cell]
        count = there if there <= most else min(most, there - THRESHOLD)
        if count >= THRESHOLD:
            falls.append((cell, count))
            most -= count
    return falls


def _leave(pool: Pool, *, last: bool) -> None:
    """Take those who leave from those who wait at the same employer: one confidential signer is like another.

    If more leave than are shown there, the others were published without an employer or wait for a number: they are
    taken from those. At the end all that leave are taken from all that wait.
    """
    for employer_id in sorted(one for one in pool.leaving if one is not None):
        _settle(pool, employer_id)
        excess = pool.leaving[employer_id] - (0 if last else _shown_at(pool, employer_id))
        if excess > 0:
            # More leave than are shown: some of them were taken off the number before, and go only once.
            gone_before = min(excess, pool.lowered[employer_id])
            pool.lowered[employer_id] -= gone_before
            pool.leaving[employer_id] -= excess
            excess -= gone_before
            if not last:
                excess -= _take(
                    pool.pledged, [one for one in pool.pledged if one.group.employer_id == employer_id], excess
                )
            pool.leaving[None] += excess
    _settle(pool, None)
    excess = pool.leaving[None] - (0 if last else _shown_at(pool, None))
    if excess > 0:
        taken = _take(pool.waiting, pool.waiting, excess)
        if not last:
            taken += _take(pool.pledged, pool.pledged, excess - taken)
        pool.leaving[None] -= taken


def _settle(pool: Pool, employer_id: int | None) -> None:
    here = [group for group in pool.waiting if group.employer_id == employer_id]
    pool.leaving[employer_id] -= _take(pool.waiting, here, pool.leaving[employer_id])


def _take(counts: Counter[Counted], where: Iterable[Counted], most: int) -> int:
    """Take up to `most` from these counts, each time from the largest; answers how many were there to take."""
    fitting = list(where)
    for taken in range(most):
        largest = max(fitting, key=lambda one: (counts[one], repr(one)), default=None)
        if largest is None or counts[largest] <= 0:
            return taken
        counts[largest] -= 1
    return max(most, 0)


def _fall(pool: Pool, *, last: bool) -> list[tuple[Group, int]]:
    """Take from cells, once THRESHOLD or more leave an employer. What would be too small to show waits again."""
    falls = []
    for employer_id in sorted(pool.leaving, key=repr):
        while (leave := pool.leaving[employer_id]) >= THRESHOLD:
            cells = [one for one, count in pool.shown.items() if count and (last or one.employer_id == employer_id)]
            if not cells:
                break
            cell = max(cells, key=lambda one: (one.employer_id == employer_id, pool.shown[one], repr(one)))
            there = pool.shown[cell]
            count = leave if there - leave >= THRESHOLD else there
            pool.shown[cell] -= count
            pool.leaving[employer_id] -= min(count, leave)
            pool.waiting[cell] += max(count - leave, 0)
            falls.append((cell, count))
    return falls


def _release(pool: Pool, *, rest: bool, last: bool) -> None:
    """Let those count who wait for a number that is reached once they are shown, they and others with them."""
    free = +pool.pledged
    while free:
        trial = Pool(
            pool.waiting + _groups(free),
            Counter(),
            pool.leaving.copy(),
            pool.shown.copy(),
            pool.named,
            pool.lowered.copy(),
        )
        _leave(trial, last=last)
        for batch in plan(trial.waiting, rest=rest):
            trial.shown[batch.shown_as] += batch.count
        reached = Counter({one: count for one, count in free.items() if _is_reached(trial, one)})
        if reached == free:
            pool.waiting += _groups(free)
            pool.pledged -= free
            _leave(pool, last=last)
            return
        free = reached


def _groups(promises: Counter[Promise]) -> Counter[Group]:
    groups: Counter[Group] = Counter()
    for one, count in promises.items():
        groups[one.group] += count
    return groups


def _is_reached(pool: Pool, promise: Promise) -> bool:
    if promise.at_employer:
        employer_id = promise.group.employer_id
        return _shown_at(pool, employer_id) + pool.named[employer_id] >= promise.number
    return pool.shown.total() + pool.named.total() >= promise.number


def _shown_at(pool: Pool, employer_id: int | None) -> int:
    return sum(count for group, count in pool.shown.items() if group.employer_id == employer_id)
