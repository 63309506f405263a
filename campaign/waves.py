"""Telling a team that many more signatures than usual came in, at an employer or from a domain (docs/arrivals.md)."""

from datetime import datetime, timedelta

from django.db import transaction

from campaign.models import CampaignLetter, Reminder, ReminderKind
from campaign.reminders import planning
from letters import arrivals, queries
from letters.queries import LetterFacts

_AFTER_CLOSING = timedelta(hours=2)  # in which a letter's last hour is still looked at
_OUTAGE = timedelta(hours=arrivals.CALM)  # of the schedule, that loses no wave


def look(*, now: datetime) -> int:
    """Plan to tell of what rose in the hours that are over, once for a letter and an hour; answers how many."""
    rows = {one.letter_id: one for one in CampaignLetter.objects.order_by("pk")}
    letters = [letter for letter in queries.letters(rows) if _takes_signatures(letter, now)]
    return sum(_look_at(rows[letter.id], letter, now) for letter in letters)


def _takes_signatures(letter: LetterFacts, now: datetime) -> bool:
    just_closed = letter.closed_at is not None and letter.closed_at > now - _AFTER_CLOSING
    return not letter.is_example and (letter.is_open or just_closed)


def _look_at(one: CampaignLetter, letter: LetterFacts, now: datetime) -> bool:
    oldest = arrivals.last_hour(now) - _OUTAGE
    news = [came.began for came in arrivals.lately(letter, now=now) if came.is_news and came.began > oldest]
    if not news:
        return False
    with transaction.atomic():
        planning.hold_still(pk=one.campaign_id)
        told = Reminder.objects.filter(campaign_letter=one, kind=ReminderKind.WAVE)
        if told.filter(asked_for__gte=news[0]).exists() or told.filter(state__in=planning.LIVE).exists():
            return False
        Reminder.objects.create(
            campaign_id=one.campaign_id,
            campaign_letter=one,
            kind=ReminderKind.WAVE,
            audience=Reminder.Audience.TEAM,
            due_at=now,
            asked_for=news[0],
        )
    return True
