"""The pictures of a letter's numbers as PNG: title, sentence, bars or a line, and where they come from."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import lettering
from campaign.cards import Line
from campaign.charts import Chart
from campaign.numbers import Bar, Figure, NumbersPage
from campaign.sharing import Shared

WIDTH = 1200
_EDGE, _LABELS, _NUMBERS = 64, 420, 110
_TOP, _ROW, _FOOT = 196, 44, 92
_INSET = 24
_MOST = 24  # bars
_PLOT = 320


@dataclass(frozen=True)
class Drawn:
    """One bar at its place."""

    label: Line
    value: Line
    y: int
    width: float


@dataclass(frozen=True)
class Words:
    """What it is, what it shows, and where it comes from."""

    title: Line
    sentence: tuple[Line, ...]
    source: Line


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that the template draws."""

    height: int
    words: Words
    bars: tuple[Drawn, ...] = ()
    heads: tuple[Line, ...] = ()
    chart: Chart | None = None
    ends: tuple[Line, ...] = ()
    width: int = WIDTH
    edge: int = _EDGE
    labels: int = _EDGE + _LABELS
    top: int = _TOP

    @property
    def across(self) -> float:
        """How much wider than its own box the line is drawn."""
        return (WIDTH - 2 * _EDGE) / self.chart.width if self.chart else 1

    @property
    def up(self) -> float:
        return _PLOT / self.chart.height if self.chart else 1

    @property
    def lines(self) -> tuple[Line, ...]:
        ends = (*self.heads, *self.ends, *(one.label for one in self.bars))
        return (self.words.title, *self.words.sentence, self.words.source, *ends)


def bars(figure: Figure, shared: Shared) -> bytes:
    """The first bars as the page has them, below what they are a part of, and how many more there are."""
    shown = figure.bars[:_MOST]
    left = len(figure.bars) - len(shown)
    heads: list[Line] = []
    drawn = []
    y = _TOP
    for place, bar in enumerate(shown):
        if bar.group and (not place or bar.group != shown[place - 1].group):
            heads.append(_line(bar.group, _EDGE, y + 27, size=22, room=WIDTH - 2 * _EDGE))
            y += _ROW
        drawn.append(_bar(bar, y, figure.most, inset=_INSET if bar.group else 0))
        y += _ROW
    if left:
        more = ngettext("and %(number)s more", "and %(number)s more", left) % {"number": left}
        heads.append(_line(more, _EDGE, y + 27, size=22))
        y += _ROW
    return _draw(
        Picture(
            height=y + _FOOT,
            bars=tuple(drawn),
            heads=tuple(heads),
            words=_words(figure.title, figure.sentence, shared, y + _FOOT),
        )
    )


def _bar(bar: Bar, y: int, most: int, *, inset: int) -> Drawn:
    width = max(2, bar.value / most * (WIDTH - 2 * _EDGE - _LABELS - _NUMBERS))
    return Drawn(
        label=_line(bar.label, _EDGE + inset, y + 27, size=22, room=_LABELS - 20 - inset),
        value=_line(intcomma(bar.value), _EDGE + _LABELS + width + 12, y + 27, size=22),
        y=y + 6,
        width=round(width, 1),
    )


def growth(page: NumbersPage) -> bytes:
    """The number at the end of each day on which it moved."""
    end = _TOP + _PLOT
    first, newest = page.growth[0], page.growth[-1]
    ends = (
        _line(_day(first.day), _EDGE, end + 32, size=20),
        Line(lettering.runs(_day(newest.day)), WIDTH - _EDGE, end + 32, 20, True),
    )
    return _draw(
        Picture(
            height=end + 40 + _FOOT,
            chart=page.chart,
            ends=ends,
            words=_words(_("How the number grew"), page.growth_sentence, page.shared, end + 40 + _FOOT),
        )
    )


def _words(title: str, sentence: str, shared: Shared, height: int) -> Words:
    room = WIDTH - 2 * _EDGE
    wrapped = lettering.wrapped(sentence, size=24, room=room, most=2)
    source = _("“%(title)s”, as of %(day)s") % {"title": shared.letter.title, "day": shared.day}
    address = shared.address.partition("://")[2].rstrip("/")
    space = room - lettering.long(f" · {address}", size=20)
    return Words(
        title=Line(lettering.runs(lettering.cut(title, size=44, room=room), lettering.SERIF), _EDGE, 84, 44),
        sentence=tuple(_line(text, _EDGE, 128 + 32 * place, size=24) for place, text in enumerate(wrapped)),
        source=_line(f"{lettering.cut(source, size=20, room=space)} · {address}", _EDGE, height - 34, size=20),
    )


def _day(day: date) -> str:
    return date_format(day)


def _line(text: str, x: float, y: float, *, size: int, room: float = WIDTH) -> Line:
    return Line(lettering.runs(lettering.cut(text, size=size, room=room)), round(x, 1), y, size)


def _draw(picture: Picture) -> bytes:
    svg = render_to_string("campaign/numbers.svg", {"picture": picture, "family": lettering.FAMILY})
    return lettering.png(svg, (run for line in picture.lines for run in line.runs))
