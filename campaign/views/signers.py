"""The team's page about who signed publicly: set some at the head of the list, and take the list along."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaign import listing, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Role
from letters import exporting, people


class ListForm(forms.Form):
    """By which criterion people are set at the head, and who may list the names."""

    criterion = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Criterion for the head of the list"),
        help_text=gettext_lazy("Everybody reads it, for example: “Leads of research groups, in the order of signing”."),
    )
    is_listed = forms.BooleanField(
        required=False,
        label=gettext_lazy("Search engines may list the names"),
        help_text=gettext_lazy("Off, unless your signers want to be found by their names."),
    )


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def signers(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """The public list with what the team may do about it. It shows nobody whom the public page does not show."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if one.letter.is_draft:
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    settings_form = ListForm(
        request.POST if "settings" in request.POST else None,
        initial={"criterion": one.letter.pin_criterion, "is_listed": one.letter.names_are_indexed},
    )
    problem = ""
    if request.method == "POST":
        try:
            if _act(request.POST.dict(), settings_form, one, campaign=campaign, by=user):
                return redirect(request.get_full_path())
        except listing.NotPossible as error:
            problem = str(error)
    found = people.page(
        one.letter.id,
        people.Wanted(
            search=request.GET.get("q", "")[:120], order=people.Order.NEWEST, after=request.GET.get("after", "")[:2000]
        ),
    )
    page: dict[str, Any] = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "form": settings_form,
        "problem": problem,
        "pinned": people.pinned(one.letter.id),
        "found": found,
        "q": request.GET.get("q", "")[:120],
        "may_write": may(role, Role.EDITOR),
    }
    return render(request, "campaign/organise/signers.html", page, status=422 if request.method == "POST" else 200)


@organisers_only
@require_POST
def export(request: HttpRequest, slug: str, letter_slug: str) -> StreamingHttpResponse | HttpResponse:
    """What everybody can read of the signers, as a file. That it was taken stands on the log."""
    user = person(request)
    campaign, _role = campaign_for(user, slug, least=Role.EDITOR)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if one.letter.is_draft:
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    listing.note_export(campaign=campaign, letter=one.letter, by=user, now=timezone.now())
    asked = request.POST.get("kind")
    kind = "json" if asked == "json" else "csv"
    lines = exporting.as_json(one.letter) if kind == "json" else exporting.as_csv(one.letter.id)
    if asked == "organisations":
        lines = exporting.organisations_as_csv(one.letter.id)
    media = "application/json" if kind == "json" else "text/csv; charset=utf-8"
    what = "-organisations" if asked == "organisations" else ""
    name = f"{one.letter.slug}{what}-{timezone.localdate():%Y-%m-%d}.{kind}"
    return StreamingHttpResponse(
        lines, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _act(typed: dict[str, str], form: ListForm, one: team_queries.TeamLetter, **who: Any) -> bool:
    """Do what was asked for; False when the form has to be mended. Raises listing.NotPossible."""
    now = timezone.now()
    if "settings" in typed:
        if form.is_valid():
            listing.change(letter=one.letter, now=now, **form.cleaned_data, **who)
        return form.is_valid()
    for verb in (listing.pin, listing.unpin, listing.unsay):
        signature = typed.get(verb.__name__, "")
        if signature.isdecimal() and len(signature) < 19:
            verb(letter=one.letter, signature_id=int(signature), now=now, **who)
            return True
    raise listing.NotPossible(_("Choose somebody from the list."))
