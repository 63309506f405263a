"""The third step for who must not use work mail: what a reviewer is to see (letters.evidence)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from letters import admitting, codes, evidence, pictures, signing
from letters.forms import EvidenceForm
from letters.queries import LetterFacts
from letters.views import forget_secret, kept_secret, letter_or_404
from letters.wishes import CannotSign

_MOST = 2 * pictures.MOST_BYTES  # of one request; what is longer is not read at all


@csrf_exempt  # only until the file's way into memory is set: the function below is protected
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, whose file never touches a disk."""
    upload = pictures.InMemory(request)
    request.upload_handlers = [upload]
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST:
        return render(request, "letters/evidence_too_large.html", {"letter": letter_or_404(slug)}, status=413)
    return _show(request, slug, upload)


@csrf_protect
def _show(request: HttpRequest, slug: str, upload: pictures.InMemory) -> HttpResponse:
    letter = letter_or_404(slug)
    secret = kept_secret(request)
    if not evidence.is_waited_for(letter_id=letter.id, secret=secret):
        return _start_again(request, letter, status=410 if request.method == "POST" else 200)
    admission = admitting.admission(letter.id)
    posted = request.POST if request.method == "POST" else None
    form = EvidenceForm(
        posted,
        request.FILES,
        employers=evidence.employers_for(letter.id),
        former=admission.for_anyone or admission.former_too,
        too_large=upload.too_large,
    )
    without = posted is not None and "without" in posted and admission.takes_email
    if posted is not None and (without or form.is_valid()):
        sent = None if without else form.sent()
        try:
            signing.complete_with(letter_id=letter.id, secret=secret, sent=sent, today=timezone.now().date())
        except codes.StartAgain:
            return _start_again(request, letter, status=410)
        except evidence.NotForThisLetter as error:
            form.add_error("employer", str(error))
        except CannotSign as error:
            return _start_again(request, letter, status=409, problem=str(error))
        else:
            response = redirect("signed", slug=slug)
            forget_secret(response)
            return response
    page = {
        "letter": letter,
        "form": form,
        "admission": admission,
        "hours": evidence.LIFE // 3600,
        "minutes": evidence.GATHERING // 60,
    }
    return render(request, "letters/evidence.html", page, status=422 if form.errors else 200)


def _start_again(request: HttpRequest, letter: LetterFacts, *, status: int, problem: str = "") -> HttpResponse:
    return render(request, "letters/start_again.html", {"letter": letter, "problem": problem}, status=status)
