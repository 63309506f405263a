"""The operator's page: does mail move, and does what moves it live?"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from accounts import breaker, clock, operations, pulse
from campaign.access import organisers_only


@dataclass(frozen=True)
class Part:
    """The schedule or a queue's workers, and since when they were not heard."""

    name: str
    silent_for: int | None
    is_alive: bool


@never_cache
@require_safe
def operator(request: HttpRequest) -> HttpResponse:
    """For staff alone; to anybody else there is no such page."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    return _page(request)


@organisers_only
def _page(request: HttpRequest) -> HttpResponse:
    now, queues = clock.now(), operations.queues()
    context = {
        "queues": queues,
        "undecided": sum(one.dead + one.uncertain for one in queues),
        "parts": [_part(name) for name in pulse.PARTS],
        "relay": breaker.state(),
        "now": now,
    }
    return render(request, "operator.html", context)


def _part(name: str) -> Part:
    title = _("The schedule") if name == pulse.SCHEDULE else _("Workers for %(queue)s") % {"queue": name}
    try:
        age = pulse.age(name)
    except RedisError:
        age = None
    return Part(title, None if age is None else int(age), age is not None and age <= pulse.FRESH)
