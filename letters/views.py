"""The signer's pages, and those that show a letter's people and versions."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttling
from letters import admitting, codes, crowd, elsewhere, evidence, people, queries, removals, signing, unwanted
from letters.forms import CodeForm, StopForm
from letters.freshness import same_for_everybody
from letters.models import ProofLevel, RoleGroup
from letters.previewing import preview
from letters.queries import LetterFacts
from letters.signing_forms import SignForm
from letters.wishes import CannotSign, NotLikeThis, TextMoved


def letter_or_404(slug: str) -> LetterFacts:
    """The letter at this address; a draft is not there."""
    try:
        return queries.letter(slug)
    except queries.NoSuchLetter as error:
        raise Http404 from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. A good POST leads to the code page, whoever asked and whatever is known of the address."""
    letter = letter_or_404(slug)
    network = throttling.network_of(request)
    admission = admitting.admission(letter.id)
    form = SignForm(
        request.POST or None,
        subject=letter.id,
        network=network,
        offers=letter.releases,
        evidence=admission.takes_evidence,
        reason=letter.asks_reason,
        initial={"version": letter.sha256},
    )
    problem, status, seen = "", 200, None
    if request.method == "POST" and letter.is_open:
        status = 422
        if form.is_valid() and "preview" in request.POST:
            status, seen = 200, preview(letter=letter, wish=form.wish(), today=timezone.now().date())
        elif form.is_valid():
            secret = codes.new_secret()
            try:
                if letter.version_id is None or form.cleaned_data["version"] not in {"", letter.sha256}:
                    raise TextMoved
                signing.begin(
                    letter_id=letter.id,
                    version_id=letter.version_id,
                    wish=form.wish(),
                    secret=secret,
                    network=network,
                    effort=form.effort(),
                    now=timezone.now(),
                )
            except NotLikeThis as error:
                form.add_error("email", str(error))
            except CannotSign as error:
                problem = str(error)
            else:
                return keep_secret(redirect("code", slug=slug), secret, seconds=codes.LIFE)
    page = {
        "letter": letter,
        "form": form,
        "problem": problem,
        "admission": admission,
        "crowd": crowd.around(letter, request.GET.get("employer", "")),
        "preview": seen,
    }
    return render(request, "letters/sign.html", page, status=status)


def keep_secret(response: HttpResponse, secret: str, *, seconds: int) -> HttpResponse:
    """The answer with a cookie that only the pages of an act of signing read."""
    response.set_cookie(
        settings.SIGNING_COOKIE_NAME,
        secret,
        max_age=seconds,
        secure=settings.SIGNING_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def kept_secret(request: HttpRequest) -> str:
    """The secret of the act of signing that is pending in this browser, or nothing."""
    return request.COOKIES.get(settings.SIGNING_COOKIE_NAME, "")


def forget_secret(response: HttpResponse) -> None:
    """The act is over, and the browser need not know of it."""
    response.delete_cookie(settings.SIGNING_COOKIE_NAME, samesite="Lax")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the code is typed."""
    letter = letter_or_404(slug)
    secret = kept_secret(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = signing.complete(
                letter_id=letter.id, secret=secret, code=form.cleaned_data["code"], today=timezone.now().date()
            )
        except codes.WrongCode as error:
            form.add_error("code", str(error))
        except codes.StartAgain:
            return render(request, "letters/start_again.html", {"letter": letter}, status=410)
        except CannotSign as error:
            return render(request, "letters/start_again.html", {"letter": letter, "problem": str(error)}, status=409)
        else:
            if done is None:
                return keep_secret(redirect("evidence", slug=slug), secret, seconds=evidence.GATHERING)
            response = redirect("signed", slug=slug)
            forget_secret(response)
            return response
    if request.method != "POST" and not codes.is_pending(subject=letter.id, secret=secret):
        return render(request, "letters/start_again.html", {"letter": letter})
    page = {"letter": letter, "form": form, "sent_again": "again" in request.GET, "minutes": codes.LIFE // 60}
    return render(request, "letters/code.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for another code for what is pending in this browser; whoever only looks goes to the code page."""
    letter = letter_or_404(slug)
    if request.method != "POST":
        return redirect("code", slug=slug)
    try:
        signing.send_again(
            letter_id=letter.id,
            secret=kept_secret(request),
            network=throttling.network_of(request),
        )
    except codes.StartAgain:
        return render(request, "letters/start_again.html", {"letter": letter}, status=410)
    return redirect(f"{request.path.removesuffix('again/')}?again")


@never_cache
@require_safe
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, and what happens next. It says the same to everybody, so it proves nothing to anybody."""
    letter = letter_or_404(slug)
    return render(request, "letters/signed.html", {"letter": letter})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_codes(request: HttpRequest) -> HttpResponse:
    """For somebody who got a code that she did not ask for: with it she stops codes to her address."""
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if unwanted.stop(address=typed["email"], typed=typed["code"], network=throttling.network_of(request)):
                return redirect(f"{request.path}?stopped")
            form.add_error("code", _("This is not a code that was mailed there in the last 15 minutes. Compare both."))
        except unwanted.TooManyTries:
            form.add_error(None, _("Too many tries. Please wait an hour; until then just ignore such mails."))
    page = {"form": form, "stopped": "stopped" in request.GET, "days": unwanted.DAYS}
    return render(request, "letters/stop_codes.html", page, status=422 if request.method == "POST" else 200)


@require_safe
@same_for_everybody
@gzip_page
def signatures(request: HttpRequest, slug: str) -> HttpResponse:
    """The people who signed publicly, with search and filters."""
    letter = letter_or_404(slug)
    wanted = _wanted(request)
    found = people.page(letter.id, wanted)
    kept = {
        name: value
        for name, value in {
            "q": wanted.search,
            "employer": wanted.employer_key,
            "role": wanted.role_group,
            "level": wanted.level,
            "order": "" if wanted.order is people.Order.NEWEST else wanted.order.value,
        }.items()
        if value
    }
    is_filtered = bool(set(kept) - {"order"})
    page = {
        "letter": letter,
        "people": found.people,
        "pinned": people.pinned(letter.id) if letter.pin_criterion and not is_filtered and not wanted.after else [],
        "next": urlencode({**kept, "after": found.next}) if found.next else "",
        "first": urlencode(kept) if wanted.after else None,
        "numbers": queries.numbers(letter.id),
        "departures": queries.departures(letter.id),
        "removals": removals.public(letter.id),
        "levels": ProofLevel.choices,
        "roles": [choice for choice in RoleGroup.choices if choice[0]],
        "orders": list(people.Order),
        "wanted": wanted,
        "is_filtered": is_filtered,
        "elsewhere_count": elsewhere.count(letter.id),
    }
    return render(request, "letters/signatures.html", page)


@require_safe
@same_for_everybody
@gzip_page
def signatures_by_employer(request: HttpRequest, slug: str) -> HttpResponse:
    """How many signed at each employer, by name and confidentially."""
    letter = letter_or_404(slug)
    numbers = queries.numbers(letter.id)
    others = queries.EditionCount(
        numbers.public - sum(one.public for one in numbers.employers),
        numbers.confidential - sum(one.confidential for one in numbers.employers),
    )
    page = {
        "letter": letter,
        "numbers": numbers,
        "elsewhere": others,
        "elsewhere_count": elsewhere.count(letter.id),
    }
    return render(request, "letters/signatures_employers.html", page)


@require_safe
@same_for_everybody
@gzip_page
def signatures_elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Who signed elsewhere: apart, with where that is known from, and in no number."""
    letter = letter_or_404(slug)
    lot, after = request.GET.get("lot", ""), request.GET.get("after", "")
    page: dict[str, Any] = {
        "letter": letter,
        "lots": elsewhere.lots(letter.id),
        "elsewhere_count": elsewhere.count(letter.id),
    }
    try:
        names, next_one = elsewhere.named(
            letter.id, lot_id=uuid.UUID(lot), after=int(after) if after.isdecimal() and len(after) < 19 else 0
        )
    except ValueError:
        return render(request, "letters/signatures_elsewhere.html", page)
    page |= {"names": names, "next": next_one, "lot_id": lot}
    return render(request, "letters/signatures_elsewhere.html", page)


def _wanted(request: HttpRequest) -> people.Wanted:
    typed = {name: request.GET.get(name, "").replace("\0", "").strip()[:120] for name in ("q", "employer", "role")}
    order = request.GET.get("order", "")
    return people.Wanted(
        search=typed["q"],
        employer_key=typed["employer"],
        role_group=typed["role"],
        level=request.GET.get("level", ""),
        order=people.Order(order) if order in set(people.Order) else people.Order.NEWEST,
        after=request.GET.get("after", "")[:2000],
    )
