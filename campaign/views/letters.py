"""The team's pages about one letter: write, open, ask for an answer, close."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign import first_steps, organising, team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.forms import LetterForm, ReleaseForm
from campaign.mailing_forms import ClosesAtForm, ReplyByForm
from campaign.models import Campaign, Role
from campaign.team_queries import TeamLetter
from campaign.views.approving import approval_page, shown
from campaign.views.writing import place
from campaign.writing import beginning
from campaign.writing.forms import GoalForm
from letters import organisations, text, text_rules

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_http_methods(_FORM)
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """A new draft, with a preview that saves nothing."""
    campaign, role = campaign_for(person(request), slug, least=Role.EDITOR)
    form = LetterForm(request.POST or None, initial=beginning.of(campaign, request.GET.get("from", "")))
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "preview": _preview(request),
        "beginnings": beginning.offered(campaign),
    }
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        data = form.cleaned_data
        try:
            organising.write_letter(
                campaign=campaign,
                title=data["title"],
                slug=data["slug"],
                body=data["body"],
                by=person(request),
                now=timezone.now(),
            )
        except organising.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The draft is saved. Nobody outside your team sees it."))
            return redirect("organise-letter", slug=slug, letter_slug=data["slug"])
    return render(request, "campaign/organise/letter_new.html", page, status=_status(request, form))


@organisers_only
@require_safe
def letter(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """A letter: its draft and what it still needs, or its standing once it is open."""
    here = place(request, slug, letter_slug)
    campaign, one = here.campaign, here.one
    page = here.page(
        goal_form=GoalForm(initial={"goal": one.campaign_letter.goal}),
        reply_form=ReplyByForm(initial={"reply_by": one.campaign_letter.reply_by}, campaign=campaign),
        release_form=ReleaseForm(initial={"least": one.letter.releases[0] if one.letter.releases else None}),
        closes_form=ClosesAtForm(initial={"closes_at": one.campaign_letter.closes_at}, campaign=campaign),
    )
    if one.letter.is_draft:
        page["steps"] = first_steps.of(campaign)
        page["approvals"] = approval_page(here, person(request).pk, "")["approvals"]
        addressees = organising.addressee_lines(campaign)
        demands = tuple(demand.text for demand in campaign.demands.order_by("number"))
        page["shown"] = shown(replace(here.standing, demands=here.standing.demands or demands), addressees)
    return render(request, "campaign/organise/letter.html", page)


@organisers_only
@require_http_methods(_FORM)
def open_letter(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """See exactly what will stand, then open it for good."""
    here = place(request, slug, letter_slug, least=Role.OWNER)
    if not here.one.letter.is_draft:
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    problem = ""
    if request.method == "POST":
        try:
            organising.open_letter(
                campaign_letter=here.one.campaign_letter,
                read_sha256=request.POST.get("read", ""),
                by=person(request),
                now=timezone.now(),
            )
        except organising.NotPossible as error:
            problem = str(error)
        else:
            messages.success(request, _("The letter is open. Share its address."))
            return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    page = approval_page(here, person(request).pk, problem)
    return render(request, "campaign/organise/letter_open.html", page, status=422 if problem else 200)


@organisers_only
@require_http_methods(_FORM)
def close_letter(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say what closing means, then close for good."""
    campaign, role = campaign_for(person(request), slug, least=Role.OWNER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if request.method == "POST":
        try:
            organising.close_letter(campaign_letter=one.campaign_letter, by=person(request), now=timezone.now())
        except organising.NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The letter is closed and its key is destroyed."))
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "organisations_waiting": organisations.waiting_at(one.letter.id),
    }
    return render(request, "campaign/organise/letter_close.html", page)


@organisers_only
@require_http_methods(_FORM)
def release(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Let signers wait for others, or not any more."""
    found = campaign_for(person(request), slug, least=Role.OWNER)

    def keep(one: TeamLetter, typed: dict[str, Any]) -> str:
        organising.offer_release(
            campaign_letter=one.campaign_letter, least=typed["least"], by=person(request), now=timezone.now()
        )
        return _("Saved.")

    form = ReleaseForm(request.POST)
    return _setting(request, found, letter_slug, form, _("Let signers wait for others"), keep)


@organisers_only
@require_http_methods(_FORM)
def reply_by(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say until when an answer is asked for."""
    found = campaign_for(person(request), slug, least=Role.EDITOR)

    def keep(one: TeamLetter, typed: dict[str, Any]) -> str:
        organising.ask_reply_by(
            campaign_letter=one.campaign_letter, reply_by=typed["reply_by"], by=person(request), now=timezone.now()
        )
        return _("Saved.") if typed["reply_by"] else _("No answer is asked for by a date any more.")

    form = ReplyByForm(request.POST, campaign=found[0])
    return _setting(request, found, letter_slug, form, _("Ask for an answer by"), keep)


@organisers_only
@require_http_methods(_FORM)
def closes_at(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say when the letter closes by itself."""
    found = campaign_for(person(request), slug, least=Role.OWNER)

    def keep(one: TeamLetter, typed: dict[str, Any]) -> str:
        organising.close_at(
            campaign_letter=one.campaign_letter, closes_at=typed["closes_at"], by=person(request), now=timezone.now()
        )
        return _("Saved.") if typed["closes_at"] else _("The letter stays open until somebody closes it.")

    form = ClosesAtForm(request.POST, campaign=found[0])
    return _setting(request, found, letter_slug, form, _("Closes by itself"), keep)


def _setting(
    request: HttpRequest,
    found: tuple[Campaign, str],
    letter_slug: str,
    form: forms.Form,
    heading: str,
    keep: Callable[[TeamLetter, dict[str, Any]], str],
) -> HttpResponse:
    """Keep one setting of a letter; what cannot be kept is said at its field, on a page of its own."""
    campaign, role = found
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    if request.method != "POST":
        return redirect("organise-letter", slug=campaign.slug, letter_slug=letter_slug)
    if form.is_valid():
        try:
            said = keep(one, form.cleaned_data)
        except organising.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, said)
            return redirect("organise-letter", slug=campaign.slug, letter_slug=letter_slug)
    page = {"campaign": campaign, "role": role, "one": one, "form": form, "heading": heading}
    return render(request, "campaign/organise/letter_moment.html", page, status=422)


def _preview(request: HttpRequest) -> str:
    return text.preview(request.POST.get("body", "")[: text_rules.MOST_BYTES]) if "preview" in request.POST else ""


def _status(request: HttpRequest, form: LetterForm) -> int:
    return 422 if request.method == "POST" and "preview" not in request.POST and form.errors else 200
