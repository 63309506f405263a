"""Text in pictures: how wide it is, where it is cut, and which font has its characters (campaign/figure.py)."""

import io
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

FAMILY = "Noto Sans"
# What the shipped fonts cover stands first; for the rest the machine's own Noto fonts are looked for.
SHIPPED = {FAMILY, "Noto Sans Arabic"}
_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
_SCRIPTS = {
    "ARABIC": "Noto Sans Arabic",
    "HEBREW": "Noto Sans Hebrew",
    "DEVANAGARI": "Noto Sans Devanagari",
    "BENGALI": "Noto Sans Bengali",
    "TAMIL": "Noto Sans Tamil",
    "THAI": "Noto Sans Thai",
    "GEORGIAN": "Noto Sans Georgian",
    "ARMENIAN": "Noto Sans Armenian",
    "HANGUL": "Noto Sans CJK KR",
    "HIRAGANA": "Noto Sans CJK JP",
    "KATAKANA": "Noto Sans CJK JP",
    "CJK": "Noto Sans CJK SC",
}


@dataclass(frozen=True)
class Run:
    """Characters of one script, with the font that has them."""

    text: str
    family: str


def cut(text: str, *, size: int, room: float, bold: bool = False) -> str:
    """As much of the text as there is room for."""
    text = " ".join(text.split())
    if long(text, size=size, bold=bold) <= room:
        return text
    while text and long(f"{text}…", size=size, bold=bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, *, size: int, room: float, most: int) -> list[str]:
    """The text in lines of this width; the last of so many is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and long(longer, size=size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut(" ".join(lines[most - 1 :]), size=size, room=room)]


def long(text: str, *, size: int, bold: bool = False) -> float:
    """How wide the text is drawn, nearly: what our font lacks is taken to be as wide as it is high."""
    foreign = sum(_family(sign) != FAMILY for sign in text)
    ours = "".join(sign for sign in text if _family(sign) == FAMILY)
    return float(_measure().getlength(ours)) / 100 * size * (1.08 if bold else 1) + foreign * size * 0.9


def runs(text: str) -> tuple[Run, ...]:
    """The text in parts of one font each."""
    found: list[Run] = []
    for sign in text:
        # Spaces and points go with what stands before them.
        family = _family(sign) if sign.isalpha() or not found else found[-1].family
        if found and found[-1].family == family:
            found[-1] = Run(found[-1].text + sign, family)
        else:
            found.append(Run(sign, family))
    return tuple(found)


def _family(sign: str) -> str:
    return _SCRIPTS.get(unicodedata.name(sign, "").partition(" ")[0], FAMILY)


@cache
def fonts() -> list[str]:
    """The files of the fonts that we ship."""
    folders = [files(package) / "files" for package in _PACKAGES]
    return [str(font) for folder in folders for font in Path(str(folder)).iterdir() if "Italic" not in font.name]


@cache
def _measure() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(Path(fonts()[0]).read_bytes()), 100)
