"""Every text of a letter that anybody could read: its versions, two of them compared, and the bytes behind a name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaign import versions as history
from letters import languages
from letters.freshness import same_for_everybody
from letters.views import letter_or_404


@require_safe
@same_for_everybody
@gzip_page
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version, how it came about, and how many stand for it."""
    letter = letter_or_404(slug)
    return render(request, "campaign/versions.html", {"letter": letter, "rows": history.rows(letter)})


@require_safe
@same_for_everybody
@gzip_page
def version(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """One version, word for word, or against another; `?canonical` answers the bytes whose SHA-256 is its name."""
    letter = letter_or_404(slug)
    rows = history.rows(letter)
    row = next((one for one in rows if one.facts.sha256 == sha256), None)
    if row is None:
        raise Http404
    if "canonical" in request.GET:
        return HttpResponse(row.facts.canonical, content_type="text/plain; charset=utf-8")
    against = next((one.facts for one in rows if one.facts.sha256 == request.GET.get("against", "")), None)
    page = {
        "letter": letter,
        "row": row,
        "version": row.facts,
        "reading": languages.reading(row.facts.language),
        "others": [one for one in rows if one is not row],
        "against": against,
        "compared": history.compared(against, row.facts) if against else [],
    }
    return render(request, "campaign/version.html", page)
