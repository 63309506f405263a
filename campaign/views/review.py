"""The reviewers' workbench: what waits, one case at a time, and the list of names that are held."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import reviewing, team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.models import Campaign, Role
from campaign.review_forms import IntakeForm, ListForm
from campaign.reviewing import Outcome
from letters import admitting, holding, review_queries
from letters import reviewing as verbs

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_http_methods(_FORM)
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """All that waits; the button takes the oldest."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.VERIFIER)
    now = timezone.now()
    if request.method == "POST":
        return _next(request, campaign)
    backlog = review_queries.backlog(campaign.directory_id)
    items = review_queries.queue(campaign.directory_id)
    page = {
        "campaign": campaign,
        "role": role,
        "backlog": backlog,
        "days": (now.date() - items[0].asked_on).days if items else 0,
        "items": [(item, _holder(campaign, item, now)) for item in items[:100]],
        "answered": review_queries.answered(campaign.directory_id, by_id=user.pk, now=now),
        "intake": IntakeForm(initial={"most": backlog.most_evidence}),
        "me": user.pk,
    }
    return render(request, "campaign/organise/review.html", page)


@organisers_only
@require_http_methods(_FORM)
def case(request: HttpRequest, slug: str, case_id: uuid.UUID) -> HttpResponse:
    """One case. Only who has taken it sees the name, and only who opened the evidence sees that."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.VERIFIER)
    if request.method == "POST":
        return _act(request, campaign, case_id)
    now = timezone.now()
    item = review_queries.item(campaign.directory_id, case_id)
    if item is None:
        messages.info(request, _("This is no longer there: it was answered, or its signer took it back."))
        return redirect("organise-review", slug=slug)
    opened = review_queries.opened(campaign.directory_id, case_id, by_id=user.pk)
    page = {
        "campaign": campaign,
        "role": role,
        "item": item,
        "opened": opened,
        "evidence": review_queries.evidence_of(campaign.directory_id, case_id, by_id=user.pk, now=now),
        "holder": _holder(campaign, item, now),
        "mine_first": item.first_by_id == user.pk,
        "may_undo": item.decided_by_id == user.pk,
        "reasons": [(key, one) for key, one in enumerate(reviewing.REASONS[item.kind], 1)],
        "undo": review_queries.answered(campaign.directory_id, by_id=user.pk, now=now)[:1],
    }
    return render(request, "campaign/organise/review_case.html", page)


@organisers_only
@require_http_methods(_FORM)
def held_names(request: HttpRequest, slug: str) -> HttpResponse:
    """The names that are held in this campaign, beside those of whom its letters address."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.VERIFIER)
    listed = holding.listed(campaign.directory_id)
    form = ListForm(request.POST or None, initial={"names": "\n".join(listed)})
    if request.method == "POST" and form.is_valid():
        reviewing.keep_list(campaign=campaign, wanted=form.cleaned_data["names"], by=user, now=timezone.now())
        messages.success(request, _("Saved. It holds for who signs from now on."))
        return redirect("organise-held-names", slug=slug)
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "missing": team_queries.executives_not_held(campaign, listed),
    }
    return render(request, "campaign/organise/held_names.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_http_methods(_FORM)
def intake(request: HttpRequest, slug: str) -> HttpResponse:
    """How much evidence may wait before no more is taken."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.VERIFIER)
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.limit_intake(campaign=campaign, most=form.cleaned_data["most"], by=user, now=timezone.now())
        except admitting.NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-review", slug=slug)
    page = {"campaign": campaign, "role": role, "form": form}
    return render(request, "campaign/organise/review_intake.html", page, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, campaign: Campaign, case_id: uuid.UUID) -> HttpResponse:
    """What a button of the case's page asks for. What cannot be done any more is said, and the page shown as it is."""
    user, now = person(request), timezone.now()
    asked = request.POST
    try:
        if reason := asked.get("answer", ""):
            outcome = reviewing.decide(
                campaign=campaign, case_id=case_id, by=user, reason=reason, words=asked.get("words", "")[:300], now=now
            )
            messages.success(request, _said(outcome))
            return _next(request, campaign)
        if "skip" in asked:
            return _next(request, campaign, skip=case_id)
        if "give_back" in asked:
            verbs.give_back(case_id=case_id, by_id=user.pk)
            return redirect("organise-review", slug=campaign.slug)
        if "open" in asked:
            reviewing.open_evidence(campaign=campaign, case_id=case_id, by=user, now=now)
        elif "undo" in asked:
            reviewing.undo(campaign=campaign, case_id=case_id, by=user, now=now)
            messages.success(request, _("Your answer is taken back; it waits again."))
        else:
            verbs.claim(directory_id=campaign.directory_id, case_id=case_id, by_id=user.pk, now=now)
    except verbs.NotPossible as error:
        messages.error(request, str(error))
        return redirect("organise-review", slug=campaign.slug)
    return redirect("organise-review-case", slug=campaign.slug, case_id=case_id)


def _next(request: HttpRequest, campaign: Campaign, *, skip: uuid.UUID | None = None) -> HttpResponse:
    """Take the oldest case and go there."""
    found = verbs.claim_next(
        directory_id=campaign.directory_id, by_id=person(request).pk, now=timezone.now(), skip=skip
    )
    if found is None:
        messages.info(request, _("Nothing is left that you may answer."))
        return redirect("organise-review", slug=campaign.slug)
    return redirect("organise-review-case", slug=campaign.slug, case_id=found)


def _said(outcome: Outcome) -> str:
    return {
        Outcome.SHOWN: _("It stands on the letter now, and counts."),
        Outcome.STILL_HELD: _("The name may be shown. It still waits for the answer about the evidence."),
        Outcome.SECOND: _("Your answer is kept. Somebody is known by this name, so another member answers too."),
        Outcome.DIFFER: _("Another member said the opposite. It waits until two say the same; talk to each other."),
        Outcome.REFUSED: _("Refused. Nothing of it is left, and whoever it was may sign again."),
        Outcome.PROVED: _("Reviewed. The evidence is destroyed."),
        Outcome.SAID: _("The line stands beside the name now."),
        Outcome.NOT_SAID: _("The line is gone. The signature stands as before."),
        Outcome.NOT_PROVED: _("The signature stands as before. The evidence is destroyed."),
    }[outcome]


def _holder(campaign: Campaign, item: review_queries.Item, now: datetime) -> str:
    """Who has taken it, by name."""
    if not item.is_claimed(now):
        return ""
    member = campaign.team.memberships.filter(user=item.claimed_by_id).select_related("user").first()
    return str(member.user) if member else _("somebody who left")
