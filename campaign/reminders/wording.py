"""What a reminder says to a member of the team, and whether there still is anything to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign import scoreboard
from campaign.emails import address, in_time_zone
from campaign.models import CampaignLetter, Entry, Holder, NewsKind, Outreach, Reminder, ReminderKind, Role, Submission
from campaign.reminders import planning
from campaign.writing import threads
from letters import arrivals, review_queries
from letters import queries as letter_queries
from letters.queries import LetterFacts

# Who is told: these roles.
_ORGANISERS = (Role.OWNER, Role.EDITOR)
_WORKERS = (*_ORGANISERS, Role.TRACKER)
_REVIEWERS = (Role.OWNER, Role.VERIFIER)
_GUARDS = (*_ORGANISERS, Role.VERIFIER)
_EVERYBODY = tuple(Role)
AUDIENCE = {
    ReminderKind.NO_ANSWER: _WORKERS,
    ReminderKind.SECOND_CHECK: _WORKERS,
    ReminderKind.REPLIES: _WORKERS,
    ReminderKind.CLOSING_SOON: _ORGANISERS,
    ReminderKind.IDLE_DRAFT: _ORGANISERS,
    ReminderKind.COMMENTS: _WORKERS,
    ReminderKind.NOT_OPENED: _ORGANISERS,
    ReminderKind.MILESTONE: _EVERYBODY,
    ReminderKind.OUTREACH_READY: _ORGANISERS,
    ReminderKind.REVIEW: _REVIEWERS,
    ReminderKind.WAVE: _GUARDS,
}


class NothingToSay(Exception):
    """What was to be told is no longer so; the text says why."""


@dataclass(frozen=True)
class Wording:
    """One reminder in words, in the time zone of its campaign."""

    subject: str
    text: str


def told(role: str) -> list[ReminderKind]:
    """The kinds of reminder that members of this role get."""
    return [kind for kind, roles in AUDIENCE.items() if role in roles]


@always_english
def of(reminder: Reminder, *, user: User | None = None) -> Wording:
    """What `reminder` says now, to `user` or to the team as a whole. Raises NothingToSay."""
    context = _FACTS[ReminderKind(reminder.kind)](reminder, user)
    campaign = reminder.campaign
    context |= {"campaign": campaign, "reminder": reminder}
    template = f"campaign/mail/told/{reminder.kind}"
    with in_time_zone(campaign):
        return Wording(
            subject=" ".join(render_to_string(f"{template}_subject.txt", context).split()),
            text=render_to_string(f"{template}.txt", context).strip(),
        )


def _letter(reminder: Reminder) -> LetterFacts:
    assert reminder.campaign_letter is not None
    [letter] = letter_queries.letters([reminder.campaign_letter.letter_id])
    return letter


def _no_answer(reminder: Reminder, user: User | None) -> dict[str, Any]:
    assert reminder.campaign_letter is not None
    if not _letter(reminder).is_open:
        raise NothingToSay(_("the letter is not open"))
    reply_by: datetime | None = reminder.campaign_letter.reply_by
    if reply_by is None:
        raise NothingToSay(_("there is no reply-by date"))
    if not (silent := scoreboard.without_answer(reminder.campaign)):
        raise NothingToSay(_("everybody has answered"))
    return {
        "reply_by": reply_by,
        "silent": silent,
        "address": address("campaign", reminder.campaign.slug),
    }


def _second_check(reminder: Reminder, user: User | None) -> dict[str, Any]:
    entries = reminder.campaign.entries.filter(state=Entry.State.RECORDED)
    changes = Holder.objects.filter(executive__campaign=reminder.campaign, state=Holder.State.WAITING)
    if user is not None:
        entries, changes = entries.exclude(recorded_by=user), changes.exclude(recorded_by=user)
    if not (count := entries.count() + changes.count()):
        raise NothingToSay(_("nothing waits for a check"))
    return {"count": count, "address": address("organise-record", reminder.campaign.slug)}


def _replies(reminder: Reminder, user: User | None) -> dict[str, Any]:
    open_ends = Submission.objects.filter(planning.open_ends(), campaign=reminder.campaign)
    if user is not None:
        open_ends = open_ends.exclude(state=Submission.State.DECIDED, decided_by=user)
    received = list(open_ends.order_by("due_at").values_list("kind", "due_at"))
    if not received:
        raise NothingToSay(_("no reply and no report waits"))
    return {
        "count": len(received),
        "from_offices": sum(kind != Submission.Kind.ERROR for kind, _due in received),
        "due_at": received[0][1],
        "address": address("organise-replies", reminder.campaign.slug),
    }


def _closing_soon(reminder: Reminder, user: User | None) -> dict[str, Any]:
    assert reminder.campaign_letter is not None
    letter = _letter(reminder)
    if not letter.is_open or reminder.campaign_letter.closes_at is None:
        raise NothingToSay(_("the letter does not close by itself"))
    return {
        "letter": letter,
        "closes_at": reminder.campaign_letter.closes_at,
        "total": letter_queries.totals([letter.id]).get(letter.id, 0),
        "address": address("organise-letter", reminder.campaign.slug, letter.slug),
    }


def _idle_draft(reminder: Reminder, user: User | None) -> dict[str, Any]:
    letter = _letter(reminder)
    if not letter.is_draft:
        raise NothingToSay(_("the letter is no longer a draft"))
    return {"letter": letter, "address": address("organise-letter", reminder.campaign.slug, letter.slug)}


def _comments(reminder: Reminder, user: User | None) -> dict[str, Any]:
    """To a member what others said in her threads, from the last such mail until this one went; to all what waits."""
    assert reminder.campaign_letter_id is not None
    until = reminder.over_at
    since = planning.told_of_comments(reminder.campaign_letter_id, before=until)
    waiting = [
        one
        for one in threads.unheard(reminder.campaign_letter_id)
        if (user is None or one.user_id == user.pk)
        and any((since is None or at > since) and (until is None or at <= until) for at in one.said_at)
    ]
    if not waiting:
        raise NothingToSay(_("no thread waits for anybody"))
    letter = _letter(reminder)
    return {
        "letter": letter,
        "count": len({one.comment_id for one in waiting}),
        "address": address("organise-comments", reminder.campaign.slug, letter.slug),
    }


def _not_opened(reminder: Reminder, user: User | None) -> dict[str, Any]:
    assert reminder.campaign_letter is not None
    letter = _letter(reminder)
    why = CampaignLetter.objects.values_list("not_opened", flat=True).get(pk=reminder.campaign_letter.pk)
    if not letter.is_draft or not why:
        raise NothingToSay(_("it opened, or somebody chose another moment"))
    return {
        "letter": letter,
        "why": why,
        "address": address("organise-approval", reminder.campaign.slug, letter.slug),
    }


def _milestone(reminder: Reminder, user: User | None) -> dict[str, Any]:
    news = reminder.news
    assert news is not None and news.kind == NewsKind.MILESTONE
    letter = _letter(reminder)
    return {"letter": letter, "reached": news.reached, "address": address("letter", letter.slug)}


def _outreach_ready(reminder: Reminder, user: User | None) -> dict[str, Any]:
    executive = reminder.executive
    assert executive is not None
    if executive.pk not in {row.id for row in scoreboard.without_answer(reminder.campaign)}:
        raise NothingToSay(_("an answer is on record"))
    sent = Outreach.objects.filter(executive=executive, state=Outreach.State.SENT).order_by("sent_at")
    return {
        "executive": executive,
        "asked": len(sent),
        "last": sent.last(),
        "address": address("organise-outreach", reminder.campaign.slug, executive.pk),
    }


def _review(reminder: Reminder, user: User | None) -> dict[str, Any]:
    waiting = review_queries.backlog(reminder.campaign.directory_id)
    if not waiting.total:
        raise NothingToSay(_("nothing waits for a reviewer"))
    return {"waiting": waiting, "address": address("organise-review", reminder.campaign.slug)}


def _wave(reminder: Reminder, user: User | None) -> dict[str, Any]:
    """The mail names employers, whose numbers everybody sees; mail domains stand on the team's page alone."""
    letter = _letter(reminder)
    came = [one for one in arrivals.in_hour(letter, began=reminder.asked_for) if one.is_unusual]
    if not came:
        raise NothingToSay(_("what came in then is not known any more"))
    return {
        "letter": letter,
        "began": reminder.asked_for,
        "over": reminder.asked_for + timedelta(hours=1),
        "at_employers": [one for one in came if one.employer],
        "from_domains": [one for one in came if one.domain],
        "address": address("organise-arrivals", reminder.campaign.slug, letter.slug),
    }


_FACTS = {
    ReminderKind.NO_ANSWER: _no_answer,
    ReminderKind.SECOND_CHECK: _second_check,
    ReminderKind.REPLIES: _replies,
    ReminderKind.CLOSING_SOON: _closing_soon,
    ReminderKind.IDLE_DRAFT: _idle_draft,
    ReminderKind.COMMENTS: _comments,
    ReminderKind.NOT_OPENED: _not_opened,
    ReminderKind.MILESTONE: _milestone,
    ReminderKind.OUTREACH_READY: _outreach_ready,
    ReminderKind.REVIEW: _review,
    ReminderKind.WAVE: _wave,
}
