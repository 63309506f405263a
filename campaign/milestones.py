"""Numbers worth telling: each is reached once, and never un-reached."""

from datetime import datetime

from django.db import transaction

from campaign import news
from campaign.models import CampaignLetter, Milestone, Reminder, ReminderKind
from campaign.reminders import planning
from letters import queries

_FIRST = (25, 100, 250, 500)


def passed(total: int) -> list[int]:
    """The milestones up to `total`, lowest first: 25, 100, 250, 500, then 1, 2.5 and 5 of every thousand, and so on."""
    found = [number for number in _FIRST if number <= total]
    step = 1000
    while step <= total:
        found += [number for number in (step, step * 5 // 2, step * 5) if number <= total]
        step *= 10
    return found


def look(*, now: datetime) -> int:
    """Note what letters have reached since the last look, and plan to tell; answers how many were new.

    Of several that were passed since then the highest alone is told, and of an example's invented numbers none.
    """
    open_letters = [
        letter
        for letter in queries.letters(CampaignLetter.objects.values_list("letter_id", flat=True))
        if letter.is_open
    ]
    rows = CampaignLetter.objects.filter(letter_id__in=[letter.id for letter in open_letters])
    return sum(look_at(campaign_letter=one, now=now) for one in rows.order_by("pk"))


def look_at(*, campaign_letter: CampaignLetter, now: datetime) -> int:
    """Note what one letter has reached; closing a letter publishes its last batch and asks for this once more."""
    [letter] = queries.letters([campaign_letter.letter_id])
    total = queries.totals([letter.id]).get(letter.id, 0)
    return _reach(campaign_letter, total, now, tell=not letter.is_example)


def _reach(one: CampaignLetter, total: int, now: datetime, *, tell: bool) -> int:
    numbers = passed(total)
    known = set(one.milestones.values_list("number", flat=True))
    if set(numbers) <= known:
        return 0
    with transaction.atomic():
        planning.hold_still(pk=one.campaign_id)
        known = set(one.milestones.values_list("number", flat=True))
        fresh = [number for number in numbers if number not in known]
        Milestone.objects.bulk_create(
            [Milestone(campaign_letter=one, number=number, reached_at=now) for number in fresh]
        )
        if fresh and tell and fresh[-1] > max(known, default=0):
            _tell(one, fresh[-1], now)
    return len(fresh)


def _tell(one: CampaignLetter, number: int, now: datetime) -> None:
    told = news.milestone_reached(campaign_letter=one, number=number, now=now)
    Reminder.objects.create(
        campaign_id=one.campaign_id,
        campaign_letter=one,
        news=told,
        kind=ReminderKind.MILESTONE,
        audience=Reminder.Audience.TEAM,
        due_at=now,
        asked_for=now,
    )
