"""The team's pages for bringing in a file: hand it in, look, import, follow, cancel."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import uploads
from campaign.access import campaign_for, may, organisers_only, person
from campaign.file_forms import HandInForm, too_large
from campaign.files import bringing
from campaign.models import HandedIn, Role

_FORM = ["GET", "HEAD", "POST"]
_ENOUGH = 286  # tells htmx to ask no more


@organisers_only
@require_http_methods(_FORM)
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand a file in; and what became of those before."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.TRACKER)
    typed, given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = HandInForm(typed, given, campaign_too=may(role, Role.EDITOR))
    if form.is_bound:
        if uploads.too_large(request.META, "file"):
            form.errors.clear()
            form.add_error("file", too_large())
        if form.is_valid():
            data = form.cleaned_data
            try:
                file_id = bringing.hand_in(
                    campaign=campaign, kind=data["kind"], name=data["name"], content=data["file"], by=user,
                    language=get_language() or "en", now=timezone.now(),
                )  # fmt: skip
            except bringing.NotPossible as error:
                form.add_error("file", str(error))
            else:
                return redirect("organise-file", slug=slug, file_id=file_id)
    handed_in = campaign.handed_in.select_related("handed_in_by").defer("content", "report").order_by("-handed_in_at")
    page = {"campaign": campaign, "role": role, "form": form, "files": handed_in[:50]}
    return render(request, "campaign/organise/files.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_http_methods(_FORM)
def one(request: HttpRequest, slug: str, file_id: uuid.UUID) -> HttpResponse:
    """One file: what it would do or did, how far it is, and what can still be done about it."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.TRACKER)
    found = get_object_or_404(campaign.handed_in.select_related("handed_in_by").defer("content"), pk=file_id)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, found, role))
        except bringing.NotPossible as error:
            messages.error(request, str(error))
        return redirect("organise-file", slug=slug, file_id=file_id)
    moving = found.state in bringing.UNDER_WAY
    done, total = bringing.how_far(found) if moving else (0, 0)
    page = {
        "campaign": campaign,
        "role": role,
        "file": found,
        "is_moving": moving,
        "done": done,
        "total": total,
        "is_mine": found.handed_in_by_id == user.pk,
        "may_act": may(role, bringing.LEAST[HandedIn.Kind(found.kind)]),
    }
    part = request.headers.get("HX-Request") == "true"
    status = _ENOUGH if part and not moving else 200
    return render(request, f"campaign/organise/{'_file' if part else 'file'}.html", page, status=status)


def _act(request: HttpRequest, found: HandedIn, role: str) -> str:
    """Do what the pressed button says; answers what to say then."""
    if not may(role, bringing.LEAST[HandedIn.Kind(found.kind)]):
        raise bringing.NotPossible(_("Only owners and editors bring in a campaign’s file."))
    if "import" in request.POST:
        bringing.begin(handed_in=found, by=person(request))
        return _("It is being imported. You can leave this page and come back.")
    if "cancel" in request.POST:
        bringing.cancel(handed_in=found, now=timezone.now())
        return _("Cancelled. Nothing came in, and the file is forgotten.")
    raise bringing.NotPossible(_("Choose what to do with it."))
