"""The team's page about the end of a letter: handing it over, and saying how it went."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from campaign import delivering, team_queries
from campaign.access import campaign_for, may, organisers_only, person
from campaign.mailing_forms import InCampaignTime, MomentField
from campaign.models import Outcome, Role
from campaign.organising import NotPossible


class DeliveryForm(InCampaignTime):
    """How, when and to whom."""

    to_whom = forms.CharField(max_length=300, label=gettext_lazy("To whom"))
    how = forms.CharField(
        max_length=200,
        label=gettext_lazy("How"),
        help_text=gettext_lazy("For example: “in person, at the front desk” or “by registered mail”."),
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reply_by = MomentField(required=False, label=gettext_lazy("Answer asked for by"))


class OutcomeForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(choices=Outcome, label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    statement = forms.CharField(
        max_length=2000,
        label=gettext_lazy("In your words"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What was reached and what was not. It stands at the head of the letter’s page."),
    )


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def deliver(request: HttpRequest, slug: str, letter_slug: str) -> HttpResponse:
    """Deliveries on record, a form for one more, and the outcome."""
    user, now = person(request), timezone.now()
    campaign, role = campaign_for(user, slug, least=Role.OWNER if request.method == "POST" else Role.VIEWER)
    one = team_queries.team_letter_or_404(campaign, letter_slug)
    ends = "outcome" in request.POST
    handing = DeliveryForm(
        request.POST if request.method == "POST" and not ends else None,
        campaign=campaign,
        initial={"day": timezone.localdate(now)},
    )
    row = one.campaign_letter
    ending = OutcomeForm(
        request.POST if ends else None,
        initial={"outcome": row.outcome or None, "statement": row.outcome_statement},
    )
    form: forms.Form = ending if ends else handing
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        try:
            if ends:
                delivering.say_outcome(
                    campaign_letter=row,
                    outcome=Outcome(typed["outcome"]),
                    statement=typed["statement"],
                    by=user,
                    now=now,
                )
                messages.success(request, _("It stands at the head of the letter’s page."))
            else:
                delivering.deliver(
                    campaign_letter=row,
                    how=typed["how"],
                    to_whom=typed["to_whom"],
                    delivered_on=typed["day"],
                    reply_by=typed["reply_by"],
                    by=user,
                    now=now,
                )
                messages.success(request, _("On record. The edition on paper is being made; look again in a minute."))
        except NotPossible as error:
            form.add_error(error.field, str(error))
        else:
            return redirect("organise-letter-deliver", slug=slug, letter_slug=letter_slug)
    page = {
        "campaign": campaign,
        "role": role,
        "one": one,
        "may_write": may(role, Role.OWNER),
        "handing": handing,
        "ending": ending,
        "deliveries": team_queries.deliveries(row),
    }
    return render(request, "campaign/organise/letter_deliver.html", page, status=422 if form.errors else 200)
