"""The public record as files: JSON that can be imported again, and CSV for spreadsheets (docs/record-files.md).

Only what everybody can read on the pages is in them: letters that opened, entries and standings that were checked, the
sources of these. No mail domain, no address of an office, nothing of the team, and of signers nothing but the numbers
that are shown.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from campaign import holders
from campaign.files.exporting import content_of
from campaign.files.reading import first_day
from campaign.holders import Term
from campaign.scoreboard import ExecutiveRow, Scoreboard

# What a spreadsheet would run: the sign is kept, behind an apostrophe.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
# What everybody may read, by name: a field that is new in campaign files stays at home until it is named here.
_PUBLIC: dict[str, Sequence[str]] = {
    "campaign": (
        "slug", "title", "summary", "organisers", "organisers_named", "is_example", "counts_silence", "time_zone",
    ),
    "demands": ("key", "text", "must_be_public"),
    "employers": ("key", "name"),
    "executives": ("key", "name", "title", "employer", "addressed", "holders"),
    "sources": (
        "key", "title", "publisher", "author", "address", "published", "published_precision", "archived", "place",
    ),
    "letters": (
        "key", "slug", "title", "language", "state", "is_example", "reply_by", "demands", "addressees", "body",
    ),
    "entries": (
        "key", "kind", "state", "executives", "date", "precision", "audience", "channel", "outlet", "reported_by", "by",
        "by_title", "by_employer", "signatory", "title", "offices", "about", "quote", "also_quoted", "what", "says",
        "asks", "criticism", "tone", "language", "known", "bearings", "turn", "earlier", "holder", "sources", "places",
    ),
    "standings": ("executive", "demand", "holder", "standing", "reason", "evidence", "state"),
}  # fmt: skip
_LENGTH = {"month": 7, "year": 4}
_ENTRY = ["key", "kind", "date", "precision", "audience", "channel", "outlet", "reported_by", "by", "title"]
# What the import reads besides; the readable columns before them stay as they are.
_MORE = ["by_title", "about", "says", "language", "known", "holder", "state"]
_OF_SOURCE = ["title", "publisher", "author", "published", "address", "archived"]
_WORDS = ["quote", "also_quoted", "what", "asks", "criticism", "tone"]


def record_json(slug: str) -> str:
    """The whole public record in the format that import_campaign reads. Raises exporting.NoSuchCampaign."""
    return json.dumps(public_content(slug), ensure_ascii=False, indent=1) + "\n"


def public_content(slug: str) -> dict[str, Any]:
    """Of a campaign's file what everybody can read. Raises exporting.NoSuchCampaign."""
    whole = content_of(slug)
    entries = [one for one in whole.get("entries", []) if one["state"] == "checked"]
    about = {key for one in entries for key in one.get("executives", [])}
    executives = [one for one in whole.get("executives", []) if one["addressed"] or one["key"] in about]
    cited = {key for one in entries for key in one.get("sources", [])}
    cited |= {held.get("source") for one in executives for held in one.get("holders", [])}
    named = {one["employer"] for one in executives} | {one.get("by_employer") for one in entries}
    named |= {office["employer"] for one in entries for office in one.get("offices", [])}
    kept = {
        "demands": whole.get("demands", []),
        "employers": [one for one in whole.get("employers", []) if one["key"] in named],
        "executives": executives,
        "sources": [one for one in whole.get("sources", []) if one["key"] in cited],
        "letters": [one for one in whole.get("letters", []) if one["state"] != "draft"],
        "entries": entries,
        "standings": [one for one in whole.get("standings", []) if one["state"] == "checked"],
    }
    return {
        "format": whole["format"],
        "campaign": _named(whole["campaign"], "campaign"),
        **{section: [_named(row, section) for row in rows] for section, rows in kept.items() if rows},
    }


def record_csv(slug: str) -> str:
    """One line for each entry and each executive whom it is about; entries about nobody have one line."""
    content = public_content(slug)
    executives = {one["key"]: one for one in content.get("executives", [])}
    employers = {one["key"]: one["name"] for one in content.get("employers", [])}
    sources = {one["key"]: one for one in content.get("sources", [])}
    demands = [one["key"] for one in content.get("demands", [])]
    most = max((len(one.get("sources", [])) for one in content.get("entries", [])), default=0)
    header = [
        *_ENTRY, "executive", "name", "office", "company", "addressed", *_WORDS,
        *(f"on {key}" for key in demands), "sources", "source addresses", *_MORE,
        *(f"source {number} {part}" for number in range(1, most + 1) for part in [*_OF_SOURCE, "place"]),
    ]  # fmt: skip
    lines = []
    for entry in content.get("entries", []):
        named = [sources[key] for key in entry.get("sources", [])]
        for key in entry.get("executives", []) or [""]:
            who: Mapping[str, Any] = executives.get(key, {})
            lines.append(
                [
                    *(entry.get(field, "") for field in _ENTRY),
                    key,
                    _name_then(who, entry),
                    who.get("title", ""),
                    employers.get(who.get("employer", ""), ""),
                    ("yes" if who["addressed"] else "no") if who else "",
                    *(entry.get(field, "") for field in _WORDS),
                    *(entry.get("bearings", {}).get(demand, "") for demand in demands),
                    "; ".join(_cited(source) for source in named),
                    " ".join(source["address"] for source in named if source.get("address")),
                    *("\n".join(entry.get("says", [])) if field == "says" else entry.get(field, "") for field in _MORE),
                    *(cell for source in named for cell in _in_cells(source, entry)),
                ]
            )
    return _csv(header, lines)


def scoreboard_csv(board: Scoreboard, *, now: datetime) -> str:
    """One line for each executive and demand: the standing as of now, and on how many entries it rests."""
    header = [
        "as of", "executive", "name", "office", "company", "signed at the company", "demand", "demand text",
        "standing", "statements", "spoke internally", "silent days", "asked", "asked last",
        "in office since",
    ]  # fmt: skip
    lines = (
        [
            now.isoformat(timespec="seconds"), row.key, row.name, row.title, row.employer, row.people or "",
            cell.demand.number, cell.demand.text, cell.standing.value, cell.evidence,
            "yes" if cell.internal else "no", "" if row.silent_days is None else row.silent_days, row.asked,
            row.asked_last.date().isoformat() if row.asked_last else "", _as_known(row),
        ]
        for row in board.rows
        for cell in row.cells
    )  # fmt: skip
    return _csv(header, lines)


def _named(row: Mapping[str, Any], section: str) -> dict[str, Any]:
    return {name: row[name] for name in _PUBLIC[section] if name in row}


def _name_then(who: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """The name of whoever held the office when the entry speaks of it."""
    terms = [
        Term(
            one["key"],
            one.get("name", ""),
            first_day(one["since"]) if "since" in one else None,
            one.get("precision", ""),
        )
        for one in who.get("holders", [])
    ]
    day = first_day(entry["date"]) if "date" in entry else None
    holder = holders.whose(terms, day, entry.get("precision", ""), said=entry.get("holder", ""))
    return holders.name_of(terms, holder, otherwise=who.get("name", ""))


def _in_cells(source: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    place = entry.get("places", {}).get(source["key"]) or source.get("place", "")
    return [*(str(source.get(part, "")) for part in _OF_SOURCE), place]


def _as_known(row: ExecutiveRow) -> str:
    """Since when she holds the office, as far as it is known."""
    return row.since.isoformat()[: _LENGTH.get(row.precision, 10)] if row.since else ""


def _cited(source: Mapping[str, Any]) -> str:
    return ", ".join(str(source[part]) for part in ("title", "publisher", "author", "published") if source.get(part))


def _csv(header: list[str], lines: Iterable[list[Any]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_tame(cell) for cell in header)
    writer.writerows([_tame(cell) for cell in line] for line in lines)
    return out.getvalue()


def _tame(cell: object) -> str:
    """The cell as text that no spreadsheet runs."""
    text = str(cell)
    return f"'{text}" if text.startswith(_RUNS) else text
