"""What a team sees of its queue: what goes out when, to whom and why, and what became of the rest."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import outbox
from accounts.speaking import again
from campaign import emails, news
from campaign.models import Campaign, Membership, Notice, Reminder, ReminderKind
from campaign.reminders import planning, wishes, wording
from letters import queries as letter_queries

AHEAD = timedelta(days=14)
PAGE = 30
_COME_AND_GO = (
    ReminderKind.IDLE_DRAFT,
    ReminderKind.SECOND_CHECK,
    ReminderKind.CLOSING_SOON,
    ReminderKind.REPLIES,
    ReminderKind.REVIEW,
    ReminderKind.COMMENTS,
    ReminderKind.NOT_OPENED,
)


@dataclass(frozen=True)
class Planned:
    """One thing in the queue."""

    reminder: Reminder
    what: str
    to: str  # a role and a count, never an address

    @property
    def is_held(self) -> bool:
        return self.reminder.state == Reminder.State.HELD

    @property
    def was_moved(self) -> bool:
        return self.reminder.moved_by_id is not None


@dataclass(frozen=True)
class Past:
    """One thing that went out or was stopped, with what became of its mails."""

    reminder: Reminder
    what: str
    outcome: str
    may_restore: bool
    uncertain: tuple[Notice, ...]


@dataclass(frozen=True)
class Expected:
    """One thing that would go out if nothing changes."""

    at: datetime
    what: str
    to: str
    is_repeat: bool


@dataclass(frozen=True)
class Mail:
    """A mail as it would look now."""

    subject: str
    text: str
    problem: str = ""  # why nothing would be sent


def queue(campaign: Campaign) -> list[Planned]:
    """What is planned, soonest first."""
    rows = _rows(campaign).filter(state__in=planning.LIVE).order_by("due_at", "pk")
    return _planned(campaign, list(rows))


def one_or_none(campaign: Campaign, reminder_id: uuid.UUID) -> Planned | None:
    """One of the campaign's reminders, whatever its state."""
    return next(iter(_planned(campaign, list(_rows(campaign).filter(pk=reminder_id)))), None)


def history(campaign: Campaign, *, page: int) -> tuple[list[Past], bool]:
    """What is over, newest first, and whether there is an older page; pages count from 1."""
    rows = list(
        _rows(campaign)
        .exclude(state__in=planning.LIVE)
        # A draft that moved, a check that was made: that these were to be told of tells nothing afterwards.
        .exclude(state=Reminder.State.CANCELLED, cancelled_by=None, kind__in=_COME_AND_GO)
        .prefetch_related(Prefetch("notices", queryset=Notice.objects.order_by("pk")))
        .order_by("-over_at", "pk")[(page - 1) * PAGE : page * PAGE + 1]
    )
    keys = {notice.mail_key for row in rows for notice in row.notices.all() if notice.mail_key}
    keys |= {emails.outreach_key(row.outreach) for row in rows if row.outreach}
    mails = outbox.outcomes(keys=keys)
    titles = _titles(campaign)
    return [_past(row, titles, mails) for row in rows[:PAGE]], len(rows) > PAGE


def forecast(campaign: Campaign, *, now: datetime) -> list[tuple[date, list[Expected]]]:
    """What would go out in the next fourteen days if nothing changes, by day in the campaign's time zone."""
    until = now + AHEAD
    found: list[Expected] = []
    for planned in queue(campaign):
        row = planned.reminder
        if row.state != Reminder.State.HELD and row.due_at <= until:
            found.append(Expected(max(row.due_at, now), planned.what, planned.to, False))
        found += [Expected(at, planned.what, planned.to, True) for at in planning.repetitions(row, until=until)]
    found += [
        Expected(at, _("news that is waiting, as one mail each"), to, False)
        for at, to in news.forecast(campaign, until=until)
    ]
    found.sort(key=lambda one: one.at)
    return [(day, list(some)) for day, some in groupby(found, key=lambda one: timezone.localtime(one.at).date())]


def preview(planned: Planned) -> Mail:
    """The mail of a planned reminder as it would look if it left now."""
    row = planned.reminder
    if row.audience == Reminder.Audience.OFFICE and row.outreach:
        return Mail(row.outreach.subject, f"{row.outreach.body}\n\n{emails.outreach_footer(row.outreach.executive)}")
    if row.audience == Reminder.Audience.FOLLOWERS and row.news:
        if reason := news.why_not(row.news):
            return Mail("", "", again(reason))
        subject, text = news.preview(row.news)
        return Mail(subject, text)
    try:
        words = wording.of(row)
    except wording.NothingToSay as nothing:
        return Mail("", "", again(str(nothing)))
    return Mail(words.subject, words.text)


def _rows(campaign: Campaign) -> "QuerySet[Reminder]":
    return Reminder.objects.filter(campaign=campaign).select_related(
        "campaign", "campaign_letter", "executive", "news__executive", "news__demand", "news__update",
        "news__campaign_letter", "outreach__executive", "moved_by", "cancelled_by",
    )  # fmt: skip


def _planned(campaign: Campaign, rows: list[Reminder]) -> list[Planned]:
    titles, people = _titles(campaign), _people(campaign)
    followers = news.followers(campaign) if any(row.news_id for row in rows) else ""
    return [Planned(row, _what(row, titles), _to(row, people, followers)) for row in rows]


def _titles(campaign: Campaign) -> dict[int, str]:
    """The titles of the campaign's letters, by the campaign's own ids of them."""
    ids = dict(campaign.campaign_letters.values_list("letter_id", "pk"))
    return {ids[letter.id]: letter.title for letter in letter_queries.letters(ids)}


def _people(campaign: Campaign) -> dict[str, int]:
    """How many members would be told of each kind."""
    members = list(Membership.objects.filter(team=campaign.team_id, user__is_active=True).select_related("user"))
    hers = wishes.of_all(member.user for member in members)
    return {
        kind: sum(member.role in roles and kind not in hers[member.user_id].unwanted for member in members)
        for kind, roles in wording.AUDIENCE.items()
    }


def _what(reminder: Reminder, titles: Mapping[int, str]) -> str:
    if reminder.audience == Reminder.Audience.FOLLOWERS and reminder.news:
        return news.title(reminder.news)
    text = str(reminder.get_kind_display())
    about = str(reminder.executive) if reminder.executive else titles.get(reminder.campaign_letter_id or 0, "")
    if reminder.news and reminder.news.reached:
        about = f"{about}: {intcomma(reminder.news.reached)}"
    return capfirst(f"{text} ({about})" if about else text)


def _to(reminder: Reminder, people: Mapping[str, int], followers: str) -> str:
    match reminder.audience:
        case Reminder.Audience.TEAM:
            count = people.get(reminder.kind, 0)
            return ngettext("the team (%(count)s person)", "the team (%(count)s people)", count) % {"count": count}
        case Reminder.Audience.FOLLOWERS:
            return _("followers (%(count)s)") % {"count": followers}
    return _("the office of %(name)s") % {"name": reminder.executive}


def _past(row: Reminder, titles: Mapping[int, str], mails: Mapping[str, outbox.Outcome]) -> Past:
    notices = list(row.notices.all())
    states = [mails[notice.mail_key].state for notice in notices if notice.mail_key in mails]
    uncertain = [one for one in notices if one.mail_key in mails and mails[one.mail_key].state == "uncertain"]
    if row.state == Reminder.State.CANCELLED:
        outcome = _("Cancelled: %(reason)s.") % {"reason": again(row.reason)}
    elif row.audience == Reminder.Audience.FOLLOWERS:
        outcome = _("Announced: each follower is told at the hour that she chose.")
    elif row.audience == Reminder.Audience.OFFICE:
        outcome = row.outreach.get_state_display() if row.outreach else ""
    else:
        outcome = _outcome_for_team(row, notices, states)
    return Past(
        reminder=row,
        what=_what(row, titles),
        outcome=outcome,
        may_restore=row.cancelled_by_id is not None and row.outreach_id is None,
        uncertain=tuple(uncertain),
    )


def _outcome_for_team(row: Reminder, notices: list[Notice], states: list[str]) -> str:
    mailed = sum(notice.state == Notice.State.MAILED for notice in notices)
    parts = [
        ngettext("Mailed to %(count)s person", "Mailed to %(count)s people", mailed) % {"count": mailed},
        _counted(_("%(count)s waiting for their hours"), sum(one.state == Notice.State.WAITING for one in notices)),
        _counted(
            _("%(count)s left out, for whom it no longer held"),
            sum(one.state == Notice.State.DROPPED for one in notices),
        ),
        _counted(_("%(count)s not delivered"), states.count("dead") + states.count("cancelled")),
        _counted(_("%(count)s perhaps delivered"), states.count("uncertain")),
    ]
    if not notices:
        parts = [_("Nobody in the team wants this kind")]
    return "; ".join(part for part in parts if part) + "."


def _counted(text: str, count: int) -> str:
    return text % {"count": count} if count else ""
