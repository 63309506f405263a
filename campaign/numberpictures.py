"""The pictures of a letter's numbers as PNG: title, sentence, bars or a line, and where they come from."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import lettering
from campaign.cards import Line
from campaign.charts import Chart
from campaign.numbers import Figure, NumbersPage
from campaign.sharing import Shared

WIDTH = 1200
_EDGE, _LABELS, _NUMBERS = 64, 420, 110
_TOP, _ROW, _FOOT = 196, 44, 92
_MOST = 16  # bars
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
    more: Line | None = None
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
        ends = (*self.ends, *((self.more,) if self.more else ()))
        return (self.words.title, *self.words.sentence, self.words.source, *ends, *(one.label for one in self.bars))


def bars(figure: Figure, shared: Shared) -> bytes:
    """The first bars, longest first as the page has them, and how many more there are."""
    shown = figure.bars[:_MOST]
    left = len(figure.bars) - len(shown)
    end = _TOP + _ROW * len(shown)
    room = WIDTH - 2 * _EDGE - _LABELS - _NUMBERS
    drawn = tuple(
        Drawn(
            label=_line(bar.label, _EDGE, _TOP + _ROW * place + 27, size=22, room=_LABELS - 20),
            value=_line(
                intcomma(bar.value),
                _EDGE + _LABELS + max(2, bar.value / figure.most * room) + 12, _TOP + _ROW * place + 27, size=22,
            ),
            y=_TOP + _ROW * place + 6,
            width=round(max(2, bar.value / figure.most * room), 1),
        )
        for place, bar in enumerate(shown)
    )  # fmt: skip
    more = ngettext("and %(number)s more", "and %(number)s more", left) % {"number": left}
    return _draw(
        Picture(
            height=end + (_ROW if left else 0) + _FOOT,
            bars=drawn,
            more=_line(more, _EDGE, end + 27, size=22) if left else None,
            words=_words(figure.title, figure.sentence, shared, end + (_ROW if left else 0) + _FOOT),
        )
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
    return formatted(day, "j F Y")


def _line(text: str, x: float, y: float, *, size: int, room: float = WIDTH) -> Line:
    return Line(lettering.runs(lettering.cut(text, size=size, room=room)), round(x, 1), y, size)


def _draw(picture: Picture) -> bytes:
    svg = render_to_string("campaign/numbers.svg", {"picture": picture, "family": lettering.FAMILY})
    return lettering.png(svg, (run for line in picture.lines for run in line.runs))
