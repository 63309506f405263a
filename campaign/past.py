"""The record on a past day: what the page said then; and, of days before it was kept, what is on record of them now."""

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.speaking import again
from campaign import scoreboard, shown
from campaign.entryfacts import EntryFacts
from campaign.facts import CampaignFacts, DemandFacts, first_opened_at
from campaign.holders import Term
from campaign.models import Campaign, EntryKind, Outreach, StandingDecision
from campaign.scoreboard import Cell, Decided, ExecutiveRow, Gathered, Scoreboard
from campaign.shown import Asked, Record
from campaign.standings import Standing, last_day
from letters.queries import LetterFacts


class NotADay(ValueError):
    """What was asked for is no day that has begun; the text says what to write."""


@dataclass(frozen=True)
class Then:
    """Which past moment a page shows."""

    moment: datetime
    day: date
    kept: bool  # what the page said is kept; else it is put together from what is on record now


@dataclass(frozen=True)
class Step:
    """One change of a cell, as readers saw it."""

    at: datetime
    before: Standing
    after: Standing
    who: str  # and the demand, in the words of then
    what: str
    reason: str
    evidence: tuple[str, ...]  # ids of entries
    imported: bool


@dataclass(frozen=True)
class CellHistory:
    """Where somebody stands on a demand, what that rests upon, and how it came to be so; newest first."""

    demand: DemandFacts
    standing: Standing
    internal: bool
    reason: str
    evidence: tuple[EntryFacts, ...]
    steps: tuple[Step, ...]


def moment_of(written: str, *, campaign: Campaign, letters: Iterable[LetterFacts], now: datetime) -> Then | None:
    """The moment that `?on=` names: the end of a day in the campaign's time zone, or a time of day. None is now.

    Raises NotADay.
    """
    if not written:
        return None
    zone = zoneinfo.ZoneInfo(campaign.time_zone)
    try:
        if len(written) == len("2026-01-28"):
            day = date.fromisoformat(written)
            moment = datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
            moment = min(moment, now) if day == now.astimezone(zone).date() else moment
        else:
            moment = datetime.fromisoformat(written.replace(" ", "+"))  # a plus sign in an address reads as a space
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise NotADay(_("There is no such day. Write it like this: 2026-01-28.")) from error
    if moment > now:
        raise NotADay(_("This day is still to come. The record is shown for days that have been."))
    began = [one for one in (shown.began(campaign.pk), first_opened_at(letters)) if one]
    return Then(moment, moment.astimezone(zone).date(), kept=bool(began) and moment >= max(began))


def record_at(facts: CampaignFacts, then: Then) -> tuple[CampaignFacts, Record]:
    """The campaign and its record at that moment."""
    if then.kept:
        record = shown.at(facts.id, then.moment)
    else:
        record = shown.record(shown.contents(Campaign.objects.get(pk=facts.id)))
        record = replace(
            record,
            entries=tuple(entry for entry in record.entries if _was_so(entry, then.day)),
            executives=tuple(_as_of(one, then.day) for one in record.executives),
        )
    asked_at = facts.asked_at if facts.asked_at and facts.asked_at <= then.moment else None
    return replace(facts, demands=record.demands, asked_at=asked_at), record


def board_at(facts: CampaignFacts, record: Record, then: Then) -> Scoreboard:
    """The scoreboard at that moment. How many people had signed at a company is not kept by day, and left out."""
    asked: dict[int, tuple[int, datetime]] = {
        pk: (times, last)
        for pk, times, last in Outreach.objects.filter(
            executive__campaign_id=facts.id, state=Outreach.State.SENT, sent_at__lte=then.moment
        )
        .values("executive")
        .annotate(times=Count("pk"), last=Max("sent_at"))
        .values_list("executive", "times", "last")
    }
    gathered = {
        one.person.id: _of(one.terms[-1] if one.terms else None, one, record.entries, asked.get(one.person.id))
        for one in record.executives
        if one.addressed
    }
    return scoreboard.assemble(
        campaign=facts, executives=gathered, decided=_decided(facts, record, then), now=then.moment, people={}
    )


def rows_before(
    facts: CampaignFacts, record: Record, one: Asked, then: Then | None, now: datetime
) -> tuple[ExecutiveRow, ...]:
    """The rows of those who held the office before the present one, the last of them first."""
    decided = _decided(facts, record, then)
    before = {number: _of(term, one, record.entries, None) for number, term in enumerate(one.terms[:-1])}
    board = scoreboard.assemble(campaign=facts, executives=before, decided=decided, now=now, people={})
    return tuple(reversed(board.rows))


def _of(term: Term | None, one: Asked, entries: Iterable[EntryFacts], asked: tuple[int, datetime] | None) -> Gathered:
    """What is on record of an office in somebody's time."""
    person = one.person
    gathered = Gathered(
        person.id, person.key, term.name if term else person.name, person.title, one.employer_id, person.employer,
        *(asked or (None, None)), *((term.id, term.since, term.precision) if term else ()),
    )  # fmt: skip
    for entry in entries:
        for who in entry.executives:
            if who.id == person.id and not entry.is_corrected:
                _gather(gathered, entry, hers=who.holder == (term.id if term else ""))
    return gathered


def histories(
    row: ExecutiveRow, entries: Sequence[EntryFacts], then: Then | None, terms: Sequence[Term] = ()
) -> tuple[CellHistory, ...]:
    """Each cell of a row with its evidence and its history up to that moment. Of a holder who was taken back the
    present one's history tells.
    """
    by_id = {entry.id: entry for entry in entries}
    own: dict[int, list[Step]] = {}
    others: dict[int, list[Step]] = {}
    listed = {one.id for one in terms}
    is_present = not terms or terms[-1].id == row.holder
    decisions = StandingDecision.objects.filter(executive_id=row.id, state=StandingDecision.State.CHECKED)
    for one in decisions.order_by("checked_at", "decided_at", "pk").prefetch_related("evidence"):
        holder = str(one.holder_id or "")
        if not _was_told(one, then):
            continue
        if not terms or holder == row.holder:
            _add_steps(own.setdefault(one.demand_id, []), one, then)
        elif is_present and holder not in listed:
            _add_steps(others.setdefault(one.demand_id, []), one, then)
    return tuple(
        _history(cell, own.get(cell.demand.id, []), others.get(cell.demand.id, []), by_id) for cell in row.cells
    )


def _was_told(one: StandingDecision, then: Then | None) -> bool:
    if then is None:
        return True
    if then.kept:
        return one.checked_at is not None and one.checked_at <= then.moment
    return one.ended_at is None and one.as_of is not None and one.as_of <= then.day


def _add_steps(steps: list[Step], one: StandingDecision, then: Then | None) -> None:
    """What the decision changed when it was checked, and when it ended with nothing in its place."""
    if one.checked_at is None:
        return
    evidence = tuple(str(entry.pk) for entry in one.evidence.all())
    before = steps[-1].after if steps else Standing.UNADDRESSED
    steps.append(
        Step(one.checked_at, before, Standing(one.standing), one.who, one.what, one.reason, evidence, one.imported)
    )  # fmt: skip
    if one.ended_at and one.ended_because and (then is None or one.ended_at <= then.moment):
        because, ended = again(one.ended_because), Standing.UNADDRESSED
        steps.append(
            Step(one.ended_at, Standing(one.standing), ended, one.who, one.what, because, evidence, one.imported)
        )


def _history(
    cell: scoreboard.StandingCell, steps: list[Step], others: list[Step], by_id: dict[str, EntryFacts]
) -> CellHistory:
    last = steps[-1] if steps else None
    return CellHistory(
        demand=cell.demand,
        standing=cell.standing,
        internal=cell.internal,
        reason=last.reason if last else "",
        evidence=tuple(by_id[pk] for pk in (last.evidence if last else ()) if pk in by_id),
        steps=tuple(sorted([*others, *steps], key=lambda step: step.at)[::-1]),
    )


def _was_so(entry: EntryFacts, day: date) -> bool:
    return entry.date is not None and not entry.is_corrected and last_day(entry.date, entry.precision) <= day


def _as_of(one: Asked, day: date) -> Asked:
    """An office with whoever held it on a day, as far as that is known today."""
    terms = tuple(term for term in one.terms if term.since is None or term.since <= day)
    return (
        replace(one, person=replace(one.person, name=terms[-1].name, holder=terms[-1].id), terms=terms)
        if terms
        else one
    )


def _decided(facts: CampaignFacts, record: Record, then: Then | None) -> dict[Cell, Decided]:
    """The standings of that moment by holders as they were known then: who changed hands later had one holder."""
    if then and then.kept:
        several = {one.person.id for one in record.executives if one.terms}
        found = scoreboard.decided(facts.id, at=then.moment)
        return {
            (executive, demand, holder if executive in several else ""): one
            for (executive, demand, holder), one in found.items()
        }
    found = scoreboard.decided(facts.id)
    return {key: one for key, one in found.items() if then is None or (one.as_of is not None and one.as_of <= then.day)}


def _gather(one: Gathered, entry: EntryFacts, *, hers: bool) -> None:
    if entry.kind not in {EntryKind.STATEMENT, EntryKind.SILENCE}:
        return
    if not hers:
        one.add_of_another(entry.kind, entry.audience)
        return
    one.add(entry.kind, entry.audience, entry.date, None, None)
    for says in entry.bearings:
        one.add(entry.kind, entry.audience, entry.date, says.demand_id, says.said)
