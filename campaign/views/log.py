"""The log of what members did: every member reads it, nobody changes it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaign import audit_log
from campaign.access import campaign_for, organisers_only, person


@organisers_only
@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done, by whom and when; by part of the work and by member."""
    campaign, role = campaign_for(person(request), slug)
    people = audit_log.people(campaign)
    part = request.GET.get("part", "")
    part = part if part in audit_log.PARTS else ""
    by = _number(request.GET.get("by", ""))
    by = by if by in dict(people) else None
    number = _number(request.GET.get("page", "")) or 1
    acts, has_older = audit_log.acts(campaign, part=part, by=by, page=number)
    chosen = {name: value for name, value in (("part", part), ("by", by)) if value}
    page = {
        "campaign": campaign,
        "role": role,
        "acts": acts,
        "parts": audit_log.PARTS.items(),
        "people": people,
        "part": part,
        "by": by,
        "chosen": chosen,
        "page": number,
        "newer": f"?{urlencode({**chosen, 'page': number - 1})}" if number > 1 else "",
        "older": f"?{urlencode({**chosen, 'page': number + 1})}" if has_older else "",
    }
    return render(request, "campaign/organise/log.html", page)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
