"""What public pages and the team read of campaigns: frozen values, a fixed number of queries each."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from campaign import reply_queries, scoreboard
from campaign.facts import CampaignFacts, campaign_facts, first_opened_at
from campaign.models import Bearing, Campaign, Entry, EntryKind, Executive, Submission
from campaign.scoreboard import ExecutiveRow, Scoreboard
from letters import queries as letter_queries
from letters.queries import LetterFacts

# What is no answer and no event stands apart from the timeline.
_APART = frozenset({EntryKind.REACTION, EntryKind.RELATED_LETTER, EntryKind.POSITION})


class NoSuchCampaign(LookupError):
    """No campaign has this address."""


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
    corrections: int


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
    apart: tuple[Submission, ...]  # outcomes of replies and reports that stand beside no entry
    corrections: int

    @property
    def anything(self) -> bool:
        """Whether anything at all is on record."""
        return bool(self.said or self.done or self.silence or self.reactions or self.earlier or self.apart)


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


def campaign_page(slug: str, *, now: datetime) -> CampaignPage:
    """A campaign's public page. Raises NoSuchCampaign, also while it has no letter that opened."""
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NoSuchCampaign(slug)
    cards = letter_cards(campaign.campaign_letters.values_list("letter_id", flat=True))
    if not cards:
        raise NoSuchCampaign(slug)
    entries = checked_entries(campaign)
    letters = [card.letter for card in cards]
    facts = campaign_facts(campaign, campaign.demands.order_by("number"), opened_at=first_opened_at(letters))
    return CampaignPage(
        campaign=facts,
        letters=tuple(cards),
        scoreboard=scoreboard.board(campaign=facts, now=now, people=scoreboard.people_at_employers(letters)),
        voices=tuple(
            executive
            for executive in campaign.executives.filter(addressed=False).select_related("employer").order_by("pk")
            if any(executive in entry.executives.all() for entry in entries)
        ),
        timeline=tuple(entry for entry in entries if entry.kind not in _APART),
        reactions=tuple(entry for entry in entries if entry.kind == EntryKind.REACTION),
        related=tuple(entry for entry in entries if entry.kind == EntryKind.RELATED_LETTER),
        earlier=tuple(entry for entry in entries if entry.kind == EntryKind.POSITION),
        corrections=reply_queries.corrections(campaign.pk),
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
        apart=reply_queries.apart(executive, entries),
        corrections=page.corrections,
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
            Prefetch("submissions", queryset=reply_queries.settled(), to_attr="outcomes"),
        ),
        key=lambda entry: (entry.date or date.max, entry.key),
    )
