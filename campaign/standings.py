"""How the record proposes a standing: worked out from checked statements by stated rules. A person decides.

The rules (docs/record.md):
1. Only what the executive said counts, and only once a second person has checked it. Conduct, reported
   silence, reactions and positions from before the letter propose nothing.
2. What was said internally does not count for a demand that can only be met in public, however it became known.
3. The newest statement that speaks to the demand decides. When the newest refuses what an earlier one did, or
   two of one day disagree, the proposal is *contradictory*.
4. Without a statement that counts, it is *unaddressed*.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from campaign.models import Audience, Precision, Said, Standing

__all__ = ["Piece", "Standing", "gives_way", "last_day", "standing"]

_MEANS = {
    Said.MET: Standing.MET,
    Said.PARTLY: Standing.PARTLY,
    Said.ACKNOWLEDGED: Standing.ACKNOWLEDGED,
    Said.REFUSED: Standing.REFUSED,
    Said.NONE_HELD: Standing.NOT_APPLICABLE,
}
_FURTHEST = [Standing.ACKNOWLEDGED, Standing.NOT_APPLICABLE, Standing.PARTLY, Standing.MET, Standing.REFUSED]
_DOES_SOMETHING = {Standing.MET, Standing.PARTLY}


@dataclass(frozen=True)
class Piece:
    """What one checked statement says on one demand."""

    said: str
    audience: str
    date: date | None

    def counts(self, *, must_be_public: bool) -> bool:
        """Whether it can make a standing on a demand of this sort."""
        return self.said in _MEANS and not (must_be_public and self.audience != Audience.PUBLIC)


def standing(pieces: Iterable[Piece], *, must_be_public: bool) -> Standing:
    """The standing that these pieces of evidence propose."""
    counted = [piece for piece in pieces if piece.counts(must_be_public=must_be_public)]
    if not counted:
        return Standing.UNADDRESSED
    newest_day = max(piece.date or date.min for piece in counted)
    newest = {_MEANS[Said(piece.said)] for piece in counted if (piece.date or date.min) == newest_day}
    earlier = {_MEANS[Said(piece.said)] for piece in counted if (piece.date or date.min) < newest_day}
    if Standing.REFUSED in newest and (len(newest) > 1 or earlier & _DOES_SOMETHING):
        return Standing.CONTRADICTORY
    # Two statements of one day that do not contradict: the one that goes furthest speaks for the day.
    return max(newest, key=_FURTHEST.index)


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
