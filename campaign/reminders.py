"""Reminders: rows that fall due at their minute. Whoever claims a row owes its mail in the same transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import emails, queries
from campaign.models import CampaignLetter, Reminder, ReminderKind, Role
from letters import queries as letter_queries


class NotPossible(Exception):
    """The reminder cannot be changed any more; the text says why."""


@transaction.atomic
def plan(*, campaign_letter_id: int, now: datetime, afresh: bool = False) -> None:
    """Bring the reminder of a letter's reply-by date in line with the letter as it stands now.

    Call it in the transaction that changes the letter or its date. What went out for this date is not planned again,
    nor what a person cancelled, unless somebody sets the date `afresh`.
    """
    campaign_letter = CampaignLetter.objects.select_for_update().get(pk=campaign_letter_id)
    [letter] = letter_queries.letters([campaign_letter.letter_id])
    live = Reminder.objects.filter(
        campaign_letter=campaign_letter,
        kind=ReminderKind.NO_ANSWER,
        audience=Reminder.Audience.TEAM,
        state=Reminder.State.PLANNED,
    )
    due_at = campaign_letter.reply_by
    if not letter.is_open or due_at is None:
        reason = _("the letter is not open") if due_at else _("there is no reply-by date")
        live.update(state=Reminder.State.CANCELLED, reason=reason, over_at=now)
        return
    over = Reminder.objects.filter(campaign_letter=campaign_letter, kind=ReminderKind.NO_ANSWER, due_at=due_at)
    settled = Q(state=Reminder.State.SENT) if afresh else Q(state=Reminder.State.SENT) | Q(cancelled_by__isnull=False)
    if over.filter(settled).exists():
        live.update(state=Reminder.State.CANCELLED, reason=_("the date moved back"), over_at=now)
        return
    if not live.update(due_at=due_at):
        Reminder.objects.create(
            campaign_letter=campaign_letter,
            kind=ReminderKind.NO_ANSWER,
            audience=Reminder.Audience.TEAM,
            due_at=due_at,
        )


def cancel(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Stop a reminder that has not gone out. Raises NotPossible."""
    stopped = Reminder.objects.filter(pk=reminder.pk, state=Reminder.State.PLANNED).update(
        state=Reminder.State.CANCELLED, reason=_("cancelled by %(name)s") % {"name": by}, cancelled_by=by, over_at=now
    )
    if not stopped:
        raise NotPossible(_("This reminder went out or was cancelled a moment ago."))


def send_due(*, now: datetime) -> int:
    """Owe the mail of every reminder that is due by the database's clock; answers how many were handled."""
    handled = 0
    while _handle_one(now):
        handled += 1
    return handled


def _handle_one(now: datetime) -> bool:
    with transaction.atomic():
        reminder = (
            Reminder.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("campaign_letter__campaign__team")
            .filter(state=Reminder.State.PLANNED, due_at__lte=Now())
            .order_by("due_at")
            .first()
        )
        if reminder is None:
            return False
        [letter] = letter_queries.letters([reminder.campaign_letter.letter_id])
        if not letter.is_open:
            _end(reminder, Reminder.State.CANCELLED, now, reason=_("the letter is not open"))
            return True
        silent = queries.without_answer(reminder.campaign_letter.campaign)
        if not silent:
            _end(reminder, Reminder.State.CANCELLED, now, reason=_("everybody has answered"))
            return True
        people = _audience(reminder)
        for user in people:
            emails.no_answer(reminder=reminder, user=user, silent=silent)
        _end(reminder, Reminder.State.SENT, now, recipients=len(people))
    return True


def _audience(reminder: Reminder) -> list[User]:
    return list(
        User.objects.filter(
            is_active=True,
            memberships__team=reminder.campaign_letter.campaign.team,
            memberships__role__in=[Role.OWNER, Role.EDITOR, Role.TRACKER],
        ).order_by("pk")
    )


def _end(
    reminder: Reminder, state: Reminder.State, now: datetime, *, reason: str = "", recipients: int | None = None
) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(state=state, over_at=now, reason=reason, recipients=recipients)
