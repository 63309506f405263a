"""Taking a signature back: form, code, done, the same for everybody (letters.withdrawing)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import throttling
from letters import codes, withdrawing
from letters.forms import CodeForm
from letters.queries import LetterFacts
from letters.signing_forms import WithdrawForm
from letters.views import forget_secret, keep_secret, kept_secret, letter_or_404
from letters.wishes import CannotSign


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. A good POST leads to the code page, whoever asked and whatever is known of the address."""
    letter = letter_or_404(slug)
    network = throttling.network_of(request)
    form = WithdrawForm(request.POST or None, subject=letter.id, network=network, reason=letter.asks_reason)
    problem, status = "", 200
    if request.method == "POST" and letter.is_open:
        status = 422
        if form.is_valid():
            secret = codes.new_secret()
            try:
                withdrawing.begin(
                    letter_id=letter.id, wish=form.change(), secret=secret, network=network, effort=form.effort()
                )
            except CannotSign as error:
                problem = str(error)
            else:
                return keep_secret(redirect("withdraw-code", slug=slug), secret, seconds=codes.LIFE)
    return render(request, "letters/withdraw.html", {"letter": letter, "form": form, "problem": problem}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the code is typed; with it, what was asked for is done."""
    letter = letter_or_404(slug)
    secret = kept_secret(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            whereabouts = withdrawing.complete(
                letter_id=letter.id, secret=secret, code=form.cleaned_data["code"], today=timezone.now().date()
            )
        except codes.WrongCode as error:
            form.add_error("code", str(error))
        except codes.StartAgain:
            return _start_again(request, letter, status=410)
        except CannotSign as error:
            return _start_again(request, letter, status=409, problem=str(error))
        else:
            response: HttpResponse = redirect("withdraw-done", slug=slug)
            if whereabouts is not None:
                response = render(request, "letters/where.html", {"letter": letter, "whereabouts": whereabouts})
            forget_secret(response)
            return response
    if request.method != "POST" and not codes.is_pending(subject=withdrawing.subject(letter.id), secret=secret):
        return _start_again(request, letter)
    page = {"letter": letter, "form": form, "sent_again": "again" in request.GET, "minutes": codes.LIFE // 60}
    return render(request, "letters/withdraw_code.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for another code for what is pending in this browser; whoever only looks goes to the code page."""
    letter = letter_or_404(slug)
    if request.method != "POST":
        return redirect("withdraw-code", slug=slug)
    try:
        withdrawing.send_again(
            letter_id=letter.id,
            secret=kept_secret(request),
            network=throttling.network_of(request),
        )
    except codes.StartAgain:
        return _start_again(request, letter, status=410)
    return redirect(f"{request.path.removesuffix('again/')}?again")


@never_cache
@require_safe
def done(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done, if anything was there. It says the same to everybody."""
    return render(request, "letters/withdraw_done.html", {"letter": letter_or_404(slug)})


def _start_again(request: HttpRequest, letter: LetterFacts, *, status: int = 200, problem: str = "") -> HttpResponse:
    page = {"letter": letter, "problem": problem}
    return render(request, "letters/withdraw_again.html", page, status=status)
