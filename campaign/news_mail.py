"""The mail to followers: all that is new since the last one, merged, in one text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Max
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import dress, hours
from accounts.speaking import again, always_english
from campaign import news_cells
from campaign.models import Campaign, CampaignLetter, Executive, News, NewsKind, Update
from campaign.standings import Standing
from letters import queries as letter_queries
from letters import text
from letters.broadcasting import Content, Follower, Frequency

_MOST_OF_AN_UPDATE = 600  # characters; the rest stands on the page
_LONGEST_SUBJECT = 140


class Held(Exception):
    """The team holds all mail of this campaign."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing to tell, in words."""

    short: str  # for a subject
    line: str
    at: datetime
    address: str
    body: str = ""


@dataclass(frozen=True)
class Parts:
    """What a mail tells, by sort."""

    standings: tuple[Item, ...] = ()
    milestones: tuple[Item, ...] = ()
    updates: tuple[Item, ...] = ()
    texts: tuple[Item, ...] = ()

    def all(self) -> tuple[Item, ...]:
        return (*self.texts, *self.standings, *self.milestones, *self.updates)


class Digest:
    """Writes the mails of one campaign; followers who know equally much share the work."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._parts: dict[tuple[int, int], Parts] = {}

    def compose(self, follower: Follower) -> Content | None:
        """What this follower does not know yet; None when nothing is left of it. Raises Held."""
        # Asked each time: since the last follower the team may have held its mail, or announced more.
        fresh = Campaign.objects.filter(pk=self._campaign.pk).annotate(newest=Max("news__number"))
        is_held, newest = fresh.values_list("mail_held", "newest").get()
        if is_held:
            raise Held
        if not newest or newest <= follower.since:
            return None
        key = (follower.since, newest)
        if key not in self._parts:
            self._parts[key] = merged(_between(self._campaign, *key), self._campaign)
        parts = self._parts[key]
        if not parts.all():
            return None
        subject, words = _write(self._campaign, parts, follower)
        return Content(subject=subject, text=words, html=dress.html_of(words, title=subject), newest=newest)


def preview(news: News) -> tuple[str, str]:
    """Subject and text of a mail that tells this alone; no subject when it would not be sent."""
    campaign = news.campaign
    if reason := news_cells.why_not(news):
        return "", _("Nothing would be sent: %(why)s.") % {"why": again(reason)}
    nobody = Follower(
        topic=campaign.directory_id,
        since=0,
        time_zone=campaign.time_zone,
        frequency=Frequency.WEEKLY,
        settings_address=_("(each follower’s own page)"),
    )
    return _write(campaign, merged([news], campaign), nobody)


def title(news: News) -> str:
    """What it is about, in a few words."""
    match news.kind:
        case NewsKind.STANDING:
            return f"{news.who}: {_standing(news.before)} → {_standing(news.after)} ({news.what})"
        case NewsKind.MILESTONE:
            return _("%(number)s people have signed") % {"number": intcomma(news.reached)}
        case NewsKind.TEXT:
            return _("The letter asks something else: %(note)s") % {"note": news.what}
        case NewsKind.DELIVERED:
            return news.what
    return str(news.update)


@always_english
def merged(news: Iterable[News], campaign: Campaign) -> Parts:
    """What is left to tell of these, oldest first: of one cell only where it came from and where it stands, of one
    letter only the highest number, and nothing of what ended where it began, or is no longer so."""
    cells: dict[news_cells.Key, tuple[News, News]] = {}
    letters: dict[int | None, News] = {}
    updates: list[News] = []
    texts: list[News] = []
    for one in news:
        if one.kind == NewsKind.STANDING:
            key = news_cells.key_of(one)
            first = cells[key][0] if key in cells else one
            # Where it came from is known only of the same words.
            cells[key] = (first if (first.who, first.what) == (one.who, one.what) else one, one)
        elif one.kind == NewsKind.MILESTONE:
            highest = letters.get(one.campaign_letter_id)
            if highest is None or (one.reached or 0) > (highest.reached or 0):
                letters[one.campaign_letter_id] = one
        elif one.kind in {NewsKind.TEXT, NewsKind.DELIVERED}:
            texts.append(one)
        else:
            updates.append(one)
    moved = [(first, last) for first, last in cells.values() if first.before != last.after]
    now = news_cells.cells(campaign) if moved else {}
    return Parts(
        standings=tuple(_of_cell(first, last) for first, last in moved if news_cells.is_so(last, now)),
        milestones=tuple(_of_letters(letters.values())),
        updates=tuple(_of_update(one) for one in updates),
        texts=tuple(_of_texts(texts)),
    )


def _between(campaign: Campaign, since: int, newest: int) -> list[News]:
    rows = News.objects.filter(campaign=campaign, number__gt=since, number__lte=newest)
    return list(rows.select_related("campaign", "executive", "campaign_letter", "update").order_by("number"))


def _of_cell(first: News, last: News) -> Item:
    # A check in the database keeps what its kind needs in every row.
    executive = cast(Executive, last.executive)
    words = {"who": last.who, "demand": last.what, "before": _standing(first.before), "after": _standing(last.after)}
    return Item(
        short=_("%(who)s: %(after)s") % words,
        line=_("%(who)s, on “%(demand)s”: %(after)s; before: %(before)s") % words,
        at=last.happened_at,
        address=_full("executive", last.campaign.slug, executive.key),
    )


def _of_letters(news: Iterable[News]) -> Iterable[Item]:
    by_letter = {one.campaign_letter.letter_id: one for one in news if one.campaign_letter}
    for letter in letter_queries.letters(by_letter):
        one = by_letter[letter.id]
        words = {"number": intcomma(one.reached), "title": letter.title}
        yield Item(
            short=_("%(number)s people have signed") % words,
            line=_("%(number)s people have signed “%(title)s”") % words,
            at=one.happened_at,
            address=_full("letter", letter.slug),
        )


def _of_texts(news: list[News]) -> Iterable[Item]:
    """What became of letters, in the order in which it happened."""
    titles = {
        one.id: one for one in letter_queries.letters({n.campaign_letter.letter_id for n in news if n.campaign_letter})
    }
    for one in news:
        letter = titles[cast(CampaignLetter, one.campaign_letter).letter_id]
        words = {"title": letter.title, "note": one.what}
        if one.kind == NewsKind.TEXT:
            line = _(
                "“%(title)s” asks something else from now on: %(note)s Who signed it before stays with the text that"
                " she signed; to stand for the new one, read it and sign it."
            )
        else:
            line = _("“%(title)s”: %(note)s")
        yield Item(short=title(one), line=line % words, at=one.happened_at, address=_full("letter", letter.slug))


def _of_update(news: News) -> Item:
    update = cast(Update, news.update)
    return Item(
        short=update.title,
        line=update.title,
        at=update.published_at,
        address=_full("campaign", news.campaign.slug) + f"#update-{update.pk}",
        body=text.plain(update.body, most=_MOST_OF_AN_UPDATE),
    )


@always_english
def _write(campaign: Campaign, parts: Parts, follower: Follower) -> tuple[str, str]:
    items = parts.all()
    context = {
        "campaign": campaign,
        "parts": parts,
        "how_often": follower.frequency.label,
        "settings_address": follower.settings_address,
        "site_name": settings.SITE_NAME,
    }
    what = (
        items[0].short
        if len(items) == 1
        else ngettext("%(count)s thing is new", "%(count)s things are new", len(items)) % {"count": len(items)}
    )
    subject = Truncator(" ".join(f"{campaign.title}: {what}".split())).chars(_LONGEST_SUBJECT)
    with timezone.override(hours.zone_of(follower.time_zone)):
        return subject, render_to_string("campaign/mail/news.txt", context).strip() + "\n"


def _standing(value: str) -> str:
    return str(Standing(value).label) if value else str(Standing.UNADDRESSED.label)


def _full(name: str, *args: str) -> str:
    return settings.SITE_URL + reverse(name, args=args)
