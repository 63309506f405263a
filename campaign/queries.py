"""What public pages and the team read of campaigns: frozen values, a fixed number of queries each."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from campaign import entryfacts, past, reply_queries, scoreboard, shown
from campaign.entryfacts import EntryFacts
from campaign.facts import CampaignFacts, campaign_facts, first_opened_at
from campaign.holders import UNCERTAIN, Term
from campaign.models import Campaign, Entry, EntryKind, Executive, Submission
from campaign.past import Then
from campaign.scoreboard import ExecutiveRow, Scoreboard
from campaign.shown import Asked
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


@dataclass(frozen=True, kw_only=True)
class CampaignPage:
    """The campaign's public page."""

    campaign: CampaignFacts
    letters: tuple[LetterCard, ...]
    scoreboard: Scoreboard
    executives: tuple[Asked, ...]
    entries: tuple[EntryFacts, ...]
    corrections: int
    then: Then | None = None  # which past moment it shows; None is now

    @property
    def voices(self) -> list[Asked]:
        """Who was not addressed and is on record."""
        heard = {one.id for entry in self.entries for one in entry.executives}
        return [one for one in self.executives if not one.addressed and one.person.id in heard]

    @property
    def timeline(self) -> list[EntryFacts]:
        return [entry for entry in self._standing if entry.kind not in _APART]

    @property
    def reactions(self) -> list[EntryFacts]:
        return self._of(EntryKind.REACTION)

    @property
    def related(self) -> list[EntryFacts]:
        return self._of(EntryKind.RELATED_LETTER)

    @property
    def earlier(self) -> list[EntryFacts]:
        return self._of(EntryKind.POSITION)

    @property
    def taken_back(self) -> list[EntryFacts]:
        """What counts no more and has nothing in its place: what was corrected stands beside its correction."""
        replaced = {entry.corrects for entry in self._standing}
        return [entry for entry in self.entries if entry.is_corrected and entry.id not in replaced]

    @property
    def _standing(self) -> list[EntryFacts]:
        return [entry for entry in self.entries if not entry.is_corrected]

    def _of(self, kind: EntryKind) -> list[EntryFacts]:
        return [entry for entry in self._standing if entry.kind == kind]


@dataclass(frozen=True, kw_only=True)
class ExecutivePage:
    """One executive's record."""

    campaign: CampaignFacts
    executive: Asked
    row: ExecutiveRow | None
    parts: tuple["Part", ...]  # of whoever holds the office, then of those who did
    record: CampaignPage  # of this office alone
    apart: tuple[Submission, ...]  # outcomes of replies and reports that stand beside no entry

    @property
    def then(self) -> Then | None:
        """Which past moment it shows."""
        return self.record.then

    @property
    def corrections(self) -> int:
        return self.record.corrections

    @property
    def cells(self) -> tuple[past.CellHistory, ...]:
        """Where whoever holds the office stands."""
        return self.parts[0].cells

    @property
    def said(self) -> list[EntryFacts]:
        """What whoever holds the office said."""
        return self.parts[0].said

    @property
    def anything(self) -> bool:
        """Whether anything at all is on record."""
        return bool(self.record.entries or self.apart)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is on record of an office in one holder's time."""

    number: int  # 0 holds it; 1 did before her, and so on
    term: Term | None  # None: the office never changed hands, or nobody knows in whose time it was
    until: Term | None  # who came after her
    cells: tuple[past.CellHistory, ...]
    record: CampaignPage

    @property
    def said(self) -> list[EntryFacts]:
        return self.record._of(EntryKind.STATEMENT)

    @property
    def done(self) -> list[EntryFacts]:
        return self.record._of(EntryKind.CONDUCT)

    @property
    def silence(self) -> list[EntryFacts]:
        return self.record._of(EntryKind.SILENCE)

    @property
    def reactions(self) -> list[EntryFacts]:
        return self.record.reactions

    @property
    def earlier(self) -> list[EntryFacts]:
        return self.record.earlier

    @property
    def taken_back(self) -> list[EntryFacts]:
        return self.record.taken_back


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


def campaign_page(slug: str, *, now: datetime, on: str = "") -> CampaignPage:
    """A campaign's public page, as it is or as it was `on` a day. Raises NoSuchCampaign, also while it has no letter
    that opened, and past.NotADay.
    """
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NoSuchCampaign(slug)
    cards = letter_cards(campaign.campaign_letters.values_list("letter_id", flat=True))
    if not cards:
        raise NoSuchCampaign(slug)
    letters = [card.letter for card in cards]
    facts = campaign_facts(campaign, campaign.demands.order_by("number"), opened_at=first_opened_at(letters))
    then = past.moment_of(on, campaign=campaign, letters=letters, now=now)
    if then:
        facts, record = past.record_at(facts, then)
        board = past.board_at(facts, record, then)
    else:
        record = shown.record(shown.contents(campaign))
        board = scoreboard.board(campaign=facts, now=now, people=scoreboard.people_at_employers(letters))
    outcomes = reply_queries.by_entry(campaign.pk, at=then.moment if then else now)
    return CampaignPage(
        campaign=facts,
        letters=tuple(cards),
        scoreboard=board,
        executives=record.executives,
        entries=tuple(
            replace(
                entry,
                outcomes=tuple(outcomes.get(entry.id, ())),
                reportable=then is None and not entry.is_corrected,
            )
            for entry in record.entries
        ),
        corrections=reply_queries.corrections(campaign.pk, at=then.moment if then else now),
        then=then,
    )


def executive_page(campaign_slug: str, key: str, *, now: datetime, on: str = "") -> ExecutivePage:
    """One executive's public record. Raises NoSuchCampaign when there is none, and past.NotADay."""
    page = campaign_page(campaign_slug, now=now, on=on)
    asked = next((one for one in page.executives if one.person.key == key), None)
    if asked is None:
        raise NoSuchCampaign(key)
    entries = tuple(entry for entry in page.entries if any(one.id == asked.person.id for one in entry.executives))
    row = next((row for row in page.scoreboard.rows if row.id == asked.person.id), None)
    record = replace(page, entries=entries)
    return ExecutivePage(
        campaign=page.campaign,
        executive=asked,
        row=row,
        parts=_parts(record, asked, row, now=now),
        record=record,
        apart=reply_queries.apart(
            asked.person.id, [entry.id for entry in entries], at=page.then.moment if page.then else now
        ),
    )


def _parts(page: CampaignPage, asked: Asked, row: ExecutiveRow | None, *, now: datetime) -> tuple[Part, ...]:
    """The record of one office, holder by holder, and at the end what nobody knows whose it is."""
    if not asked.terms:
        cells = past.histories(row, page.entries, page.then) if row else ()
        return (Part(number=0, term=None, until=None, cells=cells, record=page),)
    record = shown.Record(page.campaign.demands, (asked,), page.entries)
    rows = (row, *past.rows_before(page.campaign, record, asked, page.then, now)) if row else ()
    of_row = {one.holder: past.histories(one, page.entries, page.then, asked.terms) for one in rows if one}
    newest = tuple(reversed(asked.terms))
    parts = [
        Part(number=number, term=term, until=newest[number - 1] if number else None, cells=of_row.get(term.id, ()),
             record=_in_time_of(page, asked, term.id))
        for number, term in enumerate(newest)
    ]  # fmt: skip
    nobodys = _in_time_of(page, asked, UNCERTAIN)
    if nobodys.entries:
        parts.append(Part(number=len(newest), term=None, until=None, cells=(), record=nobodys))
    return tuple(parts)


def _in_time_of(page: CampaignPage, asked: Asked, holder: str) -> CampaignPage:
    who = (asked.person.id, holder)
    return replace(
        page,
        entries=tuple(entry for entry in page.entries if any((one.id, one.holder) == who for one in entry.executives)),
    )


def checked_entries(campaign: Campaign, *, executive: Executive | None = None) -> list[Entry]:
    """What counts of the public record, in order of time; entries without a date come last."""
    rows = Entry.objects.filter(campaign=campaign, state=Entry.State.CHECKED)
    if executive is not None:
        rows = rows.filter(executives=executive)
    return sorted(entryfacts.with_all(rows), key=lambda entry: (entry.date or date.max, entry.key))
