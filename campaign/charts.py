"""The growth of a letter as points of a line, for an SVG that needs neither script nor style."""

from collections.abc import Sequence
from dataclasses import dataclass

from letters.queries import GrowthDay

WIDTH, HEIGHT = 600, 160


@dataclass(frozen=True)
class Chart:
    """A line and the area under it, in a box of WIDTH by HEIGHT."""

    line: str
    area: str
    width: int = WIDTH
    height: int = HEIGHT


def growth(days: Sequence[GrowthDay]) -> Chart | None:
    """The total at the end of each day; nothing to draw before there are two days."""
    if len(days) < 2:
        return None
    first, last, most = days[0].day, days[-1].day, max(1, *(day.total for day in days))
    span = (last - first).days
    points = [
        (round((day.day - first).days / span * WIDTH, 1), round(HEIGHT - day.total / most * (HEIGHT - 4), 1))
        for day in days
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    return Chart(line=line, area=f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}")
