"""The pages on which an organisation signs, or takes that back: form, code, done; the same for every address."""

import uuid
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttling
from letters import codes, elsewhere, joining, organisations
from letters.forms import CodeForm
from letters.freshness import same_for_everybody
from letters.joining_forms import JoinForm, LeaveForm
from letters.queries import LetterFacts
from letters.views import forget_secret, keep_secret, kept_secret, letter_or_404
from letters.wishes import CannotSign, TextMoved

_FORM = ["GET", "HEAD", "POST"]


@require_safe
@same_for_everybody
@gzip_page
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """The organisations that signed: apart from people, and in no number of theirs."""
    letter = letter_or_404(slug)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 and int(asked) else 1
    found, more = organisations.page(letter.id, number=number)
    page = {
        "letter": letter,
        "organisations": found,
        "number": number,
        "more": more,
        "gone": organisations.gone(letter.id),
        "elsewhere_count": elsewhere.count(letter.id),
    }
    return render(request, "letters/signatures_organisations.html", page)


@never_cache
@require_http_methods(_FORM)
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of an organisation. A good POST leads to the code page, whatever is known of the address."""
    letter = letter_or_404(slug)
    if not letter.takes_organisations:
        raise Http404
    network = throttling.network_of(request)
    form = JoinForm(request.POST or None, subject=letter.id, network=network, initial={"version": letter.sha256})
    problem = ""
    if request.method == "POST" and letter.is_open and form.is_valid():
        secret = codes.new_secret()
        try:
            if letter.version_id is None or form.cleaned_data["version"] not in {"", letter.sha256}:
                raise TextMoved
            joining.begin(
                letter_id=letter.id,
                version_id=letter.version_id,
                wish=form.wish(),
                secret=secret,
                network=network,
                effort=form.effort(),
            )
        except CannotSign as error:
            problem = str(error)
        else:
            return keep_secret(redirect("organisation-code", slug=slug), secret, seconds=codes.LIFE)
    page = {"letter": letter, "form": form, "problem": problem}
    return render(request, "letters/join.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(_FORM)
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of who takes an organisation back. It says nothing of what is there."""
    letter = letter_or_404(slug)
    network = throttling.network_of(request)
    form = LeaveForm(request.POST or None, subject=letter.id, network=network)
    problem = ""
    if request.method == "POST" and letter.is_open and form.is_valid():
        secret, typed = codes.new_secret(), form.cleaned_data
        try:
            joining.begin_leaving(
                letter_id=letter.id,
                address=typed["email"],
                domain=typed["domain"],
                secret=secret,
                network=network,
                effort=form.effort(),
            )
        except CannotSign as error:
            problem = str(error)
        else:
            return keep_secret(redirect("organisation-leave-code", slug=slug), secret, seconds=codes.LIFE)
    page = {"letter": letter, "form": form, "problem": problem}
    return render(request, "letters/leave.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(_FORM)
def join_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the code for an organisation's signature is typed."""
    return _code(request, letter_or_404(slug), joining.joining, joining.complete, "organisation")


@never_cache
@require_http_methods(_FORM)
def leave_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the code for taking one back is typed."""
    return _code(request, letter_or_404(slug), joining.leaving, joining.leave, "organisation-leave")


@never_cache
@require_http_methods(_FORM)
def send_again(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """Ask for another code for what is pending in this browser; whoever only looks goes to the code page."""
    letter = letter_or_404(slug)
    if request.method != "POST":
        return redirect(f"{way}-code", slug=slug)
    subject = joining.joining if way == "organisation" else joining.leaving
    try:
        joining.send_again(
            subject=subject(letter.id), secret=kept_secret(request), network=throttling.network_of(request)
        )
    except codes.StartAgain:
        return _start_again(request, letter, way, status=410)
    return redirect(f"{request.path.removesuffix('again/')}?again")


@never_cache
@require_safe
def done(request: HttpRequest, slug: str, way: str) -> HttpResponse:
    """What happens next, the same for everybody."""
    return render(request, "letters/join_done.html", {"letter": letter_or_404(slug), "way": way})


def _code(
    request: HttpRequest,
    letter: LetterFacts,
    subject: Callable[[uuid.UUID], uuid.UUID],
    complete: Callable[..., None],
    way: str,
) -> HttpResponse:
    secret = kept_secret(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            complete(letter_id=letter.id, secret=secret, code=form.cleaned_data["code"], today=timezone.now().date())
        except codes.WrongCode as error:
            form.add_error("code", str(error))
        except codes.StartAgain:
            return _start_again(request, letter, way, status=410)
        except CannotSign as error:
            return _start_again(request, letter, way, status=409, problem=str(error))
        else:
            response = redirect(f"{way}-done", slug=letter.slug)
            forget_secret(response)
            return response
    if request.method != "POST" and not codes.is_pending(subject=subject(letter.id), secret=secret):
        return _start_again(request, letter, way)
    page = {
        "letter": letter,
        "form": form,
        "way": way,
        "sent_again": "again" in request.GET,
        "minutes": codes.LIFE // 60,
    }
    return render(request, "letters/join_code.html", page, status=422 if form.errors else 200)


def _start_again(
    request: HttpRequest, letter: LetterFacts, way: str, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    page = {"letter": letter, "way": way, "problem": problem}
    return render(request, "letters/join_again.html", page, status=status)
