"""A letter's versions as everybody reads them: what each says, how it came about, what differs, who stands for it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from campaign.models import TextChange
from letters import differences, languages
from letters import queries as letter_queries
from letters.canonical import Text
from letters.queries import EditionCount, LetterFacts, VersionFacts


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """One version and its place in the letter's history."""

    facts: VersionFacts
    before: VersionFacts | None
    state: str  # current, announced, dropped, earlier
    in_force_at: datetime | None
    count: EditionCount | None  # of its edition, beside the newest version of it that was in force

    @property
    def begins_edition(self) -> bool:
        return self.facts.number == self.facts.edition


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A correction that everybody can read and that is not in force yet."""

    sha256: str
    number: int
    note: str
    in_force_at: datetime


@dataclass(frozen=True)
class Compared:
    """One language of two versions, as one text."""

    language: str
    name: str
    direction: str
    pieces: tuple[differences.Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.kind is differences.Kind.SAME for piece in self.pieces)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a letter's page says of its text beside the text: what comes, and who signed another one."""

    announced: Announced | None
    earlier: int  # how many stand with earlier editions
    corrected: bool  # this version came after another of its edition


def rows(letter: LetterFacts) -> list[VersionRow]:
    """Every version, newest first."""
    facts = letter_queries.versions(letter.id)
    changes = {change.version_id: change for change in TextChange.objects.filter(version__in=[one.id for one in facts])}
    counts = letter_queries.editions(letter.id)
    found: list[VersionRow] = []
    counted: set[int] = set()
    for one, before in zip(facts, [*facts[1:], None], strict=True):
        state = _state(letter, one, changes.get(one.id))
        count = None
        if state in {"current", "earlier"} and one.edition not in counted:
            counted.add(one.edition)
            count = counts.get(one.edition, EditionCount())
        change = changes.get(one.id)
        found.append(
            VersionRow(
                facts=one,
                before=before,
                state=state,
                in_force_at=change.in_force_at if change else letter.opened_at,
                count=count,
            )
        )
    return found


def standing(letter: LetterFacts) -> Standing:
    """What there is to say of the text; no query for a letter that never changed."""
    number = letter.version_number or 0
    announced = None
    if letter.newest_number > number:
        announced = _announced(letter.id)
    editions = letter_queries.editions(letter.id) if letter.edition > 1 else {}
    return Standing(
        announced=announced,
        earlier=sum(count.total for edition, count in editions.items() if edition != letter.edition),
        corrected=number > letter.edition,
    )


def compared(old: VersionFacts | Text, new: VersionFacts | Text) -> list[Compared]:
    """What differs between two texts, language by language."""
    before, after = _by_language(old), _by_language(new)
    return [
        Compared(
            code, languages.name(code), languages.direction(code), _pieces(before.get(code, ""), after.get(code, ""))
        )
        for code in dict.fromkeys([*after, *before])
    ]


@lru_cache(maxsize=64)
def _pieces(old: str, new: str) -> tuple[differences.Piece, ...]:
    return tuple(differences.changes(old, new))


def _by_language(version: VersionFacts | Text) -> dict[str, str]:
    found = {version.language: plain(version.title, version.addressees, version.body, version.demands)}
    for one in version.translations:
        found[one.language] = plain(one.title, version.addressees, one.body, one.demands)
    return found


def plain(title: str, addressees: Iterable[str], body: str, demands: Iterable[str]) -> str:
    """A letter as plain text: title, to whom, text, demands."""
    lines = [f"{number}. {demand}" for number, demand in enumerate(demands, 1)]
    return "\n\n".join([title, "\n".join(addressees), body.strip(), "\n".join(lines)]) + "\n"


def _state(letter: LetterFacts, version: VersionFacts, change: TextChange | None) -> str:
    if version.id == letter.version_id:
        return "current"
    if change is not None and change.state == TextChange.State.ANNOUNCED:
        return "announced"
    return "dropped" if change is not None and change.state == TextChange.State.DROPPED else "earlier"


def _announced(letter_id: uuid.UUID) -> Announced | None:
    change = (
        TextChange.objects.select_related("version")
        .filter(campaign_letter__letter=letter_id, state=TextChange.State.ANNOUNCED)
        .first()
    )
    if change is None or change.version is None or change.in_force_at is None:
        return None
    return Announced(
        sha256=change.sha256, number=change.version.number, note=change.note, in_force_at=change.in_force_at
    )
