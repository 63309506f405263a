"""What public pages and the team read of campaigns: frozen values, a fixed number of queries each."""

import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import FilteredRelation, JSONField, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import JSONObject

from campaign.models import (
    Audience,
    Bearing,
    Campaign,
    CampaignLetter,
    Demand,
    Entry,
    EntryKind,
    Executive,
    Said,
)
from campaign.standings import Piece, Standing, standing
from letters import queries as letter_queries
from letters.queries import LetterFacts

# What is no answer and no event stands apart from the timeline.
_APART = frozenset({EntryKind.REACTION, EntryKind.RELATED_LETTER, EntryKind.POSITION})


class NoSuchCampaign(LookupError):
    """No campaign has this address."""


@dataclass(frozen=True)
class DemandFacts:
    """One numbered demand."""

    id: int
    number: int
    key: str
    text: str
    must_be_public: bool


@dataclass(frozen=True)
class StandingCell:
    """One executive and one demand on the scoreboard."""

    demand: DemandFacts
    standing: Standing
    evidence: int  # checked statements that make the standing
    internal: bool  # something was said internally that does not count


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

    @property
    def display(self) -> str:
        """Name and office in one line."""
        return ", ".join(part for part in (self.name, self.title, self.employer) if part)


@dataclass(frozen=True)
class Scoreboard:
    """Demands across, executives down."""

    demands: tuple[DemandFacts, ...]
    rows: tuple[ExecutiveRow, ...]

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def silent(self) -> int:
        return len(self.rows) - self.answered


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """A campaign as every page of it names it."""

    id: uuid.UUID
    slug: str
    title: str
    summary: str
    organisers: str
    organisers_named: bool
    is_example: bool
    time_zone: str
    demands: tuple[DemandFacts, ...] = ()
    reply_by: datetime | None = None
    asked_at: datetime | None = None  # when its first letter opened; None where silence is not counted


@dataclass(frozen=True)
class LetterCard:
    """A letter in a list."""

    letter: LetterFacts
    total: int


@dataclass(frozen=True)
class CampaignPage:
    """The campaign's public page."""

    campaign: CampaignFacts
    letters: tuple[LetterCard, ...]
    scoreboard: Scoreboard
    voices: tuple["Executive", ...]
    timeline: tuple[Entry, ...]
    reactions: tuple[Entry, ...]
    related: tuple[Entry, ...]
    earlier: tuple[Entry, ...]


@dataclass(frozen=True)
class ExecutivePage:
    """One executive's record."""

    campaign: CampaignFacts
    executive: Executive
    row: ExecutiveRow | None
    said: tuple[Entry, ...]
    done: tuple[Entry, ...]
    silence: tuple[Entry, ...]
    reactions: tuple[Entry, ...]
    earlier: tuple[Entry, ...]

    @property
    def anything(self) -> bool:
        """Whether anything at all is on record."""
        return bool(self.said or self.done or self.silence or self.reactions or self.earlier)


@dataclass(frozen=True)
class HomePage:
    """What a stranger sees first."""

    letters: tuple[LetterCard, ...]
    campaigns: tuple[Campaign, ...]


def home() -> HomePage:
    """Letters, the open ones first and the most signed among them, and the campaigns behind them."""
    cards = _cards(letter_queries.public_letters(most=100))
    return HomePage(
        letters=tuple(sorted(cards, key=lambda card: (not card.letter.is_open, -card.total))),
        campaigns=tuple(
            Campaign.objects.filter(campaign_letters__letter_id__in=[card.letter.id for card in cards])
            .distinct()
            .order_by("title")
        ),
    )


def letter_cards(ids: Iterable[uuid.UUID]) -> list[LetterCard]:
    """Those of the letters that are not drafts, with their numbers."""
    return _cards([letter for letter in letter_queries.letters(ids) if not letter.is_draft])


def _cards(letters: list[LetterFacts]) -> list[LetterCard]:
    totals = letter_queries.totals(letter.id for letter in letters)
    return [LetterCard(letter, totals.get(letter.id, 0)) for letter in letters]


def campaign_of_letter(letter_id: uuid.UUID) -> CampaignFacts:
    """The campaign that a letter belongs to, with its demands, in one query."""
    demand = JSONObject(
        id="campaign__demands__id",
        number="campaign__demands__number",
        key="campaign__demands__key",
        text="campaign__demands__text",
        must_be_public="campaign__demands__must_be_public",
    )
    found = (
        CampaignLetter.objects.filter(letter_id=letter_id)
        .select_related("campaign")
        .annotate(
            first_opened_at=Subquery(
                CampaignLetter.objects.filter(campaign=OuterRef("campaign"), letter__opened_at__isnull=False)
                .order_by("letter__opened_at")
                .values("letter__opened_at")[:1]
            ),
            demands=JSONBAgg(
                demand,
                order_by="campaign__demands__number",
                filter=Q(campaign__demands__isnull=False),
                default=Value([], JSONField()),
            ),
        )
        .get()
    )
    facts = campaign_facts(found.campaign, [], reply_by=found.reply_by, opened_at=found.first_opened_at)
    return replace(facts, demands=tuple(DemandFacts(**row) for row in found.demands))


def campaign_facts(
    campaign: Campaign,
    demands: Iterable[Demand],
    *,
    reply_by: datetime | None = None,
    opened_at: datetime | None = None,
) -> CampaignFacts:
    """A campaign and its demands as values; `opened_at` is when its first letter opened."""
    return CampaignFacts(
        id=campaign.pk,
        slug=campaign.slug,
        title=campaign.title,
        summary=campaign.summary,
        organisers=campaign.organisers,
        organisers_named=campaign.organisers_named,
        is_example=campaign.is_example,
        time_zone=campaign.time_zone,
        demands=tuple(
            DemandFacts(demand.pk, demand.number, demand.key, demand.text, demand.must_be_public) for demand in demands
        ),
        reply_by=reply_by,
        asked_at=opened_at if campaign.counts_silence else None,
    )


def scoreboard(*, campaign: CampaignFacts, now: datetime, people: dict[int, int] | None = None) -> Scoreboard:
    """Every addressed executive's standing on every demand, in one query whatever the size of the record."""
    rows = (
        Executive.objects.filter(campaign_id=campaign.id, addressed=True)
        .annotate(
            record=FilteredRelation(
                "entries",
                condition=Q(
                    entries__state=Entry.State.CHECKED, entries__kind__in=[EntryKind.STATEMENT, EntryKind.SILENCE]
                ),
            )
        )
        .order_by("pk")
        .values_list(
            "pk", "key", "name", "title", "employer_id", "employer__name",
            "record__pk", "record__kind", "record__audience", "record__date",
            "record__bearings__demand_id", "record__bearings__said",
        )
    )  # fmt: skip
    days_asked = _days_since(campaign.asked_at, now, campaign.time_zone)
    gathered: dict[int, _Gathered] = {}
    for pk, key, name, title, employer_id, employer, entry_id, kind, audience, day, demand_id, said in rows:
        one = gathered.setdefault(pk, _Gathered(pk, key, name, title, employer_id, employer))
        if entry_id is not None:
            one.add(kind, audience, day, demand_id, said)
    return Scoreboard(
        demands=campaign.demands,
        rows=tuple(one.row(campaign.demands, days_asked, people or {}) for one in gathered.values()),
    )


@dataclass
class _Gathered:
    """One executive's checked entries while the rows come in."""

    id: int
    key: str
    name: str
    title: str
    employer_id: int
    employer: str
    pieces: dict[int, list[Piece]] = field(default_factory=dict)
    audiences: set[str] = field(default_factory=set)
    silences: list[date] = field(default_factory=list)

    def add(self, kind: str, audience: str, day: date | None, demand_id: int | None, said: str | None) -> None:
        if kind == EntryKind.SILENCE:
            if day is not None:
                self.silences.append(day)
            return
        self.audiences.add(audience)
        if demand_id is not None and said is not None:
            self.pieces.setdefault(demand_id, []).append(Piece(said, audience, day))

    def row(self, demands: tuple[DemandFacts, ...], days_asked: int | None, people: dict[int, int]) -> ExecutiveRow:
        answered = Audience.PUBLIC in self.audiences
        return ExecutiveRow(
            id=self.id,
            key=self.key,
            name=self.name,
            title=self.title,
            employer_id=self.employer_id,
            employer=self.employer,
            cells=tuple(self._cell(demand) for demand in demands),
            answered=answered,
            spoke_internally=Audience.INTERNAL in self.audiences,
            silent_days=None if answered else days_asked,
            reported_silent=max(self.silences, default=None),
            people=people.get(self.employer_id, 0),
        )

    def _cell(self, demand: DemandFacts) -> StandingCell:
        pieces = self.pieces.get(demand.id, [])
        counted = [piece for piece in pieces if piece.counts(must_be_public=demand.must_be_public)]
        return StandingCell(
            demand=demand,
            standing=standing(pieces, must_be_public=demand.must_be_public),
            evidence=len(counted),
            internal=any(
                piece.audience == Audience.INTERNAL or piece.said == Said.NOT_PUBLIC
                for piece in pieces
                if piece not in counted
            ),
        )


def without_answer(campaign: Campaign) -> list[ExecutiveRow]:
    """The addressed executives who have no checked public statement."""
    board = scoreboard(campaign=campaign_facts(campaign, []), now=datetime.max.replace(tzinfo=UTC))
    return [row for row in board.rows if not row.answered]


def first_opened_at(letters: Iterable[LetterFacts]) -> datetime | None:
    """When the first of these letters opened: since then an answer is owed."""
    return min((letter.opened_at for letter in letters if letter.opened_at), default=None)


def _days_since(moment: datetime | None, now: datetime, time_zone: str) -> int | None:
    """Days between two moments by the calendar of the campaign's own time zone."""
    if moment is None:
        return None
    zone = zoneinfo.ZoneInfo(time_zone)
    return (now.astimezone(zone).date() - moment.astimezone(zone).date()).days


def people_at_employers(letters: Iterable[LetterFacts]) -> dict[int, int]:
    """How many verified people of each employer signed, by employer id. One query a letter."""
    people: dict[int, int] = {}
    for letter in letters:
        for count in letter_queries.numbers(letter.id).employers:
            people[count.employer_id] = max(people.get(count.employer_id, 0), count.total)
    return people


def campaign_page(slug: str, *, now: datetime) -> CampaignPage:
    """A campaign's public page. Raises NoSuchCampaign, also while it has no letter that opened."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NoSuchCampaign(slug)
    cards = letter_cards(campaign.campaign_letters.values_list("letter_id", flat=True))
    entries = checked_entries(campaign)
    if not cards:
        raise NoSuchCampaign(slug)
    letters = [card.letter for card in cards]
    facts = campaign_facts(campaign, campaign.demands.order_by("number"), opened_at=first_opened_at(letters))
    return CampaignPage(
        campaign=facts,
        letters=tuple(cards),
        scoreboard=scoreboard(campaign=facts, now=now, people=people_at_employers(letters)),
        voices=tuple(
            executive
            for executive in campaign.executives.filter(addressed=False).select_related("employer").order_by("pk")
            if any(executive in entry.executives.all() for entry in entries)
        ),
        timeline=tuple(entry for entry in entries if entry.kind not in _APART),
        reactions=tuple(entry for entry in entries if entry.kind == EntryKind.REACTION),
        related=tuple(entry for entry in entries if entry.kind == EntryKind.RELATED_LETTER),
        earlier=tuple(entry for entry in entries if entry.kind == EntryKind.POSITION),
    )


def executive_page(campaign_slug: str, key: str, *, now: datetime) -> ExecutivePage:
    """One executive's public record. Raises NoSuchCampaign when there is none."""
    page = campaign_page(campaign_slug, now=now)
    executive = Executive.objects.select_related("employer").filter(campaign_id=page.campaign.id, key=key).first()
    if executive is None:
        raise NoSuchCampaign(key)
    entries = checked_entries(executive.campaign, executive=executive)

    def of(kind: EntryKind) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if entry.kind == kind)

    return ExecutivePage(
        campaign=page.campaign,
        executive=executive,
        row=next((row for row in page.scoreboard.rows if row.id == executive.pk), None),
        said=of(EntryKind.STATEMENT),
        done=of(EntryKind.CONDUCT),
        silence=of(EntryKind.SILENCE),
        reactions=of(EntryKind.REACTION),
        earlier=of(EntryKind.POSITION),
    )


def checked_entries(campaign: Campaign, *, executive: Executive | None = None) -> list[Entry]:
    """What is public of the record, in order of time; entries without a date come last."""
    rows = Entry.objects.filter(campaign=campaign, state=Entry.State.CHECKED)
    if executive is not None:
        rows = rows.filter(executives=executive)
    return sorted(
        rows.select_related("by_employer").prefetch_related(
            "sources",
            Prefetch("executives", queryset=Executive.objects.select_related("employer").order_by("pk")),
            Prefetch("bearings", queryset=Bearing.objects.select_related("demand").order_by("demand__number")),
            "offices__employer",
        ),
        key=lambda entry: (entry.date or date.max, entry.key),
    )
