"""A letter's card, for links and posts: title, number with its day, who asks, address (docs/sharing.md).

Laid out here, drawn as SVG by a template, turned into PNG: the same bytes for the same facts. A title for whose script
there is no font is left out rather than drawn as boxes.
"""

from dataclasses import dataclass, replace

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from accounts.speaking import in_language
from campaign import lettering
from campaign.sharing import Shared

WIDE, SQUARE = (1200, 630), (1080, 1080)
_EDGE = 72
_KICKER, _BELOW = 28, 26
_NUMBER = 104
_FOOT = 238  # what number, day and address take
_TITLE_SIZES = (92, 84, 76, 68, 60, 54, 48, 42)
_LEADING = 1.16


@dataclass(frozen=True)
class Line:
    """A line of text at its place; `end` where it is the end of the line that stands there."""

    runs: tuple[lettering.Run, ...]
    x: float
    y: float
    size: int
    end: bool = False


@dataclass(frozen=True, kw_only=True)
class Card:
    """All that the template draws."""

    width: int
    height: int
    kicker: Line
    title: tuple[Line, ...]
    number: Line
    signed: Line
    day: Line
    address: Line

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.kicker, *self.title, self.number, self.signed, self.day, self.address)


def png(shared: Shared, shape: tuple[int, int]) -> bytes:
    """The card as a picture of this width and height. Our words on it speak the letter's language, where we do."""
    with in_language(shared.letter.language):
        card = lay_out(shared, *shape)
    svg = render_to_string("campaign/card.svg", {"card": card, "family": lettering.FAMILY})
    return lettering.png(svg, (run for line in card.lines for run in line.runs))


def lay_out(shared: Shared, width: int, height: int) -> Card:
    """Where everything stands. The title is as large as the room allows, and cut only where it does not fit at all."""
    total = shared.numbers.total
    number = intcomma(total)
    beside = _EDGE + lettering.long(number, size=_NUMBER, family=lettering.SERIF) + 26
    bottom = height - 118
    signed = ngettext("person has signed", "people have signed", total)
    card = Card(
        width=width,
        height=height,
        kicker=_line(_kicker(shared), 104, size=_KICKER, width=width),
        title=_title(shared.letter.title, width, top=124, bottom=height - _FOOT),
        number=Line(lettering.runs(number, lettering.SERIF), _EDGE, bottom, _NUMBER),
        signed=Line(lettering.runs(signed), round(beside, 1), bottom - 36, 34),
        day=Line(lettering.runs(_("as of %(day)s") % {"day": shared.day}), round(beside, 1), bottom, _BELOW),
        address=_line(shared.address.partition("://")[2].rstrip("/"), height - 48, size=_BELOW, width=width),
    )
    return _mirrored(card) if get_language_bidi() else card


def _mirrored(card: Card) -> Card:
    """The same from right to left; the title stands where its own letters have it."""
    return replace(
        card,
        kicker=_mirrored_line(card.kicker, card.width),
        number=_mirrored_line(card.number, card.width),
        signed=_mirrored_line(card.signed, card.width),
        day=_mirrored_line(card.day, card.width),
        address=_mirrored_line(card.address, card.width),
    )


def _mirrored_line(line: Line, width: int) -> Line:
    """Words of another script come after those before them: to their left. The drawing knows no direction of a line."""
    runs = tuple(
        replace(run, text=f" {run.text.strip()}" if place else run.text.strip())
        for place, run in enumerate(reversed(line.runs))
    )
    return replace(line, runs=runs, x=width - line.x, end=True)


def _kicker(shared: Shared) -> str:
    campaign = shared.campaign
    if shared.letter.is_example:
        return _("An example letter")
    if campaign.organisers:
        return _("An open letter by %(organisers)s") % {"organisers": campaign.organisers}
    return _("An open letter")


def _title(text: str, width: int, *, top: int, bottom: int) -> tuple[Line, ...]:
    if not lettering.drawable(text):
        return ()
    room, family = width - 2 * _EDGE, lettering.SERIF
    for size in _TITLE_SIZES:
        most = int((bottom - top) / (size * _LEADING))
        lines = lettering.broken(text, size=size, room=room, family=family)
        if len(lines) <= most:
            break
    else:
        lines = lettering.wrapped(text, size=size, room=room, most=most, family=family)
    rightward = lettering.runs_rightward(text)
    x = _EDGE if rightward else width - _EDGE
    return tuple(
        Line(lettering.runs(line, family), x, round(top + size * (1 + place * _LEADING), 1), size, not rightward)
        for place, line in enumerate(lines)
    )


def _line(text: str, y: float, *, size: int, width: int) -> Line:
    return Line(lettering.runs(lettering.cut(text, size=size, room=width - 2 * _EDGE)), _EDGE, y, size)
