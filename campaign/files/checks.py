"""What must hold between the fields of a file whose fields are each in order: references, dates, open letters."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from campaign.files.faults import Faults
from campaign.files.reading import Row, Word, first_day
from campaign.models import EntryKind, Precision, Standing


def check(row: Row, faults: Faults, today: date) -> None:
    """Add every fault between the file's fields."""
    known = {
        section: _unique(row[section], section, faults) for section in ("demands", "employers", "executives", "sources")
    }
    for section in ("letters", "entries"):
        _unique(row[section], section, faults)
    _check_employers(row["employers"], faults)
    for executive in row["executives"]:
        _refer([executive["employer"]], "employers", known, faults)
    holders = _check_holders(row["executives"], known, faults)
    for source in row["sources"]:
        _date(source, "published", "published_precision", faults)
    for letter in row["letters"]:
        _check_letter(letter, row, faults)
        if letter["signers"] is not None:
            _refer(letter["signers"]["employers"], "employers", known, faults)
    for entry in row["entries"]:
        _check_entry(entry, known, faults, today)
        _check_whose(entry.get("holder"), entry.get("executives") or (), holders, faults)
    for standing in row["standings"]:
        _check_whose(standing["holder"], [standing["executive"]], holders, faults)
    _check_turns(row["entries"], faults)
    _check_standings(row, known, faults)


def _unique(rows: Iterable[Row], section: str, faults: Faults) -> set[str]:
    seen: dict[str, int] = {}
    for row in rows:
        if row["key"] in seen:
            faults.add(
                row["key"].line,
                _('"%(key)s" is listed twice under %(section)s, first in line %(line)s.')
                % {"key": row["key"], "section": section, "line": seen[row["key"]]},
            )
        seen.setdefault(row["key"], row["key"].line)
    return set(seen)


_ONE_OF = {"demands": "demand", "employers": "employer", "executives": "executive", "sources": "source"}


def _refer(words: Iterable[Word], section: str, known: dict[str, set[str]], faults: Faults) -> None:
    words = list(words)
    for word in words:
        if word not in known[section]:
            faults.add(
                word.line,
                _('%(one)s "%(key)s" is not listed under %(section)s.')
                % {"one": _ONE_OF[section], "key": word, "section": section},
            )
    for twice in [word for word, times in Counter(words).items() if times > 1]:
        faults.add(twice.line, _('"%(key)s" stands twice in this list.') % {"key": twice})


def _check_employers(employers: Iterable[Row], faults: Faults) -> None:
    names: set[str] = set()
    domains: dict[str, str] = {}
    for employer in employers:
        if employer["name"].upper() in names:
            faults.add(employer["name"].line, _('two employers are called "%(name)s".') % {"name": employer["name"]})
        names.add(employer["name"].upper())
        for domain in employer["domains"]:
            if domain.lower() in domains:
                faults.add(
                    domain.line,
                    _('"%(domain)s" is a domain of %(other)s already.')
                    % {"domain": domain, "other": domains[domain.lower()]},
                )
            domains[domain.lower()] = employer["name"]


def _check_holders(executives: Iterable[Row], known: dict[str, set[str]], faults: Faults) -> dict[str, str]:
    """Whose holders each other's successors are, with a day and a source; answers whose office each key is of."""
    offices: dict[str, str] = {}
    for executive in executives:
        before = None
        for place, holder in enumerate(executive["holders"]):
            if holder["key"] in offices:
                faults.add(holder["key"].line, _('the holder "%(key)s" stands here twice.') % {"key": holder["key"]})
            offices[holder["key"]] = str(executive["key"])
            if not place:
                if holder["since"]:
                    faults.add(holder.line_of("since"), _("whoever held an office first has no beginning."))
                continue
            day = _date(holder, "since", "precision", faults)
            _refer([holder["source"]] if holder["source"] else [], "sources", known, faults)
            if day is None or not holder["source"]:
                faults.add(holder.line, _("whoever came after another has a day and a source."))
            elif before is not None and day <= before:
                faults.add(holder.line_of("since"), _("holders are listed one after the other, the present one last."))
            before = day or before
        if executive["holders"] and executive["holders"][-1]["name"] != executive["name"]:
            faults.add(executive["holders"][-1].line, _("the last holder is the one who is named above."))
    return offices


def _check_whose(holder: Word | None, executives: Iterable[str], offices: dict[str, str], faults: Faults) -> None:
    if holder and offices.get(holder) not in set(executives):
        faults.add(holder.line, _('"%(key)s" is no holder of an office that is named here.') % {"key": holder})


def _check_letter(letter: Row, row: Row, faults: Faults) -> None:
    if letter["state"] == "draft":
        for name in ("demands", "addressees"):
            if letter[name] is not None:
                faults.add(letter.line_of(name), _("a draft takes its %(name)s from the campaign.") % {"name": name})
        return
    if letter["opens_at"] is not None:
        faults.add(letter.line_of("opens_at"), _("only a draft opens by itself."))
    if not letter["body"]:
        faults.add(letter.line, _("a letter that is open has a body."))
    if not (row["demands"] if letter["demands"] is None else letter["demands"]):
        faults.add(letter.line, _("a letter cannot open without demands."))
    if letter["addressees"] is None:
        addressed: Any = [executive for executive in row["executives"] if executive["addressed"]]
    else:
        addressed = letter["addressees"]
    if not addressed:
        faults.add(letter.line, _("a letter cannot open when it addresses nobody."))


def _check_entry(entry: Row, known: dict[str, set[str]], faults: Faults, today: date) -> None:
    kind = entry["kind"]
    for key in entry["places"]:
        if key not in entry["sources"]:
            faults.add(key.line, _('the source "%(key)s" is not among the sources of this entry.') % {"key": key})
    _refer(entry["sources"], "sources", known, faults)
    _refer(entry.get("executives") or (), "executives", known, faults)
    _refer(entry.get("bearings") or (), "demands", known, faults)
    _refer([entry["by_employer"]] if entry.get("by_employer") else [], "employers", known, faults)
    for office in entry.get("offices") or ():
        _refer([office["employer"]], "employers", known, faults)
    if kind in _OF_SOMEBODY and not entry["executives"]:
        faults.add(entry.line_of("executives"), _("an entry of kind %(kind)s names an executive.") % {"kind": kind})
    if entry["state"] == "checked" and not entry["sources"]:
        faults.add(entry.line_of("state"), _("nothing is checked without a source: this entry names none."))
    day = _date(entry, "date", "precision", faults)
    if kind == EntryKind.SILENCE and day is None:
        faults.add(entry.line, _("a reported silence needs the day as of which it is reported."))
    if kind != EntryKind.EVENT and day is not None and day > today + timedelta(days=1):
        faults.add(entry.line_of("date"), _('"%(day)s" is still to come.') % {"day": entry["date"]})


def _check_turns(entries: Iterable[Row], faults: Faults) -> None:
    statements = {entry["key"]: entry for entry in entries if entry["kind"] == EntryKind.STATEMENT}
    for key, entry in statements.items():
        earlier = entry["earlier"]
        if bool(earlier) != bool(entry["turn"]):
            faults.add(entry.line, _('"earlier" and "turn" come together.'))
        elif earlier and (earlier == key or earlier not in statements):
            faults.add(earlier.line, _('"%(key)s" is no other statement of this file.') % {"key": earlier})
        elif earlier and not set(statements[earlier]["executives"]) & set(entry["executives"]):
            faults.add(earlier.line, _('the entry "%(key)s" is of another office.') % {"key": earlier})


def _check_standings(row: Row, known: dict[str, set[str]], faults: Faults) -> None:
    entries = {entry["key"]: entry for entry in row["entries"]}
    cells: dict[tuple[str, str, str], int] = {}
    for standing in row["standings"]:
        _refer([standing["executive"]], "executives", known, faults)
        _refer([standing["demand"]], "demands", known, faults)
        first = cells.setdefault((standing["executive"], standing["demand"], standing["holder"] or ""), standing.line)
        if first != standing.line:
            faults.add(
                standing.line,
                _("this executive and demand stand here twice, first in line %(line)s.") % {"line": first},
            )
        for key in standing["evidence"]:
            if key not in entries:
                faults.add(key.line, _('entry "%(key)s" is not listed under entries.') % {"key": key})
            elif standing["executive"] not in (entries[key].get("executives") or ()):
                faults.add(key.line, _('the entry "%(key)s" does not name this executive.') % {"key": key})
        bare = not standing["evidence"] and standing["standing"] != Standing.UNADDRESSED
        if standing["state"] == "checked" and bare:
            faults.add(standing.line, _("no standing is checked without evidence: name the entries it rests upon."))


_OF_SOMEBODY = {EntryKind.STATEMENT, EntryKind.CONDUCT, EntryKind.SILENCE, EntryKind.POSITION}
_SHAPE = {Precision.DAY: 10, Precision.BY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def _date(row: Row, name: str, precision: str, faults: Faults) -> date | None:
    """Check that a date comes with its precision and is written as far as that goes."""
    if bool(row[name]) != bool(row[precision]):
        given, lacking = (name, precision) if row[name] else (precision, name)
        faults.add(row.line_of(given), _('"%(given)s" needs "%(lacking)s".') % {"given": given, "lacking": lacking})
        return None
    if not row[name]:
        return None
    if len(row[name]) != _SHAPE[Precision(row[precision])]:
        faults.add(
            row.line_of(name),
            _('the date "%(date)s" contradicts its precision "%(precision)s".')
            % {"date": row[name], "precision": row[precision]},
        )
    return first_day(row[name])
