"""Pages of the site itself."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from config.middleware import remember


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Who can use these pages, what we know to be hard, and whom to tell."""
    return render(request, "accessibility.html", {"contact": settings.CONTACT})


@csrf_exempt  # pages that are kept carry no token; all that another site could do is to change the language
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the language that was chosen, for as long as the browser is open, and go back to the page."""
    response = redirect(_back(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        remember(response, chosen)
    return response


def _back(request: HttpRequest) -> str:
    """The page as it was asked for, where the browser says so; else its path, which the form has; else home."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    path = request.POST.get("next", "")
    return path if url_has_allowed_host_and_scheme(path, None) else "/"
