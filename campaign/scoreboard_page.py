"""The scoreboard on a page of its own: filtered and sorted as the reader asks, in a fixed number of queries."""

import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from campaign import past, queries, scoreboard
from campaign.facts import CampaignFacts, campaign_facts, first_opened_at
from campaign.models import Campaign
from campaign.past import Then
from campaign.scoreboard import ExecutiveRow, Scoreboard
from campaign.standings import Standing
from letters import queries as letter_queries


class Sort(models.TextChoices):
    """What a reader asks first."""

    ADDRESSED = "addressed", _("as addressed")
    SILENT = "silent", _("longest silent first")
    SIGNED = "signed", _("most signed at the company first")
    MOVED = "moved", _("newest movement first")
    NAME = "name", _("by name")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a reader chose; what means nothing is left out."""

    company: str = ""
    demand: int | None = None
    standing: str = ""
    sort: Sort = Sort.ADDRESSED

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Choice":
        """From the address of the page."""
        demand, sort, standing = given.get("demand", ""), given.get("sort", ""), given.get("standing", "")
        return cls(
            company=given.get("company", ""),
            demand=int(demand) if demand.isascii() and demand.isdigit() and len(demand) < 5 else None,
            standing=standing if standing in Standing.values else "",
            sort=Sort(sort) if sort in Sort.values else Sort.ADDRESSED,
        )

    @property
    def narrows(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.company or self.standing)


@dataclass(frozen=True)
class Company:
    """A company that can be chosen."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ScoreboardPage:
    """The page: the whole board, and what of it was asked for."""

    campaign: CampaignFacts
    whole: Scoreboard
    shown: Scoreboard
    choice: Choice
    companies: tuple[Company, ...]
    signed: int
    then: Then | None  # which past moment it shows; None is now

    @property
    def silent(self) -> int:
        return len(self.whole.rows) - self.whole.answered


def page(slug: str, choice: Choice, *, now: datetime, on: str = "") -> ScoreboardPage:
    """The scoreboard of a campaign, as it is or as it was `on` a day. Raises queries.NoSuchCampaign, also while none of
    its letters has opened, and past.NotADay.
    """
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise queries.NoSuchCampaign(slug)
    ids = campaign.campaign_letters.values_list("letter_id", flat=True)
    letters = [letter for letter in letter_queries.letters(ids) if not letter.is_draft]
    if not letters:
        raise queries.NoSuchCampaign(slug)
    numbers = [] if on else [letter_queries.numbers(letter.id) for letter in letters]
    facts = campaign_facts(campaign, campaign.demands.order_by("number"), opened_at=first_opened_at(letters))
    then = past.moment_of(on, campaign=campaign, letters=letters, now=now)
    if then:
        facts, record = past.record_at(facts, then)
        whole = past.board_at(facts, record, then)
    else:
        whole = scoreboard.board(campaign=facts, now=now, people=scoreboard.people_in(numbers))
    whole = replace(whole, rows=_in_its_zone(whole.rows, campaign))
    companies = {_key(row): row.employer for row in whole.rows}
    return ScoreboardPage(
        campaign=facts,
        whole=whole,
        shown=chosen(whole, choice),
        choice=choice,
        companies=tuple(Company(key, name) for key, name in sorted(companies.items(), key=lambda one: one[1].lower())),
        signed=max((one.total for one in numbers), default=0),
        then=then,
    )


def chosen(board: Scoreboard, choice: Choice) -> Scoreboard:
    """The rows and columns that were asked for, in the order that was asked for."""
    demands = tuple(one for one in board.demands if choice.demand is None or one.number == choice.demand)
    if not demands:
        demands = board.demands
    numbers = {demand.number for demand in demands}
    rows = [
        replace(row, cells=tuple(cell for cell in row.cells if cell.demand.number in numbers)) for row in board.rows
    ]
    if choice.company:
        rows = [row for row in rows if _key(row) == choice.company]
    if choice.standing:
        rows = [row for row in rows if any(cell.standing == choice.standing for cell in row.cells)]
    return Scoreboard(demands=demands, rows=tuple(sorted(rows, key=_ORDER[choice.sort])))


def _in_its_zone(rows: tuple[ExecutiveRow, ...], campaign: Campaign) -> tuple[ExecutiveRow, ...]:
    """When something about each executive was last put on the record, by the calendar of the campaign."""
    zone = zoneinfo.ZoneInfo(campaign.time_zone)
    return tuple(replace(row, moved=row.moved.astimezone(zone)) if row.moved else row for row in rows)


def _key(row: ExecutiveRow) -> str:
    return slugify(row.employer, allow_unicode=True) or str(row.employer_id)


def _by_name(row: ExecutiveRow) -> tuple[str, str]:
    return (row.name or row.title).lower(), row.employer.lower()


# Where two are the same, the company where more people signed comes first, then the name.
_ORDER: dict[Sort, Callable[[ExecutiveRow], Any]] = {
    Sort.ADDRESSED: lambda row: row.id,
    Sort.SILENT: lambda row: (row.answered, -(row.silent_days or 0), -row.asked, -row.people, _by_name(row)),
    Sort.SIGNED: lambda row: (-row.people, row.id),
    Sort.MOVED: lambda row: (-row.moved.timestamp() if row.moved else 0, -row.people, _by_name(row)),
    Sort.NAME: _by_name,
}
