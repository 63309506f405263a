"""The record in a campaign file: each entry with what it refers to, as one fact that stands or changes whole."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaign import deciding
from campaign.files.reading import Row, first_day
from campaign.files.work import Work, plain
from campaign.models import Bearing, Entry, Holder, Office

_TEXTS = (
    *("kind", "precision", "what", "channel", "outlet", "audience", "reported_by", "quote", "also_quoted", "about"),
    *("tone", "language", "known", "by", "by_title", "title", "asks", "criticism"),
)


def write(work: Work, rows: list[Row], employers: dict[str, int]) -> None:
    """Make or change the entries; `employers` are ids by key."""
    campaign = work.campaign
    links = _Links(
        executives=dict(campaign.executives.values_list("key", "pk")),
        sources=dict(campaign.sources.values_list("key", "pk")),
        demands=dict(campaign.demands.values_list("key", "pk")),
        employers=employers,
    )
    holders = {one.key: one.pk for one in Holder.objects.filter(executive__campaign=campaign)}
    known = {
        entry.key: entry for entry in campaign.entries.prefetch_related("executives", "sources", "bearings", "offices")
    }
    for row in rows:
        facts, linked = _facts(row, employers, holders), links.of(row)
        old = known.get(row["key"])
        if old is None:
            entry = Entry(campaign=campaign, key=str(row["key"]))
            _record(entry, row, facts, work.now)
            entry.save(force_insert=True)
            links.write(entry, linked)
            work.made.append(_("entries: %(key)s") % {"key": row["key"]})
        elif any(getattr(old, name) != value for name, value in facts.items()) or links.standing(old) != linked:
            deciding.fall(entries=[old], because=_("an entry that it rests upon changed in a file"), now=work.now)
            _record(old, row, facts, work.now)
            old.save()
            links.write(old, linked)
            work.changed.append(_("entries: %(key)s") % {"key": row["key"]})
        else:
            _check_off(work, old, row)
    work.note_others("entries", known, rows)


def _facts(row: Row, employers: dict[str, int], holders: dict[str, uuid.UUID]) -> dict[str, Any]:
    by_employer = row.get("by_employer")
    return {
        **{name: plain(row.get(name, "")) for name in _TEXTS},
        "date": first_day(row["date"]) if row["date"] else None,
        "says": plain(row.get("says", ())),
        "signatory": row.get("signatory", False),
        "by_employer_id": employers[by_employer] if by_employer else None,
        "holder_id": holders[str(row["holder"])] if row.get("holder") else None,
    }


def _record(entry: Entry, row: Row, facts: dict[str, Any], now: datetime) -> None:
    """New facts undo what anybody recorded or checked before."""
    for name, value in facts.items():
        setattr(entry, name, value)
    checked = row["state"] == "checked"
    entry.state = Entry.State.CHECKED if checked else Entry.State.RECORDED
    entry.imported, entry.recorded_by, entry.recorded_at = True, None, now
    entry.checked_by, entry.checked_at, entry.verdict = None, now if checked else None, ""
    entry.corrected_at = None


def _check_off(work: Work, entry: Entry, row: Row) -> None:
    """The same facts: the file may say that they were checked, and never takes back what a person decided."""
    if entry.state == row["state"]:
        return
    if entry.state == Entry.State.RECORDED:
        Entry.objects.filter(pk=entry.pk).update(state=Entry.State.CHECKED, checked_by=None, checked_at=work.now)
        work.changed.append(_("entries: %(key)s, state") % {"key": row["key"]})
        return
    work.left_alone.append(
        _("entries: %(key)s was decided by your team and stays %(state)s.")
        % {"key": row["key"], "state": entry.get_state_display()}
    )


@dataclass(frozen=True)
class _Links:
    """What entries refer to, by key."""

    executives: dict[str, int]
    sources: dict[str, int]
    demands: dict[str, int]
    employers: dict[str, int]

    def of(self, row: Row) -> dict[str, Any]:
        """What the file's entry refers to."""
        return {
            "executives": {self.executives[key] for key in row.get("executives", ())},
            "sources": {self.sources[key] for key in row["sources"]},
            "bearings": {self.demands[key]: str(said) for key, said in row.get("bearings", {}).items()},
            "offices": [
                (str(office["title"]), str(office["name"]), self.employers[office["employer"]])
                for office in row.get("offices", ())
            ],
        }

    @staticmethod
    def standing(entry: Entry) -> dict[str, Any]:
        """What the campaign's entry refers to."""
        return {
            "executives": {executive.pk for executive in entry.executives.all()},
            "sources": {source.pk for source in entry.sources.all()},
            "bearings": {bearing.demand_id: bearing.said for bearing in entry.bearings.all()},
            "offices": [
                (office.title, office.name, office.employer_id)
                for office in sorted(entry.offices.all(), key=lambda office: office.pk)
            ],
        }

    def write(self, entry: Entry, linked: dict[str, Any]) -> None:
        """Make the entry refer to these and no others."""
        standing = self.standing(entry)
        entry.executives.set(sorted(linked["executives"]))
        entry.sources.set(sorted(linked["sources"]))
        if standing["bearings"] != linked["bearings"]:
            entry.bearings.all().delete()
            Bearing.objects.bulk_create(
                Bearing(entry=entry, demand_id=demand, said=said) for demand, said in sorted(linked["bearings"].items())
            )
        if standing["offices"] != linked["offices"]:
            entry.offices.all().delete()
            Office.objects.bulk_create(
                Office(entry=entry, title=title, name=name, employer_id=employer)
                for title, name, employer in linked["offices"]
            )
