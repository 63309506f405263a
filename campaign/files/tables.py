"""The record as a table: a CSV file with a line for each entry and executive, brought into a campaign that is there.

What the table says is put among what the campaign's own file says, and read, checked and written as that is: with the
same sentences, all of it or nothing, and what is public is corrected beside it.
"""

import csv
import hashlib
import io
import re
from datetime import datetime
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from campaign.files import format, importing
from campaign.files.exporting import NoSuchCampaign, export_campaign
from campaign.files.faults import Faults, Faulty
from campaign.files.importing import Member, Report
from campaign.files.nodes import MOST_BYTES, compose
from campaign.files.work import Tell, silent
from campaign.models import Campaign, Precision
from campaign.reminders import planning

PLAIN = (
    "key", "kind", "state", "date", "precision", "audience", "channel", "outlet", "reported_by", "by", "by_title",
    "title", "quote", "also_quoted", "what", "asks", "criticism", "tone", "about", "language", "known", "holder",
    "correction",
)  # fmt: skip
_READ_ELSEWHERE = ("executive", "says")
_FOR_READERS = ("name", "office", "company", "addressed", "sources", "source addresses")
_SOURCE = re.compile(r"source (?:(\d+) )?(title|publisher|author|published|address|archived|place)")
_RUNS = ("=", "+", "-", "@", "\t", "\r")
_PRECISION = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}
Line = dict[str, str]
_LONGEST_RECORD = 40_000_000


@transaction.atomic
def import_table(
    text: str,
    *,
    slug: str,
    file_name: str,
    now: datetime,
    write: bool,
    member: Member | None = None,
    tell: Tell = silent,
) -> Report:
    """Bring the entries of a table into the campaign; without `write` only say what would be done. Raises Faulty and
    then has changed nothing, and exporting.NoSuchCampaign.
    """
    try:
        campaign = planning.hold_still(slug=slug)  # what stands may not change between reading and writing it
    except Campaign.DoesNotExist as error:
        raise NoSuchCampaign(slug) from error
    root = compose(export_campaign(slug), most=_LONGEST_RECORD)
    demands = {_value(one, "key") for one in _list(root, "demands").value}
    faults = Faults()
    lines = _lines(text, demands, faults)
    if faults:
        raise Faulty(faults, file_name=file_name)
    _put_in(root, lines)
    document = format.read_node(root, file_name=file_name, today=now.date())
    return importing.bring(
        document, file_name=file_name, team_name=campaign.team.name, now=now, member=member, dry=not write, tell=tell,
        record_alone=True,
    )  # fmt: skip


def _lines(text: str, demands: set[str], faults: Faults) -> list[tuple[int, Line]]:
    """The lines that say something, by the names of their columns, each with the number of its line."""
    if len(text.encode()) > MOST_BYTES:
        faults.add(1, _("the file is larger than 2 MB."))
        return []
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    parted_by = ";" if ";" in first and "," not in first else ","  # as some languages' spreadsheets write it
    reader = csv.reader(io.StringIO(text), strict=True, delimiter=parted_by)
    found: list[tuple[int, Line]] = []
    header: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if not header:
                header = [cell.strip() for cell in cells]
                _check_header(header, demands, faults)
            elif len(cells) > len(header):
                faults.add(begins, _("this line has more cells than there are columns."))
            elif any(cell.strip() for cell in cells):
                found.append((begins, {name: _bare(cell) for name, cell in zip(header, cells, strict=False)}))
            begins = reader.line_num + 1
    except csv.Error as error:
        faults.add(begins, _("this is no CSV: %(problem)s.") % {"problem": error})
    if not header:
        faults.add(1, _("the file is empty."))
    return found


def _check_header(header: list[str], demands: set[str], faults: Faults) -> None:
    allowed = {*PLAIN, *_READ_ELSEWHERE, *_FOR_READERS, *(f"on {key}" for key in demands)}
    for name in header:
        if name not in allowed and not _SOURCE.fullmatch(name):
            faults.add(1, _('there is no column "%(name)s" (docs/record-files.md).') % {"name": name})
    if "kind" not in header and "key" not in header:
        faults.add(1, _('the first line names the columns; "kind" is needed.'))


def _put_in(root: Node, lines: list[tuple[int, Line]]) -> None:
    """Entries and sources of the table among those of the campaign's file."""
    entries, sources = _list(root, "entries"), _list(root, "sources")
    by_key = {_value(one, "key"): one for one in entries.value}
    met: dict[str, MappingNode] = {}
    for number, line in lines:
        key = line.get("key") or "csv-" + _hash(*line.values())
        if key in met:  # another executive of the same entry
            _field(met[key], "executives", number).value.append(_text(line.get("executive", ""), number))
            continue
        node = by_key.get(key) or MappingNode("tag:yaml.org,2002:map", [], start_mark=_mark(number))
        if key not in by_key:
            entries.value.append(node)
        met[key] = node
        _fill(node, line | {"key": key}, number, sources)


def _fill(node: MappingNode, line: Line, number: int, sources: SequenceNode) -> None:
    if line.get("date") and not line.get("precision"):
        line["precision"] = _PRECISION.get(len(line["date"]), Precision.DAY).value
    for name in PLAIN:
        if name in line:
            _set(node, name, _text(line[name], number) if line[name] else None, number)
    node.start_mark = _mark(number)
    if line.get("executive"):
        _set(node, "executives", _many([line["executive"]], number), number)
    if "says" in line:
        points = [one.strip() for one in line["says"].splitlines() if one.strip()]
        _set(node, "says", _many(points, number) if points else None, number)
    said = {name.removeprefix("on "): value for name, value in line.items() if name.startswith("on ")}
    if said:
        given = {key: value for key, value in said.items() if value}
        _set(node, "bearings", _pairs(given, number) if given else None, number)
    if cited := _cited(line, number, sources):
        _set(node, "sources", _many(list(cited), number), number)
        places = {key: place for key, place in cited.items() if place}
        _set(node, "places", _pairs(places, number) if places else None, number)


def _cited(line: Line, number: int, sources: SequenceNode) -> dict[str, str]:
    """The keys of this line's sources, each with the place in it; what the campaign does not know yet is added."""
    told: dict[str, dict[str, str]] = {}
    for name, value in line.items():
        if value and (match := _SOURCE.fullmatch(name)):
            told.setdefault(match[1] or "1", {})[match[2]] = value
    known = {_identity(one): _value(one, "key") for one in sources.value}
    cited = {}
    for _place, facts in sorted(told.items()):
        place = facts.pop("place", "")
        if "published" in facts:
            facts["published_precision"] = _PRECISION.get(len(facts["published"]), Precision.DAY).value
        identity = tuple(facts.get(name, "") for name in ("title", "publisher", "address"))
        if identity not in known:
            known[identity] = "csv-" + _hash(*identity)
            sources.value.append(_pairs({"key": known[identity]} | facts, number))
        cited[known[identity]] = place
    return cited


def _identity(node: MappingNode) -> tuple[str, ...]:
    return tuple(_value(node, name) for name in ("title", "publisher", "address"))


def _bare(cell: str) -> str:
    """A cell as it was before an apostrophe kept spreadsheets from running it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def _mark(number: int) -> yaml.Mark:
    return yaml.Mark("", 0, number - 1, 0, None, 0)


def _text(value: str, number: int) -> ScalarNode:
    return ScalarNode("tag:yaml.org,2002:str", value, start_mark=_mark(number), style='"')


def _many(values: list[str], number: int) -> SequenceNode:
    return SequenceNode("tag:yaml.org,2002:seq", [_text(one, number) for one in values], start_mark=_mark(number))


def _pairs(values: dict[str, str], number: int) -> MappingNode:
    found = [(_text(key, number), _text(value, number)) for key, value in values.items()]
    return MappingNode("tag:yaml.org,2002:map", found, start_mark=_mark(number))


def _list(root: Any, name: str) -> SequenceNode:
    return _field(root, name, 1)


def _field(node: Any, name: str, number: int) -> SequenceNode:
    """The list of this name in a block; an empty one is put there if there is none."""
    for key, value in node.value:
        if key.value == name and isinstance(value, SequenceNode):
            return value
    empty = _many([], number)
    node.value.append((_text(name, number), empty))
    return empty


def _value(node: Any, name: str) -> str:
    return next((str(value.value) for key, value in node.value if key.value == name), "")


def _set(node: MappingNode, name: str, value: Node | None, number: int) -> None:
    """Give the block this field, in place of what it had; None: take it away."""
    node.value = [(key, there) for key, there in node.value if key.value != name]
    if value is not None:
        node.value.append((_text(name, number), value))
