"""What came in lately, in hours: for a team that looks for a wave of false names (docs/arrivals.md).

Counted is what everybody sees the moment it is counted: a name that is put on the list, by the mail domain and the
employer that were proved with it, and confidential signatures by the employer for whom ten or more are published
together. So a team is told nothing that the public page does not tell whoever looks at it all the time, but the domain.
"""

import time
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

import redis
from django.utils.functional import Promise

from accounts import throttling
from accounts.shortlived import impatient, memory
from letters import queries, verification
from letters.crowd import bucket, least
from letters.models import THRESHOLD
from letters.queries import LetterFacts

HOUR, DAY = 3600, 86400
BEFORE = 24  # hours that an hour is compared with
TIMES = 4  # as many as their mean
CALM = 6  # hours without a wave, before another one of the same is news
LATELY = 24  # hours that a team can look at
SETTLED = 600  # seconds after an hour's end: whatever began in it is over by then
_KEPT = (BEFORE + CALM + LATELY + 2) * HOUR
_KEY_KEPT = DAY + _KEPT
_KEYS = "arrivals-key"  # of the day
_EMPLOYER, _DOMAIN = "employer", "domain"


@dataclass(frozen=True)
class Arrival:
    """Ten or more of one kind that came in within an hour that is over."""

    began: datetime
    employer: str  # its name, or nothing
    domain: str  # a mail domain, or nothing
    size: str | Promise
    is_unusual: bool  # many more than in the hours before
    is_news: bool  # and it was not so a moment ago


Subject = tuple[str, str]


def count_name(*, letter_id: uuid.UUID, address: str, employer_id: int | None, shown: bool) -> None:
    """A proved mailbox signed. Only a name that stands on the list now is counted; the same happens for all others."""
    domain = verification.canonical(address).rpartition("@")[2]
    # Where there is nobody to count, the same commands run for no name at all.
    subjects = [(_DOMAIN, domain if shown else ""), (_EMPLOYER, str(employer_id or "") if shown else "")]
    _count(letter_id, dict.fromkeys(subjects, 1))


def count_published(*, letter_id: uuid.UUID, at_employers: Iterable[tuple[int, int]]) -> None:
    """So many confidential signatures were published at these employers."""
    found: dict[Subject, int] = {}
    for employer_id, many in at_employers:
        subject = (_EMPLOYER, str(employer_id))
        found[subject] = found.get(subject, 0) + many
    if found:
        _count(letter_id, found)


def last_hour(now: datetime) -> datetime:
    """When the newest hour began that is over, and settled."""
    return _moment(int(now.timestamp() - SETTLED) // HOUR - 1)


def lately(letter: LetterFacts, *, now: datetime) -> list[Arrival]:
    """All groups of ten and more of the last day, the newest hour first, about the largest first within it."""
    newest = _slot(last_hour(now))
    return _arrivals(letter, range(newest, newest - LATELY, -1))


def in_hour(letter: LetterFacts, *, began: datetime) -> list[Arrival]:
    """The groups of ten and more of one hour."""
    return _arrivals(letter, [_slot(began)])


def _count(letter_id: uuid.UUID, subjects: dict[Subject, int]) -> None:
    """Nobody's signature may fail for this, so whatever Redis has against it is let go."""
    slot = int(time.time()) // HOUR
    try:
        key = throttling.key_of_day(_KEYS, slot * HOUR // DAY, seconds=_KEY_KEPT)
        pipe = impatient().pipeline(transaction=False)
        for subject, many in subjects.items():
            counter = _counter(letter_id, slot, subject, key)
            pipe.incrby(counter, many)
            pipe.expire(counter, _KEPT)
        counts = dict(zip(subjects, pipe.execute()[::2], strict=True))
        # From the tenth on, and by each after it, should the tenth have been cut off.
        if large := [subject for subject, number in counts.items() if number >= THRESHOLD and subject[1]]:
            pipe.hset(_names(letter_id, slot), mapping={"\0".join(subject): b"" for subject in large})
            pipe.expire(_names(letter_id, slot), _KEPT)
            pipe.execute()
    except redis.RedisError:
        return


def _arrivals(letter: LetterFacts, slots: Collection[int]) -> list[Arrival]:
    pipe = memory().pipeline(transaction=False)
    for slot in slots:
        pipe.hkeys(_names(letter.id, slot))
    named = dict(zip(slots, pipe.execute(), strict=True))
    found = {slot: [_subject(field) for field in fields] for slot, fields in named.items() if fields}
    if not found:
        return []
    history = _History(letter.id, {one for many in found.values() for one in many}, min(slots), max(slots))
    employers = {str(one.id): one.name for one in queries.employers(letter.directory_id)}
    arrivals = []
    for slot, subjects in found.items():
        large = [one for one in subjects if history.count(one, slot) >= THRESHOLD]
        # In an order that tells no more than the sizes do.
        for kind, name in sorted(large, key=lambda one: (-least(history.count(one, slot)), one[0] != _EMPLOYER, one)):
            arrival = Arrival(
                began=_moment(slot),
                employer=employers.get(name, "") if kind == _EMPLOYER else "",
                domain=name if kind == _DOMAIN else "",
                size=bucket(history.count((kind, name), slot)),
                is_unusual=history.is_wave((kind, name), slot),
                is_news=history.is_news((kind, name), slot),
            )
            if arrival.employer or arrival.domain:
                arrivals.append(arrival)
    return arrivals


@dataclass(frozen=True)
class _History:
    """The counts of some subjects in the hours that matter, read at once."""

    letter_id: uuid.UUID
    subjects: set[Subject]
    first: int
    last: int

    @cached_property
    def _counts(self) -> dict[tuple[Subject, int], int]:
        slots = range(self.first - BEFORE - CALM, self.last + 1)
        days = sorted({slot * HOUR // DAY for slot in slots})
        keys = throttling.keys_of_days(_KEYS, days)
        wanted = [(one, slot) for one in self.subjects for slot in slots if slot * HOUR // DAY in keys]
        if not wanted:
            return {}
        names = [_counter(self.letter_id, slot, one, keys[slot * HOUR // DAY]) for one, slot in wanted]
        return {what: int(raw) for what, raw in zip(wanted, memory().mget(names), strict=True) if raw is not None}

    def count(self, subject: Subject, slot: int) -> int:
        return self._counts.get((subject, slot), 0)

    def is_wave(self, subject: Subject, slot: int) -> bool:
        many = self.count(subject, slot)
        before = sum(self.count(subject, slot - hours) for hours in range(1, BEFORE + 1))
        return many >= THRESHOLD and many * BEFORE > TIMES * before

    def is_news(self, subject: Subject, slot: int) -> bool:
        return self.is_wave(subject, slot) and not any(
            self.is_wave(subject, slot - hours) for hours in range(1, CALM + 1)
        )


def _counter(letter_id: uuid.UUID, slot: int, subject: Subject, key: bytes) -> str:
    veiled = throttling.veiled("\0".join([str(letter_id), *subject]), key=key)
    return f"arrived:{slot}:{veiled}"


def _names(letter_id: uuid.UUID, slot: int) -> str:
    return f"arrivals:{letter_id}:{slot}"


def _subject(field: bytes) -> Subject:
    kind, _, name = field.decode().partition("\0")
    return kind, name


def _slot(began: datetime) -> int:
    return int(began.timestamp()) // HOUR


def _moment(slot: int) -> datetime:
    return datetime.fromtimestamp(slot * HOUR, UTC)
