"""What other sites may do with an answer of ours: load it, or frame it. Nothing, unless a view says so."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from csp.constants import NONE, SELF
from csp.decorators import csp, csp_update
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt

P = ParamSpec("P")
_IN_A_FRAME: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": ["*"],
}


def loaded_anywhere(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Pages of other sites may load this answer, such as a picture."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return answer


def framed_anywhere(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Any site may frame this page; in return it runs nothing, sends nothing, and loads nothing but our own style."""
    framed: Any = csp(_IN_A_FRAME)(view)  # its types know only views without arguments
    return loaded_anywhere(xframe_options_exempt(framed))


def frames_our_own(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The page may show one of ours in a frame."""
    framing: Any = csp_update({"frame-src": [SELF]})(view)
    return cast(Callable[Concatenate[HttpRequest, P], HttpResponse], framing)
