"""Pages of the site itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Who can use these pages, what we know to be hard, and whom to tell."""
    return render(request, "accessibility.html", {"contact": settings.CONTACT})
