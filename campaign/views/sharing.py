"""What others show of a letter: the page with everything to share, the QR code, and the frame for other sites."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.speaking import always_english
from campaign import cards, framing, sharing
from letters import languages
from letters.freshness import same_for_each_translation, same_for_everybody
from letters.queries import NoSuchLetter

_FOR_A_WHILE = cache_control(public=True, max_age=300)


def shared_or_404(slug: str) -> sharing.Shared:
    """The letter as it is shown elsewhere; a draft is not there."""
    try:
        return sharing.shared(slug, now=timezone.now())
    except NoSuchLetter as error:
        raise Http404 from error


@framing.frames_our_own
@require_safe
@same_for_everybody
@gzip_page
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything to tell others with, and the code for other sites."""
    return render(request, "campaign/share.html", {"shared": shared_or_404(slug)})


@_FOR_A_WHILE
@framing.loaded_anywhere
@require_safe
@always_english
@same_for_everybody
def qr_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter's address as a QR code."""
    svg = sharing.qr_code(shared_or_404(slug).address)
    return HttpResponse(svg, content_type="image/svg+xml")


@_FOR_A_WHILE
@framing.loaded_anywhere
@require_safe
@always_english
@same_for_each_translation
def card(request: HttpRequest, slug: str, shape: tuple[int, int]) -> HttpResponse:
    """The letter's title and number as a picture; `?lang=` for one of its other languages."""
    shared = shared_or_404(slug).read_in(languages.chosen(request))
    return HttpResponse(cards.png(shared, shape), content_type="image/png")


@_FOR_A_WHILE
@framing.framed_anywhere
@require_safe
@same_for_everybody
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The letter's card for other sites: no cookie, no script, no form; its links open our pages."""
    theme = request.GET.get("theme", "")
    page = {"shared": shared_or_404(slug), "theme": theme if theme in {"light", "dark"} else ""}
    return render(request, "campaign/embed.html", page)
