"""The team's pages: overview, and what a campaign consists of."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import directory, first_steps, membership, organising, searching, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.forms import CampaignForm, DemandForm, EmployerForm, ExecutiveForm, StartForm
from campaign.models import Demand, Executive, Role, Team
from letters import queries as letter_queries

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What needs me now, and my campaigns."""
    user = person(request)
    now = timezone.now()
    page = {
        "places": team_queries.places(user, now=now),
        "invitations": membership.invitations_for(user),
        "now": now,
    }
    return render(request, "campaign/organise/overview.html", page)


@organisers_only
@require_http_methods(_FORM)
def start(request: HttpRequest) -> HttpResponse:
    """A campaign, and a team when there is none that this person owns."""
    user = person(request)
    team = Team.objects.filter(memberships__user=user, memberships__role=Role.OWNER).order_by("pk").first()
    form = (CampaignForm if team else StartForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            campaign = organising.start_campaign(
                team=team,
                team_name=data.get("team", ""),
                owner=user,
                title=data["title"],
                slug=data["slug"],
                summary=data["summary"],
                organisers=data["organisers"],
                organisers_named=data["organisers_named"],
                time_zone=data["time_zone"],
                press_contact=data["press_contact"],
                now=timezone.now(),
            )
        except organising.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Your campaign is there. Only your team sees it until a letter opens."))
            return redirect("organise-campaign", slug=campaign.slug)
    return _form_page(request, "campaign/organise/start.html", form, {"team": team})


@organisers_only
@require_safe
def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """What is still missing, what needs this member now, the numbers."""
    user, now = person(request), timezone.now()
    found, role = campaign_for(user, slug)
    page = {
        "campaign": found,
        "role": role,
        "steps": first_steps.of(found),
        "may_write": may(role, Role.EDITOR),
        "needs": team_queries.needs_of(user, found, now=now),
        "desk": team_queries.desk(found, now=now),
        "now": now,
    }
    return render(request, "campaign/organise/campaign.html", page)


@organisers_only
@require_POST
def put_steps_away(request: HttpRequest, slug: str) -> HttpResponse:
    """The checklist of a new campaign: out of the way, or back."""
    found, _role = campaign_for(person(request), slug, least=Role.EDITOR)
    first_steps.put_away(campaign=found, away="back" not in request.POST)
    return redirect("organise-campaign", slug=slug)


@organisers_only
@require_http_methods(_FORM)
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """How the campaign is presented."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR)
    form = CampaignForm(
        request.POST or None,
        initial={
            "title": found.title,
            "summary": found.summary,
            "organisers": found.organisers,
            "organisers_named": found.organisers_named or not found.organisers,
            "press_contact": found.press_contact,
            "time_zone": found.time_zone,
        },
    )
    del form.fields["slug"]
    if request.method == "POST" and form.is_valid():
        organising.change_campaign(campaign=found, by=person(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("organise-campaign", slug=slug)
    return _form_page(request, "campaign/organise/about.html", form, {"campaign": found, "role": role})


@organisers_only
@require_http_methods(_FORM)
def demands(request: HttpRequest, slug: str) -> HttpResponse:
    """The numbered demands, and one more."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organising.add_demand(campaign=found, by=person(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The demand is on the list."))
        return redirect("organise-demands", slug=slug)
    page = {
        "campaign": found,
        "role": role,
        "demands": found.demands.order_by("number"),
        "steps": first_steps.of(found),
    }
    return _form_page(request, "campaign/organise/demands.html", form, page)


@organisers_only
@require_http_methods(_FORM)
def demand(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Reword a demand."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR)
    one = get_object_or_404(Demand, campaign=found, pk=pk)
    form = DemandForm(request.POST or None, initial={"text": one.text, "must_be_public": one.must_be_public})
    if request.method == "POST" and form.is_valid():
        again = organising.change_demand(demand=one, by=person(request), now=timezone.now(), **form.cleaned_data)
        _saved(request, again)
        return redirect("organise-demands", slug=slug)
    return _form_page(request, "campaign/organise/demand.html", form, {"campaign": found, "role": role, "demand": one})


@organisers_only
@require_POST
def remove_demand(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a demand off the list."""
    found, _role = campaign_for(person(request), slug, least=Role.EDITOR)
    try:
        organising.remove_demand(
            demand=get_object_or_404(Demand, campaign=found, pk=pk), by=person(request), now=timezone.now()
        )
    except organising.NotPossible as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The demand is off the list."))
    return redirect("organise-demands", slug=slug)


@organisers_only
@require_http_methods(_FORM)
def employers(request: HttpRequest, slug: str) -> HttpResponse:
    """Employers and their mail domains, and one more."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = EmployerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            directory.add_employer(campaign=found, by=person(request), now=timezone.now(), **form.cleaned_data)
        except directory.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The employer is on the list."))
            return redirect("organise-employers", slug=slug)
    page = {
        "campaign": found,
        "role": role,
        "employers": letter_queries.employers(found.directory_id),
        "steps": first_steps.of(found),
    }
    return _form_page(request, "campaign/organise/employers.html", form, page)


@organisers_only
@require_http_methods(_FORM)
def employer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct an employer and its domains."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR)
    one = team_queries.employer_or_404(found, pk)
    form = EmployerForm(request.POST or None, initial={"name": one.name, "domains": "\n".join(one.domains)})
    if request.method == "POST" and form.is_valid():
        try:
            directory.change_employer(
                campaign=found, employer=one, by=person(request), now=timezone.now(), **form.cleaned_data
            )
        except directory.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-employers", slug=slug)
    page = {"campaign": found, "role": role, "employer": one}
    return _form_page(request, "campaign/organise/employer.html", form, page)


@organisers_only
@require_http_methods(_FORM)
def executives(request: HttpRequest, slug: str) -> HttpResponse:
    """The offices on the record, and one more."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = ExecutiveForm(request.POST or None, campaign=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        organising.add_executive(
            campaign=found,
            name=data["name"],
            title=data["title"],
            employer_id=data["employer"],
            addressed=data["addressed"],
            office_address=data["office_address"],
            by=person(request),
            now=timezone.now(),
        )
        messages.success(request, _("The executive is on the record."))
        return redirect("organise-executives", slug=slug)
    page = {
        "campaign": found,
        "role": role,
        "executives": found.executives.select_related("employer").order_by("-addressed", "pk"),
        "has_employers": bool(letter_queries.employers(found.directory_id)),
        "steps": first_steps.of(found),
    }
    return _form_page(request, "campaign/organise/executives.html", form, page)


@organisers_only
@require_http_methods(_FORM)
def executive(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Correct who holds an office."""
    found, role = campaign_for(person(request), slug, least=Role.EDITOR)
    one = get_object_or_404(Executive, campaign=found, pk=pk)
    form = ExecutiveForm(
        request.POST or None,
        campaign=found,
        initial={
            "name": one.name,
            "title": one.title,
            "employer": one.employer_id,
            "addressed": one.addressed,
            "office_address": one.office_address,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        again = organising.change_executive(
            executive=one,
            name=data["name"],
            title=data["title"],
            employer_id=data["employer"],
            addressed=data["addressed"],
            office_address=data["office_address"],
            by=person(request),
            now=timezone.now(),
        )
        _saved(request, again)
        return redirect("organise-executives", slug=slug)
    page = {"campaign": found, "role": role, "executive": one}
    return _form_page(request, "campaign/organise/executive.html", form, page)


@organisers_only
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What this member's teams have, by a few words."""
    typed = request.GET.get("q", "").replace("\0", "")
    page = {"typed": typed, "groups": searching.search(person(request), typed)}
    return render(request, "campaign/organise/search.html", page)


@organisers_only
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    form = StartForm({"title": "", "slug": "Not a slug!", "time_zone": "UTC"})
    form.is_valid()
    return render(request, "gallery.html", {"form": form})


def _saved(request: HttpRequest, again: int) -> None:
    messages.success(request, _("Saved."))
    if again:
        messages.warning(
            request,
            ngettext(
                "%(number)s checked entry speaks of this and waits for a second check again.",
                "%(number)s checked entries speak of this and wait for a second check again.",
                again,
            )
            % {"number": again},
        )


def _form_page(request: HttpRequest, template: str, form: object, page: dict[str, object]) -> HttpResponse:
    status = 422 if getattr(form, "is_bound", False) else 200
    return render(request, template, {"form": form, **page}, status=status)
