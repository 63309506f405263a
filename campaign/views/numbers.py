"""A letter's page for the press, its numbers as pictures with tables, and those pictures as PNG."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.speaking import always_english
from campaign import numberpictures, press
from campaign import numbers as letter_numbers
from letters.freshness import same_for_everybody
from letters.queries import NoSuchLetter


@require_safe
@same_for_everybody
@gzip_page
def for_the_press(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be quoted, as of now."""
    try:
        page = press.page(slug, now=timezone.now())
    except NoSuchLetter as error:
        raise Http404 from error
    return render(request, "campaign/press.html", {"page": page})


@require_safe
@same_for_everybody
@gzip_page
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """Growth, employers, work, standings and answers, each with a sentence and a table."""
    return render(request, "campaign/numbers.html", {"page": _numbers_or_404(slug)})


@require_safe
@always_english
@same_for_everybody
def picture(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One of them as a picture to keep."""
    page = _numbers_or_404(slug)
    figure = next((figure for figure in page.figures if figure.key == key), None)
    if key == "growth" and page.chart:
        content = numberpictures.growth(page)
    elif figure:
        content = numberpictures.bars(figure, page.shared)
    else:
        raise Http404
    return HttpResponse(content, content_type="image/png")


def _numbers_or_404(slug: str) -> letter_numbers.NumbersPage:
    try:
        return letter_numbers.page(slug, now=timezone.now())
    except NoSuchLetter as error:
        raise Http404 from error
