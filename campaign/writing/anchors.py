"""Where a passage stands that somebody commented on, after others have gone on writing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_AROUND = 40  # characters that are remembered on each side
_MOST = 500  # places that are looked at: a passage of one letter stands everywhere


@dataclass(frozen=True)
class Anchor:
    """A passage by its own words, what stood around it, and how far into the text it was."""

    quote: str
    before: str
    after: str
    position: int


def make(text: str, start: int, end: int) -> Anchor:
    """The passage from `start` to `end`."""
    return Anchor(text[start:end], text[max(0, start - _AROUND) : start], text[end : end + _AROUND], start)


def named(text: str, quote: str, *, near: int = 0) -> tuple[int, int] | None:
    """Where the words that somebody copied stand, white space aside; of several places the one closest to `near`."""
    words = [re.escape(word) for word in quote.split()]
    if not words:
        return None
    places = [(found.start(), found.end()) for found in re.finditer(r"\s+".join(words), text)]
    return min(places, key=lambda place: abs(place[0] - near), default=None)


def found(text: str, anchor: Anchor) -> tuple[int, int] | None:
    """Where the passage stands now; None when its words were changed.

    Where the same words stand more than once, what is around them decides, and then how far they have moved.
    """
    places, at = [], text.find(anchor.quote)
    while at >= 0:
        places.append(at)
        at = text.find(anchor.quote, at + 1)
    if not places:
        return None
    places = sorted(places, key=lambda place: abs(place - anchor.position))[:_MOST]
    best = min(places, key=lambda place: (-_alike(text, place, anchor), abs(place - anchor.position), place))
    return best, best + len(anchor.quote)


def _alike(text: str, place: int, anchor: Anchor) -> int:
    """How much of what stood around the passage stands there still, counted from the passage outwards."""
    end = place + len(anchor.quote)
    return _common(reversed(text[max(0, place - _AROUND) : place]), reversed(anchor.before)) + _common(
        text[end : end + _AROUND], anchor.after
    )


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
