"""The scoreboard: where every addressed executive stands on every demand, and how often her office was asked."""

import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, FilteredRelation, Max, OuterRef, Q, Subquery

from campaign.facts import CampaignFacts, DemandFacts
from campaign.models import Audience, Campaign, Entry, EntryKind, Executive, Outreach, Said, StandingDecision
from campaign.models.campaigns import named
from campaign.standings import Piece, Standing, last_day
from letters import queries as letter_queries
from letters.queries import LetterFacts, Numbers


@dataclass(frozen=True)
class StandingCell:
    """One executive and one demand on the scoreboard."""

    demand: DemandFacts
    standing: Standing
    evidence: int  # checked entries that the standing rests upon
    internal: bool  # something was said internally that does not count
    as_of: date | None = None  # since when it stands so


@dataclass(frozen=True)
class Decided:
    """A standing that was decided and checked."""

    id: uuid.UUID | None
    standing: Standing
    evidence: int
    as_of: date | None
    checked_at: datetime | None


UNDECIDED = Decided(None, Standing.UNADDRESSED, 0, None, None)


@dataclass(frozen=True, kw_only=True)
class ExecutiveRow:
    """One addressed executive on the scoreboard."""

    id: int
    key: str
    name: str
    title: str
    employer_id: int
    employer: str
    cells: tuple[StandingCell, ...]
    answered: bool  # a checked public statement is on record
    spoke_internally: bool
    silent_days: int | None  # since the campaign's first letter opened, when nothing public was said
    reported_silent: date | None  # the newest day as of which a source reports no answer
    people: int = 0  # verified people of the company who signed, as far as it may be shown
    asked: int = 0  # how often her office was asked, and the mail arrived
    asked_last: datetime | None = None
    holder: str = ""  # whose row it is, where the office changed hands
    since: date | None = None  # since when she holds the office
    precision: str = ""
    # When something about her was last put on the record, or decided. Not part of what a page of the past shows.
    moved: datetime | None = field(default=None, compare=False)

    @property
    def display(self) -> str:
        """Name and office in one line."""
        return named(self.name, self.title, self.employer)


@dataclass(frozen=True)
class Scoreboard:
    """Demands across, executives down."""

    demands: tuple[DemandFacts, ...]
    rows: tuple[ExecutiveRow, ...]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)


def board(*, campaign: CampaignFacts, now: datetime, people: dict[int, int] | None = None) -> Scoreboard:
    """Every addressed executive's standing on every demand, in two queries whatever the size of the record."""
    asked = Outreach.objects.filter(executive=OuterRef("pk"), state=Outreach.State.SENT).values("executive")
    rows = (
        Executive.objects.filter(campaign_id=campaign.id, addressed=True)
        .annotate(
            asked=Subquery(asked.annotate(n=Count("pk")).values("n")),
            asked_last=Subquery(asked.annotate(at=Max("sent_at")).values("at")),
            record=FilteredRelation(
                "entries", condition=Q(entries__state=Entry.State.CHECKED)
            )
        )
        .order_by("pk")
        .values_list(
            "pk", "key", "name", "title", "employer_id", "employer__name", "asked", "asked_last",
            "holder_id", "holder__since", "holder__precision",
            "record__checked_at", "record__kind", "record__audience", "record__date", "record__holder__executive_id",
            "record__holder_id", "record__bearings__demand_id", "record__bearings__said",
        )
    )  # fmt: skip
    gathered: dict[int, Gathered] = {}
    for pk, *who, checked_at, kind, audience, day, whose, holder, demand_id, said in rows:
        one = gathered.setdefault(pk, Gathered(pk, *who))
        if checked_at is None:
            continue
        one.moved = max(one.moved or checked_at, checked_at)
        if one.is_hers(day, holder if whose == pk else None):
            one.add(kind, audience, day, demand_id, said)
        else:
            one.add_of_another(kind, audience)
    return assemble(campaign=campaign, executives=gathered, decided=decided(campaign.id), now=now, people=people or {})


Cell = tuple[int, int, str]  # executive, demand, and which holder of the office


def decided(campaign_id: uuid.UUID, *, at: datetime | None = None) -> dict[Cell, Decided]:
    """The standings that are shown, or were at a moment, of each holder of each office. One query."""
    found = StandingDecision.objects.filter(executive__campaign_id=campaign_id, state=StandingDecision.State.CHECKED)
    found = found.filter(ended_at__isnull=True) if at is None else found.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at), checked_at__lte=at
    )  # fmt: skip
    return {
        (executive_id, demand_id, str(holder or "")): Decided(pk, Standing(standing), evidence, as_of, checked_at)
        for pk, executive_id, demand_id, holder, standing, as_of, checked_at, evidence in found.annotate(
            n=Count("evidence")
        ).values_list("pk", "executive_id", "demand_id", "holder_id", "standing", "as_of", "checked_at", "n")
    }


def assemble(
    *,
    campaign: CampaignFacts,
    executives: "dict[int, Gathered]",
    decided: dict[Cell, Decided],
    now: datetime,
    people: dict[int, int],
) -> Scoreboard:
    """The scoreboard of what was gathered."""
    zone = zoneinfo.ZoneInfo(campaign.time_zone)
    asked = campaign.asked_at.astimezone(zone).date() if campaign.asked_at else None
    today = now.astimezone(zone).date() if asked else None
    return Scoreboard(
        demands=campaign.demands,
        rows=tuple(
            one.row(campaign.demands, decided, _days(one.owes_since(asked), today), people)
            for one in executives.values()
        ),
    )


@dataclass
class Gathered:
    """One executive's checked entries while the rows come in."""

    id: int
    key: str
    name: str
    title: str
    employer_id: int
    employer: str
    asked: int | None
    asked_last: datetime | None
    holder: uuid.UUID | str | None = None
    since: date | None = None
    precision: str | None = None
    another_spoke: bool = False  # in public, before she came
    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    audiences: set[str] = field(default_factory=set)
    silences: list[date] = field(default_factory=list)
    moved: datetime | None = None

    def is_hers(self, day: date | None, said: uuid.UUID | None) -> bool:
        """Whether an entry of this day is about her, and not about who held the office before; `said` says it."""
        if said is not None or self.since is None:
            return said is None or said == self.holder
        return day is not None and day >= last_day(self.since, self.precision or "")

    def add_of_another(self, kind: str, audience: str) -> None:
        """An entry about who held the office before her: the questions stay hers, the words do not become it."""
        if kind == EntryKind.STATEMENT and audience == Audience.PUBLIC:
            self.another_spoke = True

    def owes_since(self, asked: date | None) -> date | None:
        """Since when nobody answered: the silence is the office's, until somebody who held it broke it."""
        return max(asked, self.since) if asked and self.since and self.another_spoke else asked

    def add(self, kind: str, audience: str, day: date | None, demand_id: int | None, said: str | None) -> None:
        """One entry, or what it says on one demand; other kinds than these make no row."""
        if kind == EntryKind.SILENCE and day is not None:
            self.silences.append(day)
        if kind != EntryKind.STATEMENT:
            return
        self.audiences.add(audience)
        if demand_id is not None and said is not None:
            self.pieces.setdefault(demand_id, []).append(Piece(said, audience, day))

    def row(
        self,
        demands: tuple[DemandFacts, ...],
        decided: dict[Cell, Decided],
        days_asked: int | None,
        people: dict[int, int],
    ) -> ExecutiveRow:
        """Her row on the scoreboard."""
        answered = Audience.PUBLIC in self.audiences
        holder = str(self.holder or "")
        cells = [decided.get((self.id, demand.id, holder), UNDECIDED) for demand in demands]
        movements = [self.moved, *(one.checked_at for one in cells)]
        return ExecutiveRow(
            id=self.id,
            key=self.key,
            name=self.name,
            title=self.title,
            employer_id=self.employer_id,
            employer=self.employer,
            cells=tuple(self._cell(demand, one) for demand, one in zip(demands, cells, strict=True)),
            answered=answered,
            spoke_internally=Audience.INTERNAL in self.audiences,
            silent_days=None if answered else days_asked,
            reported_silent=max(self.silences, default=None),
            people=people.get(self.employer_id, 0),
            asked=self.asked or 0,
            asked_last=self.asked_last,
            holder=holder,
            since=self.since,
            precision=self.precision or "",
            moved=max((moment for moment in movements if moment), default=None),
        )

    def _cell(self, demand: DemandFacts, decision: Decided) -> StandingCell:
        pieces = self.pieces.get(demand.id, [])
        counted = [piece for piece in pieces if piece.counts(must_be_public=demand.must_be_public)]
        return StandingCell(
            demand=demand,
            standing=decision.standing,
            evidence=decision.evidence,
            internal=any(
                piece.audience == Audience.INTERNAL or piece.said == Said.NOT_PUBLIC
                for piece in pieces
                if piece not in counted
            ),
            as_of=decision.as_of,
        )


@dataclass(frozen=True)
class Silent:
    """An addressed executive of whom no answer is on record."""

    id: int
    display: str


def without_answer(campaign: Campaign) -> list[Silent]:
    """The addressed executives who have no checked public statement. One query."""
    public = Q(entries__kind=EntryKind.STATEMENT, entries__audience=Audience.PUBLIC)
    rows = (
        Executive.objects.filter(campaign=campaign, addressed=True)
        .annotate(spoke=FilteredRelation("entries", condition=Q(public, entries__state=Entry.State.CHECKED)))
        .order_by("pk")
        .values_list(
            "pk", "name", "title", "employer_id", "employer__name", "holder_id", "holder__since", "holder__precision",
            "spoke__kind", "spoke__date", "spoke__holder__executive_id", "spoke__holder_id",
        )
    )  # fmt: skip
    asked: dict[int, Gathered] = {}
    answered: set[int] = set()
    for pk, name, title, employer_id, employer, holder, since, precision, kind, day, whose, said in rows:
        office = Gathered(pk, "", name, title, employer_id, employer, None, None, holder, since, precision)
        one = asked.setdefault(pk, office)
        if kind and one.is_hers(day, said if whose == pk else None):
            answered.add(pk)
    return [Silent(pk, named(one.name, one.title, one.employer)) for pk, one in asked.items() if pk not in answered]


def people_at_employers(letters: Iterable[LetterFacts]) -> dict[int, int]:
    """How many verified people of each employer signed, by employer id. One query a letter."""
    return people_in(letter_queries.numbers(letter.id) for letter in letters)


def people_in(numbers: Iterable[Numbers]) -> dict[int, int]:
    """The same, of numbers that were read already."""
    people: dict[int, int] = {}
    for of_letter in numbers:
        for count in of_letter.employers:
            people[count.employer_id] = max(people.get(count.employer_id, 0), count.total)
    return people


def _days(since: date | None, today: date | None) -> int | None:
    return (today - since).days if since and today else None
