"""What changed on the public record, newest first, and which answers are owed (docs/movement.md)."""

import statistics
import uuid
import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Min, Prefetch, Q
from django.utils.translation import gettext as _

from campaign import holders, queries, scoreboard
from campaign.facts import CampaignFacts, campaign_facts, first_opened_at
from campaign.models import Audience, Campaign, Entry, EntryKind, Executive, Holder, StandingDecision, Submission
from campaign.models.campaigns import named
from campaign.scoreboard import ExecutiveRow
from campaign.shown import PUBLIC
from campaign.standings import Standing
from letters import queries as letter_queries

USUAL = timedelta(days=30)
MOST = 200


class NotADay(ValueError):
    """What was asked for is no day that has begun; the text says what to write."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that became public, or stopped to count."""

    id: str  # the same for good, so that a feed tells it once
    at: datetime
    title: str
    detail: str
    key: str = ""  # the executive's, on whose page it stands
    anchor: str = ""


@dataclass(frozen=True)
class Given:
    """An answer, and how many days it took."""

    row: ExecutiveRow
    days: int


@dataclass(frozen=True, kw_only=True)
class MovementPage:
    """The page: what changed since a day, and who owes an answer."""

    campaign: CampaignFacts
    since: date
    changes: tuple[Change, ...]
    is_cut: bool  # there were more than are shown
    owed: tuple[ExecutiveRow, ...]
    reply_by: datetime | None
    overdue_days: int
    given: tuple[Given, ...]

    @property
    def median_days(self) -> int | None:
        """How long half of the answers took at most."""
        return round(statistics.median(one.days for one in self.given)) if self.given else None


def page(slug: str, *, since: str, now: datetime) -> MovementPage:
    """What changed since a day in the campaign's time zone; a month when none is named. Raises queries.NoSuchCampaign,
    also while none of its letters has opened, and NotADay.
    """
    campaign = Campaign.objects.filter(slug=slug).first()
    ours = list(campaign.campaign_letters.all()) if campaign else []
    letters = [letter for letter in letter_queries.letters(one.letter_id for one in ours) if not letter.is_draft]
    if campaign is None or not letters:
        raise queries.NoSuchCampaign(slug)
    facts = campaign_facts(campaign, campaign.demands.order_by("number"), opened_at=first_opened_at(letters))
    rows = scoreboard.board(campaign=facts, now=now).rows
    zone = zoneinfo.ZoneInfo(campaign.time_zone)
    day = _day(since, zone, now)
    found = changes(campaign, since=datetime.combine(day, time.min, zone))
    opened = {letter.id for letter in letters}
    reply_by = min((one.reply_by for one in ours if one.reply_by and one.letter_id in opened), default=None)
    return MovementPage(
        campaign=facts,
        since=day,
        changes=tuple(found[:MOST]),
        is_cut=len(found) > MOST,
        owed=tuple(row for row in rows if not row.answered),
        reply_by=reply_by,
        overdue_days=max(0, (now - reply_by).days) if reply_by else 0,
        given=_given(campaign, facts, rows, zone),
    )


def changes(campaign: Campaign, *, since: datetime) -> list[Change]:
    """All that became public or stopped to count since a moment, newest first. Six queries."""
    found = [
        *_standings(campaign, since),
        *_entries(campaign, since),
        *_holders(campaign, since),
        *_outcomes(campaign.pk, since),
    ]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)


def _day(written: str, zone: zoneinfo.ZoneInfo, now: datetime) -> date:
    today = now.astimezone(zone).date()
    if not written:
        return today - USUAL
    try:
        day = date.fromisoformat(written)
        datetime.combine(day, time.min, zone).timestamp()
    except (ValueError, OverflowError) as error:
        raise NotADay(_("There is no such day. Write it like this: 2026-01-28.")) from error
    if day > today:
        raise NotADay(_("This day is still to come."))
    return day


def _standings(campaign: Campaign, since: datetime) -> list[Change]:
    found: list[Change] = []
    before: dict[tuple[int, int, str], str] = {}
    rows = StandingDecision.objects.filter(executive__campaign=campaign, state=StandingDecision.State.CHECKED)
    for one in rows.select_related("executive", "demand").order_by("checked_at", "decided_at", "pk"):
        cell = (one.executive_id, one.demand_id, str(one.holder_id or ""))
        was, now = Standing(before.get(cell, Standing.UNADDRESSED)), Standing(one.standing)
        before[cell] = now.value
        place = {"key": one.executive.key, "anchor": f"demand-{one.demand.number}"}
        if one.checked_at and one.checked_at >= since and was != now:
            title = _change_of(one, was, now)
            found.append(Change(id=f"standing-{one.pk}", at=one.checked_at, title=title, detail=one.reason, **place))
        if one.ended_at and one.ended_because:
            before[cell] = Standing.UNADDRESSED.value
            if one.ended_at >= since:
                title, why = _change_of(one, now, Standing.UNADDRESSED), one.ended_because
                found.append(Change(id=f"standing-{one.pk}-ended", at=one.ended_at, title=title, detail=why, **place))
    return found


def _change_of(one: StandingDecision, was: Standing, now: Standing) -> str:
    return _("%(who)s on “%(what)s”: from %(before)s to %(after)s") % {
        "who": one.who,
        "what": one.what,
        "before": was.label,
        "after": now.label,
    }


def _entries(campaign: Campaign, since: datetime) -> list[Change]:
    found: list[Change] = []
    offices = Executive.objects.select_related("employer").prefetch_related(holders.WITH_TERMS).order_by("pk")
    rows = Entry.objects.filter(campaign=campaign, state__in=PUBLIC).prefetch_related(Prefetch("executives", offices))
    for one in rows.order_by("checked_at", "pk"):
        people = list(one.executives.all())
        place = {"key": people[0].key if people else "", "anchor": f"entry-{one.pk}"}
        about = "; ".join(_whoever_it_was(person, one) for person in people) or one.by or one.title
        what = ", ".join(part for part in (str(one.get_kind_display()), about) if part)
        if one.checked_at and one.checked_at >= since:
            title = _("On the record: %(what)s") % {"what": what}
            detail = f"“{one.quote}”" if one.quote else one.what or one.title
            found.append(Change(id=f"entry-{one.pk}", at=one.checked_at, title=title, detail=detail, **place))
        if one.corrected_at and one.corrected_at >= since:
            title = _("Taken back: %(what)s") % {"what": what}
            found.append(
                Change(id=f"entry-{one.pk}-corrected", at=one.corrected_at, title=title, detail=one.correction, **place)
            )
    return found


def _whoever_it_was(person: Executive, entry: Entry) -> str:
    """The office, with the name of whoever held it when the entry speaks of it."""
    terms = holders.terms(person)
    holder = holders.whose(terms, entry.date, entry.precision, said=str(entry.holder_id or ""))
    name = holders.name_of(terms, holder, otherwise=person.name)
    return named(name, person.title, person.employer.name)


def _holders(campaign: Campaign, since: datetime) -> list[Change]:
    """Offices that changed hands, and changes that were taken back."""
    found: list[Change] = []
    shown_once = Holder.objects.filter(
        executive__campaign=campaign, since__isnull=False, state__in=[Holder.State.CHECKED, Holder.State.WITHDRAWN]
    )
    for one in shown_once.select_related("executive__employer", "source").order_by("checked_at", "pk"):
        office = named(one.name or _("nobody who is known"), one.executive.title, one.executive.employer.name)
        key = one.executive.key
        if one.checked_at and one.checked_at >= since:
            title = _("The office changed hands: %(office)s") % {"office": office}
            detail = one.source.title if one.source else ""
            found.append(Change(id=f"holder-{one.pk}", at=one.checked_at, title=title, detail=detail, key=key))
        if one.withdrawn_at and one.withdrawn_at >= since:
            title = _("Taken back, that the office changed hands: %(office)s") % {"office": office}
            found.append(
                Change(id=f"holder-{one.pk}-withdrawn", at=one.withdrawn_at, title=title, detail=one.verdict, key=key)
            )
    return found


def _outcomes(campaign_id: uuid.UUID, since: datetime) -> list[Change]:
    found = []
    rows = Submission.objects.filter(state=Submission.State.SETTLED, campaign_id=campaign_id, settled_at__gte=since)
    for one in rows.select_related("executive__employer"):
        if one.settled_at is None:
            continue
        about = one.executive.display if one.executive else ""
        words = {
            Submission.Kind.ANSWER: _("A reply was kept off the record: %(about)s"),
            Submission.Kind.DISPUTE: _("A dispute was decided (%(outcome)s): %(about)s"),
            Submission.Kind.ERROR: _("A report of an error was decided (%(outcome)s): %(about)s"),
        }[Submission.Kind(one.kind)]
        title = words % {"outcome": one.get_outcome_display(), "about": about}
        found.append(
            Change(
                id=f"outcome-{one.pk}",
                at=one.settled_at,
                title=title,
                detail=one.reason,
                key=one.executive.key if one.executive else "",
                anchor=f"outcome-{one.pk}",
            )
        )
    return found


def _given(
    campaign: Campaign, facts: CampaignFacts, rows: tuple[ExecutiveRow, ...], zone: zoneinfo.ZoneInfo
) -> tuple[Given, ...]:
    """Who answered, the quickest first; none where silence is not counted."""
    if facts.asked_at is None:
        return ()
    asked = facts.asked_at.astimezone(zone).date()
    public = Entry.objects.filter(
        campaign=campaign, state=Entry.State.CHECKED, kind=EntryKind.STATEMENT, audience=Audience.PUBLIC
    )
    # Of whoever holds the office, and not of somebody before her.
    hers = Q(executives__holder=None) | Q(executives__holder__since=None) | Q(date__gte=F("executives__holder__since"))
    first = dict(public.filter(hers, date__gte=asked).values_list("executives").annotate(Min("date")))
    found = [Given(row, (first[row.id] - asked).days) for row in rows if row.answered and row.id in first]
    return tuple(sorted(found, key=lambda one: (one.days, one.row.id)))
