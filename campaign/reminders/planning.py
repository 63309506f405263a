"""Bringing reminders in line with the facts: called in the transaction that changes a fact, and hourly for all.

A rule gives a first moment and perhaps a spacing. What went out for a moment is not planned for it again; what a person
cancelled ends its series; a moment that a person moved stays moved until the rule itself gives another.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import hours
from accounts.speaking import always_english
from campaign import scoreboard
from campaign.models import (
    Campaign,
    CampaignLetter,
    Delivery,
    Entry,
    Executive,
    Holder,
    Outreach,
    Reminder,
    ReminderKind,
    Submission,
)
from campaign.writing import threads
from letters import queries as letter_queries
from letters import review_queries
from letters.queries import LetterFacts

log = logging.getLogger(__name__)

_FROM_THE_RECORD = frozenset(
    {ReminderKind.SECOND_CHECK, ReminderKind.REPLIES, ReminderKind.OUTREACH_READY, ReminderKind.REVIEW}
)
LIVE = (Reminder.State.PLANNED, Reminder.State.HELD)
_SELDOM = frozenset({ReminderKind.COMMENTS, ReminderKind.NOT_OPENED})
CHECK_AFTER, CHECK_EVERY = 2, 7  # days
REPORT_WAITS, REPLIES_EVERY = 2, 3
IDLE_AFTER, IDLE_MOST = 14, 3
CLOSING_BEFORE = 3
COMMENTS_GATHER = timedelta(hours=1)
REVIEW_HOUR, REVIEW_EVERY = 9, 2
ASK_AGAIN_AFTER, ASK_MOST = 7, 3
DRAFT_WAITS = 2
# What may have arrived counts for how often an office may be asked, though only what did arrive is on the record.
SPENT = (Outreach.State.SENT, Outreach.State.UNCERTAIN)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When something is to be told: first at a moment, then every so many days, so many times at most."""

    first: datetime | None
    every: int | None = None
    most: int | None = None
    why_not: str = ""  # said when there is no first moment
    begins_anew: bool = False  # what a person stopped before does not stop this


def hold_still(**campaign: object) -> Campaign:
    """Lock the campaign before anything of it. All who change or send what is planned come through here first, so that
    nobody waits for somebody who waits for her. `campaign` finds it, by `pk` or by `campaign_letter`.
    """
    if "campaign_letter" in campaign:
        campaign = {"campaign_letters": campaign["campaign_letter"]}
    return Campaign.objects.select_for_update(of=("self",), no_key=True).get(**campaign)


@transaction.atomic
@always_english
def plan_letter(*, campaign_letter_id: int, now: datetime, afresh: bool = False) -> None:
    """All that is planned about a letter. `afresh`: the reply-by date was set anew, what was cancelled may return."""
    desk = _Desk.of(hold_still(campaign_letter=campaign_letter_id), now, campaign_letter=campaign_letter_id)
    _align_letters(desk, desk.campaign.campaign_letters.filter(pk=campaign_letter_id), afresh=afresh)


@transaction.atomic
@always_english
def plan_record(*, campaign_id: Any, now: datetime) -> None:
    """All that follows from the record: checks that wait, answers that came, offices that need not be asked again."""
    desk = _Desk.of(campaign := hold_still(pk=campaign_id), now)
    _align(desk, ReminderKind.SECOND_CHECK, _second_check(campaign))
    _align(desk, ReminderKind.REPLIES, _replies(campaign))
    _align(desk, ReminderKind.REVIEW, _review(campaign))
    _align_letters(desk, campaign.campaign_letters.all())
    concerned = Q(outreach__isnull=False) | Q(reminders__kind=ReminderKind.OUTREACH_READY, reminders__state__in=LIVE)
    for executive in campaign.executives.filter(concerned).distinct():
        rule = _outreach_ready(campaign, executive, executive.pk in desk.silent)
        _align(desk, ReminderKind.OUTREACH_READY, rule, executive=executive)


@transaction.atomic
@always_english
def plan_reviews(*, campaign_id: Any, now: datetime) -> None:
    """Names and evidence that wait for a person's eye."""
    desk = _Desk.of(campaign := hold_still(pk=campaign_id), now, kind=ReminderKind.REVIEW)
    _align(desk, ReminderKind.REVIEW, _review(campaign))


def plan_everything(*, now: datetime) -> None:
    """Every campaign once more: a net below the calls that follow each change. One that fails stops no other."""
    for campaign_id in Campaign.objects.values_list("pk", flat=True):
        try:
            plan_record(campaign_id=campaign_id, now=now)
        except Exception:
            log.exception("what is planned for campaign %s could not be brought in line", campaign_id)


def plan_after(reminder: Reminder, *, now: datetime) -> None:
    """The next of a series, once one of it has gone."""
    if reminder.campaign_letter_id and reminder.kind != ReminderKind.MILESTONE:
        plan_letter(campaign_letter_id=reminder.campaign_letter_id, now=now)
    elif reminder.kind in _FROM_THE_RECORD:
        plan_record(campaign_id=reminder.campaign_id, now=now)


def repetitions(reminder: Reminder, *, until: datetime) -> list[datetime]:
    """When the same would be told again before `until`, if nothing changes: for the forecast."""
    every = {
        ReminderKind.NO_ANSWER: reminder.campaign.remind_every,
        ReminderKind.SECOND_CHECK: CHECK_EVERY,
        ReminderKind.REPLIES: REPLIES_EVERY,
        ReminderKind.IDLE_DRAFT: IDLE_AFTER,
        ReminderKind.REVIEW: REVIEW_EVERY,
    }.get(ReminderKind(reminder.kind))
    if reminder.state == Reminder.State.HELD:
        return []
    most = IDLE_MOST - reminder.times if reminder.kind == ReminderKind.IDLE_DRAFT else 400
    if reminder.campaign_letter and reminder.campaign_letter.closes_at:
        until = min(until, reminder.campaign_letter.closes_at)
    moments: list[datetime] = []
    while every and len(moments) < most:
        moment = days_later(reminder.asked_for, every * (len(moments) + 1), reminder.campaign.time_zone)
        if moment > until:
            break
        moments.append(moment)
    return [moment for moment in moments if moment > reminder.due_at]


def days_later(moment: datetime, days: int, time_zone: str) -> datetime:
    """The same time of day so many days later, by the calendar of `time_zone` (in UTC)."""
    there = moment.astimezone(hours.zone_of(time_zone))
    return (there + timedelta(days=days)).astimezone(UTC)


def may_ask_from(executive: Executive, campaign: Campaign) -> datetime | None:
    """From when the office may be asked again; None when it never was."""
    spent = Outreach.objects.filter(executive=executive, state__in=SPENT)
    last = spent.aggregate(at=Max("sent_at"))["at"]
    return days_later(last, ASK_AGAIN_AFTER, campaign.time_zone) if last else None


_Subject = tuple[str, int | None, int | None]  # kind, campaign letter, executive


@dataclass(frozen=True)
class _Desk:
    """A campaign that is held still, with what is planned for its team, read and locked at once."""

    campaign: Campaign
    now: datetime
    live: dict[_Subject, Reminder]

    @classmethod
    def of(cls, campaign: Campaign, now: datetime, **only: object) -> "_Desk":
        rows = Reminder.objects.filter(campaign=campaign, audience=Reminder.Audience.TEAM, state__in=LIVE, **only)
        locked = rows.order_by("pk").select_for_update()
        return cls(campaign, now, {(row.kind, row.campaign_letter_id, row.executive_id): row for row in locked})

    @cached_property
    def silent(self) -> set[int]:
        """The executives of whom no answer is on record."""
        return {row.id for row in scoreboard.without_answer(self.campaign)}


def _align_letters(desk: _Desk, rows: "QuerySet[CampaignLetter]", *, afresh: bool = False) -> None:
    locked = list(rows.order_by("pk").select_for_update(no_key=True))
    facts = {letter.id: letter for letter in letter_queries.letters([row.letter_id for row in locked])}
    for campaign_letter in locked:
        letter = facts[campaign_letter.letter_id]
        for kind, rule in (
            (ReminderKind.NO_ANSWER, _no_answer(desk, campaign_letter, letter)),
            (ReminderKind.CLOSING_SOON, _closing_soon(desk, campaign_letter, letter)),
            (ReminderKind.IDLE_DRAFT, _idle_draft(desk.campaign, letter)),
            (ReminderKind.COMMENTS, _comments(campaign_letter)),
            (ReminderKind.NOT_OPENED, _not_opened(campaign_letter)),
        ):
            if rule.first is None and kind in _SELDOM and (kind, campaign_letter.pk, None) not in desk.live:
                continue
            _align(desk, kind, rule, afresh=afresh, campaign_letter=campaign_letter)


def _no_answer(desk: _Desk, campaign_letter: CampaignLetter, letter: LetterFacts) -> Rule:
    if campaign_letter.reply_by is None:
        return Rule(first=None, why_not=_("there is no reply-by date"))
    if not letter.is_open and not Delivery.objects.filter(campaign_letter=campaign_letter).exists():
        return Rule(first=None, why_not=_("the letter is neither open nor handed over"))
    if not desk.silent:
        return Rule(first=None, why_not=_("everybody has answered"))
    return Rule(first=campaign_letter.reply_by, every=desk.campaign.remind_every)


def _closing_soon(desk: _Desk, campaign_letter: CampaignLetter, letter: LetterFacts) -> Rule:
    if campaign_letter.closes_at is None or not letter.is_open:
        return Rule(first=None, why_not=_("the letter does not close by itself"))
    first = days_later(campaign_letter.closes_at, -CLOSING_BEFORE, desk.campaign.time_zone)
    planned = Reminder.objects.filter(campaign_letter=campaign_letter, kind=ReminderKind.CLOSING_SOON, asked_for=first)
    if first <= desk.now and not planned.exists():
        return Rule(first=None, why_not=_("the closing was set for so soon that it needs no reminder"))
    return Rule(first=first)


def _idle_draft(campaign: Campaign, letter: LetterFacts) -> Rule:
    if not letter.is_draft:
        return Rule(first=None, why_not=_("the letter is no longer a draft"))
    return Rule(first=days_later(letter.drafted_at, IDLE_AFTER, campaign.time_zone), every=IDLE_AFTER, most=IDLE_MOST)


def _comments(campaign_letter: CampaignLetter) -> Rule:
    """An hour after the first word that nobody was told of, so that a talk becomes one mail."""
    said = [at for one in threads.unheard(campaign_letter.pk) for at in one.said_at]
    since = told_of_comments(campaign_letter.pk) if said else None
    waiting = [at for at in said if since is None or at > since]
    if not waiting:
        return Rule(first=None, why_not=_("no thread waits for anybody"))
    return Rule(first=min(waiting) + COMMENTS_GATHER, begins_anew=True)


def told_of_comments(campaign_letter_id: int, *, before: datetime | None = None) -> datetime | None:
    """Until when members were told of what was said in a letter's threads, or were not to be."""
    over = Reminder.objects.filter(campaign_letter=campaign_letter_id, kind=ReminderKind.COMMENTS).filter(
        Q(state=Reminder.State.SENT) | Q(ends_series=True)
    )
    if before is not None:
        over = over.filter(over_at__lt=before)
    at: datetime | None = over.aggregate(at=Max("over_at"))["at"]
    return at


def _not_opened(campaign_letter: CampaignLetter) -> Rule:
    return Rule(first=campaign_letter.not_opened_at, why_not=_("it opened, or somebody chose another moment"))


def _second_check(campaign: Campaign) -> Rule:
    entries = campaign.entries.filter(state=Entry.State.RECORDED).order_by()
    changes = Holder.objects.filter(executive__campaign=campaign, state=Holder.State.WAITING).order_by()
    moments = list(entries.values_list("recorded_at", flat=True).union(changes.values_list("recorded_at", flat=True)))
    # Whoever stopped it knew what waited then; what was recorded since is told all the same.
    stopped = Reminder.objects.filter(campaign=campaign, kind=ReminderKind.SECOND_CHECK, ends_series=True)
    known_until = stopped.aggregate(at=Max("over_at"))["at"] if moments else None
    oldest = min((at for at in moments if known_until is None or at > known_until), default=None)
    if oldest is None:
        return Rule(first=None, why_not=_("nothing waits for a check"))
    return Rule(first=days_later(oldest, CHECK_AFTER, campaign.time_zone), every=CHECK_EVERY, begins_anew=True)


def _replies(campaign: Campaign) -> Rule:
    """An office that answers is heard at once; readers' reports gather for two days."""
    waiting = Submission.objects.filter(open_ends(), campaign=campaign)
    a_report = Q(kind=Submission.Kind.ERROR)
    oldest = waiting.aggregate(reply=Min("received_at", filter=~a_report), report=Min("received_at", filter=a_report))
    moments = [oldest["reply"]] if oldest["reply"] else []
    if oldest["report"]:
        moments.append(days_later(oldest["report"], REPORT_WAITS, campaign.time_zone))
    return Rule(
        first=min(moments, default=None),
        every=REPLIES_EVERY,
        why_not=_("no reply and no report waits"),
        begins_anew=True,
    )


def open_ends() -> Q:
    """What waits to be decided or confirmed. An answer that became an entry waits as an entry does."""
    on_record = Q(kind=Submission.Kind.ANSWER, result__state__in=[Entry.State.RECORDED, Entry.State.CHECKED])
    return ~Q(state=Submission.State.SETTLED) & ~on_record


def _review(campaign: Campaign) -> Rule:
    """Of what waits the day is known and no hour: the team is told the next morning, before evidence is destroyed."""
    oldest = review_queries.oldest_on(campaign.directory_id)
    if oldest is None:
        return Rule(first=None, why_not=_("nothing waits for a reviewer"))
    morning = datetime.combine(oldest + timedelta(days=1), time(REVIEW_HOUR), hours.zone_of(campaign.time_zone))
    return Rule(first=morning.astimezone(UTC), every=REVIEW_EVERY, begins_anew=True)


def _outreach_ready(campaign: Campaign, executive: Executive, silent: bool) -> Rule:
    if not silent:
        return Rule(first=None, why_not=_("an answer is on record"))
    spent = Outreach.objects.filter(executive=executive, state__in=SPENT)
    if spent.count() >= ASK_MOST:
        return Rule(first=None, why_not=_("the office was asked as often as may be"))
    under_way = Outreach.objects.filter(
        executive=executive, state__in=[Outreach.State.DRAFT, Outreach.State.RELEASED]
    ).first()
    if under_way and under_way.state == Outreach.State.RELEASED:
        return Rule(first=None, why_not=_("it is on its way"))
    may_from = may_ask_from(executive, campaign)
    waits_from = days_later(under_way.drafted_at, DRAFT_WAITS, campaign.time_zone) if under_way else None
    moments = [moment for moment in (may_from, waits_from) if moment]
    return Rule(first=max(moments, default=None), why_not=_("there is no draft"))


def _align(
    desk: _Desk,
    kind: ReminderKind,
    rule: Rule,
    *,
    afresh: bool = False,
    campaign_letter: CampaignLetter | None = None,
    executive: Executive | None = None,
) -> None:
    """Make the one live row of this subject say what the rule says."""
    subject = {"campaign": desk.campaign, "campaign_letter": campaign_letter, "executive": executive}
    rows = Reminder.objects.filter(**subject, kind=kind, audience=Reminder.Audience.TEAM)
    if afresh:
        rows.update(ends_series=False)
    one = desk.live.get((
        kind, campaign_letter.pk if campaign_letter else None, executive.pk if executive else None
    ))  # fmt: skip
    due_at, times, why_not = _next(rule, rows, one, desk)
    if due_at is None and one is None:
        return
    live = rows.filter(state__in=LIVE)
    if due_at is None:
        live.update(state=Reminder.State.CANCELLED, reason=why_not, over_at=desk.now)
    elif one is None:
        Reminder.objects.create(
            **subject, kind=kind, audience=Reminder.Audience.TEAM, due_at=due_at, asked_for=due_at, times=times
        )
    elif one.asked_for != due_at:
        live.update(due_at=due_at, asked_for=due_at, times=times, moved_by=None)


def _next(
    rule: Rule, rows: "QuerySet[Reminder]", live: Reminder | None, desk: _Desk
) -> tuple[datetime | None, int, str]:
    """The moment that the rule asks for next, which time of telling that is, and why there is none."""
    if rule.first is None:
        return None, 0, rule.why_not
    over = rows.filter(Q(state=Reminder.State.SENT) | Q(ends_series=True), asked_for__gte=rule.first)
    told = list(over.values_list("asked_for", "state", "ends_series"))
    if not rule.begins_anew and any(ends_series for _at, _state, ends_series in told):
        return None, 0, _("a person stopped it")
    done = sorted({at for at, state, _ends_series in told if state == Reminder.State.SENT})
    if not done:
        return rule.first, 1, ""
    if not rule.every or (rule.most and len(done) >= rule.most):
        return None, 0, _("it went out already")
    # One that is planned already stays, however late it is: it has not been told yet. Only a new one leaves out the
    # moments that have passed.
    zone = desk.campaign.time_zone
    if live and live.asked_for > done[-1] and _is_of_series(live.asked_for, rule.first, rule.every, zone):
        return live.asked_for, len(done) + 1, ""
    return _first_after(rule.first, rule.every, max(desk.now, done[-1]), zone), len(done) + 1, ""


def _is_of_series(moment: datetime, first: datetime, every: int, time_zone: str) -> bool:
    about = round((moment - first).total_seconds() / 86400 / every)
    return any(days_later(first, count * every, time_zone) == moment for count in (about - 1, about, about + 1))


def _first_after(first: datetime, every: int, moment: datetime, time_zone: str) -> datetime:
    """The first of the series' moments after `moment`: those that an outage overtook are left out."""
    count = max(1, (moment - first).days // every)
    while (found := days_later(first, count * every, time_zone)) <= moment:
        count += 1
    return found
