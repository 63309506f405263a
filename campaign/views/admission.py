"""Who may sign a letter: its owner's page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import reviewing, team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.models import Role
from campaign.review_forms import AdmissionForm
from letters import admitting


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def admission(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say who may sign, with which proof, and who counts."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.OWNER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    form = AdmissionForm(
        request.POST or None, directory_id=campaign.directory_id, now=admitting.admission(one.letter.id)
    )
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.admit(campaign_letter=one.campaign_letter, choice=form.choice(), by=user, now=timezone.now())
        except admitting.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved. The form says it to whoever wants to sign."))
            return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    page = {"campaign": campaign, "role": role, "one": one, "form": form, "heading": _("Who may sign")}
    return render(request, "campaign/organise/letter_moment.html", page, status=422 if form.errors else 200)
