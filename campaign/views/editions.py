"""A letter as it was handed over, for everybody: on paper and as plain text."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import delivery_queries, editions
from letters.views import letter_or_404


@require_safe
def edition(request: HttpRequest, slug: str, delivery_id: uuid.UUID, kind: str) -> HttpResponseBase:
    """One of the two editions; a page that says why when a name in it is gone since, or it is not made yet."""
    letter = letter_or_404(slug)
    delivery = delivery_queries.with_pdf(letter.id, delivery_id)
    if delivery is None or kind not in {"pdf", "txt"}:
        raise Http404
    if not delivery.pdf_sha256:
        return render(request, "campaign/edition_missing.html", {"letter": letter, "delivery": delivery}, status=503)
    if not editions.is_as_delivered(delivery):
        return render(request, "campaign/edition_missing.html", {"letter": letter, "delivery": delivery}, status=410)
    name = f'attachment; filename="{letter.slug}-{delivery.delivered_on:%Y-%m-%d}.{kind}"'
    headers = {"Content-Disposition": name, "X-Robots-Tag": "noindex"}
    if kind == "txt":
        return StreamingHttpResponse(
            editions.lines(delivery), content_type="text/plain; charset=utf-8", headers=headers
        )
    if delivery.pdf is None:
        return render(request, "campaign/edition_missing.html", {"letter": letter, "delivery": delivery}, status=410)
    return HttpResponse(bytes(delivery.pdf), content_type="application/pdf", headers=headers)
