"""What the press may quote of a letter, as of now: totals, crowds at employers, demands, answers (docs/sharing.md)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campaign import scoreboard, sharing
from campaign.scoreboard import Scoreboard
from campaign.sharing import Shared
from letters import crowds, people
from letters import queries as letter_queries
from letters.crowds import Crowd
from letters.people import Listed
from letters.queries import GrowthDay

QUOTED = 50  # people on the page who may be quoted; the others stand on the list with everybody


@dataclass(frozen=True, kw_only=True)
class PressPage:
    """A letter's page for the press."""

    shared: Shared
    employers: tuple[Crowd, ...]
    scoreboard: Scoreboard
    quotable: tuple[Listed, ...]  # who lets the press quote her, newest first
    quotable_in_all: int
    week: int  # how many more than seven days ago


def page(slug: str, *, now: datetime) -> PressPage:
    """The press page of a letter. Raises NoSuchLetter, for drafts too."""
    shared = sharing.shared(slug, now=now)
    counts = {count.employer_id: count.total for count in shared.numbers.employers}
    quotable, in_all = people.quotable(shared.letter.id, most=QUOTED)
    return PressPage(
        shared=shared,
        employers=crowds.of_employers(shared.numbers),
        scoreboard=scoreboard.board(campaign=shared.campaign, now=now, people=counts),
        quotable=tuple(quotable),
        quotable_in_all=in_all,
        week=_since(letter_queries.growth(shared.letter.id), now.date() - timedelta(days=7)),
    )


def _since(growth: list[GrowthDay], day: date) -> int:
    """By how much the number has changed since the end of that day."""
    if not growth:
        return 0
    before = [one.total for one in growth if one.day <= day]
    return growth[-1].total - (before[-1] if before else 0)
