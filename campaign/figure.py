"""The scoreboard as a picture to share: laid out here, drawn by a template and resvg (docs/scoreboard.md).

Standings are told by shape and word; where columns are too narrow for words, by shape and a legend. The picture says
its date, where the whole record stands, and how many executives it leaves out.
"""

import math
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import lettering
from campaign.scoreboard import ExecutiveRow, Scoreboard
from campaign.standings import Standing

WIDTH, HEIGHT = 1200, 630
_EDGE = 56
_NAMES, _NARROW_NAMES = 400, 330  # the column of names, and with more than three demands
_WORD_SIZES = (17, 16, 15, 14)  # where none of these fits there are shapes alone
_MOST_TALL = 60  # rows
_LEAST_ROW, _MOST_ROW = 42.0, 62.0
_TOP, _MORE, _FOOT, _LEGEND, _NOTE = 142.0, 30, 62, 38, 24
_HEADER_LINES = 3


@dataclass(frozen=True)
class Line:
    """A line of text at its place."""

    runs: tuple[lettering.Run, ...]
    x: float
    y: float
    size: int


@dataclass(frozen=True)
class Mark:
    """A standing: its shape, and its word where there is room."""

    standing: str
    x: float
    y: float
    word: Line | None


@dataclass(frozen=True)
class RowOf:
    """An executive's row."""

    name: Line
    below: Line
    marks: tuple[Mark, ...]
    rule: float  # where the line above it is drawn


@dataclass(frozen=True, kw_only=True)
class Picture:
    """All that the template draws."""

    height: int
    title: Line
    summary: Line
    headers: tuple[Line, ...]
    rows: tuple[RowOf, ...]
    more: Line | None
    notes: tuple[Line, ...]
    legend: tuple[Mark, ...]
    citation: Line
    width: int = WIDTH
    edge: int = _EDGE
    right: int = WIDTH - _EDGE


@dataclass(frozen=True)
class _Columns:
    """Where the demands' columns stand, and in which size the standings' words fit there; 0: in none."""

    names: int
    width: float
    words: int

    def at(self, number: int) -> float:
        return _EDGE + self.names + number * self.width


def citation(title: str, *, day: str, address: str) -> str:
    """How the scoreboard is cited: what, as of when, where it stands for good."""
    return _("“%(title)s”: how executives answered. As of %(day)s. %(address)s") % {
        "title": title,
        "day": day,
        "address": address,
    }


def wide(board: Scoreboard, *, title: str, day: str, address: str) -> bytes:
    """1200 × 630, as links are shown elsewhere: as many executives as can be read."""
    return _draw(_lay_out(board, title=title, day=day, address=address, height=HEIGHT))


def tall(board: Scoreboard, *, title: str, day: str, address: str) -> bytes:
    """1200 wide and as high as it takes, for sixty executives at most."""
    return _draw(_lay_out(board, title=title, day=day, address=address, height=None))


def _lay_out(board: Scoreboard, *, title: str, day: str, address: str, height: int | None) -> Picture:
    inner = WIDTH - 2 * _EDGE
    columns = _columns(len(board.demands), inner)
    headers, begin = _headers(board, columns)
    # Where the columns only have numbers, a picture that may grow says below what they stand for.
    notes = [f"{one.number}. {one.text}" for one in board.demands] if height is None and not columns.words else []
    foot = _FOOT + (0 if columns.words else _LEGEND) + _NOTE * len(notes)
    fits, row_height = _rows_that_fit(len(board.rows), None if height is None else height - begin - foot)
    rows = tuple(
        _row(row, begin + number * row_height, row_height, columns) for number, row in enumerate(board.rows[:fits])
    )
    left_out = len(board.rows) - len(rows)
    end = begin + len(rows) * row_height + (_MORE if left_out else 0)
    height = height or math.ceil(end + foot)
    return Picture(
        height=height,
        title=_title(title, inner),
        summary=_line(_summary(board), _EDGE, 118, size=22, room=inner),
        headers=headers,
        rows=rows,
        more=_line(_more(left_out), _EDGE, end - 6, size=18, room=inner) if left_out else None,
        notes=tuple(
            _line(note, _EDGE, end + 30 + _NOTE * place, size=16, room=inner) for place, note in enumerate(notes)
        ),
        legend=() if columns.words else _legend(height - 64),
        citation=_line(f"{day} · {address}", _EDGE, height - 26, size=18, room=inner),
    )


def _columns(count: int, room: float) -> _Columns:
    names = _NAMES if count <= 3 else _NARROW_NAMES
    width = (room - names) / max(1, count)
    labels = [str(standing.label) for standing in Standing]
    fitting = (
        size for size in _WORD_SIZES if max(lettering.long(one, size=size, bold=True) for one in labels) <= width - 34
    )
    return _Columns(names, width, next(fitting, 0))


def _rows_that_fit(count: int, room: float | None) -> tuple[int, float]:
    """How many rows there are room for, and how high each is; without a limit, as many as are ever drawn."""
    if room is None:
        return min(count, _MOST_TALL), _MOST_ROW
    if count > room // _LEAST_ROW:
        room -= _MORE  # the line that says how many more there are
    fits = max(1, min(count, int(room // _LEAST_ROW)))
    return fits, min(_MOST_ROW, room / fits)


def _title(text: str, room: float) -> Line:
    """The title, smaller where it is long, and cut where it is longer still."""
    size = next((size for size in (40, 36, 32) if lettering.long(text, size=size, bold=True) <= room), 28)
    return _line(text, _EDGE, 80, size=size, room=room, bold=True)


def _more(left_out: int) -> str:
    return ngettext("and %(number)s more executive", "and %(number)s more executives", left_out) % {"number": left_out}


def _summary(board: Scoreboard) -> str:
    count = len(board.rows)
    return ngettext(
        "%(answered)s of %(all)s executive addressed has spoken in public",
        "%(answered)s of %(all)s executives addressed have spoken in public",
        count,
    ) % {"answered": board.answered, "all": count}


def _headers(board: Scoreboard, columns: _Columns) -> tuple[tuple[Line, ...], float]:
    """The demands above their columns, and where the rows begin."""
    lines: list[Line] = []
    deepest = 1
    for number, demand in enumerate(board.demands):
        text = f"{demand.number}. {demand.text}" if columns.words else str(demand.number)
        wrapped = lettering.wrapped(text, size=16, room=columns.width - 16, most=_HEADER_LINES)
        deepest = max(deepest, len(wrapped))
        x, room = columns.at(number), columns.width - 12
        lines += [_line(part, x, _TOP + 20 + 20 * place, size=16, room=room) for place, part in enumerate(wrapped)]
    return tuple(lines), _TOP + 20 * deepest + 16


def _row(row: ExecutiveRow, top: float, height: float, columns: _Columns) -> RowOf:
    middle = top + height / 2
    name = row.name or row.title
    return RowOf(
        name=_line(name, _EDGE, middle - 2, size=19, room=columns.names - 20, bold=True),
        below=_line(_below(row), _EDGE, middle + 15, size=13, room=columns.names - 20),
        marks=tuple(
            _sign(cell.standing, columns.at(number), middle, size=columns.words)
            for number, cell in enumerate(row.cells)
        ),
        rule=top,
    )


def _below(row: ExecutiveRow) -> str:
    """Company, and how long she has been silent."""
    parts = [row.employer]
    if row.silent_days:
        days = row.silent_days
        parts.append(ngettext("silent for %(days)s day", "silent for %(days)s days", days) % {"days": days})
    if row.people:
        parts.append(
            ngettext("%(people)s signed there", "%(people)s signed there", row.people)
            % {"people": intcomma(row.people)}
        )
    return " · ".join(parts)


def _sign(standing: Standing, x: float, y: float, *, size: int) -> Mark:
    """The shape, and the word beside it in this size; none where that is nothing."""
    word = _line(str(standing.label), x + 26, y + 6, size=size, room=WIDTH, bold=True) if size else None
    return Mark(standing.value, x, y - 9, word)


def _legend(y: float) -> tuple[Mark, ...]:
    marks, x = [], float(_EDGE)
    for standing in Standing:
        marks.append(_sign(standing, x, y, size=17))
        x += 44 + lettering.long(str(standing.label), size=17, bold=True)
    return tuple(marks)


def _line(text: str, x: float, y: float, *, size: int, room: float, bold: bool = False) -> Line:
    return Line(lettering.runs(lettering.cut(text, size=size, room=room, bold=bold)), round(x, 1), round(y, 1), size)


def _draw(picture: Picture) -> bytes:
    svg = render_to_string("campaign/figure.svg", {"picture": picture, "family": lettering.FAMILY})
    lines = [
        picture.title,
        picture.citation,
        *picture.notes,
        *(row.name for row in picture.rows),
        *(row.below for row in picture.rows),
        *picture.headers,
    ]
    return lettering.png(svg, (run for line in lines for run in line.runs))
