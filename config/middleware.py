"""The language that pages speak, and headers that Django and django-csp do not set."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict

from config.forms import typed

_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


def headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Adds the headers above to every answer that does not set them itself."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return answer


def language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers in the language that the reader chose, else in the first of ours that her browser asks for.

    Only while it answers: Django's own leaves the last reader's language behind in the thread.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        asked = asked_with_a_form(request)
        with translation.override(asked or translation.get_language_from_request(request)):
            response = get_response(request)
        if asked:
            remember(response, asked)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return answer


class Typed:
    """A form whose reader changes the language is shown again in it, as she had filled it in; nothing is done with it.

    The footer's buttons belong to the page's form there and send it to the page itself, with `?speak=`. The page is
    then made as if it were asked for anew, and config.forms fills in what was typed. Pages with a query are never kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nothing = typed.set(None)
        try:
            response = self._get_response(request)
            if typed.get() is not None:
                response.headers["Cache-Control"] = "no-store"
        finally:
            typed.reset(nothing)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """After the form's token was checked: what was typed is put aside, and the page asked for."""
        if asked_with_a_form(request):
            typed.set(request.POST)
            request.method = "GET"
            nothing: Any = QueryDict(), MultiValueDict()
            request.POST, request._files = nothing  # type: ignore[attr-defined]  # FILES has no setter


def asked_with_a_form(request: HttpRequest) -> str:
    """The language that was chosen beside a form that is filled in, or nothing."""
    asked = request.GET.get("speak", "") if request.method == "POST" else ""
    return asked if asked in dict(settings.LANGUAGES) else ""


def remember(response: HttpResponse, chosen: str) -> None:
    """Let the browser remember the language until it closes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
