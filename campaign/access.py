"""Who may do what: the one door from a signed-in person to a team's things."""

import zoneinfo
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.models import Campaign, Membership, Role

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
# Who may do what a role may do. Names on hold and evidence are for verifiers and owners alone: whoever writes the
# letter or keeps the record has no need to see them.
_MAY = {
    Role.VIEWER: frozenset(Role),
    Role.TRACKER: frozenset({Role.TRACKER, Role.EDITOR, Role.OWNER}),
    Role.VERIFIER: frozenset({Role.VERIFIER, Role.OWNER}),
    Role.EDITOR: frozenset({Role.EDITOR, Role.OWNER}),
    Role.OWNER: frozenset({Role.OWNER}),
}


def may(role: str, least: Role) -> bool:
    """Whether `role` may do what `least` may."""
    return role in _MAY[least]


def organisers_only(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R | HttpResponse]:
    """Ask for sign-in and, where the site requires it, a second factor. Answers are never cached."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(person(request)):
            messages.warning(request, _("Your team’s pages open once you have set up a second step for signing in."))
            return redirect("mfa_activate_totp")
        try:
            response = view(request, *args, **kwargs)
        finally:
            timezone.deactivate()
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return login_required(guarded)


def person(request: HttpRequest) -> User:
    """The signed-in organiser."""
    assert isinstance(request.user, User)
    return request.user


def campaign_for(user: User, slug: str, *, least: Role = Role.VIEWER) -> tuple[Campaign, str]:
    """The campaign at this address and the person's role in its team.

    From here on the page speaks in the campaign's time zone. Raises Http404 for an outsider, as if there were no
    such campaign; and for a member whose role is too low.
    """
    member = Membership.objects.filter(user=user, team__campaigns__slug=slug).select_related("team").first()
    if member is None or not may(member.role, least):
        raise Http404
    campaign = Campaign.objects.select_related("team").get(slug=slug)
    timezone.activate(zoneinfo.ZoneInfo(campaign.time_zone))
    return campaign, member.role
