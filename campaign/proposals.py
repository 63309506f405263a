"""What trackers have to decide: cells where checked statements propose another standing than the one that is shown."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from campaign import deciding, holders
from campaign.holders import Term
from campaign.models import Bearing, Campaign, Demand, Entry, EntryKind, Executive, Standing, StandingDecision
from campaign.models.campaigns import named
from campaign.standings import Piece, Turned, after, standing

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
    term: Term | None = None  # whose it is, where the office changed hands
    is_past: bool = False  # she holds the office no more

    @property
    def who(self) -> str:
        """Whose it is, in a line."""
        one = self.executive
        return named(self.term.name if self.term else one.name, one.title, one.employer.name)

    @property
    def holder(self) -> str:
        """Which of those who held the office before; nothing for whoever holds it."""
        return self.term.id if self.term and self.is_past else ""

    @property
    def address(self) -> str:
        """Where it is decided."""
        there = reverse("organise-cell", args=[self.executive.campaign.slug, self.executive.pk, self.demand.pk])
        return f"{there}?holder={self.holder}" if self.holder else there

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
    """The cells that want a decision. Six queries, whatever is on record."""
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
    spoke_before = Q(entry__turned_by=entry) | Q(entry__turned_by__turned_by=entry)
    speaks = set(Bearing.objects.filter(Q(entry=entry) | spoke_before).values_list("demand_id", flat=True))
    return [cell for cell in proposals(entry.campaign) if cell.executive.pk in concerned and cell.demand.pk in speaks]


def waiting(campaign: Campaign) -> list[StandingDecision]:
    """The decisions that wait for a check, oldest first."""
    return list(
        StandingDecision.objects.filter(executive__campaign=campaign, state=State.WAITING)
        .select_related("executive__employer", "demand", "decided_by")
        .order_by("decided_at", "pk")
    )


def cell(executive: Executive, demand: Demand, holder: str = "") -> Cell:
    """One cell, of whoever holds the office or of somebody who did. Raises KeyError where there is no such holder."""
    return {one.holder: one for one in cells(executive.campaign, executive=executive, demand=demand)}[holder]


def cells(campaign: Campaign, *, executive: Executive | None = None, demand: Demand | None = None) -> list[Cell]:
    """Every cell of those addressed, or of one office on one demand."""
    executives = campaign.executives.filter(addressed=True) if executive is None else Executive.objects.filter(
        pk=executive.pk
    )  # fmt: skip
    return _cells(executives, [demand] if demand else list(campaign.demands.order_by("number")))


def _cells(executives: "QuerySet[Executive]", demands: list[Demand]) -> list[Cell]:
    rows = list(executives.select_related("employer").prefetch_related(holders.WITH_TERMS).order_by("pk"))
    terms = {one.pk: holders.terms(one) for one in rows}
    pieces, turns = _pieces(executives, demands, terms), _turns(executives, terms)
    living = {
        (one.executive_id, one.demand_id, str(one.holder_id or ""), one.state): one
        for one in StandingDecision.objects.filter(
            Q(state=State.WAITING) | Q(state=State.CHECKED, ended_at__isnull=True), executive__in=executives
        ).select_related("decided_by", "checked_by")
    }
    found = []
    for one, asked in ((one, asked) for one in rows for asked in demands if asked.campaign_id == one.campaign_id):
        for number, term in enumerate(reversed(terms[one.pk])) if terms[one.pk] else [(0, None)]:
            key = (one.pk, asked.pk, term.id if term else "")
            said = _Said(pieces.get(key, []), turns.get((one.pk, key[2]), []))
            found.append(
                Cell(
                    executive=one,
                    demand=asked,
                    shown=living.get((*key, State.CHECKED)),
                    waiting=living.get((*key, State.WAITING)),
                    proposed=said.proposes(asked),
                    newest=said.newest,
                    term=term,
                    is_past=number > 0,
                )
            )
    return found


@dataclass(frozen=True)
class _Said:
    """What is on record of one cell, each with the moment in which it was checked."""

    pieces: list[tuple[Piece, datetime | None]]
    turns: list[tuple[Turned, datetime | None]]  # of this holder, whatever they are about

    def proposes(self, demand: Demand) -> Standing:
        left = after(
            [piece for piece, _at in self.pieces],
            [turned for turned, _at in self.turns],
            must_be_public=demand.must_be_public,
        )
        return standing(left, must_be_public=demand.must_be_public)

    @property
    def newest(self) -> datetime | None:
        """When something that bears on it was checked last."""
        spoke = {piece.entry for piece, _at in self.pieces}
        moments = [at for _piece, at in self.pieces] + [
            at for turned, at in self.turns if turned.earlier in spoke or any(
                other.entry == turned.earlier and other.earlier in spoke for other, _at in self.turns
            )
        ]  # fmt: skip
        return max((at for at in moments if at), default=None)


def _pieces(
    executives: QuerySet[Executive], demands: list[Demand], terms: dict[int, tuple[Term, ...]]
) -> dict[tuple[int, int, str], list[tuple[Piece, datetime | None]]]:
    """What checked statements say, by executive, demand and holder, and when each was checked."""
    pieces: dict[tuple[int, int, str], list[tuple[Piece, datetime | None]]] = {}
    statements = Q(entry__state=Entry.State.CHECKED, entry__kind=EntryKind.STATEMENT)
    rows = Bearing.objects.filter(statements, entry__executives__in=executives, demand__in=demands)
    for executive_id, demand_id, said, pk, audience, day, precision, holder, at in rows.values_list(
        "entry__executives", "demand", "said", "entry", "entry__audience", "entry__date", "entry__precision",
        "entry__holder", "entry__checked_at",
    ):  # fmt: skip
        whose = holders.whose(terms[executive_id], day, precision, said=str(holder or ""))
        pieces.setdefault((executive_id, demand_id, whose), []).append((Piece(said, audience, day, str(pk)), at))
    return pieces


def _turns(
    executives: QuerySet[Executive], terms: dict[int, tuple[Term, ...]]
) -> dict[tuple[int, str], list[tuple[Turned, datetime | None]]]:
    """Checked statements that turn against earlier ones, by executive and holder."""
    turns: dict[tuple[int, str], list[tuple[Turned, datetime | None]]] = {}
    rows = Entry.objects.filter(state=Entry.State.CHECKED, earlier__isnull=False, executives__in=executives)
    for executive_id, pk, earlier, turn, audience, day, precision, holder, at in rows.values_list(
        "executives", "pk", "earlier", "turn", "audience", "date", "precision", "holder", "checked_at"
    ):
        whose = holders.whose(terms[executive_id], day, precision, said=str(holder or ""))
        turned = Turned(str(pk), str(earlier), turn, audience, day)
        turns.setdefault((executive_id, whose), []).append((turned, at))
    return turns


def evidence_for(executive: Executive, demand: Demand, holder: str = "") -> list[Entry]:
    """What a standing on this demand may rest upon: checked statements and conduct of this holder, newest first, those
    that speak to the demand before the others.
    """
    rows = (
        Entry.objects.filter(
            executives=executive, state=Entry.State.CHECKED, kind__in=[EntryKind.STATEMENT, EntryKind.CONDUCT]
        )
        .prefetch_related("bearings", "sources")
        .order_by("-date", "pk")
    )
    terms = holders.terms(executive)
    own = [entry for entry in rows if deciding.is_of(entry, terms, holder)]
    return sorted(own, key=lambda entry: not any(one.demand_id == demand.pk for one in entry.bearings.all()))


def speaks_to(entry: Entry, demand: Demand) -> bool:
    """Whether the entry says something on the demand that counts: ticked before anybody ticks."""
    return any(one.demand_id == demand.pk for one in entry.bearings.all()) and deciding.bears(entry, demand)
