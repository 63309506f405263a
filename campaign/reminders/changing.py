"""What a person may do to what is planned: move it, hold it, let it go now, cancel it, and take that back."""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts import outbox
from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, emails
from campaign.models import Audited, Campaign, Notice, Outreach, Reminder, Role, Team
from campaign.reminders.planning import LIVE, hold_still, may_ask_from
from campaign.reminders.wording import told

_FURTHEST = timedelta(days=3660)
_SECOND_THOUGHTS = timedelta(minutes=15)
_MAIL_MAY_WAIT = timedelta(days=10)  # longer than any mail lives, a week as a dead letter included


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
    _check_spacing(reminder, due_at, field="due_at")
    with transaction.atomic():
        _change(_live(reminder), due_at=due_at, moved_by=by)
        _note(reminder, Audited.REMINDER_MOVED, by, now)


def hold(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Keep it back until somebody lets it go on. Raises NotPossible."""
    with transaction.atomic():
        _change(_live(reminder).filter(state=Reminder.State.PLANNED), state=Reminder.State.HELD)
        _note(reminder, Audited.REMINDER_HELD, by, now)


def go_on(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Let a held one go at its moment, or at once if that has passed. Raises NotPossible."""
    with transaction.atomic():
        _change(_live(reminder).filter(state=Reminder.State.HELD), state=Reminder.State.PLANNED)
        _note(reminder, Audited.REMINDER_WENT_ON, by, now)


def send_now(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Let it go at once. Raises NotPossible."""
    _check_spacing(reminder, now)
    with transaction.atomic():
        _change(_live(reminder), state=Reminder.State.PLANNED, due_at=now, moved_by=by)
        _note(reminder, Audited.REMINDER_SENT, by, now)


def cancel(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Stop one that has not gone out, and with it those that would repeat it. Raises NotPossible."""
    with transaction.atomic():
        hold_still(pk=reminder.campaign_id)
        _change(
            _live(reminder),
            state=Reminder.State.CANCELLED,
            reason=_cancelled_by(by),
            cancelled_by=by,
            ends_series=True,
            over_at=now,
        )
        _note(reminder, Audited.REMINDER_CANCELLED, by, now)
        if reminder.outreach_id:
            # The office's mail is a draft again: whoever cancelled it may change and release it later.
            Outreach.objects.filter(pk=reminder.outreach_id, state=Outreach.State.RELEASED).update(
                state=Outreach.State.DRAFT, released_by=None, released_at=None
            )


def restore(*, reminder: Reminder, by: User, now: datetime) -> None:
    """Take a cancelling back. What was due meanwhile waits a quarter of an hour. Raises NotPossible."""
    if reminder.outreach_id is not None:
        raise NotPossible(_("It is a draft again. Release it anew."))
    try:
        with transaction.atomic():
            _change(
                Reminder.objects.filter(pk=reminder.pk, state=Reminder.State.CANCELLED, cancelled_by__isnull=False),
                state=Reminder.State.PLANNED,
                reason="",
                cancelled_by=None,
                ends_series=False,
                over_at=None,
                due_at=max(reminder.due_at, now + _SECOND_THOUGHTS),
            )
            _note(reminder, Audited.REMINDER_RESTORED, by, now)
    except IntegrityError as error:
        raise NotPossible(_("Another one is planned in its place already.")) from error


def hold_all(*, campaign: Campaign, held: bool, by: User, now: datetime) -> None:
    """Keep back everything of a campaign, what waits in the outbox too, or let it go on."""
    with transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(mail_held=held)
        for group in emails.groups_of(campaign):
            (outbox.hold if held else outbox.go_on)(group=group)
        what = Audited.MAIL_HELD if held else Audited.MAIL_WENT_ON
        audit.note(campaign=campaign, by=by, what=what, about=campaign.title, now=now)


def send_uncertain_again(*, campaign: Campaign, reminder_id: uuid.UUID, by: User, now: datetime) -> int:
    """Send once more the mails of one reminder that were perhaps delivered; answers how many."""
    reminder = Reminder.objects.filter(campaign=campaign, pk=reminder_id).first()
    if reminder is None:
        return 0
    keys = Notice.objects.filter(reminder=reminder, state=Notice.State.MAILED).values_list("mail_key", flat=True)
    mails = outbox.outcomes(keys=keys)
    with transaction.atomic():
        sent = sum(outbox.send_again(mail_id=mail.id) for mail in mails.values() if mail.state == "uncertain")
        if sent:
            _note(reminder, Audited.SENT_AGAIN, by, now)
    return sent


def drop_notices(*, team: Team, user: User, role: Role | None) -> int:
    """What waits for a member who left, or who now only looks on, is not mailed; answers how many.

    A mail that was written and has not left is cancelled whole: what else it says is on the campaigns' pages.
    """
    hers = Notice.objects.filter(user=user, reminder__campaign__team=team)
    if role is not None:
        hers = hers.exclude(reminder__kind__in=told(role))
    written = hers.filter(state=Notice.State.MAILED, mailed_at__gte=Now() - _MAIL_MAY_WAIT)
    outbox.cancel_keys(keys=set(written.values_list("mail_key", flat=True)), reason="left the team")
    return hers.filter(state=Notice.State.WAITING).update(state=Notice.State.DROPPED)


def _check_spacing(reminder: Reminder, due_at: datetime, *, field: str | None = None) -> None:
    """An office is not asked twice within seven days, whoever moves the question."""
    if reminder.audience != Reminder.Audience.OFFICE or reminder.executive is None:
        return
    early = may_ask_from(reminder.executive, reminder.campaign)
    if early is not None and due_at < early:
        day = date_format(timezone.localtime(early), "SHORT_DATETIME_FORMAT")
        raise NotPossible(_("This office may be asked again from %(day)s on.") % {"day": day}, field=field)


def _live(reminder: Reminder) -> "QuerySet[Reminder]":
    return Reminder.objects.filter(pk=reminder.pk, state__in=LIVE)


@always_english
def _cancelled_by(person: User) -> str:
    return _("cancelled by %(name)s") % {"name": person}


@always_english
def _note(reminder: Reminder, what: Audited, by: User, now: datetime) -> None:
    about = str(reminder.get_kind_display())
    if reminder.executive is not None:
        about = f"{about}: {reminder.executive}"
    audit.note(campaign=reminder.campaign, by=by, what=what, about=about, now=now)


def _change(rows: "QuerySet[Reminder]", **changes: object) -> None:
    if not rows.update(**changes):
        raise NotPossible(_("This changed a moment ago: it went out, or somebody else has dealt with it."))
