"""The holders of offices in a campaign file: added as imported; what the team recorded itself stands.

A member's file adds none: that an office changed hands is recorded on its page, one change at a time.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from campaign import succession
from campaign.files.reading import Row, first_day
from campaign.files.work import Work, plain
from campaign.models import Executive, Holder


def offices(work: Work, rows: list[Row], employers: dict[str, int]) -> list[dict[str, Any]]:
    """The executives of a file as they are written: where the office changed hands here, its holders say the name."""
    changed = dict(work.campaign.executives.exclude(holder=None).values_list("key", "name"))
    found = []
    for row in rows:
        wanted = {**row, "employer_id": employers.get(row["employer"])}
        if row["key"] in changed and not row["holders"] and row["name"] != changed[row["key"]]:
            work.left_alone.append(_("executives: the office %(key)s changed hands here.") % {"key": row["key"]})
        found.append(wanted | ({"name": changed[row["key"]]} if row["key"] in changed else {}))
    return found


def write(work: Work, rows: list[Row]) -> None:
    """Add the holders that the campaign does not have; whoever wrote one here is not written over."""
    campaign = work.campaign
    if work.by is not None:
        known = set(Holder.objects.filter(executive__campaign=campaign).values_list("key", flat=True))
        for key in [one["key"] for row in rows for one in row["holders"] if one["key"] not in known]:
            work.left_alone.append(
                _("holders: %(key)s: record on the office’s page that it changed hands.") % {"key": key}
            )
        return
    sources = dict(campaign.sources.values_list("key", "pk"))
    for executive in campaign.executives.select_related("employer", "campaign").prefetch_related("holders"):
        row = next((one for one in rows if one["key"] == executive.key), None)
        if row is not None and row["holders"]:
            _write(work, executive, row["holders"], sources)


def check(work: Work, rows: Iterable[Row]) -> None:
    """Whether everybody who is named as a holder is on record by now."""
    known = set(Holder.objects.filter(executive__campaign=work.campaign).values_list("key", flat=True))
    for row in rows:
        if row.get("holder") and row["holder"] not in known:
            work.faults.add(
                row.line_of("holder"),
                _('the holder "%(key)s" is not on record here: record first that the office changed hands.')
                % {"key": row["holder"]},
            )


def _write(work: Work, executive: Executive, rows: list[Row], sources: dict[str, int]) -> None:
    known = {one.key: one for one in executive.holders.all()}
    is_first = not any(one.state == Holder.State.CHECKED for one in known.values())
    changed = False
    for row in rows:
        facts = {
            "name": plain(row["name"]),
            "since": first_day(row["since"]) if row["since"] else None,
            "precision": plain(row["precision"]),
            "source_id": sources[row["source"]] if row["source"] else None,
        }
        there, key = known.get(row["key"]), str(row["key"])
        if there is None and executive.holders.filter(state=Holder.State.CHECKED, since=facts["since"]).exists():
            work.left_alone.append(_("holders: %(key)s: another is on record since that day.") % {"key": key})
        elif there is None:
            Holder.objects.create(
                executive=executive, key=key, state=Holder.State.CHECKED, imported=True, recorded_at=work.now,
                checked_at=work.now, **facts,
            )  # fmt: skip
            work.made.append(_("holders: %(key)s") % {"key": key})
            changed = True
        elif any(getattr(there, name) != value for name, value in facts.items()):
            work.left_alone.append(_("holders: %(key)s is on record otherwise, and stays.") % {"key": key})
    if changed:
        if is_first:
            first = executive.holders.get(state=Holder.State.CHECKED, since=None)
            executive.decisions.filter(holder=None).update(holder=first)
        succession.settle(executive=executive, now=work.now)
