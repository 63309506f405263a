"""What trackers have to decide: cells where checked statements propose another standing than the one that is shown."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from campaign import deciding
from campaign.models import Bearing, Campaign, Demand, Entry, EntryKind, Executive, Standing, StandingDecision
from campaign.standings import Piece, standing

State = StandingDecision.State


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as those see it who decide it."""

    executive: Executive
    demand: Demand
    shown: StandingDecision | None
    waiting: StandingDecision | None
    proposed: Standing
    newest: datetime | None  # when the newest statement on it was checked

    @property
    def standing(self) -> Standing:
        """What is shown."""
        return Standing(self.shown.standing) if self.shown else Standing.UNADDRESSED

    @property
    def wants_a_decision(self) -> bool:
        """Whether the rules propose a change that nobody has decided upon yet."""
        if self.waiting or self.proposed == self.standing:
            return False
        return self.shown is None or (self.newest is not None and self.newest >= self.shown.decided_at)


def proposals(campaign: Campaign) -> list[Cell]:
    """The cells that want a decision. Four queries, whatever is on record."""
    return [cell for cell in cells(campaign) if cell.wants_a_decision]


def in_campaigns(campaign_ids: Iterable[uuid.UUID]) -> list[Cell]:
    """Those of several campaigns, in as many queries as of one."""
    ids = list(campaign_ids)
    executives = Executive.objects.filter(campaign__in=ids, addressed=True)
    demands = list(Demand.objects.filter(campaign__in=ids).order_by("number"))
    return [cell for cell in _cells(executives, demands) if cell.wants_a_decision]


def for_entry(entry: Entry) -> list[Cell]:
    """Those that the entry speaks to."""
    concerned = set(entry.executives.values_list("pk", flat=True))
    speaks = set(entry.bearings.values_list("demand_id", flat=True))
    return [cell for cell in proposals(entry.campaign) if cell.executive.pk in concerned and cell.demand.pk in speaks]


def waiting(campaign: Campaign) -> list[StandingDecision]:
    """The decisions that wait for a check, oldest first."""
    return list(
        StandingDecision.objects.filter(executive__campaign=campaign, state=State.WAITING)
        .select_related("executive__employer", "demand", "decided_by")
        .order_by("decided_at", "pk")
    )


def cell(executive: Executive, demand: Demand) -> Cell:
    """One cell."""
    [found] = cells(executive.campaign, executive=executive, demand=demand)
    return found


def cells(campaign: Campaign, *, executive: Executive | None = None, demand: Demand | None = None) -> list[Cell]:
    """Every cell of those addressed, or one."""
    executives = campaign.executives.filter(addressed=True) if executive is None else Executive.objects.filter(
        pk=executive.pk
    )  # fmt: skip
    return _cells(executives, [demand] if demand else list(campaign.demands.order_by("number")))


def _cells(executives: "QuerySet[Executive]", demands: list[Demand]) -> list[Cell]:
    pieces: dict[tuple[int, int], list[tuple[Piece, datetime | None]]] = {}
    bearings = Bearing.objects.filter(entry__state=Entry.State.CHECKED, entry__kind=EntryKind.STATEMENT)
    for executive_id, demand_id, said, audience, day, at in bearings.filter(
        entry__executives__in=executives, demand__in=demands
    ).values_list(
        "entry__executives", "demand", "said", "entry__audience", "entry__date", "entry__checked_at"
    ):  # fmt: skip
        pieces.setdefault((executive_id, demand_id), []).append((Piece(said, audience, day), at))
    living = {
        (one.executive_id, one.demand_id, one.state): one
        for one in StandingDecision.objects.filter(
            Q(state=State.WAITING) | Q(state=State.CHECKED, ended_at__isnull=True), executive__in=executives
        ).select_related("decided_by", "checked_by")
    }
    return [
        Cell(
            executive=one,
            demand=asked,
            shown=living.get((one.pk, asked.pk, State.CHECKED)),
            waiting=living.get((one.pk, asked.pk, State.WAITING)),
            proposed=standing(
                [piece for piece, _at in pieces.get((one.pk, asked.pk), [])], must_be_public=asked.must_be_public
            ),
            newest=max((at for _piece, at in pieces.get((one.pk, asked.pk), []) if at), default=None),
        )
        for one in executives.select_related("employer").order_by("pk")
        for asked in demands
        if asked.campaign_id == one.campaign_id
    ]


def evidence_for(executive: Executive, demand: Demand) -> list[Entry]:
    """What a standing on this demand may rest upon: checked statements and conduct, newest first, those that speak to
    the demand before the others.
    """
    rows = (
        Entry.objects.filter(
            executives=executive, state=Entry.State.CHECKED, kind__in=[EntryKind.STATEMENT, EntryKind.CONDUCT]
        )
        .prefetch_related("bearings", "sources")
        .order_by("-date", "pk")
    )
    return sorted(rows, key=lambda entry: not any(one.demand_id == demand.pk for one in entry.bearings.all()))


def speaks_to(entry: Entry, demand: Demand) -> bool:
    """Whether the entry says something on the demand that counts: ticked before anybody ticks."""
    return any(one.demand_id == demand.pk for one in entry.bearings.all()) and deciding.bears(entry, demand)
