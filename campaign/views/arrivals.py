"""What came in lately under a letter, for those who guard its list."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign import team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.models import ReminderKind
from campaign.reminders import wording
from letters import arrivals as letter_arrivals


@organisers_only
@require_safe
def arrivals(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Groups of ten and more that came in within an hour, by employer and by mail domain."""
    campaign, role = campaign_for(person(request), slug)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if role not in wording.AUDIENCE[ReminderKind.WAVE] or one.letter.is_draft:
        raise Http404
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "arrivals": letter_arrivals.lately(one.letter, now=timezone.now()),
    }
    return render(request, "campaign/organise/arrivals.html", page)
