"""What differs between two texts, word by word, and what two writers made of a third.

The comparison is the shortest there is (rapidfuzz, in C++), so its time has a bound: texts that differ in too many
words are compared by lines instead, and those that differ in too many lines as a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

# Words, each character of scripts that are written without spaces, white space, and single marks.
_WORDS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|\n|[^\S\n]+|\w+|.")
_MOST = 200_000_000  # pairs of words that one comparison may look at: some 25 MB and a tenth of a second


class Kind(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class _Change:
    """The words from `start` to `end` of the old text are `words` in the new one."""

    start: int
    end: int
    words: tuple[str, ...]


def changes(old: str, new: str) -> list[Piece]:
    """Both texts as one row of pieces: without the new ones it reads as the old text, without the gone as the new."""
    before, after = _split(old, new)
    found: list[Piece] = []
    at = 0
    for change in _apart(before, after):
        _add(found, Kind.SAME, before[at : change.start])
        _add(found, Kind.GONE, before[change.start : change.end])
        _add(found, Kind.NEW, change.words)
        at = change.end
    _add(found, Kind.SAME, before[at:])
    return found


def merged(*, base: str, mine: str, theirs: str) -> str | None:
    """What both writers wrote, each having begun from `base`; None where they changed the same words differently.

    Changes that touch each other count as the same words: nothing stands between them that both have read.
    """
    before, one, other = _split(base, mine, theirs)
    both = sorted({*_apart(before, one), *_apart(before, other)}, key=lambda change: (change.start, change.end))
    made: list[str] = []
    at = -1
    for change in both:
        if change.start <= at:
            return None
        made += [*before[max(at, 0) : change.start], *change.words]
        at = change.end
    return "".join([*made, *before[max(at, 0) :]])


def _split(*texts: str) -> list[list[str]]:
    """Each text in words, or in lines where words would be too many, or whole."""
    for parts in ([_WORDS.findall(text) for text in texts], [text.splitlines(keepends=True) for text in texts]):
        if all(_differing(parts[0], other) <= _MOST for other in parts[1:]):
            return parts
    return [[text] if text else [] for text in texts]


def _differing(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pairs lie between where two texts begin to differ and where they end to."""
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - head) if one[-1 - at] != other[-1 - at]), shorter - head)
    return (len(one) - head - tail) * (len(other) - head - tail)


def _apart(before: Sequence[str], after: Sequence[str]) -> list[_Change]:
    """The changes in order. Those that only white space keeps apart are one: "a b" became "c d", not two words."""
    found: list[_Change] = []
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            continue
        change = _Change(step.src_start, step.src_end, tuple(after[step.dest_start : step.dest_end]))
        if found and _is_space(before[found[-1].end : change.start]):
            last = found.pop()
            words = (*last.words, *before[last.end : change.start], *change.words)
            change = _Change(last.start, change.end, words)
        found.append(change)
    return found


def _is_space(words: Sequence[str]) -> bool:
    return all(word.isspace() and word != "\n" for word in words)


def _add(found: list[Piece], kind: Kind, words: Sequence[str]) -> None:
    if words:
        found.append(Piece(kind, "".join(words)))
