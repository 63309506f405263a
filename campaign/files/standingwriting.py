"""The standings in a campaign file: taken over as imported; what a person of the team decided stands."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from campaign import deciding
from campaign.files.reading import Row
from campaign.files.work import Work, plain
from campaign.models import Entry, Holder, Standing, StandingDecision

State = StandingDecision.State


def write(work: Work, rows: list[Row]) -> None:
    """Make each cell that the file names stand as it says there."""
    executives = {one.key: one for one in work.campaign.executives.select_related("employer")}
    demands = {one.key: one for one in work.campaign.demands.all()}
    entries = {one.key: one for one in work.campaign.entries.all()}
    holders = {one.key: one.pk for one in Holder.objects.filter(executive__campaign=work.campaign)}
    living = {
        (one.executive_id, one.demand_id, one.holder_id): one
        for one in StandingDecision.objects.filter(executive__campaign=work.campaign, ended_at__isnull=True)
        .exclude(state=State.REJECTED)
        .order_by("decided_at")
        .prefetch_related("evidence")
    }
    for row in rows:
        work.step()
        executive, demand = executives[row["executive"]], demands[row["demand"]]
        holder = holders[str(row["holder"])] if row["holder"] else executive.holder_id
        there = living.get((executive.pk, demand.pk, holder))
        evidence = [entries[key] for key in row["evidence"]]
        name = {"key": f"{executive.key}, {demand.key}"}
        if there is not None and not there.imported:
            if there.standing != row["standing"]:
                work.left_alone.append(_("standings: %(key)s was decided by your team and stays.") % name)
        elif there is None or not _says(there, row, evidence, work):
            try:
                deciding.take_over(
                    executive=executive,
                    demand=demand,
                    standing=Standing(row["standing"]),
                    reason=plain(row["reason"]),
                    evidence=evidence,
                    checked=row["state"] == "checked" and work.by is None,
                    by=work.by,
                    now=work.now,
                    holder=str(holder or ""),
                )
            except deciding.NotPossible as error:
                work.faults.add(row.line, str(error))
            (work.made if there is None else work.changed).append(_("standings: %(key)s") % name)


def _says(there: StandingDecision, row: Row, evidence: Sequence[Entry], work: Work) -> bool:
    return (
        (there.standing, there.reason) == (row["standing"], row["reason"])
        and {one.pk for one in there.evidence.all()} == {one.pk for one in evidence}
        and (there.state == State.CHECKED or row["state"] == State.WAITING or work.by is not None)
    )
