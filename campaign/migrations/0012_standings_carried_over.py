"""What the scoreboard said by rules alone until now becomes decisions, marked as carried over: nothing public is lost."""

from django.db import migrations
from django.utils import timezone

_MEANS = {
    "met": "met",
    "partly": "partly",
    "acknowledged": "acknowledged",
    "refused": "refused",
    "none_held": "not-applicable",
}
_FURTHEST = ["acknowledged", "not-applicable", "partly", "met", "refused"]


def _standing(pieces):
    """The rules as they were on the day of this migration; pieces are dates and meanings, never empty."""
    newest_day = max(day for day, _meaning in pieces)
    newest = {meaning for day, meaning in pieces if day == newest_day}
    earlier = {meaning for day, meaning in pieces if day < newest_day}
    if "refused" in newest and (len(newest) > 1 or earlier & {"met", "partly"}):
        return "contradictory"
    return max(newest, key=_FURTHEST.index)


def carry_over(apps, schema_editor):
    Bearing = apps.get_model("campaign", "Bearing")
    Decision = apps.get_model("campaign", "StandingDecision")
    now = timezone.now()
    cells = {}
    checked = Bearing.objects.filter(entry__state="checked", entry__kind="statement", said__in=_MEANS)
    for bearing in checked.select_related("entry", "demand").order_by("entry__date", "entry_id"):
        if bearing.demand.must_be_public and bearing.entry.audience != "public":
            continue
        for executive in bearing.entry.executives.filter(addressed=True).select_related("employer"):
            cells.setdefault((executive, bearing.demand), []).append((bearing.entry, _MEANS[bearing.said]))
    for (executive, demand), found in cells.items():
        undated = timezone.datetime.min.date()
        decision = Decision.objects.create(
            executive=executive,
            demand=demand,
            standing=_standing([(entry.date or undated, meaning) for entry, meaning in found]),
            reason="Follows from what was checked, by the rules that stood before people decided standings.",
            as_of=found[-1][0].date,
            who=", ".join(part for part in (executive.name, executive.title, executive.employer.name) if part),
            what=demand.text,
            imported=True,
            state="checked",
            decided_at=now,
            checked_at=max(entry.checked_at for entry, _meaning in found),
        )
        decision.evidence.set([entry for entry, _meaning in found])


class Migration(migrations.Migration):
    dependencies = [("campaign", "0011_standings")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
