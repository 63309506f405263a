"""The fields of `undersigned-campaign/1`, and the references between them (docs/campaign-files.md)."""

import zoneinfo
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from yaml.nodes import Node

from campaign.files.checks import check
from campaign.files.faults import Enough, Fault, Faults, Faulty, Refused
from campaign.files.nodes import compose
from campaign.files.reading import (
    Field,
    Row,
    block,
    choice,
    key,
    language,
    many,
    moment,
    number,
    pairs,
    some_date,
    text,
    truth,
    web_address,
)
from campaign.models import Audience, Entry, EntryKind, Precision, Said, Standing, Tone, Turn

FORMAT = "undersigned-campaign/1"
_keys = Field(many(key()), default=())
_dated = {"date": Field(some_date), "precision": Field(choice(Precision.values))}

_CAMPAIGN = {
    "slug": Field(key(most=80), required=True),
    "title": Field(text(most=200), required=True),
    "summary": Field(text()),
    "organisers": Field(text(most=200)),
    "organisers_named": Field(truth, default=True),
    "press_contact": Field(text(most=200)),
    "is_example": Field(truth, default=False),
    "counts_silence": Field(truth, default=True),
    "time_zone": Field(choice(zoneinfo.available_timezones()), default="UTC"),
    "approvals_needed": Field(number(least=0, most=50), default=None),
}
_DEMAND = {
    "key": Field(key(), required=True),
    "text": Field(text(most=300), required=True),
    "must_be_public": Field(truth, default=False),
}
_EMPLOYER = {
    "key": Field(key(), required=True),
    "name": Field(text(most=120), required=True),
    "domains": Field(many(text(most=253)), default=()),
}
_HOLDER = {
    "key": Field(key(most=80), required=True),
    "name": Field(text(most=120)),
    "since": Field(some_date),
    "precision": Field(choice(Precision.values)),
    "source": Field(key(), default=None),
}
_EXECUTIVE = {
    "key": Field(key(), required=True),
    "name": Field(text(most=120)),
    "title": Field(text(most=160), required=True),
    "employer": Field(key(), required=True),
    "addressed": Field(truth, default=True),
    "holders": Field(many(block(lambda: _("a holder"), _HOLDER)), default=()),
}
_SOURCE = {
    "key": Field(key(), required=True),
    "title": Field(text(most=300), required=True),
    "publisher": Field(text(most=160)),
    "author": Field(text(most=160)),
    "address": Field(web_address(most=500)),
    "published": Field(some_date),
    "published_precision": Field(choice(Precision.values)),
    "archived": Field(web_address(most=500)),
    "place": Field(text(most=120)),
}
LETTER_STATES = ("draft", "open", "closed")
_TRANSLATION = {
    "language": Field(language(), required=True),
    "title": Field(text(most=200), required=True),
    "body": Field(text(), required=True),
    "demands": Field(many(text(most=300)), default=()),
    "behind": Field(truth, default=False),
}
_LEVEL = choice(["email", "reviewed"])
_SIGNERS = {
    "employers": Field(many(key()), default=()),
    "former_too": Field(truth, default=False),
    "takes": Field(many(_LEVEL), default=None),
    "counts": Field(many(_LEVEL), default=("email", "reviewed")),
    "organisations": Field(truth, default=False),
    "reasons": Field(truth, default=False),
}
_LETTER = {
    "key": Field(key(), required=True),
    "slug": Field(key(most=80), required=True),
    "title": Field(text(most=200), required=True),
    "language": Field(language(), default="en"),
    "state": Field(choice(LETTER_STATES), default="draft"),
    "is_example": Field(truth, default=False),
    "opens_at": Field(moment, default=None),
    "reply_by": Field(moment, default=None),
    "goal": Field(number(most=100_000_000), default=None),
    "signers": Field(block(lambda: _("who may sign"), _SIGNERS), default=None),
    "demands": Field(many(text(most=300)), default=None),
    "addressees": Field(many(text(most=500)), default=None),
    "body": Field(text()),
    "translations": Field(many(block(lambda: _("a translation"), _TRANSLATION)), default=()),
}
_OFFICE = {
    "title": Field(text(most=160), required=True),
    "name": Field(text(most=120)),
    "employer": Field(key(), required=True),
}
_COMMON = {
    "key": Field(key(), required=True),
    "kind": Field(choice(EntryKind.values), required=True),
    "state": Field(choice(["checked", "recorded"]), default="recorded"),
    **_dated,
    "sources": _keys,
    "places": Field(pairs(text(most=120)), default={}),
    "correction": Field(text(most=300)),
}
_spoken_by = Field(many(key()), required=True)
_what = Field(text(), required=True)
_holder = Field(key(most=80), default=None)
_ENTRY: dict[str, dict[str, Field]] = {
    EntryKind.STATEMENT: {
        "executives": _spoken_by,
        "audience": Field(choice(Audience.values), required=True),
        "channel": Field(text(most=120)),
        "outlet": Field(text(most=120)),
        "reported_by": Field(text(most=120)),
        "about": Field(text()),
        "quote": Field(text()),
        "also_quoted": Field(text()),
        "what": Field(text()),
        "says": Field(many(text()), default=()),
        "tone": Field(choice(Tone.values)),
        "language": Field(language()),
        "known": Field(choice(Entry.Known.values)),
        "bearings": Field(pairs(choice(Said.values)), default={}),
        "turn": Field(choice(Turn.values)),
        "earlier": Field(key(), default=None),
        "holder": _holder,
    },
    EntryKind.CONDUCT: {"executives": _spoken_by, "what": _what, "holder": _holder},
    EntryKind.SILENCE: {"executives": _spoken_by, "what": Field(text()), "holder": _holder},
    EntryKind.REACTION: {
        "by": Field(text(most=160), required=True),
        "by_title": Field(text(most=160)),
        "by_employer": Field(key(), default=None),
        "signatory": Field(truth, default=False),
        "executives": _keys,
        "what": _what,
        "holder": _holder,
    },
    EntryKind.POSITION: {"executives": _spoken_by, "what": _what, "holder": _holder},
    EntryKind.RELATED_LETTER: {
        "title": Field(text(most=200), required=True),
        "offices": Field(many(block(lambda: _("an office"), _OFFICE)), default=()),
        "what": Field(text()),
        "asks": Field(text()),
        "criticism": Field(text()),
    },
    EntryKind.EVENT: {"what": _what},
}
_STANDING = {
    "executive": Field(key(), required=True),
    "demand": Field(key(), required=True),
    "standing": Field(choice(Standing.values), required=True),
    "reason": Field(text(), required=True),
    "evidence": _keys,
    "holder": _holder,
    "state": Field(choice(["checked", "waiting"]), default="waiting"),
}
_ALL_OF_ENTRIES = _COMMON | {name: field for fields in _ENTRY.values() for name, field in fields.items()}
_FILE = {
    "format": Field(choice([FORMAT]), required=True),
    "campaign": Field(block(lambda: _("the campaign"), _CAMPAIGN), required=True),
    "demands": Field(many(block(lambda: _("a demand"), _DEMAND)), default=()),
    "employers": Field(many(block(lambda: _("an employer"), _EMPLOYER)), default=()),
    "executives": Field(many(block(lambda: _("an executive"), _EXECUTIVE)), default=()),
    "sources": Field(many(block(lambda: _("a source"), _SOURCE)), default=()),
    "letters": Field(many(block(lambda: _("a letter"), _LETTER)), default=()),
    "entries": Field(many(lambda node, faults: _read_entry(node, faults)), default=()),
    "standings": Field(many(block(lambda: _("a standing"), _STANDING)), default=()),
}


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file whose fields and references are all in order."""

    campaign: Row
    demands: list[Row]
    employers: list[Row]
    executives: list[Row]
    sources: list[Row]
    letters: list[Row]
    entries: list[Row]
    standings: list[Row]


def read(source: str, *, file_name: str, today: date) -> Document:
    """The file, checked as far as that needs no database. Raises Faulty."""
    try:
        node = compose(source)
    except Refused as refused:
        raise Faulty([refused.fault], file_name=file_name) from refused
    return read_node(node, file_name=file_name, today=today)


def read_node(node: Node, *, file_name: str, today: date) -> Document:
    """The same, of a file that was taken apart already. Raises Faulty."""
    faults = Faults()
    try:
        row = block(lambda: _("a campaign file"), _FILE)(node, faults)
        row.pop("format")
        if not faults:
            check(row, faults, today)
    except Refused as refused:
        faults.append(refused.fault)
    except Enough:
        last = faults[-1].line
        faults[-1] = Fault(last, _("there are more faults than these; mend these first."))
    if faults:
        raise Faulty(faults, file_name=file_name)
    return Document(campaign=row.pop("campaign"), **{section: list(rows) for section, rows in row.items()})


def _read_entry(node: Any, faults: Faults) -> Row:
    """An entry has the fields of its kind; those of other kinds are refused by name."""
    row: Row = block(lambda: _("an entry"), _ALL_OF_ENTRIES | _optional())(node, faults)
    kind = row.get("kind")
    if not kind:
        return row
    own = _COMMON | _ENTRY[kind]
    for name, line in row.lines.items():
        if name not in own:
            faults.add(
                line, _('"%(field)s" is not a field of an entry of kind %(kind)s.') % {"field": name, "kind": kind}
            )
    for name, field in own.items():
        if name in row.lines:
            continue
        if field.required:
            faults.add(row.line, _('an entry of kind %(kind)s lacks "%(field)s".') % {"field": name, "kind": kind})
        row[name] = field.default
    return row


def _optional() -> dict[str, Field]:
    """The fields that are not common to all kinds; whether one may be left out depends on the kind."""
    return {
        name: Field(field.read, default=field.default) for name, field in _ALL_OF_ENTRIES.items() if name not in _COMMON
    }
