"""Putting entries on record: a form for each kind, drafts, corrections, and more sources."""

import uuid
import zoneinfo
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign import guessing, recording, uploads
from campaign import record as record_verbs
from campaign.access import campaign_for, organisers_only, person
from campaign.entry_forms import EntryForm, of_entry
from campaign.facts import first_opened_at
from campaign.forms import RejectForm
from campaign.models import Campaign, Capture, Entry, EntryDraft, EntryKind, Role, Source
from campaign.source_forms import SourceForm
from letters import queries as letter_queries

_FORM = ["GET", "HEAD", "POST"]
_SEVERAL = ("executives", "known_sources")
_NOT_TYPED = ("csrfmiddlewaretoken", "draft", "record", "guess", "keep", "as_position")


@organisers_only
@require_http_methods(_FORM)
def entry_new(request: HttpRequest, slug: str, kind: str = EntryKind.STATEMENT) -> HttpResponse:
    """Put an entry on record; or keep it as a draft, or let its source be filled in from what was pasted."""
    campaign, role = campaign_for(person(request), slug, least=Role.TRACKER)
    if kind not in EntryKind.values:
        raise Http404
    draft = _draft(campaign, request.POST.get("draft") or request.GET.get("draft", ""))
    begun = _one_by_one(draft.typed) if draft and request.method != "POST" else {}
    return _answer(request, campaign, role, EntryKind(kind), begun=begun, draft=draft)


@organisers_only
@require_http_methods(_FORM)
def entry_correct(request: HttpRequest, slug: str, entry_id: uuid.UUID) -> HttpResponse:
    """Put a correction of a public entry on record; both are shown once it is checked."""
    campaign, role = campaign_for(person(request), slug, least=Role.TRACKER)
    original = get_object_or_404(campaign.entries, pk=entry_id, state=Entry.State.CHECKED)
    return _answer(request, campaign, role, EntryKind(original.kind), begun=of_entry(original), original=original)


@organisers_only
@require_POST
def entry_withdraw(request: HttpRequest, slug: str, entry_id: uuid.UUID) -> HttpResponse:
    """Take a public entry back, with the reason that everybody reads."""
    user = person(request)
    campaign, _role = campaign_for(user, slug, least=Role.TRACKER)
    one = get_object_or_404(campaign.entries, pk=entry_id)
    form = RejectForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        record_verbs.withdraw(entry=one, by=user, reason=reason, now=timezone.now())
        messages.success(request, _("Taken back. It stays in sight, marked, with your reason."))
    except record_verbs.NotPossible as error:
        messages.error(request, str(error))
    return redirect("organise-entry", slug=slug, entry_id=entry_id)


@organisers_only
@require_http_methods(_FORM)
def source_new(request: HttpRequest, slug: str, entry_id: uuid.UUID) -> HttpResponse:
    """One more source of an entry that waits."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.TRACKER)
    one = get_object_or_404(campaign.entries, pk=entry_id, state=Entry.State.RECORDED)
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = SourceForm(typed, files, campaign=campaign, today=_today(campaign))
    if "guess" in request.POST:
        form = SourceForm(initial=_filled_in(request), campaign=campaign, today=_today(campaign))
    elif form.is_bound:
        _say_too_large(form, request)
        if form.is_valid():
            try:
                for source in form.sources():
                    place = form.places().get(source.pk, "") if isinstance(source, Source) else ""
                    recording.add_to(entry=one, source=source, place=place, by=user, now=timezone.now())
                messages.success(request, _("Added."))
            except recording.NotPossible as error:
                messages.error(request, str(error))
            return redirect("organise-entry", slug=slug, entry_id=entry_id)
    page = {"campaign": campaign, "role": role, "entry": one, "form": form}
    return render(request, "campaign/organise/source_new.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_POST
def draft_drop(request: HttpRequest, slug: str, draft_id: uuid.UUID) -> HttpResponse:
    """Forget an unfinished entry."""
    campaign, _role = campaign_for(person(request), slug, least=Role.TRACKER)
    recording.drop_draft(campaign=campaign, draft_id=draft_id)
    messages.success(request, _("The draft is gone."))
    return redirect("organise-record", slug=slug)


@organisers_only
@require_safe
def capture(request: HttpRequest, slug: str, capture_id: uuid.UUID) -> HttpResponse:
    """A capture of a source, to be saved."""
    campaign, _role = campaign_for(person(request), slug)
    one = get_object_or_404(Capture, source__campaign=campaign, pk=capture_id)
    return uploads.serve(one.pk, file_name=one.name, kind=one.kind)


def _answer(
    request: HttpRequest,
    campaign: Campaign,
    role: str,
    kind: EntryKind,
    *,
    begun: dict[str, Any],
    original: Entry | None = None,
    draft: EntryDraft | None = None,
) -> HttpResponse:
    user, now = person(request), timezone.now()
    how: dict[str, Any] = {
        "kind": kind,
        "campaign": campaign,
        "original": original,
        "today": _today(campaign),
        "opened_on": _opened_on(campaign),
    }
    if "keep" in request.POST:
        typed = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_TYPED}
        recording.keep_draft(
            campaign=campaign, kind=kind, typed=typed, by=user, now=now, draft_id=draft.pk if draft else None
        )
        messages.success(request, _("Kept as a draft. Files are not kept with it."))
        return redirect("organise-record", slug=campaign.slug)
    if "guess" in request.POST:
        form = EntryForm(initial=_filled_in(request), **how)
    elif "as_position" in request.POST:
        kind, said = EntryKind.POSITION, _one_by_one(dict(request.POST.lists()))
        said["what"] = said.get("what") or said.get("quote", "")
        form = EntryForm(initial=said, **how | {"kind": kind})
    elif request.method == "POST":
        form = EntryForm(request.POST, request.FILES, **how)
        _say_too_large(form, request)
        if form.is_valid():
            entry = recording.record(
                campaign=campaign, new=form.new_entry(), sources=form.sources(), places=form.places(), by=user, now=now
            )
            if draft:
                recording.drop_draft(campaign=campaign, draft_id=draft.pk)
            messages.success(request, _("Recorded. It is public once somebody else in your team has checked it."))
            return redirect("organise-entry", slug=campaign.slug, entry_id=entry.pk)
    else:
        form = EntryForm(initial=begun, **how)
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "kind": kind,
        "kinds": EntryKind.choices,
        "draft": draft,
        "original": original,
        "has_executives": campaign.executives.exists() or kind in {EntryKind.EVENT, EntryKind.RELATED_LETTER},
    }
    return render(request, "campaign/organise/entry_new.html", page, status=422 if form.is_bound else 200)


def _filled_in(request: HttpRequest) -> dict[str, Any]:
    """What was typed, and in the fields left empty what the pasted text says."""
    typed = _one_by_one(dict(request.POST.lists()))
    guess = guessing.guess(str(typed.get("pasted", "")))
    found = {
        "source_title": guess.title,
        "source_publisher": guess.publisher,
        "source_author": guess.author,
        "source_address": guess.address,
        "source_archived": guess.archived,
        "source_published": guess.published.isoformat() if guess.published else "",
        "quote": guess.quote,
    }
    return typed | {name: value for name, value in found.items() if value and not typed.get(name)}


def _one_by_one(typed: dict[str, Any]) -> dict[str, Any]:
    """Typed fields as a form begins with them."""
    given = MultiValueDict(typed)
    return {name: given.getlist(name) if name in _SEVERAL else given.get(name) for name in given}


def _say_too_large(form: SourceForm, request: HttpRequest) -> None:
    if uploads.too_large(request.META, "source_capture"):
        form.add_error(
            "source_capture", _("This file was larger than 10 MB and was not taken. The rest is still here.")
        )


def _draft(campaign: Campaign, typed: str) -> EntryDraft | None:
    try:
        return EntryDraft.objects.filter(campaign=campaign, pk=uuid.UUID(typed)).first() if typed else None
    except ValueError as error:
        raise Http404 from error


def _today(campaign: Campaign) -> date:
    return timezone.now().astimezone(zoneinfo.ZoneInfo(campaign.time_zone)).date()


def _opened_on(campaign: Campaign) -> date | None:
    """Since when there is something to answer; nobody knows where the asking happened elsewhere."""
    if not campaign.counts_silence:
        return None
    ids = campaign.campaign_letters.values_list("letter_id", flat=True)
    opened = first_opened_at(letter_queries.letters(ids))
    return opened.astimezone(zoneinfo.ZoneInfo(campaign.time_zone)).date() if opened else None
