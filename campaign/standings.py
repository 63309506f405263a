"""How the record proposes a standing: worked out from checked statements by stated rules. A person decides.

The rules (docs/record.md):
1. Only what the executive said counts, and only once a second person has checked it. Conduct, reported
   silence, reactions and positions from before the letter propose nothing.
2. What was said internally does not count for a demand that can only be met in public, however it became known.
3. What a later statement of the same holder withdraws counts no more. One that contradicts an earlier statement
   speaks to every demand that the earlier one spoke to.
4. The newest statement that speaks to the demand decides. When the newest refuses what an earlier one did, when it
   contradicts it outright, or when two of one day disagree, the proposal is *contradictory*.
5. Without a statement that counts, it is *unaddressed*.
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from campaign.models import Audience, Precision, Said, Standing, Turn

__all__ = ["Piece", "Standing", "Turned", "after", "gives_way", "last_day", "standing"]

CONTRADICTS = "contradicts"  # what a statement says on a demand by contradicting an earlier one
_MEANS: dict[str, Standing] = {
    Said.MET: Standing.MET,
    Said.PARTLY: Standing.PARTLY,
    Said.ACKNOWLEDGED: Standing.ACKNOWLEDGED,
    Said.REFUSED: Standing.REFUSED,
    Said.NONE_HELD: Standing.NOT_APPLICABLE,
    CONTRADICTS: Standing.CONTRADICTORY,
}
_FURTHEST = [Standing.ACKNOWLEDGED, Standing.NOT_APPLICABLE, Standing.PARTLY, Standing.MET, Standing.REFUSED]
_DOES_SOMETHING = {Standing.MET, Standing.PARTLY}


@dataclass(frozen=True)
class Piece:
    """What one checked statement says on one demand."""

    said: str
    audience: str
    date: date | None
    entry: str = ""  # which statement says it

    def counts(self, *, must_be_public: bool) -> bool:
        """Whether it can make a standing on a demand of this sort."""
        return self.said in _MEANS and not (must_be_public and self.audience != Audience.PUBLIC)


def standing(pieces: Iterable[Piece], *, must_be_public: bool) -> Standing:
    """The standing that these pieces of evidence propose."""
    counted = [piece for piece in pieces if piece.counts(must_be_public=must_be_public)]
    if not counted:
        return Standing.UNADDRESSED
    newest_day = max(piece.date or date.min for piece in counted)
    newest = {_MEANS[piece.said] for piece in counted if (piece.date or date.min) == newest_day}
    earlier = {_MEANS[piece.said] for piece in counted if (piece.date or date.min) < newest_day}
    if Standing.CONTRADICTORY in newest:
        return Standing.CONTRADICTORY
    if Standing.REFUSED in newest and (len(newest) > 1 or earlier & _DOES_SOMETHING):
        return Standing.CONTRADICTORY
    # Two statements of one day that do not contradict: the one that goes furthest speaks for the day.
    return max(newest, key=_FURTHEST.index)


@dataclass(frozen=True)
class Turned:
    """That one statement withdraws or contradicts an earlier one."""

    entry: str
    earlier: str
    turn: str
    audience: str
    date: date | None


def after(pieces: Sequence[Piece], turns: Iterable[Turned], *, must_be_public: bool) -> list[Piece]:
    """What is left of these pieces once the statements that turn against others are read, too. What was said internally
    takes nothing back that was said in public on a demand that can only be met there.
    """
    counted = [one for one in turns if not (must_be_public and one.audience != Audience.PUBLIC)]
    left = [piece for piece in pieces if not _is_withdrawn(piece.entry, counted)]
    spoken_to = {piece.entry for piece in left if piece.counts(must_be_public=must_be_public)}
    return left + [
        Piece(CONTRADICTS, one.audience, one.date, one.entry)
        for one in counted
        if one.turn == Turn.CONTRADICTS and one.earlier in spoken_to and not _is_withdrawn(one.entry, counted)
    ]


def _is_withdrawn(entry: str, turns: Sequence[Turned], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a statement withdraws it that nothing withdrew in turn."""
    return any(
        one.turn == Turn.WITHDRAWS
        and one.earlier == entry
        and one.entry not in seen
        and not _is_withdrawn(one.entry, turns, seen | {entry})
        for one in turns
    )


def last_day(day: date, precision: str) -> date:
    """The latest day that a date known so far can mean."""
    if precision == Precision.YEAR:
        return day.replace(month=12, day=31)
    if precision == Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day


def gives_way(*, silent_on: date | None, spoke_on: date | None, precision: str) -> bool:
    """Whether a silence reported as of a day gives way: it has come to light that she had spoken before it."""
    return silent_on is not None and spoke_on is not None and last_day(spoke_on, precision) < silent_on
