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
from campaign import audit, news_cells, news_mail
from campaign.models import Audited, Campaign, CampaignLetter, News, NewsKind, Reminder, ReminderKind, Update
from campaign.news_mail import title
from letters import broadcasting, forecasting, freshness

__all__ = [
    "NotYours", "announce", "followers", "forecast", "milestone_reached", "preview", "publish_update", "send_due",
    "telling_of_standings", "text_changed", "title", "told_of_letter", "why_not",
]  # fmt: skip

GRACE = timedelta(minutes=15)  # in which the team may still stop it
_TURN = 50  # mails to the followers of one campaign, before the next one has its turn


class NotYours(Exception):
    """The id is that of another campaign's update."""


@contextmanager
def telling_of_standings(*, campaign_id: uuid.UUID, now: datetime) -> Iterator[None]:
    """Plan to tell of every standing that what is done inside changes, in the same transaction.

    Nobody is told twice in a row that a cell came to the same standing, unless it is about other words.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign_id)
        before = news_cells.cells(campaign)
        yield
        for key, cell in news_cells.cells(campaign).items():
            was = before[key].standing if key in before else ""
            if was != cell.standing and _told_last(key) != cell:
                executive_id, demand_id = key
                _plan(
                    News(
                        campaign_id=campaign_id,
                        kind=NewsKind.STANDING,
                        executive_id=executive_id,
                        demand_id=demand_id,
                        who=cell.who,
                        what=cell.what,
                        before=was,
                        after=cell.standing,
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


def text_changed(*, campaign_letter: CampaignLetter, note: str, now: datetime) -> News:
    """A letter asks something else from now on: who signed before has not signed that."""
    return _plan(
        News(
            campaign_id=campaign_letter.campaign_id,
            kind=NewsKind.TEXT,
            campaign_letter=campaign_letter,
            what=note,
            happened_at=now,
        ),
        now,
    )


def told_of_letter(*, campaign_letter: CampaignLetter, what: str, now: datetime) -> News:
    """A letter was handed over, or ended."""
    return _plan(
        News(
            campaign_id=campaign_letter.campaign_id,
            kind=NewsKind.DELIVERED,
            campaign_letter=campaign_letter,
            what=what,
            happened_at=now,
        ),
        now,
    )


@transaction.atomic
def publish_update(
    *, campaign: Campaign, title: str, body: str, by: User, now: datetime, update_id: uuid.UUID | None = None
) -> Update:
    """Put an update on the campaign's page and plan to tell its followers; the same words under one id, once.

    Other words under the same id are another update. Raises NotYours for the id of another campaign's.
    """
    update_id = update_id or uuid.uuid4()
    there = Update.objects.filter(pk=update_id).first()
    if there is not None and there.campaign_id != campaign.pk:
        raise NotYours
    if there is not None and (there.title, there.body) != (title, body):
        update_id = uuid.uuid5(update_id, f"{title}\0{body}")  # the same for the same words, pressed twice
    update, is_new = Update.objects.get_or_create(
        pk=update_id,
        defaults={"campaign": campaign, "title": title, "body": body, "published_at": now, "published_by": by},
    )
    if is_new:
        _plan(News(campaign=campaign, kind=NewsKind.UPDATE, update=update, happened_at=now), now)
        audit.note(campaign=campaign, by=by, what=Audited.UPDATE_PUBLISHED, about=title, now=now)
        freshness.changed()
    return update


def announce(news_id: int, *, now: datetime) -> str:
    """Give it the campaign's next number: whoever follows is told all above the number she was told last.

    It looks again: what is no longer so is dropped, and the answer says why; empty when it is announced.
    """
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(no_key=True).get(news=news_id)
        news = News.objects.select_related("campaign").get(pk=news_id)
        if news.number is not None:
            return ""
        if reason := news_cells.why_not(news):
            News.objects.filter(pk=news_id).update(dropped=True)
            return reason
        newest = News.objects.filter(campaign=campaign).aggregate(newest=Max("number"))["newest"] or 0
        number = max(campaign.last_news_number, newest) + 1
        Campaign.objects.filter(pk=campaign.pk).update(last_news_number=number)
        before = news_cells.came_from(news) if news.kind == NewsKind.STANDING else ""
        News.objects.filter(pk=news_id).update(number=number, before=before, dropped=False)
        broadcasting.announce(topic=campaign.directory_id, number=number, time_zone=campaign.time_zone, now=now)
    return ""


def send_due(*, now: datetime, seconds: float = 15) -> int:
    """Owe the mail of followers who are due, for about so many seconds, campaigns taking turns; answers how many."""
    until, handled = time.monotonic() + seconds, 0
    digests = _digests(now)
    while digests and time.monotonic() < until:
        for topic, digest in list(digests.items()):
            told = _take_turn(topic, digest, now)
            handled += told
            if told < _TURN:
                del digests[topic]
    return handled


def followers(campaign: Campaign) -> str:
    """About how many follow it."""
    return forecasting.followers(topic=campaign.directory_id)


def preview(news: News) -> tuple[str, str]:
    """Subject and text of a mail that tells this alone."""
    return news_mail.preview(news)


def why_not(news: News) -> str:
    """Why it would not be announced as things stand; empty when it would."""
    return news_cells.why_not(news)


def forecast(campaign: Campaign, *, until: datetime) -> list[tuple[datetime, str]]:
    """When followers are told what is announced already, and about how many at a time."""
    found = forecasting.forecast(topic=campaign.directory_id, time_zone=campaign.time_zone, until=until)
    return [(one.at, _forecast_line(one)) for one in found]


def _forecast_line(one: forecasting.Forecast) -> str:
    if one.frequency is None:
        return _("followers, in the morning of their day (%(count)s)") % {"count": one.followers}
    return _("followers, %(how)s (%(count)s)") % {"how": one.frequency.label, "count": one.followers}


def _take_turn(topic: uuid.UUID, digest: news_mail.Digest, now: datetime) -> int:
    """Tell some followers of one campaign; fewer than a turn when nobody is due, or no more mail may wait."""
    told = 0
    try:
        if not broadcasting.is_full(topic=topic):
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


def _told_last(key: news_cells.Key) -> news_cells.Cell | None:
    """What was last told of this cell, or is about to be; not what was dropped before anybody heard of it."""
    last = news_cells.of_cell(key).filter(dropped=False).order_by("-pk").first()
    return news_cells.told_by(last) if last else None


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
