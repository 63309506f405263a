"""The queue of what goes out, one thing of it, and what a member wants to be told."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import links
from campaign import organising
from campaign.access import campaign_for, organisers_only, person
from campaign.mailing_forms import MemberSettingsForm, MoveForm, SpacingForm
from campaign.models import Reminder, Role
from campaign.reminders import changing, planning, schedule, wishes

_FORM = ["GET", "HEAD", "POST"]


@organisers_only
@require_http_methods(["GET", "HEAD"])
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes out when, to whom and why; what would follow; and what became of the rest."""
    campaign, role = campaign_for(person(request), slug)
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 6 and int(typed) else 1
    past, has_older = schedule.history(campaign, page=number)
    page = {
        "campaign": campaign,
        "role": role,
        "may_change": role in {Role.OWNER, Role.EDITOR},
        "planned": schedule.queue(campaign) if number == 1 else [],
        "past": past,
        "page": number,
        "newer": f"?page={number - 1}" if number > 1 else "",
        "older": f"?page={number + 1}" if has_older else "",
        "spacing_form": SpacingForm(initial={"remind_every": campaign.remind_every or "never"}),
        "now": timezone.now(),
    }
    # What updates itself while somebody looks is the list alone.
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"campaign/organise/{'_queue' if part else 'reminders'}.html", page)


@organisers_only
@require_http_methods(["GET", "HEAD"])
def forecast(request: HttpRequest, slug: str) -> HttpResponse:
    """What would go out in the next fourteen days, without sending anything."""
    campaign, role = campaign_for(person(request), slug)
    page = {"campaign": campaign, "role": role, "days": schedule.forecast(campaign, now=timezone.now())}
    return render(request, "campaign/organise/forecast.html", page)


@organisers_only
@require_POST
def hold_all(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep back everything that is planned, or let it go on."""
    campaign, _role = campaign_for(person(request), slug, least=Role.EDITOR)
    held = "hold" in request.POST
    changing.hold_all(campaign=campaign, held=held, by=person(request), now=timezone.now())
    if held:
        messages.success(request, _("Held. Nothing of this campaign goes out before somebody lets it go on."))
    else:
        messages.success(request, _("Mail goes on. What came due in the meantime goes out now, each thing once."))
    return redirect("organise-reminders", slug=slug)


@organisers_only
@require_POST
def spacing(request: HttpRequest, slug: str) -> HttpResponse:
    """How often the team is told of the same silence."""
    campaign, _role = campaign_for(person(request), slug, least=Role.EDITOR)
    form = SpacingForm(request.POST)
    if form.is_valid():
        organising.remind_every(
            campaign=campaign, days=form.cleaned_data["remind_every"], by=person(request), now=timezone.now()
        )
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the spacings."))
    return redirect("organise-reminders", slug=slug)


@organisers_only
@require_http_methods(_FORM)
def reminder(request: HttpRequest, slug: str, reminder_id: uuid.UUID) -> HttpResponse:
    """One thing of the queue with its mail, and what can be done to it."""
    least = Role.EDITOR if request.method == "POST" else Role.VIEWER
    campaign, role = campaign_for(person(request), slug, least=least)
    planned = schedule.one_or_none(campaign, reminder_id)
    if planned is None:
        raise Http404
    moving = "move" in request.POST
    form = MoveForm(request.POST if moving else None, campaign=campaign, initial={"due_at": planned.reminder.due_at})
    if request.method == "POST" and (not moving or form.is_valid()):
        try:
            messages.success(request, _act(request, planned.reminder, form))
            return redirect("organise-reminders", slug=slug)
        except changing.NotPossible as error:
            if moving and error.field:
                form.add_error(error.field, str(error))
            else:
                messages.error(request, str(error))
                return redirect("organise-reminder", slug=slug, reminder_id=reminder_id)
    page = {
        "campaign": campaign,
        "role": role,
        "may_change": role in {Role.OWNER, Role.EDITOR} and planned.reminder.state in planning.LIVE,
        "one": planned,
        "mail": schedule.preview(planned),
        "form": form,
    }
    return render(request, "campaign/organise/reminder.html", page, status=422 if moving else 200)


@organisers_only
@require_POST
def mail_again(request: HttpRequest, slug: str, reminder_id: uuid.UUID) -> HttpResponse:
    """Send once more what was perhaps delivered, because a person says so."""
    campaign, _role = campaign_for(person(request), slug, least=Role.EDITOR)
    sent = changing.send_uncertain_again(
        campaign=campaign, reminder_id=reminder_id, by=person(request), now=timezone.now()
    )
    if sent:
        messages.success(request, _("Sent again. Who had it already gets it twice."))
    else:
        messages.error(request, _("There is nothing to send again: it arrived, or its text is gone."))
    return redirect("organise-reminders", slug=slug)


@organisers_only
@require_http_methods(_FORM)
def settings(request: HttpRequest) -> HttpResponse:
    """What I want to be told, and when."""
    user = person(request)
    form = MemberSettingsForm(request.POST or None, initial=MemberSettingsForm.shown(wishes.of(user)))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wishes.change(
            user=user,
            unwanted=form.unwanted(),
            time_zone=data["time_zone"],
            once_a_day=data["once_a_day"],
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            most_a_day=data["most_a_day"],
        )
        messages.success(request, _("Saved."))
        return redirect("organise-settings")
    return render(request, "campaign/organise/settings.html", {"form": form}, status=422 if form.is_bound else 200)


@csrf_exempt  # RFC 8058: the mail provider's machine posts here, with no cookie of ours
@never_cache
@require_http_methods(_FORM)
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where a reminder's mail leads who wants no more of its sort. Looking changes nothing."""
    try:
        user_id, kinds = wishes.read_stop_token(token)
    except links.BadLink as error:
        raise Http404 from error
    if request.method == "POST":
        wishes.stop(user_id=user_id, kinds=kinds)
    page = {"kinds": kinds, "done": request.method == "POST"}
    return render(request, "campaign/reminders_stop.html", page)


def _act(request: HttpRequest, one: Reminder, form: MoveForm) -> str:
    """Do what the pressed button says; answers what to say then."""
    user, now = person(request), timezone.now()
    done: dict[str, tuple[Callable[[], None], str]] = {
        "move": (
            lambda: changing.move(reminder=one, due_at=form.cleaned_data["due_at"], by=user, now=now),
            _("Moved."),
        ),
        "hold": (
            lambda: changing.hold(reminder=one, by=user, now=now),
            _("Held. It waits until somebody lets it go on."),
        ),
        "go_on": (lambda: changing.go_on(reminder=one, by=user, now=now), _("It goes out at its moment again.")),
        "send": (
            lambda: changing.send_now(reminder=one, by=user, now=now),
            _("It goes out within a minute. Quiet hours of the team’s members still hold."),
        ),
        "cancel": (
            lambda: changing.cancel(reminder=one, by=user, now=now),
            _("Cancelled. You can take that back below, under what became of earlier ones."),
        ),
        "restore": (lambda: changing.restore(reminder=one, by=user, now=now), _("It is planned again.")),
    }
    for name, (verb, text) in done.items():
        if name in request.POST:
            verb()
            return text
    raise changing.NotPossible(_("Choose what to do with it."))
