"""Who holds an office: recording that it changed hands, the second check, and taking it back."""

import uuid
import zoneinfo
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from campaign import holders as terms_of
from campaign import succession, uploads
from campaign.access import campaign_for, may, organisers_only, person
from campaign.forms import RejectForm
from campaign.holder_forms import HolderForm
from campaign.models import Campaign, Executive, Holder, Role


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def holders(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Who held the office when, what waits for a check, and a form for a change."""
    user, now = person(request), timezone.now()
    campaign, role = campaign_for(user, slug, least=Role.TRACKER if request.method == "POST" else Role.VIEWER)
    office = _office(campaign, pk)
    today = now.astimezone(zoneinfo.ZoneInfo(campaign.time_zone)).date()
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HolderForm(typed, files, campaign=campaign, today=today)
    if form.is_bound and uploads.too_large(request.META, "source_capture"):
        form.add_error(
            "source_capture", _("This file was larger than 10 MB and was not taken. The rest is still here.")
        )
    if form.is_bound and form.is_valid():
        try:
            succession.change(executive=office, new=form.new_holder(), source=form.source(), by=user, now=now)
            messages.success(request, _("Recorded. It is public once somebody else in your team has checked it."))
            return redirect("organise-holders", slug=slug, pk=pk)
        except succession.NotPossible as error:
            form.add_error(error.field, str(error))
    rows = list(succession.history(office))
    waiting = next((one for one in rows if one.state == Holder.State.WAITING), None)
    page = {
        "campaign": campaign,
        "role": role,
        "executive": office,
        "form": form,
        "reject": RejectForm(),
        "terms": tuple(reversed(terms_of.terms(office))),
        "history": rows,
        "waiting": waiting,
        "may_track": may(role, Role.TRACKER),
        "is_mine": waiting is not None and waiting.recorded_by_id == user.pk,
    }
    return render(request, "campaign/organise/holders.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_POST
def holder(request: HttpRequest, slug: str, pk: int, holder_id: uuid.UUID) -> HttpResponse:
    """Check a change, keep it off the record, or take it back."""
    user = person(request)
    campaign, _role = campaign_for(user, slug, least=Role.TRACKER)
    one = get_object_or_404(_office(campaign, pk).holders.select_related("executive__employer"), pk=holder_id)
    form = RejectForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        messages.success(request, _act(request, one, reason, user, timezone.now()))
    except succession.NotPossible as error:
        messages.error(request, str(error))
    return redirect("organise-holders", slug=slug, pk=pk)


def _act(request: HttpRequest, one: Holder, reason: str, by: User, now: datetime) -> str:
    if "check" in request.POST:
        succession.check(holder=one, by=by, now=now)
        return _("Checked. The office is shown with its new holder, who stands nowhere yet.")
    if "withdraw" in request.POST:
        succession.withdraw(holder=one, by=by, reason=reason, now=now)
        return _("Taken back. The office is shown with its holder of before.")
    succession.reject(holder=one, by=by, reason=reason, now=now)
    return _("Kept off the record.")


def _office(campaign: Campaign, pk: int) -> Executive:
    return get_object_or_404(campaign.executives.select_related("employer", "campaign"), pk=pk)
