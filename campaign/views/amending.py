"""The team's page for changing an open letter: write, see what differs, announce or declare, approve, drop."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from campaign import amending, team_queries, versions
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Role
from campaign.organising import NotPossible
from letters.revising import Prospect


class NoteForm(forms.Form):
    """What is new, and which text its author read."""

    note = forms.CharField(
        max_length=300,
        strip=True,
        label=gettext_lazy("What is new"),
        help_text=gettext_lazy("One sentence for everybody; it stands beside the text for good."),
    )
    read = forms.CharField(widget=forms.HiddenInput, required=False)


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """What the drafts would make of the letter, and the two ways in which it may come about."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if not one.letter.is_open:
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    corrects = "correct" in request.POST
    if corrects and not may(role, Role.OWNER):
        raise Http404
    form = NoteForm(request.POST or None, auto_id="correct-%s" if corrects else "declare-%s")
    if request.method == "POST" and form.is_valid():
        verb = amending.correct if corrects else amending.declare
        try:
            verb(
                campaign_letter=one.campaign_letter,
                note=form.cleaned_data["note"],
                read_sha256=form.cleaned_data["read"],
                by=user,
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(
                request,
                _("The correction is announced. It is in force in 72 hours, unless you drop it.")
                if corrects
                else _("The change is declared. It is in force once this exact text is approved."),
            )
            return redirect("organise-letter-change", slug=slug, letter_slug=letter_slug)
    correction, changed = amending.as_correction(one.campaign_letter), amending.as_change(one.campaign_letter)
    under_way = team_queries.text_change(one.campaign_letter)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "correct_form": form if corrects else NoteForm(auto_id="correct-%s"),
        "declare_form": NoteForm(auto_id="declare-%s") if corrects else form,
        "correction": _shown(correction),
        "changed": _shown(changed),
        "asks_more": changed.text != correction.text,
        "under_way": under_way,
        "others": amending.who_may_approve(campaign, without=[user.pk]),
        "is_stuck": under_way is not None
        and under_way.needed - bool(under_way.approved_at)
        > amending.who_may_approve(campaign, without=[under_way.declared_by_id, under_way.approved_by_id]),
        "may_approve": under_way is not None
        and may(role, Role.TRACKER)
        and user.pk not in {under_way.declared_by_id, under_way.approved_by_id},
        "is_as_declared": under_way is not None and under_way.sha256 == changed.text.sha256(),
    }
    return render(request, "campaign/organise/letter_change.html", page, status=422 if form.errors else 200)


@organisers_only
@require_POST
def decide(request: HttpRequest, slug: str, letter_slug: str, pk: int) -> HttpResponse:
    """Approve the exact text that was declared, or drop what is under way."""
    user = person(request)
    drops = "drop" in request.POST
    campaign, _role = campaign_for(user, slug, least=Role.EDITOR if drops else Role.TRACKER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    try:
        if drops:
            amending.drop(change_id=pk, campaign_letter=one.campaign_letter, by=user, now=timezone.now())
            messages.success(request, _("It is dropped. The text that stands goes on standing."))
        elif amending.approve(
            change_id=pk,
            campaign_letter=one.campaign_letter,
            read_sha256=request.POST.get("read", ""),
            by=user,
            now=timezone.now(),
        ):
            messages.success(request, _("The letter has its new text. Who signed before stays with what she signed."))
        else:
            messages.success(request, _("Approved. One more member has to approve it."))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect("organise-letter-change", slug=slug, letter_slug=letter_slug)


def _shown(prospect: Prospect) -> dict[str, object]:
    return {
        "sha256": prospect.text.sha256(),
        "is_new": prospect.is_new,
        "too_much": prospect.too_much,
        "compared": versions.compared(prospect.standing, prospect.text),
    }
