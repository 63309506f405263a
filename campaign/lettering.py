"""Text in pictures: how wide it is, where it breaks, and which font has its characters (figure.py, cards.py)."""

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import resvg_py
from PIL import ImageFont

FAMILY = "Noto Sans"
SERIF = "Noto Serif"
# What the shipped fonts cover stands first; for the rest the machine's own Noto fonts are looked for.
SHIPPED = {FAMILY, SERIF, "Noto Sans Arabic"}
_PACKAGES = {FAMILY: "fontpkg_noto_sans", SERIF: "fontpkg_noto_serif", "Noto Sans Arabic": "fontpkg_noto_sans_arabic"}
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


def cut(text: str, *, size: int, room: float, bold: bool = False, family: str = FAMILY) -> str:
    """As much of the text as there is room for."""
    text = " ".join(text.split())
    if long(text, size=size, bold=bold, family=family) <= room:
        return text
    while text and long(f"{text}…", size=size, bold=bold, family=family) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, *, size: int, room: float, most: int, bold: bool = False, family: str = FAMILY) -> list[str]:
    """The text in lines of this width; the last of so many is cut."""
    lines = broken(text, size=size, room=room, bold=bold, family=family)
    if len(lines) <= most:
        return lines
    rest = (
        "".join(lines[most - 1 :]) if any(_breaks_anywhere(sign) for sign in lines[-1]) else " ".join(lines[most - 1 :])
    )
    return [*lines[: most - 1], cut(rest, size=size, room=room, bold=bold, family=family)]


def broken(text: str, *, size: int, room: float, bold: bool = False, family: str = FAMILY) -> list[str]:
    """The text in as many lines of this width as it takes: between words, and anywhere where a script has no spaces.

    A word that is longer than a line is broken too.
    """
    lines = [""]
    for part in _parts(text, size=size, room=room, bold=bold, family=family):
        longer = lines[-1] + part
        if lines[-1] and long(longer.strip(), size=size, bold=bold, family=family) > room:
            lines.append(part.lstrip())
        else:
            lines[-1] = longer
    return [line.strip() for line in lines]


def _parts(text: str, *, size: int, room: float, bold: bool, family: str) -> list[str]:
    """What stays together in a line."""
    parts: list[str] = []
    for word in text.split():
        begins = f" {word}" if parts else word
        if any(_breaks_anywhere(sign) for sign in word) or long(word, size=size, bold=bold, family=family) > room:
            # Points never begin a line, and what a sign carries stays with it.
            for sign in begins:
                if parts and sign != " " and (unicodedata.category(sign)[0] in "MP" or parts[-1] == " "):
                    parts[-1] += sign
                else:
                    parts.append(sign)
        else:
            parts.append(begins)
    return parts


def _breaks_anywhere(sign: str) -> bool:
    return _script(sign) in {"CJK", "HIRAGANA", "KATAKANA", "THAI"}


def runs_rightward(text: str) -> bool:
    """Whether the first letter of the text is one of a script that is written from left to right."""
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind == "L" for kind in kinds if kind in {"L", "R", "AL"}), True)


def long(text: str, *, size: int, bold: bool = False, family: str = FAMILY) -> float:
    """How wide the text is drawn, nearly: what our font lacks is measured by the usual width of its script."""
    foreign = sum(_usual_width(sign) for sign in text if _family(sign) != FAMILY)
    ours = "".join(sign for sign in text if _family(sign) == FAMILY)
    return float(_measure(family).getlength(ours)) / 100 * size * (1.08 if bold else 1) + foreign * size


def runs(text: str, family: str = FAMILY) -> tuple[Run, ...]:
    """The text in parts of one font each; `family` for what our own fonts have."""
    found: list[Run] = []
    for sign in text:
        # Spaces and points go with what stands before them.
        fitting = (_SCRIPTS.get(_script(sign), family)) if sign.isalpha() or not found else found[-1].family
        if found and found[-1].family == fitting:
            found[-1] = Run(found[-1].text + sign, fitting)
        else:
            found.append(Run(sign, fitting))
    return tuple(found)


def drawable(text: str) -> bool:
    """Whether we or this machine have a font for every letter of the text."""
    families = {run.family for run in runs(text)} - SHIPPED
    return all(_file_name(family) in _on_this_machine() for family in families)


def png(svg: str, drawn: Iterable[Run]) -> bytes:
    """The picture. Looking through the machine's fonts takes a while: only where ours do not reach."""
    content = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=fonts(),
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        serif_family=SERIF,
        skip_system_fonts=all(run.family in SHIPPED for run in drawn),
    )
    return bytes(content)


def _family(sign: str) -> str:
    return _SCRIPTS.get(_script(sign), FAMILY)


def _usual_width(sign: str) -> float:
    if unicodedata.category(sign).startswith("M"):
        return 0
    return 1 if unicodedata.east_asian_width(sign) in "WF" else 0.62


def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _file_name(family: str) -> str:
    """How Noto's files of this family begin; one file has all of CJK."""
    return f"{family.partition(' CJK')[0]}{' CJK' if ' CJK' in family else ''}".replace(" ", "")


@cache
def _on_this_machine() -> frozenset[str]:
    """Families of Noto's fonts where the drawing library looks for fonts too."""
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    found = (path.stem.partition("-")[0].partition("[")[0] for folder in folders for path in folder.rglob("Noto*.?t?"))
    return frozenset(found)


@cache
def fonts() -> list[str]:
    """The files of the fonts that we ship."""
    return [path for family in _PACKAGES for path in _files(family)]


def _files(family: str) -> list[str]:
    folder = Path(str(files(_PACKAGES[family]) / "files"))
    return [str(font) for font in sorted(folder.iterdir()) if "Italic" not in font.name]


@cache
def _measure(family: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(Path(_files(family)[0]).read_bytes()), 100)
