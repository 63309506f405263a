"""The team's pages for taking false signatures off a letter: look, decide with a reason, follow, put back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign import removal_queries, removals, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Campaign, Role
from campaign.removal_forms import ConditionsForm, LoweringForm, WhyForm
from campaign.team_queries import TeamLetter
from letters import matching, removing
from letters import queries as letter_queries

_FORM = ["GET", "HEAD", "POST"]
_ENOUGH = 286  # tells htmx to ask no more


@organisers_only
@require_safe
def overview(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """What was removed from a letter, what is under way, and what waits for a second member."""
    campaign, role = campaign_for(person(request), slug)
    one = _opened(campaign, letter_slug)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "removals": removal_queries.of_letter(one.campaign_letter),
    }
    return render(request, "campaign/organise/removals.html", page)


@organisers_only
@require_http_methods(_FORM)
def new(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say what false signatures have in common, see which fit, and remove exactly those."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.OWNER)
    one = _opened(campaign, letter_slug)
    form = ConditionsForm(
        request.GET or None,
        employers=letter_queries.employers(campaign.directory_id),
        versions=[version.number for version in letter_queries.versions(one.letter.id)],
    )
    why = WhyForm(request.POST or None)
    found, problem = None, ""
    if form.is_bound and form.is_valid():
        if request.method == "POST" and why.is_valid():
            try:
                removal_id = removals.propose(
                    campaign_letter=one.campaign_letter,
                    conditions=form.conditions(),
                    reason=why.cleaned_data["reason"],
                    seen=request.POST.get("seen", ""),
                    by=user,
                    now=timezone.now(),
                )
            except removals.NotPossible as error:
                problem = str(error)
            else:
                return redirect("organise-removal", slug=slug, letter_slug=letter_slug, removal_id=removal_id)
        found = matching.find(one.letter.id, form.conditions())
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "form": form,
        "why": why,
        "found": found,
        "left": found.count - len(found.sample) if found else 0,
        "alone": removals.ALONE,
        "problem": problem,
    }
    wrong = request.method == "POST" or (form.is_bound and not form.is_valid())
    return render(request, "campaign/organise/removal_new.html", page, status=422 if wrong else 200)


@organisers_only
@require_http_methods(_FORM)
def lower(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Take a number off an employer's confidential signatures, without choosing anybody."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.OWNER)
    one = _opened(campaign, letter_slug)
    counts = [count for count in letter_queries.numbers(one.letter.id).employers if count.confidential]
    form = LoweringForm(request.GET or None, employers=[(count.employer_id, count.name) for count in counts])
    why = WhyForm(request.POST or None)
    could, problem = None, ""
    if form.is_bound and form.is_valid():
        typed = {"employer_id": form.cleaned_data["employer"]}
        most = form.cleaned_data["number"]
        if request.method == "POST" and why.is_valid():
            try:
                removal_id = removals.propose_lowering(
                    campaign_letter=one.campaign_letter,
                    number=most,
                    reason=why.cleaned_data["reason"],
                    seen=_pair(request.POST.get("seen", "")),
                    by=user,
                    now=timezone.now(),
                    **typed,
                )
            except removals.NotPossible as error:
                problem = str(error)
            else:
                return redirect("organise-removal", slug=slug, letter_slug=letter_slug, removal_id=removal_id)
        could = removing.could_lower(letter_id=one.letter.id, most=most, **typed)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "form": form,
        "why": why,
        "counts": counts,
        "could": could,
        "problem": problem,
    }
    wrong = request.method == "POST" or (form.is_bound and not form.is_valid())
    return render(request, "campaign/organise/removal_lower.html", page, status=422 if wrong else 200)


@organisers_only
@require_http_methods(_FORM)
def removal(request: HttpRequest, slug: str, letter_slug: str, removal_id: uuid.UUID) -> HttpResponse:
    """One removal: how far it is, and what can still be done about it."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    one = _opened(campaign, letter_slug)
    found = removal_queries.one_or_none(one.campaign_letter, removal_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            messages.success(request, _act(request, found, role))
        except removals.NotPossible as error:
            messages.error(request, str(error))
        return redirect("organise-removal", slug=slug, letter_slug=letter_slug, removal_id=removal_id)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "removal": found,
        "may_decide": may(role, Role.EDITOR),
        "is_mine": found.decision.proposed_by_id == user.pk,
        "people": removal_queries.bound(found) if found.facts.is_planned else (),
    }
    part = request.headers.get("HX-Request") == "true"
    status = _ENOUGH if part and not found.facts.is_moving else 200
    return render(request, f"campaign/organise/{'_removal' if part else 'removal'}.html", page, status=status)


def _act(request: HttpRequest, found: removal_queries.Decided, role: str) -> str:
    """Do what the pressed button says; answers what to say then."""
    user, now = person(request), timezone.now()
    if "confirm" in request.POST:
        removals.confirm(decision=found.decision, by=user, now=now)
        return _("Confirmed.")
    if "drop" in request.POST:
        removals.drop(decision=found.decision, by=user, now=now)
        return _("Given up. Nothing was removed.")
    if "back" in request.POST:
        if role != Role.OWNER:
            raise removals.NotPossible(_("Only an owner puts signatures back."))
        removals.put_back(decision=found.decision, by=user, now=now)
        return _("They are being put back. It takes a moment.")
    raise removals.NotPossible(_("Choose what to do with it."))


def _opened(campaign: Campaign, letter_slug: str) -> TeamLetter:
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if one.letter.is_draft:
        raise Http404
    return one


def _pair(typed: str) -> tuple[int, int]:
    first, _sign, second = typed.partition("/")
    both = first.isascii() and second.isascii() and first.isdecimal() and second.isdecimal() and len(typed) < 20
    return (int(first), int(second)) if both else (-1, -1)
