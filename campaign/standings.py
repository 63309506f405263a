"""How an executive stands on a demand: worked out from checked statements by stated rules, never typed in.

The rules (docs/record.md):
1. Only what the executive said counts, and only once a second person has checked it. Conduct, reported
   silence, reactions and positions from before the letter never make a standing.
2. What was said internally does not count for a demand that can only be met in public, however it became known.
3. The newest statement that speaks to the demand decides. When the newest refuses what an earlier one did, or
   two of one day disagree, the standing is *contradictory*.
4. Without a statement that counts, the demand is *unaddressed*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.models import Audience, Said


class Standing(models.TextChoices):
    """Where an executive stands on a demand."""

    UNADDRESSED = "unaddressed", _("unaddressed")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    PARTLY = "partly", _("partly met")
    MET = "met", _("met")
    REFUSED = "refused", _("refused")
    NOT_APPLICABLE = "not-applicable", _("claims not applicable")
    CONTRADICTORY = "contradictory", _("contradictory")


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
    """The standing that these pieces of evidence make."""
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
