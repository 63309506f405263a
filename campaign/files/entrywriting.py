"""The record in a campaign file: each entry with what it refers to, as one fact that stands or changes whole."""

import itertools
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.speaking import in_english
from campaign import record
from campaign.files.reading import Row, first_day
from campaign.files.work import Work, plain
from campaign.models import Bearing, Citation, Entry, Holder, Office

_TEXTS = (
    *("kind", "precision", "what", "channel", "outlet", "audience", "reported_by", "quote", "also_quoted", "about"),
    *("tone", "language", "known", "by", "by_title", "title", "asks", "criticism"),
)


def write(work: Work, rows: list[Row], employers: dict[str, int]) -> None:
    """Make or change the entries; `employers` are ids by key. What is public is corrected, never written over."""
    campaign = work.campaign
    links = _Links(
        executives=dict(campaign.executives.values_list("key", "pk")),
        sources=dict(campaign.sources.values_list("key", "pk")),
        demands=dict(campaign.demands.values_list("key", "pk")),
        employers=employers,
    )
    holders = {one.key: one.pk for one in Holder.objects.filter(executive__campaign=campaign)}
    known = {
        entry.key: entry
        for entry in campaign.entries.select_related("earlier", "corrects").prefetch_related(
            "executives", "citations", "bearings", "offices"
        )
    }
    # What a correction that waits is going to stand for goes by the correction's key already.
    stands_for = {entry.corrects_id: entry.key for entry in known.values() if entry.corrects_id}
    written: list[tuple[Entry, Row]] = []
    for row in rows:
        work.step()
        facts, linked = _facts(row, employers, holders), links.of(row)
        old = known.get(row["key"])
        if old is not None and _says_so(old, row, facts, stands_for) and links.standing(old) == linked:
            _check_off(work, old, row)
        elif old is not None and old.state == Entry.State.CORRECTED:
            work.left_alone.append(
                _("entries: %(key)s was taken back by your team and stays so.") % {"key": row["key"]}
            )
        else:
            entry = _beside(old, work, row) if old is not None and old.state == Entry.State.CHECKED else old
            entry = entry or Entry(campaign=campaign, key=str(row["key"]))
            _record(entry, row, facts, work)
            entry.save(force_insert=entry._state.adding)
            links.write(entry, linked)
            written.append((entry, row))
            (work.made if old is None else work.changed).append(_("entries: %(key)s") % {"key": row["key"]})
    _turn(work, written)
    for entry, _row in written:
        if entry.state == Entry.State.CHECKED:
            record.take_its_place(correction=entry, by=None, now=work.now)
    work.note_others("entries", [key for key, entry in known.items() if entry.state != Entry.State.CORRECTED], rows)


def _beside(old: Entry, work: Work, row: Row) -> Entry:
    """A correction of what is public. It takes the key, by which the file knows it; the original gets another."""
    with in_english():
        why = plain(row["correction"]) or _("corrected by a file")
    taken = set(work.campaign.entries.values_list("key", flat=True))
    names = (f"{str(row['key'])[:50]}-was-{number}" for number in itertools.count(1))
    old.key = next(name for name in names if name not in taken)
    Entry.objects.filter(pk=old.pk).update(key=old.key)
    return Entry(campaign=work.campaign, key=str(row["key"]), corrects=old, correction=why[:300])


def _says_so(old: Entry, row: Row, facts: dict[str, Any], stands_for: dict[uuid.UUID, str]) -> bool:
    earlier = stands_for.get(old.earlier.pk, old.earlier.key) if old.earlier else ""
    turned = (row.get("turn") or "", row.get("earlier") or "")
    return all(getattr(old, name) == value for name, value in facts.items()) and (old.turn, earlier) == turned


def _turn(work: Work, written: list[tuple[Entry, Row]]) -> None:
    """Let what was written turn against what it names, now that all of it is there."""
    if not any(row.get("earlier") for _entry, row in written):
        return
    by_key = {entry.key: entry for entry in work.campaign.entries.select_related("corrects")}
    for entry, row in written:
        if row.get("earlier"):
            found = by_key[row["earlier"]]
            waits = found.state == Entry.State.RECORDED and found.corrects is not None
            entry.earlier, entry.turn = (found.corrects if waits else found), str(row["turn"])
            entry.save(update_fields=["earlier", "turn"])


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


def _record(entry: Entry, row: Row, facts: dict[str, Any], work: Work) -> None:
    """New facts undo what anybody recorded or checked before. What a member brings in waits, whatever its file says."""
    for name, value in facts.items():
        setattr(entry, name, value)
    checked = row["state"] == "checked" and work.by is None
    entry.state = Entry.State.CHECKED if checked else Entry.State.RECORDED
    entry.imported, entry.recorded_by, entry.recorded_at = work.by is None, work.by, work.now
    entry.checked_by, entry.checked_at, entry.verdict = None, work.now if checked else None, ""
    entry.corrected_at, entry.earlier, entry.turn = None, None, ""


def _check_off(work: Work, entry: Entry, row: Row) -> None:
    """The same facts: the file may say that they were checked, and never takes back what a person decided."""
    if entry.state == row["state"] or (work.by is not None and entry.state != Entry.State.REJECTED):
        return
    if entry.state == Entry.State.RECORDED:
        Entry.objects.filter(pk=entry.pk).update(state=Entry.State.CHECKED, checked_by=None, checked_at=work.now)
        record.take_its_place(correction=entry, by=None, now=work.now)
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
            "sources": {self.sources[key]: str(row["places"].get(key, "")) for key in row["sources"]},
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
            "sources": {one.source_id: one.place for one in entry.citations.all()},
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
        if standing["sources"] != linked["sources"]:
            entry.citations.all().delete()
            Citation.objects.bulk_create(
                Citation(entry=entry, source_id=source, place=place)
                for source, place in sorted(linked["sources"].items())
            )
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
