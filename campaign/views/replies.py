"""The pages of offices that reply and of readers who report an error. Opening them changes nothing."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttling
from campaign import news_queries, queries, replies
from campaign.models import Campaign, Entry, ReplyAddress
from campaign.reply_forms import ReplyForm, ReportForm, check_files_whole
from letters import limits
from letters import queries as letter_queries

_FORM = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(_FORM)
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """An office's own page: what it is asked, what is on record of it, and the form; once it was sent, that it was."""
    try:
        address = replies.find(token=token)
    except replies.NoSuchAddress as error:
        raise Http404 from error
    now = timezone.now()
    if not replies.is_live(address, now=now):
        return _over(request, address)
    executive = address.executive
    form = ReplyForm(
        request.POST if request.method == "POST" else None,
        files=request.FILES if request.method == "POST" else None,
        subject=address.pk,
        network=throttling.network_of(request),
        entries=queries.checked_entries(executive.campaign, executive=executive),
    )
    if form.is_bound:
        check_files_whole(form, request.META)
    if form.is_bound and form.is_valid():
        if form.effort() is limits.Effort.TRAPPED:
            form.add_error(None, _("A field that people do not see was filled in. Read your reply and send it again."))
        else:
            try:
                replies.submit(address=address, reply=form.reply(), now=now)
                return redirect("reply", token=token)
            except replies.NotPossible as error:
                form.add_error(None, str(error))
    page = {
        "address": address,
        "executive": executive,
        "campaign": executive.campaign,
        "letter": letter_queries.letters([address.campaign_letter.letter_id])[0],
        "form": form,
        "due_days": replies.DUE_AFTER,
    }
    return render(request, "campaign/reply.html", page, status=422 if form.is_bound else 200)


def _over(request: HttpRequest, address: ReplyAddress) -> HttpResponse:
    page = {"address": address, "executive": address.executive, "campaign": address.executive.campaign}
    return render(request, "campaign/reply_over.html", page, status=200 if address.used_at else 410)


@never_cache
@require_http_methods(_FORM)
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a reader says what is wrong with an entry, or with an executive's page."""
    campaign = _campaign_or_404(slug)
    entry = _entry_or_404(campaign, request.GET.get("entry", ""))
    key = request.GET.get("executive", "")
    executive = get_object_or_404(campaign.executives.select_related("employer"), key=key) if key else None
    if entry is not None and executive is None:
        executive = entry.executives.select_related("employer").order_by("pk").first()
    network = throttling.network_of(request)
    form = ReportForm(request.POST if request.method == "POST" else None, subject=campaign.pk, network=network)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        effort = form.effort()
        if effort is limits.Effort.TRAPPED:
            form.add_error(None, _("A field that people do not see was filled in. Read your report and send it again."))
        elif not limits.another_report(subject=campaign.pk, network=network, effort=effort):
            form.add_error(None, _("Enough reports have come from here for now. Copy your words, and come back later."))
            status = 429
        else:
            replies.report(
                campaign=campaign, executive=executive, entry=entry, objection=form.objection(), now=timezone.now()
            )
            return redirect("report-done", slug=slug)
    page = {"campaign": campaign, "entry": entry, "executive": executive, "form": form}
    return render(request, "campaign/report.html", page, status=status)


@never_cache
@require_safe
def report_done(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next."""
    page = {"campaign": _campaign_or_404(slug), "due_days": replies.DUE_AFTER}
    return render(request, "campaign/report_done.html", page)


def _campaign_or_404(slug: str) -> Campaign:
    campaign = news_queries.campaign_of(slug=slug)
    if campaign is None:
        raise Http404
    return campaign


def _entry_or_404(campaign: Campaign, typed: str) -> Entry | None:
    """A public entry of this campaign; none where none was named."""
    if not typed:
        return None
    try:
        pk = uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error
    found = next((entry for entry in queries.checked_entries(campaign) if entry.pk == pk), None)
    if found is None:
        raise Http404
    return found
