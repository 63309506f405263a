"""The followers' pages: ask for news, type the code, change or stop it. They say the same to everybody."""

from django.conf import settings as site_settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import links, throttling
from campaign import news_queries
from campaign.models import Campaign
from campaign.news_forms import ChoiceForm, FollowForm
from letters import broadcasting, codes
from letters.forms import CodeForm

_COOKIE = f"{site_settings.COOKIE_PREFIX}news"
_FORM = ["GET", "HEAD", "POST"]


@require_safe
def of_letter(request: HttpRequest, slug: str) -> HttpResponse:
    """From a letter to the news of its campaign."""
    return redirect("news", slug=_found(news_queries.campaign_of(letter_slug=slug)).slug)


@never_cache
@require_http_methods(_FORM)
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. A good POST leads to the code page, whatever is known of the address."""
    campaign = _campaign_or_404(slug)
    network = throttling.network_of(request)
    form = FollowForm(
        request.POST or None,
        subject=campaign.directory_id,
        network=network,
        initial={"time_zone": campaign.time_zone},
    )
    if request.method == "POST" and form.is_valid():
        secret = codes.new_secret()
        broadcasting.begin(
            topic=campaign.directory_id,
            address=form.cleaned_data["email"],
            choice=form.choice(),
            secret=secret,
            network=network,
            effort=form.effort(),
        )
        response = redirect("news-code", slug=slug)
        response.set_cookie(
            _COOKIE,
            secret,
            max_age=codes.LIFE,
            secure=site_settings.SIGNING_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    page = {"campaign": campaign, "form": form}
    return render(request, "campaign/news/follow.html", page, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(_FORM)
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the code is typed."""
    campaign = _campaign_or_404(slug)
    topic, secret = campaign.directory_id, request.COOKIES.get(_COOKIE, "")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            broadcasting.confirm(
                topic=topic,
                secret=secret,
                code=form.cleaned_data["code"],
                topic_zone=campaign.time_zone,
                now=timezone.now(),
            )
        except codes.WrongCode as error:
            form.add_error("code", str(error))
        except codes.StartAgain:
            return render(request, "campaign/news/start_again.html", {"campaign": campaign}, status=410)
        else:
            response = redirect("news-done", slug=slug)
            response.delete_cookie(_COOKIE, samesite="Lax")
            return response
    if request.method != "POST" and not codes.is_pending(subject=topic, secret=secret):
        return render(request, "campaign/news/start_again.html", {"campaign": campaign})
    page = {"campaign": campaign, "form": form, "sent_again": "again" in request.GET, "minutes": codes.LIFE // 60}
    return render(request, "campaign/news/code.html", page, status=422 if request.method == "POST" else 200)


@never_cache
@require_http_methods(_FORM)
def send_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for another code; whoever only looks goes to the code page."""
    campaign = _campaign_or_404(slug)
    if request.method != "POST":
        return redirect("news-code", slug=slug)
    try:
        broadcasting.send_again(
            topic=campaign.directory_id,
            secret=request.COOKIES.get(_COOKIE, ""),
            network=throttling.network_of(request),
        )
    except codes.StartAgain:
        return render(request, "campaign/news/start_again.html", {"campaign": campaign}, status=410)
    return redirect(f"{request.path.removesuffix('again/')}?again")


@never_cache
@require_safe
def done(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next; the same for everybody."""
    return render(request, "campaign/news/done.html", {"campaign": _campaign_or_404(slug)})


# A mail provider's machine unsubscribes with one POST, without cookie and without CSRF token (RFC 8058). The token in
# the address is what a CSRF token would be: nobody but the follower has it, and no cookie adds a right to it.
@csrf_exempt
@never_cache
@require_http_methods(_FORM)
def settings(request: HttpRequest, token: str) -> HttpResponse:
    """How often and when, and a button that ends it. Looking changes nothing."""
    try:
        following = broadcasting.read(token=token)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            broadcasting.end(token=token)
            return HttpResponse("Unsubscribed.\n", content_type="text/plain; charset=utf-8")
        if "stop" in request.POST:
            broadcasting.end(token=token)
            return redirect("news-settings", token=token)
    except links.BadLink as error:
        raise Http404 from error
    campaign = news_queries.campaign_of(topic=following.topic)
    if not following.is_on or campaign is None:
        return render(request, "campaign/news/stopped.html", {"campaign": campaign})
    standing = {
        "frequency": following.choice.frequency,
        "time_zone": following.choice.time_zone or campaign.time_zone,
    }
    form = ChoiceForm(request.POST if request.method == "POST" else None, initial=standing)
    if request.method == "POST" and form.is_valid():
        broadcasting.change(token=token, choice=form.choice(), now=timezone.now())
        return redirect(f"{request.path}?saved")
    page = {"campaign": campaign, "form": form, "saved": "saved" in request.GET}
    return render(request, "campaign/news/settings.html", page, status=422 if request.method == "POST" else 200)


def _campaign_or_404(slug: str) -> Campaign:
    return _found(news_queries.campaign_of(slug=slug))


def _found(campaign: Campaign | None) -> Campaign:
    if campaign is None:
        raise Http404
    return campaign
