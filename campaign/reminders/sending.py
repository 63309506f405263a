"""Letting reminders go: whoever claims a row does what follows from it in the same transaction.

To the team this takes two steps. A reminder that falls due becomes a notice for each member who wants it; the notices
that wait for one person when her hours allow become one mail.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import hours
from accounts.models import User
from campaign import emails, news, outreach
from campaign.models import Campaign, MemberSettings, Membership, Notice, Reminder, ReminderKind
from campaign.reminders import planning, wishes, wording

log = logging.getLogger(__name__)
_PUT_OFF = timedelta(minutes=15)  # what could not be told is tried again then


def send_due(*, now: datetime) -> int:
    """Let go of every reminder that is due; answers how many were handled."""
    handled = 0
    while _handle_one(now):
        handled += 1
    return handled


def mail_notices(*, now: datetime) -> int:
    """Owe one mail to each member for whom notices are due; answers how many members were handled."""
    handled = 0
    while _handle_one_member(now):
        handled += 1
    return handled


def _handle_one(now: datetime) -> bool:
    """Whether there was one. A campaign that somebody is just changing has its turn at the next tick."""
    due = Reminder.objects.filter(state=Reminder.State.PLANNED, due_at__lte=now)
    with transaction.atomic():
        campaign = (
            Campaign.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(Exists(due.filter(campaign=OuterRef("pk"))), mail_held=False)
            .order_by("pk")
            .first()
        )
        if campaign is None:
            return False
        reminder = (
            due.filter(campaign=campaign)
            .select_for_update(of=("self",))
            .select_related("campaign", "campaign_letter", "executive", "news", "outreach")
            .order_by("due_at", "pk")
            .first()
        )
        if reminder is not None:
            try:
                with transaction.atomic():
                    _let_go(reminder, now)
            except Exception:
                # One that cannot be told must not keep all others from being told.
                log.exception("reminder %s (%s) is put off", reminder.pk, reminder.kind)
                Reminder.objects.filter(pk=reminder.pk).update(due_at=now + _PUT_OFF)
    return True


def _let_go(reminder: Reminder, now: datetime) -> None:
    match reminder.audience:
        case Reminder.Audience.TEAM:
            _tell_team(reminder, now)
            return
        case Reminder.Audience.FOLLOWERS:
            assert reminder.news_id is not None
            reason = news.announce(reminder.news_id, now=now) or ""
        case _:
            reason = outreach.send(reminder=reminder, now=now)
    _end(reminder, Reminder.State.CANCELLED if reason else Reminder.State.SENT, now, reason=reason)


def _tell_team(reminder: Reminder, now: datetime) -> None:
    try:
        wording.of(reminder)
    except wording.NothingToSay as nothing:
        _end(reminder, Reminder.State.CANCELLED, now, reason=str(nothing))
    else:
        settings = wishes.of_all(_members(reminder))
        wanted = [hers for hers in settings.values() if reminder.kind not in hers.unwanted]
        Notice.objects.bulk_create(
            [Notice(reminder=reminder, user=hers.user, due_at=_her_hour(hers, reminder, now)) for hers in wanted],
            ignore_conflicts=True,
        )
        _end(reminder, Reminder.State.SENT, now, recipients=len(wanted))
    planning.plan_after(reminder, now=now)


def _members(reminder: Reminder) -> list[User]:
    return list(
        User.objects.filter(
            is_active=True,
            memberships__team=reminder.campaign.team_id,
            memberships__role__in=wording.AUDIENCE[ReminderKind(reminder.kind)],
        ).order_by("pk")
    )


def _her_hour(hers: MemberSettings, reminder: Reminder, now: datetime) -> datetime:
    """The first moment from `now` at which mail may reach this person."""
    zone = hers.time_zone or reminder.campaign.time_zone
    if hers.once_a_day:
        return hours.next_daily(now, zone, hers.quiet_until)
    return hours.out_of_quiet_hours(now, zone, hers.quiet_from, hers.quiet_until)


def _handle_one_member(now: datetime) -> bool:
    due = Notice.objects.filter(state=Notice.State.WAITING, due_at__lte=now, reminder__campaign__mail_held=False)
    with transaction.atomic():
        # One worker a person, so that what is due together becomes one mail.
        user = (
            User.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(Exists(due.filter(user=OuterRef("pk"))))
            .order_by("pk")
            .first()
        )
        if user is None:
            return False
        rows = due.filter(user=user).select_related(
            "reminder__campaign__team", "reminder__campaign_letter", "reminder__executive", "reminder__news"
        )
        notices = list(rows.order_by("reminder__due_at", "pk"))
        try:
            with transaction.atomic():
                if later := _later(user, notices, now):
                    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(due_at=later)
                else:
                    _mail(user, notices, now)
        except Exception:
            log.exception("the notices of member %s are put off", user.pk)
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(due_at=now + _PUT_OFF)
    return True


def _later(user: User, notices: list[Notice], now: datetime) -> datetime | None:
    """When it may reach her, if not now: her hours may have changed since, and she may have had enough for today."""
    if not notices:
        return None
    hers = wishes.of(user)
    zone = hers.time_zone or notices[0].reminder.campaign.time_zone
    awake = hours.out_of_quiet_hours(now, zone, hers.quiet_from, hers.quiet_until)
    if awake > now:
        return awake
    there = now.astimezone(hours.zone_of(zone))
    began = there.replace(hour=0, minute=0, second=0, microsecond=0)
    mails = Notice.objects.filter(user=user, mailed_at__gte=began.astimezone(UTC))
    if mails.values("mail_key").distinct().count() < hers.most_a_day:
        return None
    midnight = (began + timedelta(days=1)).astimezone(UTC)
    return hours.out_of_quiet_hours(midnight, zone, hers.quiet_from, hers.quiet_until)


def _mail(user: User, notices: list[Notice], now: datetime) -> None:
    """One mail of all that is still so and still hers to know; the rest is dropped."""
    roles = dict(Membership.objects.filter(user=user).values_list("team_id", "role"))
    unwanted = set(wishes.of(user).unwanted)
    told: list[tuple[Notice, wording.Wording]] = []
    for notice in notices if user.is_active else []:
        reminder = notice.reminder
        if reminder.kind in unwanted or reminder.kind not in wording.told(roles.get(reminder.campaign.team_id, "")):
            continue
        try:
            told.append((notice, wording.of(reminder, user=user)))
        except wording.NothingToSay:
            continue
    kept = [notice.pk for notice, _words in told]
    Notice.objects.filter(pk__in={notice.pk for notice in notices} - set(kept)).update(state=Notice.State.DROPPED)
    if not told:
        return
    key = emails.reminders(user=user, told=told)
    Notice.objects.filter(pk__in=kept).update(state=Notice.State.MAILED, mailed_at=now, mail_key=key)


def _end(
    reminder: Reminder, state: Reminder.State, now: datetime, *, reason: str = "", recipients: int | None = None
) -> None:
    Reminder.objects.filter(pk=reminder.pk).update(state=state, over_at=now, reason=reason[:300], recipients=recipients)
