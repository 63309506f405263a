"""The trackers' pages: what executives said, and the second check."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign import entryfacts, proposals, thin
from campaign import record as record_verbs
from campaign.access import campaign_for, may, organisers_only, person
from campaign.forms import RejectForm
from campaign.models import Entry, Holder, Role

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_safe
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for a check, then everything on record."""
    campaign, role = campaign_for(person(request), slug)
    entries = (
        campaign.entries.select_related("recorded_by", "checked_by")
        .prefetch_related("executives__employer", "sources")
        .order_by("-recorded_at", "key")
    )
    page = {
        "campaign": campaign,
        "role": role,
        "waiting": [entry for entry in entries if entry.state == Entry.State.RECORDED],
        "changes": Holder.objects.filter(executive__campaign=campaign, state=Holder.State.WAITING)
        .select_related("executive__employer")
        .order_by("recorded_at"),
        "proposals": proposals.proposals(campaign),
        "standings": proposals.waiting(campaign),
        "drafts": campaign.entry_drafts.select_related("saved_by").order_by("-saved_at"),
        "thin": thin.thin(campaign),
        "may_track": may(role, Role.TRACKER),
        "decided": [entry for entry in entries if entry.state != Entry.State.RECORDED],
    }
    return render(request, "campaign/organise/record.html", page)


@organisers_only
@require_http_methods(_FORM)
def entry(request: HttpRequest, slug: str, entry_id: uuid.UUID) -> HttpResponse:
    """One entry with its sources; the second check happens here."""
    user = person(request)
    least = Role.TRACKER if request.method == "POST" else Role.VIEWER
    campaign, role = campaign_for(user, slug, least=least)
    one = get_object_or_404(
        campaign.entries.select_related("recorded_by", "checked_by").prefetch_related(
            "executives__employer", "citations__source__captures", "bearings__demand", "offices__employer"
        ),
        pk=entry_id,
    )
    rejecting = "reject" in request.POST
    form = RejectForm(request.POST if rejecting else None)
    if request.method == "POST" and (not rejecting or form.is_valid()):
        try:
            if rejecting:
                record_verbs.reject(entry=one, by=user, reason=form.cleaned_data["reason"], now=timezone.now())
                messages.success(request, _("Kept off the record."))
            else:
                record_verbs.check(entry=one, by=user, now=timezone.now())
                messages.success(request, _("Checked. It is public."))
                if wants := proposals.for_entry(one):
                    messages.info(request, _("By the rules this changes a standing. Decide it here."))
                    return redirect(wants[0].address)
        except record_verbs.NotPossible as error:
            messages.error(request, str(error))
        return redirect("organise-entry", slug=slug, entry_id=entry_id)
    page = {
        "campaign": campaign,
        "role": role,
        "entry": one,
        "facts": entryfacts.facts(entryfacts.content(one)),
        "form": form,
        "may_check": may(role, Role.TRACKER) and one.recorded_by_id != user.pk and one.state == Entry.State.RECORDED,
        "may_track": may(role, Role.TRACKER),
        "is_mine": one.recorded_by_id == user.pk,
    }
    return render(request, "campaign/organise/entry.html", page, status=422 if rejecting else 200)
