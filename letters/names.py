"""Names, roles and employers as people write them: any script passes, what is not a name is refused kindly.

And which names wait for a person's eye before they are shown: those that somebody else is known by, however they are
spelled. Two names are compared by their *skeletons*: what is left of them when look-alike letters are one letter.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

LONGEST = 120
LONGEST_LINE = 140
_MOST_MARKS = 4  # in a row; Hebrew with all its points and Tibetan need that many
# Letters that nobody sees: fillers and variation selectors (Unicode: Default_Ignorable_Code_Point).
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_JOINERS = "\u200c\u200d"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINK = re.compile(
    r"(://|\bhttps?:|\bwww[.。]|[^\s]@[^\s]"
    r"|\w[.。](com|org|net|edu|gov|io|ai|ru|cn|tk|info|biz|dev|app|xyz|shop|store|site|online|website|top|club|link|click"
    r"|live|win|bet|vip|icu|buzz|gg)\b)",
    re.IGNORECASE,
)
_HERE = Path(__file__).parent


class NotAName(ValueError):
    """What was typed cannot be shown as a name; the text says why and what to write."""


class Held(StrEnum):
    """Why a name waits for a person's eye."""

    LISTED = "listed"  # on the letter's list: whom it addresses, and what organisers added
    NOTABLE = "notable"  # on ours: people in the news, and people who never lived
    MIXED = "mixed"  # one word from two alphabets, as only a disguise has it


@dataclass(frozen=True)
class _Skeleton:
    whole: str
    words: frozenset[str]


def tidy(typed: str, *, most: int = LONGEST) -> str:
    """`typed` in NFKC with single spaces and without invisible characters. Raises NotAName.

    Joiners stay (Persian and Indic names need them), marks of direction that come along with a paste go.
    """
    if _TURNING.search(typed):
        raise NotAName(_("Please write it without signs that turn the direction of the text."))
    text = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", typed)).split())
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in text):
        raise NotAName(_("It has a character that cannot be shown. Please type it instead of pasting it."))
    name = " ".join("".join(c for c in text if c in _JOINERS or unicodedata.category(c) != "Cf").split())
    name = name.strip(_JOINERS)
    if len(name) > most:
        raise NotAName(_("Please shorten it to %(most)s characters.") % {"most": most})
    if name[:1] in {"=", "+", "-", "@"}:
        raise NotAName(_("Please begin with a letter."))
    if _LINK.search(name):
        raise NotAName(_("Please write it without a link or an address."))
    if _piled(name):
        raise NotAName(_("Please write it with fewer marks above and below the letters."))
    if name and not any(unicodedata.category(c).startswith("L") for c in name):
        raise NotAName(_("Please use letters."))
    return name


def tidy_person(typed: str) -> str:
    """A person's name. Raises NotAName, for shouting too."""
    name = tidy(typed)
    if _shouts(name):
        raise NotAName(_("Please write your name without capitals throughout."))
    return name


def tidy_line(typed: str) -> str:
    """One line of a signer's own, by the rules for names. Raises NotAName."""
    line = tidy(typed, most=LONGEST_LINE)
    if _shouts(line):
        raise NotAName(_("Please write it without capitals throughout."))
    return line


def _shouts(text: str) -> bool:
    words = [word for word in text.split() if len(word) > 3]
    return len(words) > 1 and all(word.isupper() for word in words)


def is_held(name: str, held: Iterable[str] = ()) -> Held | None:
    """Why this name has to wait, or nothing. `held`: whom the letter addresses, and what its organisers added.

    A name of one word is held by its like alone; one of several words also between others and in another order
    (Dr Cook, Tim). A false alarm costs somebody's look; so this rather holds too much.
    """
    asked = _skeleton(name)
    if any(_is_like(asked, _known(one)) for one in held):
        return Held.LISTED
    if any(_is_like(asked, one) for one in _notables()):
        return Held.NOTABLE
    return Held.MIXED if any(len(_alphabets(word)) > 1 for word in _words(name)) else None


def alike(name: str, known: Iterable[str]) -> list[str]:
    """Which of these names it resembles, and those on our own list, for a person to compare."""
    asked = _skeleton(name)
    listed = [one for one in known if _is_like(asked, _known(one))]
    return listed + [
        line for line, one in zip(_lines("notables.txt"), _notables(), strict=True) if _is_like(asked, one)
    ]


def same_look(one: str, other: str) -> bool:
    """Whether two names look the same, or one stands within the other."""
    return _is_like(_skeleton(one), _skeleton(other)) or _is_like(_skeleton(other), _skeleton(one))


def _is_like(asked: _Skeleton, known: _Skeleton) -> bool:
    if not known.whole:
        return False
    return asked.whole == known.whole or (len(known.words) > 1 and known.words <= asked.words)


def _skeleton(name: str) -> _Skeleton:
    words = [bones for word in _words(name) if (bones := _bones(word))]
    return _Skeleton("".join(words), frozenset(words))


def _words(name: str) -> list[str]:
    """The words of a name, without what nobody sees."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", name))
    return re.split(r"[\s\-‐-―_.,/·•]+", "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"}))


def _bones(word: str) -> str:
    marked = unicodedata.normalize("NFKD", word)
    bare = "".join(c for c in marked if unicodedata.category(c) != "Mn").translate(_lookalikes())
    bare = bare.casefold().translate(_SIGNS)
    # What looks like one letter when set close together; and a tall stroke is l, however it was meant.
    bare = bare.replace("m", "rn").replace("w", "vv").translate({ord("i"): "l"})
    return "".join(c for c in bare if c.isalnum())


# Digits and signs in place of letters, after everything else.
_SIGNS = str.maketrans("0134578$@!|€£", "oleastbsallel")


def _alphabets(word: str) -> set[str]:
    """Which of the alphabets that share shapes have letters in this word."""
    names = (unicodedata.name(c, "").partition(" ")[0] for c in word if c.isalpha())
    return {name for name in names if name in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}}


def _piled(name: str) -> bool:
    row = 0
    for c in name:
        row = row + 1 if unicodedata.category(c) == "Mn" else 0
        if row > _MOST_MARKS:
            return True
    return False


def _lines(file: str) -> list[str]:
    lines = (_HERE / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@cache
def _lookalikes() -> dict[int, str]:
    table = {ord(alike): line[0] for line in _lines("lookalikes.txt") for alike in line[2:]}
    # Letters on black discs and squares, and those that flags are made of.
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        table |= {first + number: chr(ord("a") + number) for number in range(26)}
    return table


@lru_cache(maxsize=4096)
def _known(name: str) -> _Skeleton:
    # Of names on lists alone; nobody's own name is kept in memory.
    return _skeleton(name)


@cache
def _notables() -> tuple[_Skeleton, ...]:
    return tuple(_known(line) for line in _lines("notables.txt"))
