"""Public pages are the same for everybody who reads them in one language of the interface, so each is rendered once
for each state of what it shows.

Every verb that changes what strangers see calls `changed()`; that moves a stamp in Redis after the commit, and pages
kept under the old stamp are never served again. A page is kept for PAGES_KEPT_SECONDS at most. Without Redis pages are
rendered each time, and nothing else happens.
"""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from redis.exceptions import RedisError

from accounts.shortlived import memory
from letters import languages

P = ParamSpec("P")
_STAMP = "pages:stamp"
_KEPT = ("Content-Type", "Content-Encoding", "Vary")


def changed() -> None:
    """Something that strangers see changes with this transaction."""
    transaction.on_commit(_move_stamp, robust=True)


def same_for_everybody(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Keep the answers of a view that looks at nothing of the request but its path and the interface's language.

    Only good answers to plain GETs without a query are kept, and none that sets a cookie.
    """
    return _kept(view, lambda request: None if request.META.get("QUERY_STRING") else request.path)


def same_for_each_language(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same for a view that looks at the language of the text that is asked for too, of which there are few."""
    return _kept(
        view, lambda request: None if set(request.GET) - {"lang"} else f"{request.path}?{languages.asked_for(request)}"
    )


def same_for_each_translation(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same for a view that looks at the language of the text which its address names, and at nobody's browser."""
    return _kept(
        view, lambda request: None if set(request.GET) - {"lang"} else f"{request.path}?{languages.chosen(request)}"
    )


def _kept(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse], name: Callable[[HttpRequest], str | None]
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        named = name(request) if request.method == "GET" and settings.PAGES_KEPT_SECONDS else None
        if named is None:
            return view(request, *args, **kwargs)
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        place = f"page:{'z' if packed else 'p'}:{get_language()}:{named}"
        stamp, kept = _look(place)
        if kept is not None:
            return kept
        response = view(request, *args, **kwargs)
        if stamp is not None and response.status_code == 200 and not response.cookies:
            _keep(place, stamp, response)
        return response

    return answer


def _move_stamp() -> None:
    memory().incr(_STAMP)


def _look(place: str) -> tuple[bytes | None, HttpResponse | None]:
    """The stamp, read before anything is rendered, and the page kept under it; no stamp when Redis does not answer."""
    try:
        stamp, kept = memory().mget(_STAMP, place)
    except RedisError:
        return None, None
    stamp = stamp if isinstance(stamp, bytes) else b"0"
    if not isinstance(kept, bytes):
        return stamp, None
    made_at, _, rest = kept.partition(b"\n")
    headers, _, body = rest.partition(b"\n")
    if made_at != stamp:
        return stamp, None
    response = HttpResponse(body)
    for name, value in json.loads(headers).items():
        response.headers[name] = value
    return stamp, response


def _keep(place: str, stamp: bytes, response: HttpResponse) -> None:
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    kept = stamp + b"\n" + json.dumps(headers).encode() + b"\n" + response.content
    try:
        memory().set(place, kept, ex=settings.PAGES_KEPT_SECONDS)
    except RedisError:
        return
