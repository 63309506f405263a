"""An entry as pages show it: frozen, and the same whether it is read from the record or from what was shown once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from campaign import holders
from campaign.models import Audience, Bearing, Citation, Entry, EntryKind, Executive, Said, Submission, Tone
from campaign.models.campaigns import named
from campaign.standings import gives_way


@dataclass(frozen=True)
class Person:
    """An executive as she was called then."""

    id: int
    key: str
    name: str
    title: str
    employer: str
    holder: str = ""  # which of several holders of the office; holders.UNCERTAIN where nobody knows

    @property
    def display(self) -> str:
        """Name, office and company in one line."""
        return named(self.name, self.title, self.employer)


@dataclass(frozen=True)
class Whence:
    """A source."""

    title: str
    publisher: str
    author: str
    address: str
    published: date | None
    precision: str
    archived: str = ""
    place: str = ""


@dataclass(frozen=True)
class Says:
    """What a statement says on a demand."""

    demand_id: int
    number: int
    text: str
    said: str

    @property
    def label(self) -> str:
        """In words."""
        return str(Said(self.said).label)


@dataclass(frozen=True)
class Signatory:
    """An office that signed a related letter."""

    title: str
    name: str
    employer: str


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """One public entry. What follows from other entries shown with it is filled in by `arranged`."""

    id: str
    key: str
    kind: str
    state: str
    date: date | None
    precision: str
    what: str
    channel: str
    outlet: str
    audience: str
    reported_by: str
    quote: str
    also_quoted: str
    about: str
    says: tuple[str, ...]
    tone: str
    by: str
    by_title: str
    by_employer: str
    signatory: bool
    title: str
    asks: str
    criticism: str
    imported: bool
    corrects: str
    correction: str
    corrected_at: datetime | None
    executives: tuple[Person, ...]
    sources: tuple[Whence, ...]
    bearings: tuple[Says, ...]
    offices: tuple[Signatory, ...]
    earlier: str = ""  # the id of a statement that it turns against
    turn: str = ""
    language: str = ""
    known: str = ""
    original: "EntryFacts | None" = None  # what it corrects
    against: "EntryFacts | None" = None  # what it turns against
    turned_by: tuple["EntryFacts", ...] = ()  # what turned against it later
    outcomes: tuple[Submission, ...] = ()  # of disputes and reports about it
    reportable: bool = field(default=False, compare=False)  # whether this page may take a report on it
    gave_way: tuple[tuple[Person, str], ...] = ()  # a silence: who had spoken all the same, and the id of what she said

    @property
    def kind_label(self) -> str:
        return str(EntryKind(self.kind).label)

    @property
    def audience_label(self) -> str:
        return str(Audience(self.audience).label) if self.audience else ""

    @property
    def tone_label(self) -> str:
        return str(Tone(self.tone).label) if self.tone else ""

    @property
    def known_label(self) -> str:
        return str(Entry.Known(self.known).label) if self.known else ""

    @property
    def is_corrected(self) -> bool:
        """Whether it was public and no longer counts."""
        return self.state == Entry.State.CORRECTED


_PLAIN = (
    *("key", "kind", "state", "precision", "what", "channel", "outlet", "audience", "reported_by", "quote"),
    *("also_quoted", "about", "says", "tone", "by", "by_title", "signatory", "title", "asks", "criticism", "imported"),
    *("correction", "language", "known"),
)


def with_all(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with everything that `content` reads, in a fixed number of queries."""
    return rows.select_related("by_employer").prefetch_related(
        Prefetch("citations", queryset=Citation.objects.select_related("source").order_by("source")),
        Prefetch(
            "executives",
            queryset=Executive.objects.select_related("employer").prefetch_related(holders.WITH_TERMS).order_by("pk"),
        ),
        Prefetch("bearings", queryset=Bearing.objects.select_related("demand").order_by("demand__number")),
        "offices__employer",
    )


def content(entry: Entry) -> dict[str, Any]:
    """All that a page shows of an entry, as JSON can keep it."""
    turned = {"earlier": str(entry.earlier_id), "turn": entry.turn} if entry.earlier_id else {}
    return (
        {name: getattr(entry, name) for name in _PLAIN}
        | turned
        | {
            "id": str(entry.pk),
            "date": _written(entry.date),
            "by_employer": entry.by_employer.name if entry.by_employer else "",
            "corrects": str(entry.corrects_id or ""),
            "corrected_at": _written(entry.corrected_at),
            "executives": [_called(one, entry) for one in entry.executives.all()],
            "sources": [
                [
                    one.source.title,
                    one.source.publisher,
                    one.source.author,
                    one.source.address,
                    _written(one.source.published),
                    one.source.published_precision,
                    one.source.archived,
                    one.where,
                ]
                for one in sorted(entry.citations.all(), key=lambda one: one.source_id)
            ],
            "bearings": [
                [one.demand_id, one.demand.number, one.demand.text, one.said]
                for one in sorted(entry.bearings.all(), key=lambda one: one.demand.number)
            ],
            "offices": [
                [one.title, one.name, one.employer.name] for one in sorted(entry.offices.all(), key=lambda one: one.pk)
            ],
        }
    )


def facts(kept: dict[str, Any]) -> EntryFacts:
    """An entry from what `content` wrote."""
    known = {one.name for one in fields(EntryFacts)}
    values = {name: value for name, value in kept.items() if name in known}
    return EntryFacts(
        **values
        | {
            "date": _day(kept["date"]),
            "says": tuple(kept["says"]),
            "corrected_at": datetime.fromisoformat(kept["corrected_at"]) if kept["corrected_at"] else None,
            "executives": tuple(Person(*one) for one in kept["executives"]),
            "sources": tuple(_whence(*one) for one in kept["sources"]),
            "bearings": tuple(Says(*one) for one in kept["bearings"]),
            "offices": tuple(Signatory(*one) for one in kept["offices"]),
        }
    )


def arranged(entries: Iterable[EntryFacts]) -> list[EntryFacts]:
    """In order of time, undated ones last; each knows what it corrects, and each silence who had spoken by then."""
    entries = sorted(entries, key=lambda entry: (entry.date or date.max, entry.key))
    by_id = {entry.id: entry for entry in entries}
    turned: dict[str, list[EntryFacts]] = {}
    for entry in entries:
        if entry.earlier and not entry.is_corrected:
            turned.setdefault(entry.earlier, []).append(entry)
    spoken = [
        entry
        for entry in entries
        if entry.kind == EntryKind.STATEMENT and entry.audience == Audience.PUBLIC and not entry.is_corrected
    ]
    return [
        replace(
            entry,
            original=by_id.get(entry.corrects),
            against=by_id.get(entry.earlier),
            turned_by=tuple(turned.get(entry.id, ())),
            gave_way=tuple(_spoke_by_then(entry, spoken)),
        )
        for entry in entries
    ]


def _spoke_by_then(silence: EntryFacts, spoken: list[EntryFacts]) -> Iterable[tuple[Person, str]]:
    if silence.kind != EntryKind.SILENCE:
        return
    for person in silence.executives:
        for entry in spoken:
            if any(one.id == person.id for one in entry.executives) and gives_way(
                silent_on=silence.date, spoke_on=entry.date, precision=entry.precision
            ):
                yield person, entry.id
                break


def _called(executive: Executive, entry: Entry) -> list[Any]:
    """An executive as she is called in this entry: by the name of whoever held the office then."""
    terms = holders.terms(executive)
    holder = holders.whose(terms, entry.date, entry.precision, said=str(entry.holder_id or ""))
    name = holders.name_of(terms, holder, otherwise=executive.name)
    called = [executive.pk, executive.key, name, executive.title, executive.employer.name]
    return [*called, holder] if holder else called


def _whence(
    title: str, publisher: str, author: str, address: str, published: str, precision: str, *more: str
) -> Whence:
    return Whence(title, publisher, author, address, _day(published), precision, *more)


def _written(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
