"""The team's page about signatures that were given elsewhere."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaign import listing, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Role
from letters import elsewhere

_KINDS = [
    ("imported", gettext_lazy("an earlier list of names")),
    ("paper", gettext_lazy("signatures on paper")),
    ("partner", gettext_lazy("signatures that a partner collected")),
]
_LARGEST = 5 * 1024 * 1024


class ElsewhereForm(forms.Form):
    """Where they come from, how that can be checked, and who they are."""

    kind = forms.ChoiceField(choices=_KINDS, label=gettext_lazy("What it is"))
    source = forms.CharField(
        max_length=200,
        label=gettext_lazy("From where"),
        help_text=gettext_lazy("For example: “the first form of this letter, January 2026”."),
    )
    evidence = forms.CharField(
        max_length=500,
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("A web address, or where the sheets lie and who may look at them."),
    )
    count = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=10_000_000,
        label=gettext_lazy("How many"),
        help_text=gettext_lazy("Without a file. With one, its names are counted."),
    )
    file = forms.FileField(
        required=False,
        label=gettext_lazy("Names (CSV)"),
        help_text=gettext_lazy(
            "Columns “name”, “role” and “employer”; names that these people have shown in public already, nothing else."
        ),
    )

    def clean_file(self) -> list[elsewhere.Name]:
        """The names of the file."""
        file = self.cleaned_data["file"]
        if file is None:
            return []
        if file.size > _LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB. Enter it in parts."))
        try:
            return elsewhere.read(file.read())
        except elsewhere.NotPossible as error:
            raise forms.ValidationError(str(error)) from error


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def signed_elsewhere(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """What was entered, a form for more, and ways to take it out."""
    user, now = person(request), timezone.now()
    campaign, role = campaign_for(user, slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if one.letter.is_draft:
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    takes_out = "remove" in request.POST or "remove_name" in request.POST
    form = ElsewhereForm(*((request.POST, request.FILES) if request.method == "POST" and not takes_out else ()))
    problem = ""
    if request.method == "POST":
        try:
            if takes_out:
                _take_out(request, one, campaign=campaign, by=user, now=now)
                return redirect(request.path)
            if form.is_valid():
                typed = form.cleaned_data
                listing.enter(
                    campaign=campaign,
                    letter=one.letter,
                    kind=typed["kind"],
                    source=typed["source"],
                    evidence=typed["evidence"],
                    people=typed["file"],
                    count=typed["count"] or 0,
                    by=user,
                    now=now,
                )
                messages.success(request, _("They stand apart on the letter’s list now, and in no number of yours."))
                return redirect(request.path)
        except listing.NotPossible as error:
            if takes_out:
                problem = str(error)
            else:
                form.add_error("count" if not form.cleaned_data.get("file") else None, str(error))
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "form": form,
        "problem": problem,
        "may_write": may(role, Role.EDITOR),
        "lots": elsewhere.lots(one.letter.id),
    }
    return render(request, "campaign/organise/elsewhere.html", page, status=422 if request.method == "POST" else 200)


def _take_out(request: HttpRequest, one: team_queries.TeamLetter, **who: Any) -> None:
    name, lot = request.POST.get("remove_name", ""), request.POST.get("remove", "")
    if name.isdecimal() and len(name) < 19:
        listing.remove_name(letter=one.letter, name_id=int(name), **who)
        return
    try:
        lot_id = uuid.UUID(lot)
    except ValueError as error:
        raise listing.NotPossible(_("Choose what to take out.")) from error
    listing.remove(letter=one.letter, lot_id=lot_id, **who)
