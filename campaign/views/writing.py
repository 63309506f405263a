"""The writing room: the text, what is kept of it while somebody writes, and its history."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import throttling
from campaign import organising, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.models import Campaign, Role, SavedText
from campaign.team_queries import TeamLetter
from campaign.writing import NotPossible, presence, queries, saving
from campaign.writing.forms import WordsForm
from campaign.writing.saving import Words
from letters import differences, publishing, text, text_rules

_CSRF = CsrfViewMiddleware(lambda _request: HttpResponse())
_KEEPS_PER_HOUR = 900  # a page asks every four seconds at most
_FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Place:
    """Where a member is: a letter in one language, and the part that she has in its team."""

    campaign: Campaign
    role: str
    one: TeamLetter
    drafts: list[publishing.Saved]
    standing: publishing.Saved

    @property
    def room(self) -> str:
        """The text's name among those who are at it."""
        return f"{self.one.campaign_letter.pk}/{self.standing.language}"

    def page(self, **more: Any) -> dict[str, Any]:
        """What every page of the room shows."""
        return {
            "campaign": self.campaign,
            "role": self.role,
            "one": self.one,
            "drafts": self.drafts,
            "standing": self.standing,
            "may_write": may(self.role, Role.EDITOR),
            "may_comment": may(self.role, Role.TRACKER),
            "open_threads": queries.open_threads(self.one.campaign_letter, self.drafts),
            **more,
        }

    def address(self, name: str, *more: object) -> str:
        """A page of the room for this letter and language."""
        path = reverse(name, args=[self.campaign.slug, self.one.letter.slug, *more])
        return path if self.standing.is_original else f"{path}?language={self.standing.language}"


def place(request: HttpRequest, slug: str, letter_slug: str, *, least: Role = Role.VIEWER) -> Place:
    """The letter and language that the address names. Raises Http404."""
    campaign, role = campaign_for(person(request), slug, least=least)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    drafts = queries.drafts(one.campaign_letter)
    wanted = request.GET.get("language") or drafts[0].language
    for standing in drafts:
        if standing.language == wanted:
            return Place(campaign, role, one, drafts, standing)
    raise Http404


# Checked here instead: signing in again changes the token that a page carries, and then its text shall not be lost.
@csrf_exempt
def room(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """The text and a form to write on it. What cannot be saved, because its writer signed out or in meanwhile, comes
    back in a form.
    """
    if request.method == "POST":
        refused = _CSRF.process_view(request, _room, (), {})
        if not request.user.is_authenticated:
            return refused or _signed_out(request, slug, letter_slug)
        if refused is not None:
            return _resume(request, slug, letter_slug)
    return _room(request, slug, letter_slug)


@organisers_only
@require_http_methods(_FORM)
def _room(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    form = WordsForm(request.POST or None, standing=here.standing)
    if request.method != "POST" or "preview" in request.POST:
        return _editor(request, here, form)
    try:
        saving.save(
            campaign_letter=here.one.campaign_letter,
            language=here.standing.language,
            words=form.words(),
            began_from=form.began_from(),
            by=person(request),
            now=timezone.now(),
            follows=form.follows_now(),
        )
    except saving.MovedOn as error:
        return _settle(request, here, form, error)
    except NotPossible as error:
        if str(error) not in form.errors.get(error.field or "", []):
            form.add_error(error.field, str(error))
        return _editor(request, here, form, status=422)
    messages.success(request, _("Saved."))
    return redirect(here.address("organise-write"))


def _settle(request: HttpRequest, here: Place, form: WordsForm, error: saving.MovedOn) -> HttpResponse:
    """Both wrote: one form with what both wrote, or with one's own beside the other's."""
    mine = form.words()
    both = WordsForm(standing=error.theirs, words=error.merged or mine)
    page = {
        "moved": str(error),
        "merged": error.merged is not None,
        "theirs": error.theirs,
        "from_theirs": queries.shortened(differences.changes(error.theirs.body, (error.merged or mine).body)),
    }
    return _editor(request, here, both, status=409, **page)


def _editor(request: HttpRequest, here: Place, form: WordsForm, status: int = 200, **more: Any) -> HttpResponse:
    user, now = person(request), timezone.now()
    there = presence.look(text=here.room, user=user.pk, seconds=now.timestamp())
    company, _turn = queries.company(here.one.campaign_letter, there, user)
    unsaved = None if form.is_bound or more else queries.unsaved(here.one.campaign_letter, here.standing, user)
    problems = text_rules.problems(form.words().body)
    page = here.page(
        form=form,
        company=company,
        unsaved=unsaved and queries.compared(unsaved, here.standing),
        problems=problems,
        preview=None if problems else _shown(here, form.words()),
        **more,
    )
    return render(request, "campaign/writing/room.html", page, status=status)


def _shown(here: Place, words: Words) -> dict[str, Any]:
    """What the letter's page would show of these words."""
    demands = list(words.demands) or [demand.text for demand in here.campaign.demands.order_by("number")]
    return {
        "title": words.title,
        "html": text.preview(words.body, below=2),
        "demands": demands,
        "addressees": organising.addressee_lines(here.campaign),
        "language": here.standing.language,
        "direction": here.standing.direction,
        "remarks": text_rules.remarks(words.body),
    }


def _signed_out(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Nothing is saved and nothing is lost: the page holds what was sent, to be sent again after signing in."""
    page = {"slug": slug, "letter_slug": letter_slug, "sent": request.POST, "language": request.GET.get("language", "")}
    return render(request, "campaign/writing/signed_out.html", page, status=401)


@organisers_only
def _resume(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    return _editor(request, here, WordsForm(request.POST, standing=here.standing), status=409, resumed=True)


@organisers_only
@require_POST
def keep(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Keep what is written so far; the page asks for it while somebody types."""
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    form, now = WordsForm(request.POST, standing=here.standing), timezone.now()
    if not throttling.within(scope="kept", subject=str(person(request).pk), most=_KEEPS_PER_HOUR, seconds=3600):
        return HttpResponse(status=429)
    saving.keep(
        campaign_letter=here.one.campaign_letter,
        language=here.standing.language,
        words=form.words(),
        began_from=form.began_from(),
        by=person(request),
        now=now,
    )
    at = timezone.localtime(now)
    return JsonResponse(
        {"said": _("Kept at %(time)s for you and your team, not yet in the draft.") % {"time": at.strftime("%H:%M")}}
    )


@organisers_only
@require_POST
def beat(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Say that somebody is at the text, and hear who else is."""
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    user, now = person(request), timezone.now()
    there = presence.here(
        text=here.room,
        user=user.pk,
        seconds=now.timestamp(),
        writes="writes" in request.POST,
        takes_over="takes-over" in request.POST,
    )
    company, other = queries.company(here.one.campaign_letter, there, user)
    return JsonResponse({"company": company, "other": other, "revision": here.standing.revision})


@organisers_only
@require_POST
def preview(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """What the page would show; nothing is saved."""
    here = place(request, slug, letter_slug, least=Role.EDITOR)
    words = WordsForm(request.POST, standing=here.standing).words()
    problems = text_rules.problems(words.body)
    shown = {} if problems else _shown(here, words)
    return render(request, "campaign/writing/_shown.html", {"shown": shown, "problems": problems})


@organisers_only
@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """All that was saved in one language."""
    here = place(request, slug, letter_slug)
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isdecimal() and len(typed) < 18 else None
    saves, older = queries.history(here.one.campaign_letter, here.standing, before=before)
    return render(request, "campaign/writing/history.html", here.page(saves=saves, older=older, later=before))


@organisers_only
@require_http_methods(_FORM)
def saved(request: HttpRequest, slug: str, letter_slug: str, pk: int) -> HttpResponse:
    """One save beside the draft; restoring it is a new save."""
    here = place(request, slug, letter_slug, least=Role.EDITOR if request.method == "POST" else Role.VIEWER)
    rows = SavedText.objects.select_related("author", "accepted_by")
    row = get_object_or_404(rows, pk=pk, campaign_letter=here.one.campaign_letter, language=here.standing.language)
    if request.method == "POST":
        try:
            saving.restore(campaign_letter=here.one.campaign_letter, saved=row, by=person(request), now=timezone.now())
        except NotPossible as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Restored, as a new save. What the draft said before stands in the history."))
            return redirect(here.address("organise-write"))
    return render(
        request, "campaign/writing/saved.html", here.page(compared=queries.compared(row, here.standing), row=row)
    )
