"""The plain HTML of a text mail: the same words, readable anywhere, with nothing to load and nothing that counts."""

import re
from dataclasses import dataclass, field

from django.template.loader import render_to_string

_ITEM = re.compile(r" {0,3}- (?P<words>.*)")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_INDENT = "    "


@dataclass(frozen=True)
class Line:
    """One line: words, an address to follow, or (indented) something to copy."""

    words: str
    is_link: bool = False
    is_code: bool = False


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list whose items may go on over several lines."""

    lines: list[Line] = field(default_factory=list)
    items: list[list[Line]] = field(default_factory=list)


def html_of(text: str, *, language: str = "en", right_to_left: bool = False, title: str = "") -> str:
    """`text` as one HTML document: paragraphs, lists, and lines that are only an address as links."""
    context = {
        "blocks": blocks_of(text),
        "language": language,
        "direction": "rtl" if right_to_left else "ltr",
        "title": title,
    }
    return render_to_string("mail/plain.html", context)


def blocks_of(text: str) -> list[Block]:
    """The paragraphs and lists of `text`, in order."""
    blocks: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n")):
        current: Block | None = None
        for raw in paragraph.split("\n"):
            item = _ITEM.fullmatch(raw)
            if item:
                if current is None or not current.items:
                    blocks.append(current := Block())
                current.items.append([_line(item["words"])])
            elif current is not None and current.items and raw.startswith(" "):
                current.items[-1].append(_line(raw.strip()))
            elif raw.strip():
                if current is None or current.items:
                    blocks.append(current := Block())
                current.lines.append(_line(raw))
    return blocks


def _line(raw: str) -> Line:
    words = raw.strip()
    is_link = bool(_ADDRESS.fullmatch(words))
    return Line(words=words, is_link=is_link, is_code=raw.startswith(_INDENT) and not is_link)
