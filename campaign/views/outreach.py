"""Asking the executives' offices: whom, how often, and each draft until a person releases it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaign import emails, outreach, team_queries
from campaign.access import campaign_for, organisers_only, person
from campaign.mailing_forms import OutreachForm
from campaign.models import Executive, Outreach, Role


@organisers_only
@require_safe
def offices(request: HttpRequest, slug: str) -> HttpResponse:
    """Every addressed office: how often it was asked, and whether it may be asked now."""
    campaign, role = campaign_for(person(request), slug)
    page = {"campaign": campaign, "role": role, "offices": team_queries.offices(campaign)}
    return render(request, "campaign/organise/offices.html", page)


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def office(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One office: the draft to it, its release, and what it was asked before."""
    least = Role.EDITOR if request.method == "POST" else Role.VIEWER
    campaign, role = campaign_for(person(request), slug, least=least)
    executive = get_object_or_404(Executive.objects.select_related("employer", "campaign"), campaign=campaign, pk=pk)
    found = team_queries.office(executive)
    subject, body = (found.draft.subject, found.draft.body) if found.draft else outreach.proposal(executive=executive)
    acting = request.method == "POST"
    typed = request.POST if acting and "body" in request.POST else None
    seen = outreach.fingerprint(found.draft) if found.draft else ""
    form = OutreachForm(typed, initial={"subject": subject, "body": body})
    if acting and (not form.is_bound or form.is_valid()):
        try:
            messages.success(request, _act(request, executive, found.draft, form))
            return redirect("organise-outreach", slug=slug, pk=pk)
        except outreach.NotPossible as error:
            if error.field == "office_address":
                messages.error(request, str(error))
                return redirect("organise-executive", slug=slug, pk=pk)
            if not form.is_bound:
                messages.error(request, str(error))
                return redirect("organise-outreach", slug=slug, pk=pk)
            # The next save is measured against the draft that is there now; what was typed stays.
            form.add_error(None, str(error))
    page = {
        "campaign": campaign,
        "role": role,
        "may_change": role in {Role.OWNER, Role.EDITOR},
        "office": found,
        "executive": executive,
        "form": form,
        "seen": seen,
        "footer": emails.outreach_footer(executive),
    }
    return render(request, "campaign/organise/office.html", page, status=422 if form.is_bound else 200)


def _act(request: HttpRequest, executive: Executive, draft: Outreach | None, form: OutreachForm) -> str:
    """Do what the pressed button says; answers what to say then."""
    now = timezone.now()
    if "discard" in request.POST and draft:
        outreach.discard(outreach=draft, now=now)
        return _("The draft is gone.")
    if "release" in request.POST and draft:
        due_at = outreach.release(outreach=draft, by=person(request), now=now, seen=request.POST.get("seen", ""))
        if executive.campaign.mail_held:
            return _("Released. All mail of this campaign is held, so it waits until mail goes on.")
        if due_at > now:
            day = date_format(timezone.localtime(due_at), "SHORT_DATETIME_FORMAT")
            return _("Released. It goes out %(at)s; until then you can stop it in the queue.") % {"at": day}
        return _("Released. It goes out within a minute.")
    if not form.is_bound:
        raise outreach.NotPossible(_("Choose what to do with it."))
    words = {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}
    if draft:
        outreach.redraft(outreach=draft, now=now, seen=request.POST.get("seen", ""), **words)
    else:
        outreach.draft(executive=executive, now=now, **words)
    return _("Saved. Read it below as the office will; it goes out only when somebody releases it.")
