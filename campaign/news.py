"""What followers are told (docs/news.md): each is planned as a reminder that the team can still stop, then announced.

`news_mail` writes the mail, `letters.broadcasting` knows who gets it and when; neither an address nor an exact number
of followers comes here.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import news_mail, scoreboard
from campaign.facts import campaign_facts
from campaign.models import Campaign, CampaignLetter, News, NewsKind, Reminder, ReminderKind, Update
from campaign.news_mail import title
from letters import broadcasting, freshness

__all__ = [
    "announce", "followers", "forecast", "milestone_reached", "preview", "publish_update", "send_due",
    "telling_of_standings", "title",
]  # fmt: skip

GRACE = timedelta(minutes=15)  # in which the team may still stop it
_TURN = 50  # mails to the followers of one campaign, before the next one has its turn


@contextmanager
def telling_of_standings(*, campaign_id: uuid.UUID, now: datetime) -> Iterator[None]:
    """Plan to tell of every standing that what is done inside changes, in the same transaction.

    Nobody is told twice in a row that a cell came to the same standing.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        before = _standings(campaign, now)
        yield
        for (executive_id, demand_id), after in _standings(campaign, now).items():
            was = before.get((executive_id, demand_id), "")
            told = News.objects.filter(executive_id=executive_id, demand_id=demand_id).order_by("-pk").first()
            if was == after or (told is not None and told.after == after):
                continue
            _plan(
                News(
                    campaign_id=campaign_id,
                    kind=NewsKind.STANDING,
                    executive_id=executive_id,
                    demand_id=demand_id,
                    before=was,
                    after=after,
                    happened_at=now,
                ),
                now,
            )


def milestone_reached(*, campaign_letter: CampaignLetter, number: int, now: datetime) -> News:
    """A letter reached a number worth telling."""
    return _plan(
        News(
            campaign_id=campaign_letter.campaign_id,
            kind=NewsKind.MILESTONE,
            campaign_letter=campaign_letter,
            reached=number,
            happened_at=now,
        ),
        now,
    )


@transaction.atomic
def publish_update(
    *, campaign: Campaign, title: str, body: str, by: User, now: datetime, update_id: uuid.UUID | None = None
) -> Update:
    """Put an update on the campaign's page and plan to tell its followers; the same id publishes it once."""
    update, is_new = Update.objects.get_or_create(
        pk=update_id or uuid.uuid4(),
        defaults={"campaign": campaign, "title": title, "body": body, "published_at": now, "published_by": by},
    )
    if is_new:
        _plan(News(campaign=campaign, kind=NewsKind.UPDATE, update=update, happened_at=now), now)
        freshness.changed()
    return update


def announce(news_id: int, *, now: datetime) -> None:
    """Give it the campaign's next number: whoever follows is told all above the number she was told last."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(news=news_id)
        last = News.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0
        if News.objects.filter(pk=news_id, number__isnull=True).update(number=last + 1):
            broadcasting.announce(topic=campaign.directory_id, number=last + 1, time_zone=campaign.time_zone, now=now)


def send_due(*, now: datetime, seconds: float = 15) -> int:
    """Owe the mail of followers who are due, for about so many seconds, campaigns taking turns; answers how many."""
    until, handled = time.monotonic() + seconds, 0
    digests = _digests(now)
    while digests and time.monotonic() < until:
        for topic, digest in list(digests.items()):
            try:
                told = sum(
                    1 for _ in range(_TURN) if broadcasting.send_one(topic=topic, now=now, compose=digest.compose)
                )
            except news_mail.Held:
                told = 0
            handled += told
            if told < _TURN:
                del digests[topic]
    return handled


def followers(campaign: Campaign) -> str:
    """About how many follow it."""
    return broadcasting.followers(topic=campaign.directory_id)


def preview(news: News) -> tuple[str, str]:
    """Subject and text of a mail that tells this alone."""
    return news_mail.preview(news)


def forecast(campaign: Campaign, *, until: datetime) -> list[tuple[datetime, str]]:
    """When followers are told what is announced already, and about how many at a time."""
    return [
        (one.at, _("followers, %(how)s (%(count)s)") % {"how": one.frequency.label, "count": one.followers})
        for one in broadcasting.forecast(topic=campaign.directory_id, until=until)
    ]


def _take_turn(topic: uuid.UUID, digest: news_mail.Digest, now: datetime) -> int:
    told = 0
    try:
        while told < _TURN and broadcasting.send_one(topic=topic, now=now, compose=digest.compose):
            told += 1
    except news_mail.Held:
        return told
    return told


def _digests(now: datetime) -> dict[uuid.UUID, news_mail.Digest]:
    topics = broadcasting.topics_due(now=now)
    found = {campaign.directory_id: campaign for campaign in Campaign.objects.filter(directory_id__in=topics)}
    for topic in set(topics) - set(found):
        broadcasting.end_all(topic=topic)
    return {topic: news_mail.Digest(campaign) for topic, campaign in found.items() if not campaign.mail_held}


def _standings(campaign: Campaign, now: datetime) -> dict[tuple[int, int], str]:
    facts = campaign_facts(campaign, campaign.demands.order_by("number"))
    board = scoreboard.board(campaign=facts, now=now)
    return {(row.id, cell.demand.id): cell.standing.value for row in board.rows for cell in row.cells}


def _plan(news: News, now: datetime) -> News:
    news.save(force_insert=True)
    Reminder.objects.create(
        campaign_id=news.campaign_id,
        campaign_letter_id=news.campaign_letter_id,
        news=news,
        kind=ReminderKind.NEWS,
        audience=Reminder.Audience.FOLLOWERS,
        due_at=now + GRACE,
        asked_for=now + GRACE,
    )
    return news
