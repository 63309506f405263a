"""Where executives stand: deciding it, and checking what another person decided."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign import deciding, proposals
from campaign.access import campaign_for, may, organisers_only, person
from campaign.forms import RejectForm
from campaign.models import Campaign, Demand, Executive, Role, Standing
from campaign.record_forms import StandingForm


@organisers_only
@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, slug: str, executive_id: int, demand_id: int) -> HttpResponse:
    """One cell of the scoreboard: what is shown, what waits, what the rules propose, and a form to decide."""
    user = person(request)
    campaign, role = campaign_for(user, slug, least=Role.TRACKER if request.method == "POST" else Role.VIEWER)
    executive, demand = _of(campaign, executive_id, demand_id)
    found = _cell(request, executive, demand)
    form, reject = _forms(request, found)
    sent: StandingForm | RejectForm = reject if "reject" in request.POST else form
    fault = ""
    if request.method == "POST" and ("check" in request.POST or sent.is_valid()):
        try:
            _act(request, found, form, reject)
            return redirect("organise-record", slug=slug)
        except deciding.MovedMeanwhile as error:
            fault = str(error)
            if form.is_bound:  # what was typed stays; what was seen is now what the page shows
                form.add_error(None, fault)
                typed = request.POST.copy()
                typed["saw"] = deciding.seen(executive, demand, found.holder)
                form.data = typed
        except deciding.NotPossible as error:
            fault = str(error)
            if sent.is_bound:
                sent.add_error(error.field if error.field in sent.fields else None, fault)
    found = _cell(request, executive, demand)
    page = {
        "campaign": campaign,
        "role": role,
        "cell": found,
        "form": form,
        "reject": reject,
        "history": deciding.history(executive, demand, found.holder).select_related("decided_by", "checked_by"),
        "may_decide": may(role, Role.TRACKER) and found.waiting is None,
        "may_check": may(role, Role.TRACKER) and found.waiting is not None and found.waiting.decided_by_id != user.pk,
        "is_mine": found.waiting is not None and found.waiting.decided_by_id == user.pk,
        "fault": "" if sent.is_bound else fault,
    }
    return render(request, "campaign/organise/cell.html", page, status=422 if request.method == "POST" else 200)


def _of(campaign: Campaign, executive_id: int, demand_id: int) -> tuple[Executive, Demand]:
    executive = get_object_or_404(
        campaign.executives.select_related("employer", "campaign"), pk=executive_id, addressed=True
    )
    return executive, get_object_or_404(campaign.demands, pk=demand_id)


def _cell(request: HttpRequest, executive: Executive, demand: Demand) -> proposals.Cell:
    """The cell; `?holder=` names somebody who held the office before."""
    try:
        return proposals.cell(executive, demand, request.GET.get("holder", ""))
    except KeyError as error:
        raise Http404 from error


def _forms(request: HttpRequest, cell: proposals.Cell) -> tuple[StandingForm, RejectForm]:
    deciding_now = request.method == "POST" and "decide" in request.POST
    form = StandingForm(
        request.POST if deciding_now else None,
        executive=cell.executive,
        demand=cell.demand,
        holder=cell.holder,
        initial={"standing": cell.proposed, "saw": deciding.seen(cell.executive, cell.demand, cell.holder)},
    )
    return form, RejectForm(request.POST if "reject" in request.POST else None)


def _act(request: HttpRequest, cell: proposals.Cell, form: StandingForm, reject: RejectForm) -> None:
    by, now = person(request), timezone.now()
    if "decide" in request.POST:
        deciding.decide(
            executive=cell.executive,
            demand=cell.demand,
            holder=cell.holder,
            standing=Standing(form.cleaned_data["standing"]),
            reason=form.cleaned_data["reason"],
            evidence=list(form.cleaned_data["evidence"]),
            by=by,
            saw=form.cleaned_data["saw"],
            now=now,
        )
        messages.success(request, _("Decided. It is public once somebody else in your team has checked it."))
        return
    decision = cell.waiting
    if decision is None or str(decision.pk) != request.POST.get("decision"):
        raise deciding.MovedMeanwhile(_("Somebody else decided this a moment ago. Here is how it stands now."))
    if "reject" in request.POST:
        deciding.reject(decision=decision, by=by, reason=reject.cleaned_data["reason"], now=now)
        messages.success(request, _("Turned down. The scoreboard stays as it is."))
    else:
        deciding.check(decision=decision, by=by, now=now)
        messages.success(request, _("Checked. The scoreboard shows it."))
