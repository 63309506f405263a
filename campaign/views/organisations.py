"""The reviewers' page about organisations: those that wait for an answer, and those that stand on the letters."""

import uuid
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from campaign import organisations as verbs
from campaign.access import campaign_for, organisers_only, person
from campaign.models import Campaign, Role
from letters import names, organisations

_MOST = 100  # of those that wait, on one page


class _Words(forms.Form):
    """How it was checked, or why not: one line, in which nobody hides an address or a link."""

    words = forms.CharField(required=False, max_length=names.LONGEST)

    def clean_words(self) -> str:
        try:
            return names.tidy(self.cleaned_data["words"])
        except names.NotAName as error:
            raise ValidationError(str(error)) from error


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept or decline what waits, and take off what stands; what was wrong is said at its place."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.VERIFIER)
    problem, words, at = "", "", request.POST.get("organisation", "")
    if request.method == "POST":
        form, words = _Words(request.POST), request.POST.get("words", "")[:500]
        try:
            if not form.is_valid():
                raise verbs.NotPossible(" ".join(map(str, form.errors["words"])))
            messages.success(request, _act(request, campaign, at, form.cleaned_data["words"], user, timezone.now()))
            return redirect("organise-organisations", slug=slug)
        except verbs.NotPossible as error:
            problem = str(error)
    waiting = organisations.waiting(campaign.directory_id)
    standing = organisations.standing(campaign.directory_id)
    here = {str(one.id) for one in waiting[:_MOST]} | {str(one.id) for _title, one in standing}
    page = {
        "campaign": campaign,
        "role": role,
        "waiting": waiting[:_MOST],
        "count": len(waiting),
        "standing": standing,
        "problem": problem,
        "problem_at": at if at in here else "",
        "words": words,
    }
    return render(request, "campaign/organise/organisations.html", page, status=422 if problem else 200)


def _act(request: HttpRequest, campaign: Campaign, at: str, words: str, by: User, now: datetime) -> str:
    """Do what the button says; answers what there is to say of it. Raises NotPossible."""
    try:
        which = uuid.UUID(at)
    except ValueError as error:
        raise verbs.NotPossible(_("Choose an organisation.")) from error
    if "accept" in request.POST:
        name = verbs.accept(campaign=campaign, organisation_id=which, checked_how=words, by=by, now=now)
        return _("%(name)s stands on the letter now.") % {"name": name}
    if "remove" in request.POST:
        name = verbs.remove(campaign=campaign, organisation_id=which, because=words, by=by, now=now)
        return _("%(name)s is off the letter.") % {"name": name}
    verbs.decline(campaign=campaign, organisation_id=which, reason=words, by=by, now=now)
    return _("Declined. Nothing of it is left.")
