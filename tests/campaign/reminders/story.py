"""A story of yesterday: late enough that the database's clock has passed it, at an hour when nobody is asleep."""

from datetime import datetime, timedelta

from django.utils import timezone

from campaign import organising
from campaign.models import Reminder
from campaign.reminders import sending
from tests.cast import Cast

YESTERDAY: datetime = (timezone.now() - timedelta(days=1)).replace(hour=11, minute=0, second=0, microsecond=0)


def ask_by(cast: Cast, reply_by: datetime | None, *, now: datetime = YESTERDAY - timedelta(days=1)) -> None:
    """Ask for an answer by that moment."""
    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=reply_by, by=cast.carla, now=now)


def let_go(now: datetime = YESTERDAY) -> None:
    """What the task does every ten seconds."""
    sending.send_due(now=now)
    sending.mail_notices(now=now)


def live(kind: str) -> Reminder | None:
    """The live reminder of this kind, if there is one."""
    return Reminder.objects.filter(kind=kind, state__in=["planned", "held"]).first()
