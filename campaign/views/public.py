"""The public pages that combine a letter, its people and what was answered."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaign import charts, delivery_queries, news_queries, past, queries, scoreboard, versions
from campaign.facts import campaign_of_letter
from letters import languages, organisations, people
from letters import queries as letter_queries
from letters.freshness import same_for_each_language, same_for_everybody

Page = TypeVar("Page", queries.CampaignPage, queries.ExecutivePage)


@require_safe
@same_for_everybody
@gzip_page
def home(request: HttpRequest) -> HttpResponse:
    """Open letters and the campaigns behind them."""
    return render(request, "campaign/home.html", {"page": queries.home()})


@require_safe
@same_for_each_language
@gzip_page
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter, its numbers, its people, and what was answered."""
    try:
        facts = letter_queries.letter(slug).read_in(languages.asked_for(request))
    except letter_queries.NoSuchLetter as error:
        raise Http404 from error
    numbers = letter_queries.numbers(facts.id)
    campaign = campaign_of_letter(facts.id)
    growth = letter_queries.growth(facts.id)
    page = {
        "letter": facts,
        "standing": versions.standing(facts),
        "deliveries": delivery_queries.of_letter(facts.id) if facts.is_closed else [],
        "campaign": campaign,
        "numbers": numbers,
        "employers": numbers.employers[:12],
        "people": people.newest(facts.id, edition=facts.edition, most=24),
        "organisations": organisations.some(facts.id, edition=facts.edition, most=12) if facts.organisations else [],
        "growth": growth,
        "chart": charts.growth(growth),
        "scoreboard": scoreboard.board(
            campaign=campaign,
            now=timezone.now(),
            people={count.employer_id: count.total for count in numbers.employers},
        ),
    }
    response = render(request, "campaign/letter.html", page)
    if facts.translations:
        patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@same_for_everybody
@gzip_page
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """Demands, scoreboard, timeline; `?on=2026-01-28` shows them as they were."""
    page, refused = _on_a_day(request, partial(queries.campaign_page, slug, now=timezone.now()))
    updates = () if page.then else news_queries.updates(page.campaign.id)
    context = {"page": page, "campaign": page.campaign, "updates": updates, "refused": refused}
    return render(request, "campaign/campaign.html", context, status=422 if refused else 200)


@require_safe
@same_for_everybody
@gzip_page
def executive(request: HttpRequest, campaign_slug: str, key: str) -> HttpResponse:
    """One executive's record; `?on=2026-01-28` shows it as it was."""
    page, refused = _on_a_day(request, partial(queries.executive_page, campaign_slug, key, now=timezone.now()))
    context = {"page": page, "campaign": page.campaign, "refused": refused}
    return render(request, "campaign/executive.html", context, status=422 if refused else 200)


def _on_a_day(request: HttpRequest, read: Callable[..., Page]) -> tuple[Page, str]:
    """The page on the day that is asked for; that of now, and what was wrong, when it is no such day."""
    try:
        try:
            return read(on=request.GET.get("on", "")), ""
        except past.NotADay as error:
            return read(), str(error)
    except queries.NoSuchCampaign as error:
        raise Http404 from error
