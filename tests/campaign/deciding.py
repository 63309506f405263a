"""Deciding what the rules propose: by who checked the statement, and checked by who recorded it."""

from datetime import datetime

from campaign import deciding, proposals
from campaign.models import StandingDecision
from tests.cast import NOW, Cast


def decide(cast: Cast, cell: proposals.Cell, *, now: datetime = NOW, by=None, **other) -> StandingDecision:
    """Decide a cell as the rules propose it, on all the evidence there is for it."""
    chosen = {
        "standing": cell.proposed,
        "reason": "It follows from what was said.",
        "evidence": [
            entry
            for entry in proposals.evidence_for(cell.executive, cell.demand, cell.holder)
            if proposals.speaks_to(entry, cell.demand)
        ],
        "saw": deciding.seen(cell.executive, cell.demand, cell.holder),
        "holder": cell.holder,
    }
    return deciding.decide(executive=cell.executive, demand=cell.demand, by=by or cast.oskar, now=now, **chosen | other)


def follow_the_rules(cast: Cast, *, now: datetime = NOW) -> None:
    """Decide and check every proposal there is."""
    for cell in proposals.proposals(cast.campaign):
        deciding.check(decision=decide(cast, cell, now=now), by=cast.carla, now=now)
