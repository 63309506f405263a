"""The scoreboard's page, the pictures of it, and the record as files. All the same for everybody."""

import re
import zoneinfo
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.speaking import always_english
from campaign import emails, figure, framing, past, queries, scoreboard_page
from campaign.files import published
from campaign.scoreboard_page import Choice, ScoreboardPage, Sort
from campaign.standings import Standing
from letters.freshness import same_for_everybody

_A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OLDEST_PICTURE = timedelta(days=1100)


@require_safe
@same_for_everybody
@gzip_page
def scoreboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Demands across, executives down, narrowed and sorted as the address says; how to share it."""
    now, refused = timezone.now(), ""
    choice = Choice.read(request.GET.dict())
    try:
        page = _page_or_404(slug, choice, now, on=request.GET.get("on", ""))
    except past.NotADay as error:
        page, refused = _page_or_404(slug, choice, now), str(error)
    context = {
        "page": page,
        "campaign": page.campaign,
        "sorts": Sort,
        "standings": Standing,
        "refused": refused,
        "picture_of": f"?on={page.then.day:%Y-%m-%d}" if page.then and _A_DAY.fullmatch(request.GET["on"]) else "",
        "citation": _citation(page, now),
    }
    return render(request, "campaign/scoreboard.html", context, status=422 if refused else 200)


@framing.loaded_anywhere
@require_safe
@always_english
@same_for_everybody
def picture(request: HttpRequest, slug: str, shape: str) -> HttpResponse:
    """The whole scoreboard as a picture: most signed first, since a picture may leave somebody out."""
    now, on = timezone.now(), request.GET.get("on", "")
    # Drawing costs: nobody has it drawn anew by asking differently.
    if request.META.get("QUERY_STRING", "") != (f"on={on}" if _A_DAY.fullmatch(on) else ""):
        return redirect(request.path)
    try:
        page = _page_or_404(slug, Choice(sort=Sort.SIGNED), now, on=on)
    except past.NotADay as error:
        raise Http404 from error
    if page.then and page.then.moment < now - _OLDEST_PICTURE:
        return redirect(request.path)
    draw = {"wide": figure.wide, "tall": figure.tall}[shape]
    content = draw(
        page.shown,
        title=page.campaign.title,
        day=_("As of %(day)s") % {"day": _day(page, page.then.moment if page.then else now)},
        address=emails.address("scoreboard", slug).partition("://")[2] + (f"?on={on}" if on else ""),
    )
    return HttpResponse(content, content_type="image/png")


@require_safe
@always_english
@same_for_everybody
@gzip_page
def record_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The public record as JSON or CSV (docs/record-files.md)."""
    if request.META.get("QUERY_STRING"):
        return redirect(request.path)
    now = timezone.now()
    page = _page_or_404(slug, Choice(), now)
    if kind == "json":
        return HttpResponse(published.record_json(slug), content_type="application/json")
    if kind == "csv":
        return HttpResponse(published.record_csv(slug), content_type="text/csv; charset=utf-8")
    return HttpResponse(published.scoreboard_csv(page.whole, now=now), content_type="text/csv; charset=utf-8")


def _page_or_404(slug: str, choice: Choice, now: datetime, *, on: str = "") -> ScoreboardPage:
    try:
        return scoreboard_page.page(slug, choice, now=now, on=on)
    except queries.NoSuchCampaign as error:
        raise Http404 from error


def _citation(page: ScoreboardPage, now: datetime) -> str:
    """With the second, so that its address shows for good what was read."""
    shown = page.then.moment if page.then else now
    there = shown.astimezone(zoneinfo.ZoneInfo(page.campaign.time_zone))
    return figure.citation(
        page.campaign.title,
        day=f"{date_format(there, 'SHORT_DATETIME_FORMAT')} ({page.campaign.time_zone})",
        address=f"{emails.address('scoreboard', page.campaign.slug)}?on={there:%Y-%m-%dT%H:%M:%S}",
    )


def _day(page: ScoreboardPage, now: datetime) -> str:
    """The day in the campaign's own time zone."""
    return date_format(now.astimezone(zoneinfo.ZoneInfo(page.campaign.time_zone)))
