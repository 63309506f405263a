"""Pictures of a letter's numbers: each is bars with a sentence that says what they show (docs/sharing.md).

Only published numbers are drawn: no group below ten, and confidential signatures as their batches came.
"""

import zoneinfo
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Min
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign import charts, scoreboard, sharing
from campaign.charts import Chart
from campaign.models import Audience, Entry, EntryKind, Precision
from campaign.scoreboard import Scoreboard
from campaign.sharing import Shared
from campaign.standings import Standing
from letters import crowds
from letters import queries as letter_queries
from letters.crowds import Crowd
from letters.queries import GrowthDay


@dataclass(frozen=True)
class Bar:
    """One thing and its number; `group` is what it is a part of."""

    label: str
    value: int
    group: str = ""
    standing: str = ""  # where it has a sign of its own


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Bars, what they show in a sentence, and what their table calls them."""

    key: str
    title: str
    sentence: str
    what: str
    unit: str
    bars: tuple[Bar, ...]

    @property
    def most(self) -> int:
        return max((bar.value for bar in self.bars), default=0) or 1


@dataclass(frozen=True, kw_only=True)
class NumbersPage:
    """All pictures of a letter's numbers."""

    shared: Shared
    growth: list[GrowthDay]
    chart: Chart | None
    figures: tuple[Figure, ...]

    @property
    def growth_sentence(self) -> str:
        """What the line shows."""
        first, newest = self.growth[0], self.growth[-1]
        return _("From %(first)s on %(begun)s to %(newest)s on %(day)s, in %(days)s days.") % {
            "first": intcomma(first.total),
            "begun": date_format(first.day),
            "newest": intcomma(newest.total),
            "day": date_format(newest.day),
            "days": (newest.day - first.day).days,
        }


def page(slug: str, *, now: datetime) -> NumbersPage:
    """The pictures that there is something to draw for. Raises NoSuchLetter, for drafts too."""
    shared = sharing.shared(slug, now=now)
    growth = letter_queries.growth(shared.letter.id)
    board = scoreboard.board(campaign=shared.campaign, now=now)
    drawn = (
        _employers(crowds.of_employers(shared.numbers), shared.numbers.total),
        _roles(crowds.of_roles(shared.letter.id)),
        _standings(board),
        _answers(board, shared),
    )
    return NumbersPage(
        shared=shared,
        growth=growth,
        chart=charts.growth(growth),
        figures=tuple(figure for figure in drawn if figure is not None),
    )


def _employers(groups: tuple[Crowd, ...], total: int) -> Figure | None:
    if not groups:
        return None
    sentence = _(
        "Of %(total)s people who signed, the largest group works at %(first)s: %(most)s. "
        "Only employers of ten or more are shown."
    ) % {"total": intcomma(total), "first": groups[0].name, "most": intcomma(groups[0].total)}
    return Figure(
        key="employers", title=_("Where they work"), sentence=sentence, what=_("Employer"), unit=_("People"),
        bars=tuple(Bar(crowd.name, crowd.total) for crowd in groups),
    )  # fmt: skip


def _roles(groups: tuple[Crowd, ...]) -> Figure | None:
    if not groups or groups[0].is_rest:
        return None
    sentence = _("The largest known group is “%(first)s”: %(most)s people. Only groups of ten or more are shown.") % {
        "first": groups[0].name,
        "most": intcomma(groups[0].total),
    }
    return Figure(
        key="roles", title=_("What they do"), sentence=sentence, what=_("Kind of work"), unit=_("People"),
        bars=tuple(Bar(crowd.name, crowd.total) for crowd in groups),
    )  # fmt: skip


def _standings(board: Scoreboard) -> Figure | None:
    if not board.rows or not board.demands:
        return None
    bars = []
    for number, demand in enumerate(board.demands):
        counts = [row.cells[number].standing for row in board.rows]
        bars += [
            Bar(str(standing.label), counts.count(standing), f"{demand.number}. {demand.text}", standing.value)
            for standing in Standing
            if standing in counts
        ]
    met = sum(cell.standing == Standing.MET for row in board.rows for cell in row.cells)
    asked = len(board.rows) * len(board.demands)
    sentence = ngettext(
        "%(met)s of %(asked)s answer asked for is “met”: each executive is asked each demand.",
        "%(met)s of %(asked)s answers asked for are “met”: each executive is asked each demand.",
        asked,
    ) % {"met": met, "asked": asked}
    return Figure(
        key="standings", title=_("Where executives stand"), sentence=sentence, what=_("Standing"),
        unit=_("Executives"), bars=tuple(bars),
    )  # fmt: skip


def _answers(board: Scoreboard, shared: Shared) -> Figure | None:
    """Days from the letter's opening to the first public words whose day is known, or until now."""
    asked_at = shared.campaign.asked_at
    if asked_at is None or not board.rows:
        return None
    begun = asked_at.astimezone(zoneinfo.ZoneInfo(shared.campaign.time_zone)).date()
    first = _first_public_words(shared)
    bars, silent = [], 0
    for row in board.rows:
        name = row.name or f"{row.title}, {row.employer}"
        if row.silent_days is not None:
            silent += 1
            bars.append(Bar(_("%(name)s: silent so far") % {"name": name}, row.silent_days))
        elif (day := first.get(row.id)) is not None and day >= begun:
            bars.append(Bar(_("%(name)s: spoke") % {"name": name}, (day - begun).days))
    if not bars:
        return None
    sentence = ngettext(
        "%(silent)s of %(all)s executive has said nothing in public since the letter opened.",
        "%(silent)s of %(all)s executives have said nothing in public since the letter opened.",
        len(board.rows),
    ) % {"silent": silent, "all": len(board.rows)}
    return Figure(
        key="answers", title=_("How long it took"), sentence=sentence, what=_("Executive"), unit=_("Days"),
        bars=tuple(sorted(bars, key=lambda bar: bar.value)),
    )  # fmt: skip


def _first_public_words(shared: Shared) -> dict[int, date]:
    """By executive; a day that is only known roughly is no day."""
    said = Entry.objects.filter(
        campaign_id=shared.campaign.id, state=Entry.State.CHECKED, kind=EntryKind.STATEMENT,
        audience=Audience.PUBLIC, date__isnull=False, precision=Precision.DAY, executives__isnull=False,
    )  # fmt: skip
    return dict(said.values_list("executives").annotate(Min("date")))
