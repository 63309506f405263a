"""Who of several holders of an office an entry is about: told by its date, or said on it (docs/record.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from campaign.models import Executive, Holder
from campaign.standings import last_day

UNCERTAIN = "?"  # the date does not tell which of two it was


@dataclass(frozen=True)
class Origin:
    """Where it is known from that an office changed hands."""

    title: str
    publisher: str
    address: str


@dataclass(frozen=True)
class Term:
    """Somebody's time in an office; the first one's has no beginning."""

    id: str
    name: str
    since: date | None
    precision: str
    origin: Origin | None = None

    @property
    def surely_from(self) -> date:
        """From this day on there is no doubt."""
        return last_day(self.since, self.precision) if self.since else date.min


CHECKED = Holder.objects.filter(state=Holder.State.CHECKED).select_related("source").order_by("since", "recorded_at")
# Executives with what `terms` reads, in one query more.
WITH_TERMS = Prefetch("holders", queryset=CHECKED, to_attr="checked_holders")


def terms(executive: Executive) -> tuple[Term, ...]:
    """Who held the office, one after the other; nothing when it never changed hands."""
    read: list[Holder] | None = getattr(executive, "checked_holders", None)
    found = CHECKED.filter(executive=executive) if read is None else read
    return tuple(sorted(map(_term, found), key=lambda one: one.since or date.min))


def whose(terms: Sequence[Term], day: date | None, precision: str, *, said: str = "") -> str:
    """The id of whose time this is; `said` names a holder outright. Nothing when the office never changed hands,
    UNCERTAIN when the date does not tell.
    """
    if len(terms) < 2:
        return terms[0].id if terms else ""
    if any(one.id == said for one in terms):
        return said
    if day is None:
        return UNCERTAIN
    until = [one.since or date.max for one in terms[1:]] + [date.max]
    latest = last_day(day, precision)
    sure = (one.id for one, end in zip(terms, until, strict=True) if one.surely_from <= day and latest < end)
    return next(sure, UNCERTAIN)


def name_of(terms: Sequence[Term], holder: str, *, otherwise: str) -> str:
    """What the one with this id is called; `otherwise` where the office never changed hands."""
    if not terms:
        return otherwise
    return next((one.name for one in terms if one.id == holder), "")


def written(term: Term) -> list[Any]:
    """As JSON can keep it."""
    origin = [term.origin.title, term.origin.publisher, term.origin.address] if term.origin else None
    return [term.id, term.name, term.since.isoformat() if term.since else "", term.precision, origin]


def read(kept: Sequence[Any]) -> Term:
    """From what `written` wrote."""
    pk, name, since, precision, origin = kept
    return Term(pk, name, date.fromisoformat(since) if since else None, precision, Origin(*origin) if origin else None)


def _term(row: Holder) -> Term:
    origin = Origin(row.source.title, row.source.publisher, row.source.address) if row.source else None
    return Term(str(row.pk), row.name, row.since, row.precision, origin)
