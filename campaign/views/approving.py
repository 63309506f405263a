"""Commenting on a letter, approving it, and letting it open by itself."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from campaign import organising
from campaign.access import campaign_for, may, organisers_only, person
from campaign.mailing_forms import OpensAtForm
from campaign.models import Comment, Role
from campaign.views.writing import Place, place
from campaign.writing import NotPossible, approving, commenting, queries, scheduling, translating
from campaign.writing.forms import CommentForm, GoalForm, RuleForm, TranslationForm
from letters import languages, text

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_http_methods(_FORM)
def comments(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """The text with what is said of it, and a form to say more."""
    here = place(request, slug, letter_slug, least=Role.TRACKER if request.method == "POST" else Role.VIEWER)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = commenting.comment(
                campaign_letter=here.one.campaign_letter,
                language=here.standing.language,
                quote=form.cleaned_data["quote"],
                body=form.cleaned_data["body"],
                replacement=form.suggestion(),
                near=form.cleaned_data["near"],
                by=person(request),
                now=timezone.now(),
            )
        except NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            return redirect(f"{here.address('organise-comments')}#comment-{made.pk}")
    return _comments(request, here, form, status=422 if form.errors else 200)


def _comments(request: HttpRequest, here: Place, form: CommentForm, status: int = 200) -> HttpResponse:
    threads = queries.threads(here.one.campaign_letter, here.standing)
    page = here.page(form=form, threads=threads, segments=queries.segments(here.standing.body, threads))
    return render(request, "campaign/writing/comments.html", page, status=status)


@organisers_only
@require_POST
def comment(request: HttpRequest, slug: str, letter_slug: str, pk: int) -> HttpResponse:
    """Answer in a thread, settle it, take it up again, or accept what it suggests."""
    here = place(request, slug, letter_slug, least=Role.TRACKER)
    row = get_object_or_404(Comment, pk=pk, campaign_letter=here.one.campaign_letter)
    user, now = person(request), timezone.now()
    may_settle = may(here.role, Role.EDITOR) or row.author_id == user.pk
    try:
        match request.POST.get("act"):
            case "reply":
                commenting.reply(comment=row, body=request.POST.get("body", "")[: commenting.MOST], by=user, now=now)
            case "resolve" if may_settle:
                commenting.settle(comment=row, state=Comment.State.RESOLVED, by=user, now=now)
            case "decline" if may_settle:
                commenting.settle(comment=row, state=Comment.State.DECLINED, by=user, now=now)
            case "reopen" if may_settle:
                commenting.reopen(comment=row)
            case "accept" if may(here.role, Role.EDITOR):
                commenting.accept(comment=row, by=user, now=now)
                messages.success(request, _("The words stand in the draft now."))
            case _:
                messages.error(request, _("Your role in the team does not allow that."))
    except NotPossible as error:
        messages.error(request, str(error))
    return redirect(f"{here.address('organise-comments')}#comment-{row.pk}")


@organisers_only
@require_http_methods(_FORM)
def approvals(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Exactly what would open, who approved it, and a button to approve it."""
    here = place(request, slug, letter_slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    user, problem = person(request), ""
    if request.method == "POST":
        try:
            act = approving.take_back if "take-back" in request.POST else approving.approve
            act(
                campaign_letter=here.one.campaign_letter,
                text=organising.text_to_open(campaign_letter=here.one.campaign_letter),
                read_sha256=request.POST.get("read", ""),
                by=user,
                now=timezone.now(),
            )
            return redirect("organise-approval", slug=slug, letter_slug=letter_slug)
        except NotPossible as error:
            problem = str(error)
    return render(
        request, "campaign/writing/approval.html", approval_page(here, user.pk, problem), status=409 if problem else 200
    )


def approval_page(here: Place, user_id: int, problem: str) -> dict[str, Any]:
    """The text that would open, in every language, and who approved it."""
    written = organising.text_to_open(campaign_letter=here.one.campaign_letter)
    standing = approving.approvals(campaign_letter=here.one.campaign_letter, text=written)
    return here.page(
        problem=problem,
        shown=[shown(written, written.addressees), *(shown(one, written.addressees) for one in written.translations)],
        approvals=standing,
        approved_by_me=any(one.member_id == user_id for one in standing.approved),
        counts=standing.counts_for(user_id),
        rule_form=RuleForm(initial={"needed": here.campaign.approvals_needed}),
        opens_form=OpensAtForm(initial={"opens_at": here.one.campaign_letter.opens_at}, campaign=here.campaign),
    )


class Worded(Protocol):
    """A text in one language: saved, or as it would open."""

    @property
    def title(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def demands(self) -> Sequence[str]: ...
    @property
    def language(self) -> str: ...


def shown(one: Worded, addressees: list[str]) -> dict[str, Any]:
    """One language of a text as its page would show it."""
    return {
        "title": one.title,
        "html": text.render(one.body, below=2),
        "demands": one.demands,
        "addressees": addressees,
        "language": one.language,
        "direction": languages.direction(one.language),
    }


@organisers_only
@require_POST
def rule(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say how many have to approve."""
    campaign, _role = campaign_for(person(request), slug, least=Role.OWNER)
    form = RuleForm(request.POST)
    if form.is_valid():
        approving.set_rule(
            campaign=campaign, needed=form.cleaned_data["needed"], by=person(request), now=timezone.now()
        )
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the numbers."))
    return redirect("organise-approval", slug=slug, letter_slug=letter_slug)


@organisers_only
@require_http_methods(_FORM)
def opens_at(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Let the letter open by itself with the text that was read."""
    here = place(request, slug, letter_slug, least=Role.OWNER)
    if request.method != "POST":
        return redirect("organise-approval", slug=slug, letter_slug=letter_slug)
    form = OpensAtForm(request.POST, campaign=here.campaign)
    if form.is_valid():
        try:
            scheduling.open_at(
                campaign_letter=here.one.campaign_letter,
                opens_at=form.cleaned_data["opens_at"],
                read_sha256=request.POST.get("read", ""),
                by=person(request),
                now=timezone.now(),
            )
        except (NotPossible, organising.NotPossible) as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise-approval", slug=slug, letter_slug=letter_slug)
    page = {**approval_page(here, person(request).pk, ""), "opens_form": form}
    return render(request, "campaign/writing/approval.html", page, status=422)


@organisers_only
@require_http_methods(_FORM)
def goal(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say how many shall sign."""
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    form = GoalForm(request.POST or None, initial={"goal": here.one.campaign_letter.goal})
    if request.method == "POST" and form.is_valid():
        scheduling.set_goal(
            campaign_letter=here.one.campaign_letter,
            goal=form.cleaned_data["goal"],
            by=person(request),
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return redirect("organise-letter", slug=slug, letter_slug=letter_slug)
    page = here.page(form=form, heading=_("Goal"))
    return render(request, "campaign/organise/letter_moment.html", page, status=422 if form.errors else 200)


@organisers_only
@require_http_methods(_FORM)
def translate(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Begin a translation with the original's words, or remove one."""
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    form = TranslationForm(request.POST or None, choices=translating.choices(here.drafts))
    if request.method == "POST" and "remove" in request.POST:
        try:
            translating.remove(campaign_letter=here.one.campaign_letter, standing=here.standing)
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The translation is removed. Its history stays, if you begin it again."))
        return redirect("organise-write", slug=slug, letter_slug=letter_slug)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        try:
            translating.add(
                campaign_letter=here.one.campaign_letter, language=language, by=person(request), now=timezone.now()
            )
        except NotPossible as error:
            form.add_error("language", str(error))
        else:
            return redirect(f"{here.address('organise-write').partition('?')[0]}?language={language}")
    page = here.page(form=form)
    return render(request, "campaign/writing/translate.html", page, status=422 if form.errors else 200)
