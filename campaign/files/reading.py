"""YAML read as plain values that know their line, so that every fault can be pointed at.

Nodes are walked, never constructed: what YAML would make of a value (`no`, `2026-01`, `!!python/…`) plays no part.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from campaign.files.faults import Faults

_KEY = re.compile(r"[-a-zA-Z0-9_]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_is_address = URLValidator(schemes=["https", "http"])


class Word(str):
    """A text with the line on which it stands."""

    line: int

    def __new__(cls, text: str, line: int) -> "Word":
        word = super().__new__(cls, text)
        word.line = line
        return word


class Row(dict[str, Any]):
    """A block of fields with the line on which it begins, and the line of each field."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}

    def line_of(self, field: str) -> int:
        """Where the field stands; where the block begins when it was left out."""
        return self.lines.get(field, self.line)


Read = Callable[[Node, Faults], Any]


@dataclass(frozen=True)
class Field:
    """How a field is read, and what stands for it when it is left out."""

    read: Read
    required: bool = False
    default: Any = ""


def line_of(node: Node) -> int:
    """The line on which the node begins."""
    return int(node.start_mark.line) + 1


def text(*, most: int = 100_000) -> Read:
    """A text of at most so many characters."""

    def read(node: Node, faults: Faults) -> Word | None:
        if not isinstance(node, ScalarNode):
            faults.add(line_of(node), _("here must be a text."))
            return None
        value, line = str(node.value), line_of(node)
        if not value.strip() or (node.style is None and value in {"~", "null"}):
            faults.add(line, _("this field is empty; write its text, or leave the field out."))
            return None
        if len(value) > most:
            faults.add(
                line,
                _("this text has %(length)s characters; %(most)s are allowed.") % {"length": len(value), "most": most},
            )
            return None
        if any(c not in "\n\r\t" and (unicodedata.category(c) in {"Cc", "Cs"} or c in _DIRECTIONS) for c in value):
            faults.add(line, _("this text has a control character, which cannot be shown."))
            return None
        return Word(value, line)

    return read


def _checked(fits: Callable[[str], bool], message: Callable[[], str], *, most: int) -> Read:
    words = text(most=most)

    def read(node: Node, faults: Faults) -> Word | None:
        word: Word | None = words(node, faults)
        if word is not None and not fits(word):
            faults.add(word.line, message() % {"value": _short(word)})
            return None
        return word

    return read


def key(*, most: int = 60) -> Read:
    """A key or the last part of a page's address."""
    return _checked(
        lambda word: bool(_KEY.fullmatch(word)),
        lambda: _('"%(value)s" is no key: use Latin letters, digits, hyphens and underscores.'),
        most=most,
    )


def language() -> Read:
    """A language by its BCP 47 tag."""
    return _checked(
        lambda word: bool(_LANGUAGE.fullmatch(word)),
        lambda: _('"%(value)s" is no language: write it like en, de or pt-BR.'),
        most=16,
    )


def web_address(*, most: int) -> Read:
    """An address on the web."""

    def fits(word: str) -> bool:
        try:
            _is_address(word)
        except ValidationError:
            return False
        return True

    return _checked(fits, lambda: _('"%(value)s" is no web address: it begins with https://.'), most=most)


def choice(values: Iterable[str], *, most_shown: int = 12) -> Read:
    """One of the values."""
    allowed = list(values)
    listed = ", ".join(allowed) if len(allowed) <= most_shown else ""

    def message() -> str:
        if listed:
            return _('"%(value)s" is not possible here; choose one of: ') + listed.replace("%", "%%") + "."
        return _('"%(value)s" is not known here.')

    return _checked(set(allowed).__contains__, message, most=200)


def truth(node: Node, faults: Faults) -> bool | None:
    """True or false, in these words."""
    if isinstance(node, ScalarNode) and node.style is None and node.value in {"true", "false"}:
        return bool(node.value == "true")
    faults.add(line_of(node), _("here must be true or false."))
    return None


def number(*, least: int = 1, most: int) -> Read:
    """A whole number."""

    def read(node: Node, faults: Faults) -> int | None:
        plain = node.value if isinstance(node, ScalarNode) and node.style is None else ""
        if plain.isascii() and plain.isdigit() and len(plain) < 12 and least <= int(plain) <= most:
            return int(plain)
        faults.add(
            line_of(node),
            _("here must be a whole number from %(least)s to %(most)s.") % {"least": least, "most": most},
        )
        return None

    return read


def some_date(node: Node, faults: Faults) -> Word | None:
    """A day, a month or a year that exists, as it is written."""
    word: Word | None = text()(node, faults)
    if word is None:
        return None
    match = _DATE.fullmatch(word)
    if match is None:
        faults.add(word.line, _('"%(value)s" is no date: write 2026-01-26, 2026-01 or 2026.') % {"value": _short(word)})
        return None
    try:
        first_day(word)
    except ValueError:
        faults.add(word.line, _('there is no day "%(value)s".') % {"value": word})
        return None
    return word


def first_day(written: str) -> date:
    """The day, or the first one of the month or the year. Raises ValueError when it does not exist."""
    year, month, day = [*(int(part) for part in written.split("-")), 1, 1][:3]
    return date(year, month, day)


def moment(node: Node, faults: Faults) -> datetime | None:
    """A moment with its distance from UTC."""
    word: Word | None = text()(node, faults)
    if word is None:
        return None
    try:
        if _MOMENT.fullmatch(word):
            return datetime.fromisoformat(word)
    except ValueError:
        pass
    faults.add(
        word.line,
        _('"%(value)s" is no moment: write it like 2026-02-10T17:00:00Z or 2026-02-10T18:00+01:00.')
        % {"value": _short(word)},
    )
    return None


def many(item: Read) -> Read:
    """A list."""

    def read(node: Node, faults: Faults) -> list[Any]:
        if not isinstance(node, SequenceNode):
            faults.add(line_of(node), _("here must be a list: each item on a line that begins with a hyphen."))
            return []
        return [value for value in [item(child, faults) for child in node.value] if value is not None]

    return read


def pairs(value: Read) -> Read:
    """Keys, each with a value, in a block."""

    def read(node: Node, faults: Faults) -> dict[Word, Any]:
        found: dict[Word, Any] = {}
        for word, child in _fields(node, faults, _("a block of keys and values")):
            if (item := value(child, faults)) is not None:
                found[word] = item
        return found

    return read


def block(name: Callable[[], str], fields: dict[str, Field]) -> Read:
    """A block with these fields."""

    def read(node: Node, faults: Faults) -> Row:
        row = Row(line_of(node))
        for word, child in _fields(node, faults, name()):
            if word not in fields:
                faults.add(word.line, _unknown(word, name(), fields))
                continue
            row.lines[word] = word.line
            row[str(word)] = fields[word].read(child, faults)
        for field, rule in fields.items():
            if field in row.lines:
                continue
            if rule.required:
                faults.add(row.line, _('%(name)s lacks "%(field)s".') % {"name": name(), "field": field})
            row[field] = rule.default
        return row

    return read


def _fields(node: Node, faults: Faults, name: str) -> Sequence[tuple[Word, Node]]:
    if not isinstance(node, MappingNode):
        faults.add(line_of(node), _("here must be %(name)s, each field on a line as “field: value”.") % {"name": name})
        return []
    found: dict[Word, Node] = {}
    for key_node, child in node.value:
        if not isinstance(key_node, ScalarNode):
            faults.add(line_of(key_node), _("a field's name must be a word."))
            continue
        word = Word(_short(key_node.value), line_of(key_node))
        if word in found:
            faults.add(word.line, _('"%(field)s" stands twice in this block.') % {"field": word})
        found[word] = child
    return list(found.items())


def _unknown(word: str, name: str, fields: Iterable[str]) -> str:
    close = get_close_matches(word, list(fields), 1)
    if close:
        return _('"%(field)s" is not a field of %(name)s; did you mean "%(close)s"?') % {
            "field": word,
            "name": name,
            "close": close[0],
        }
    return _('"%(field)s" is not a field of %(name)s.') % {"field": word, "name": name}


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"
