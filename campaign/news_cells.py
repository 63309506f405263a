"""Whether news of a standing is still so: where everybody stands on everything now, in the words of now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.speaking import always_english
from campaign import scoreboard
from campaign.models import Campaign, News, NewsKind

Key = tuple[int, int]  # executive and demand


@dataclass(frozen=True)
class Cell:
    """Where one executive stands on one demand, and what both are called."""

    standing: str
    who: str
    what: str


def cells(campaign: Campaign) -> dict[Key, Cell]:
    """Every cell of the scoreboard, by executive and demand. Three queries, whatever is on record."""
    decided = scoreboard.decided(campaign.pk)
    demands = list(campaign.demands.order_by("number"))
    offices = campaign.executives.filter(addressed=True).select_related("employer").order_by("pk")
    return {
        (one.pk, demand.pk): Cell(
            decided.get((one.pk, demand.pk, str(one.holder_id or "")), scoreboard.UNDECIDED).standing.value,
            one.display,
            demand.text,
        )
        for one in offices
        for demand in demands
    }


def told_by(news: News) -> Cell:
    """The cell as this news has it."""
    return Cell(news.after, news.who, news.what)


def key_of(news: News) -> Key:
    """Whom and what news of a standing is about."""
    return news.executive_id or 0, news.demand_id or 0


def is_so(news: News, now: Mapping[Key, Cell]) -> bool:
    """Whether the cell is still as this news has it."""
    return now.get(key_of(news)) == told_by(news)


def of_cell(key: Key) -> QuerySet[News]:
    """All news of one cell."""
    executive_id, demand_id = key
    return News.objects.filter(executive_id=executive_id, demand_id=demand_id)


def came_from(news: News) -> str:
    """The standing before it, as followers know it: what was dropped on the way they never heard of."""
    unheard = of_cell(key_of(news)).filter(pk__lt=news.pk, dropped=True, who=news.who, what=news.what)
    if told := _announced_last(news):
        unheard = unheard.filter(pk__gt=told.pk)
    return (unheard.order_by("pk").first() or news).before


@always_english
def why_not(news: News) -> str:
    """Why it is not to be told any more; empty when it is."""
    if news.kind != NewsKind.STANDING or news.number is not None:
        return ""
    if not is_so(news, cells(news.campaign)):
        return _("the standing, or what it is about, has changed since")
    told = _announced_last(news)
    if came_from(news) == news.after or (told is not None and told_by(told) == told_by(news)):
        return _("it is again as followers know it")
    return ""


def _announced_last(news: News) -> News | None:
    return of_cell(key_of(news)).filter(number__isnull=False).order_by("-number").first()
