"""What a person may do to what is planned: move it, hold it, let it go now, cancel it, and take that back."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.models import Campaign, Notice, Outreach, Reminder, Role, Team
from campaign.reminders.planning import LIVE
from campaign.reminders.wording import told

_FURTHEST = timedelta(days=3660)


class NotPossible(Exception):
    """The reminder cannot be changed like this; the text says why, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def move(*, reminder: Reminder, due_at: datetime, by: User, now: datetime) -> None:
    """Let it go at another moment. Raises NotPossible."""
    if due_at <= now:
        raise NotPossible(_("This moment has passed. Choose one that is still to come."), field="due_at")
    if due_at > now + _FURTHEST:
        raise NotPossible(_("This is more than ten years away. Check the year."), field="due_at")
    _change(_live(reminder), due_at=due_at, moved_by=by)


def hold(*, reminder: Reminder) -> None:
    """Keep it back until somebody lets it go on. Raises NotPossible."""
    _change(_live(reminder).filter(state=Reminder.State.PLANNED), state=Reminder.State.HELD)


def go_on(*, reminder: Reminder) -> None:
    """Let a held one go at its moment, or at once if that has passed. Raises NotPossible."""
    _change(_live(reminder).filter(state=Reminder.State.HELD), state=Reminder.State.PLANNED)


def send_now(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Let it go at once. Raises NotPossible."""
    _change(_live(reminder), state=Reminder.State.PLANNED, due_at=now, moved_by=by)


def cancel(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Stop one that has not gone out, and with it those that would repeat it. Raises NotPossible."""
    with transaction.atomic():
        _change(
            _live(reminder),
            state=Reminder.State.CANCELLED,
            reason=_("cancelled by %(name)s") % {"name": by},
            cancelled_by=by,
            over_at=now,
        )
        if reminder.outreach_id:
            # The office's mail is a draft again: whoever cancelled it may change and release it later.
            Outreach.objects.filter(pk=reminder.outreach_id, state=Outreach.State.RELEASED).update(
                state=Outreach.State.DRAFT, released_by=None, released_at=None
            )


def restore(*, reminder: Reminder) -> None:
    """Take a cancelling back. Raises NotPossible when something else has taken its place."""
    if reminder.outreach_id:
        raise NotPossible(_("It is a draft again. Release it anew."))
    try:
        with transaction.atomic():
            _change(
                Reminder.objects.filter(pk=reminder.pk, state=Reminder.State.CANCELLED, cancelled_by__isnull=False),
                state=Reminder.State.PLANNED,
                reason="",
                cancelled_by=None,
                over_at=None,
            )
    except IntegrityError as error:
        raise NotPossible(_("Another one is planned in its place already.")) from error


def hold_all(*, campaign: Campaign, held: bool) -> None:
    """Keep back everything that is planned for a campaign, or let it go on."""
    Campaign.objects.filter(pk=campaign.pk).update(mail_held=held)


def drop_notices(*, team: Team, user: User, role: Role | None) -> int:
    """What waits for a member who left, or who now only looks on, is not mailed; answers how many."""
    waiting = Notice.objects.filter(user=user, reminder__campaign__team=team, state=Notice.State.WAITING)
    if role is not None:
        waiting = waiting.exclude(reminder__kind__in=told(role))
    return waiting.update(state=Notice.State.DROPPED)


def _live(reminder: Reminder) -> "QuerySet[Reminder]":
    return Reminder.objects.filter(pk=reminder.pk, state__in=LIVE)


def _change(rows: "QuerySet[Reminder]", **changes: object) -> None:
    if not rows.update(**changes):
        raise NotPossible(_("This changed a moment ago: it went out, or somebody else has dealt with it."))
