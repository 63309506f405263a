"""The team's pages of the right of reply: the queue, one submission, and the offices' addresses."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from campaign import disputes, emails, entryfacts, replies, reply_queries, uploads
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Attachment, Campaign, CampaignLetter, ReplyAddress, Role, Submission
from campaign.reply_forms import DecideForm, PassageForm, ReplyAddressForm

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What offices and readers brought, soonest due first."""
    user = person(request)
    campaign, role = campaign_for(user, slug)
    page = {
        "campaign": campaign,
        "role": role,
        "queue": reply_queries.queue(campaign, user=user, now=timezone.now()),
        "due_days": replies.DUE_AFTER,
    }
    return render(request, "campaign/organise/replies.html", page)


@organisers_only
@require_http_methods(_FORM)
def addresses(request: HttpRequest, slug: str) -> HttpResponse:
    """The offices' addresses: make one to hand over, see what became of it, revoke it."""
    user = person(request)
    least = Role.EDITOR if request.method == "POST" else Role.VIEWER
    campaign, role = campaign_for(user, slug, least=least)
    letters = reply_queries.letters(campaign)
    form = ReplyAddressForm(
        request.POST if request.method == "POST" and "revoke" not in request.POST else None,
        campaign=campaign,
        letters=letters,
    )
    now = timezone.now()
    try:
        if "revoke" in request.POST:
            replies.revoke(address=_address_or_404(campaign, request.POST["revoke"]), by=user, now=now)
            messages.success(request, _("Revoked. Whoever opens it is told so."))
            return redirect("organise-reply-addresses", slug=slug)
        if form.is_bound and form.is_valid():
            made = replies.make_address(
                executive=form.cleaned_data["executive"],
                campaign_letter=CampaignLetter.objects.get(pk=form.cleaned_data["letter"], campaign=campaign),
                by=user,
                now=now,
                days=form.cleaned_data["days"],
            )
            messages.success(request, _("Here is the address. Give it to the office alone: whoever has it can reply."))
            return redirect(f"{request.path}#address-{made.pk}")
    except replies.NotPossible as error:
        messages.error(request, str(error))
        return redirect("organise-reply-addresses", slug=slug)
    may_change = may(role, Role.EDITOR)
    lines = reply_queries.addresses(campaign, now=now)
    page = {
        "campaign": campaign,
        "role": role,
        "form": form,
        "may_change": may_change,
        "letters": letters,
        "has_executives": campaign.executives.exists(),
        "lines": [
            (line, emails.address("reply", replies.token_of(line.address)) if may_change and line.is_live else "")
            for line in lines
        ],
    }
    return render(request, "campaign/organise/reply_addresses.html", page, status=422 if form.is_bound else 200)


@organisers_only
@require_http_methods(_FORM)
def submission(request: HttpRequest, slug: str, submission_id: uuid.UUID) -> HttpResponse:
    """One answer, dispute or report; it is decided here, and confirmed by somebody else."""
    user = person(request)
    least = Role.TRACKER if request.method == "POST" else Role.VIEWER
    campaign, role = campaign_for(user, slug, least=least)
    one = reply_queries.one_or_none(campaign, submission_id)
    if one is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    deciding, recording = (data if data and name in data else None for name in ("decide", "record"))
    decide = DecideForm(deciding, submission=one)
    passage = PassageForm(recording, campaign=campaign, initial={"quote": one.words})
    if data is not None and all(not form.is_bound or form.is_valid() for form in (decide, passage)):
        try:
            messages.success(request, _act(data, one, decide, passage, user))
            return redirect("organise-reply", slug=slug, submission_id=submission_id)
        except disputes.NotPossible as error:
            bound = next((form for form in (decide, passage) if form.is_bound), None)
            if bound is None or error.field not in bound.fields:
                messages.error(request, str(error))
                return redirect("organise-reply", slug=slug, submission_id=submission_id)
            bound.add_error(error.field, str(error))
    open_end = Submission.objects.filter(pk=one.pk)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "facts": entryfacts.facts(entryfacts.content(one.entry)) if one.entry else None,
        "attachments": reply_queries.attachments(one) if one.address_id else [],
        "decide": decide,
        "passage": passage,
        "may_act": may(role, Role.TRACKER),
        "is_to_decide": open_end.filter(disputes.waiting()).exists(),
        "is_to_confirm": open_end.filter(disputes.unconfirmed()).exists(),
        "is_mine": one.decided_by_id == user.pk,
        "is_answer": one.kind == Submission.Kind.ANSWER,
    }
    return render(request, "campaign/organise/reply.html", page, status=422 if data is not None else 200)


@organisers_only
@require_safe
def attachment(request: HttpRequest, slug: str, attachment_id: uuid.UUID) -> HttpResponse:
    """A file that came with a reply, to be saved."""
    campaign, _role = campaign_for(person(request), slug)
    one = get_object_or_404(Attachment, pk=attachment_id, address__executive__campaign=campaign)
    return uploads.serve(one.pk, file_name=one.name, kind=one.kind)


def _act(data: QueryDict, one: Submission, decide: DecideForm, passage: PassageForm, user: User) -> str:
    """Do what the pressed button says; answers what to say then."""
    now = timezone.now()
    if passage.is_bound and one.kind == Submission.Kind.ANSWER:
        words = passage.cleaned_data
        disputes.put_on_record(
            answer=one,
            passage=disputes.Passage(
                quote=words["quote"], what=words["what"], tone=words["tone"], bearings=passage.bearings()
            ),
            by=user,
            now=now,
        )
        return _("Recorded as an entry. It is public once somebody else in your team has checked it.")
    if decide.is_bound:
        fields = decide.cleaned_data
        disputes.decide(
            submission=one,
            outcome=Submission.Outcome(fields.get("outcome") or Submission.Outcome.REFUSED),
            reason=fields["reason"],
            result=fields.get("result"),
            by=user,
            now=now,
        )
        return _("Decided. It holds, and is public, once somebody else in your team has confirmed it.")
    if "confirm" in data:
        disputes.confirm(submission=one, by=user, now=now)
        return _("Confirmed. The outcome is public.")
    if "back" in data:
        disputes.send_back(submission=one, by=user, now=now)
        return _("Open again, to be decided anew.")
    raise disputes.NotPossible(_("Choose what to do with it."))


def _address_or_404(campaign: Campaign, typed: str) -> ReplyAddress:
    try:
        pk = uuid.UUID(typed)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(
        ReplyAddress.objects.select_related("executive__employer"), pk=pk, executive__campaign=campaign
    )
