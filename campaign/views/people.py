"""The team's own people: members, invitations, roles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign import first_steps, membership, team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.forms import InvitationForm, RoleForm
from campaign.models import Membership, Role


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is in the team and who was asked to join."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.OWNER if request.method == "POST" else Role.VIEWER)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership.invite(
                team=campaign.team,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                by=user,
                now=timezone.now(),
            )
        except membership.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Invited. The mail says how to join."))
            return redirect("organise-team", slug=slug)
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "members": team_queries.members(campaign.team),
        "invitations": campaign.team.invitations.order_by("pk") if role == Role.OWNER else [],
        "roles": Role.choices,
        "steps": first_steps.of(campaign),
    }
    return render(request, "campaign/organise/team.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_POST
def member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a member's role, or take her out of the team."""
    user = person(request)
    campaign, _role = campaign_for(user, slug, least=Role.OWNER)
    one = get_object_or_404(Membership, team=campaign.team, pk=pk)
    form = RoleForm(request.POST)
    try:
        if "remove" in request.POST:
            membership.remove_member(member=one, by=user, now=timezone.now())
            messages.success(request, _("Removed from the team."))
        elif form.is_valid():
            role = Role(form.cleaned_data["role"])
            membership.change_role(member=one, role=role, by=user, now=timezone.now())
            messages.success(request, _("Saved."))
    except membership.NotPossible as error:
        messages.error(request, str(error))
    return redirect("organise-team", slug=slug)


@organisers_only
@require_POST
def answer_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Accept or decline an invitation."""
    try:
        if "accept" in request.POST:
            joined = membership.accept(invitation_id=invitation_id, user=person(request), now=timezone.now())
            messages.success(request, _("You are now in the team “%(team)s”.") % {"team": joined.name})
        else:
            membership.decline(invitation_id=invitation_id, user=person(request))
            messages.success(request, _("Declined."))
    except membership.NotPossible as error:
        messages.error(request, str(error))
    return redirect("organise")
