"""What may be shown of letters and signatures: frozen values, never rows. The only way to read for other apps."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Upper
from django.utils.safestring import SafeString

from letters import headline, languages, text
from letters.canonical import Text, Translation
from letters.languages import Reading
from letters.models import Cell, Day, Draft, Employer, Letter, Organisation, Version

# Signatures of the current version's edition: those of earlier ones asked for something else.
_AS_IT_READS_NOW = Q(version__number=F("letter__current__edition"))
_WHO_COUNTS = {flag: F(flag) for flag in headline.FLAGS}
_RELEASES = (1, 2, 5, 10)  # times the smallest number that the letter offers to wait for


class NoSuchLetter(LookupError):
    """No letter has this address, or none that its reader may see."""


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """A letter without its people; of a draft its original's text, once it opened that of its current version."""

    id: uuid.UUID
    directory_id: uuid.UUID
    slug: str
    state: str
    is_example: bool
    title: str
    body: str
    language: str
    drafted_at: datetime
    revision: int = 1  # of the original's draft
    demands: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    version_id: uuid.UUID | None = None
    version_number: int | None = None
    edition: int = 1
    newest_number: int = 0  # of its versions, one that was announced and is not in force included
    sha256: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    key_destroyed_at: datetime | None = None
    pin_criterion: str = ""
    names_are_indexed: bool = False
    releases: tuple[int, ...] = ()  # how many others a confidential signer may wait for
    translations: tuple[Translation, ...] = ()
    original_language: str = ""
    asks_reason: bool = False
    takes_organisations: bool = False
    organisations: int = 0  # that stand for the text as it reads now, in no number of people
    organisations_listed: int = 0  # and for earlier texts

    @property
    def is_draft(self) -> bool:
        return self.state == Letter.State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state == Letter.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == Letter.State.CLOSED

    @property
    def reading(self) -> Reading:
        """The language in which its words stand here."""
        behind = any(one.behind for one in self.translations if one.language == self.language)
        return languages.reading(self.language, behind=behind)

    @property
    def readings(self) -> list[Reading]:
        """Every language in which it can be read, the original's first."""
        others = [languages.reading(one.language, behind=one.behind) for one in self.translations]
        return [languages.reading(self.original_language), *others]

    def read_in(self, wanted: str) -> "LetterFacts":
        """The letter in the language that comes nearest to the one wanted; the original where none does."""
        code = languages.fitting(wanted, [one.code for one in self.readings]) if wanted else None
        one = next((one for one in self.translations if one.language == code), None)
        if one is None:
            return self
        return replace(self, language=one.language, title=one.title, body=one.body, demands=tuple(one.demands))

    def html(self) -> SafeString:
        """The text as it stands on the page."""
        return text.render(self.body)

    def summary(self) -> str:
        """The first words of the text."""
        return text.plain(self.body)


@dataclass(frozen=True)
class TranslationFacts:
    """A version in one of its other languages."""

    reading: Reading
    title: str
    body: str
    demands: list[str]

    def html(self) -> SafeString:
        """The text as it stood on the page."""
        return text.render(self.body)


@dataclass(frozen=True, kw_only=True)
class VersionFacts:
    """One version of a letter's text."""

    id: uuid.UUID
    number: int
    edition: int
    note: str
    sha256: str
    title: str
    body: str
    demands: tuple[str, ...]
    addressees: tuple[str, ...]
    language: str
    published_at: datetime
    canonical: str
    translations: tuple[Translation, ...] = ()

    @property
    def readable(self) -> list[TranslationFacts]:
        """Its other languages as a page shows them."""
        return [
            TranslationFacts(languages.reading(one.language, behind=one.behind), one.title, one.body, one.demands)
            for one in self.translations
        ]

    def html(self) -> SafeString:
        """The text as it stood on the page."""
        return text.render(self.body)


@dataclass(frozen=True)
class EmployerCount:
    """Verified people of one employer: named ones, and confidential ones in published batches."""

    employer_id: int
    name: str
    key: str
    public: int
    confidential: int

    @property
    def total(self) -> int:
        return self.public + self.confidential


@dataclass(frozen=True)
class Numbers:
    """How many have signed, as far as it may be shown."""

    public: int
    confidential: int
    employers: tuple[EmployerCount, ...]
    only_listed: int = 0  # names on the list whose proof does not count here (letters.admitting)

    @property
    def total(self) -> int:
        return self.public + self.confidential


@dataclass(frozen=True)
class EditionCount:
    """How many have signed one edition of the text."""

    public: int = 0
    confidential: int = 0

    @property
    def total(self) -> int:
        return self.public + self.confidential


@dataclass(frozen=True)
class GrowthDay:
    """What one day added and took away, and the totals at its end.

    `withdrawn` names were taken back; by `fallen` the confidential number went down, in groups of ten or more.
    Organisers `removed` names, put some back, and `lowered` the confidential number, with reasons (letters.removals).
    """

    day: date
    public: int
    confidential: int
    total: int
    withdrawn: int = 0
    fallen: int = 0
    withdrawn_so_far: int = 0
    fallen_so_far: int = 0
    removed: int = 0
    restored: int = 0
    lowered: int = 0
    removed_so_far: int = 0

    @property
    def gone(self) -> int:
        return self.withdrawn + self.fallen

    @property
    def off(self) -> int:
        """What organisers took off that day."""
        return self.removed + self.lowered


@dataclass(frozen=True)
class Departures:
    """How many took back their name, and by how much the confidential number went down."""

    public: int
    confidential: int


@dataclass(frozen=True)
class Signer:
    """A public signature as it is shown."""

    id: int
    name: str
    role: str
    employer: str
    level: str
    level_text: str
    signed_on: date
    former: bool = False  # used to work there
    reason: str = ""  # her line, once it is shown


@dataclass(frozen=True)
class EmployerFacts:
    """An employer and its mail domains, for the team."""

    id: int
    key: str
    name: str
    domains: tuple[str, ...]


def letter(slug: str, *, drafts: bool = False) -> LetterFacts:
    """The letter at this address. Raises NoSuchLetter, for drafts too unless `drafts` are asked for."""
    row = _rows().filter(slug=slug).first()
    if row is None or (row.state == Letter.State.DRAFT and not drafts):
        raise NoSuchLetter(slug)
    return _facts([row])[0]


def letters(ids: Iterable[uuid.UUID]) -> list[LetterFacts]:
    """The letters with these ids, drafts included, newest first."""
    return sorted(_facts(_rows().filter(pk__in=list(ids))), key=lambda one: one.drafted_at, reverse=True)


def public_letters(*, most: int) -> list[LetterFacts]:
    """Letters that have opened, newest first."""
    rows = _rows().exclude(state=Letter.State.DRAFT)
    return _facts(rows.order_by("-opened_at", "pk")[:most])


def versions(letter_id: uuid.UUID) -> list[VersionFacts]:
    """Every version that was ever open, newest first."""
    return [_version(row) for row in Version.objects.filter(letter_id=letter_id).order_by("-number")]


def totals(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many have signed each of these letters as it reads now."""
    rows = Cell.objects.filter(_AS_IT_READS_NOW, letter_id__in=list(ids)).values("letter_id", *headline.FLAGS)
    counted = list(rows.annotate(n=Sum("public") + Sum("confidential")))
    fewer = headline.not_counted(counted)
    return {row["letter_id"]: row["n"] - sum(fewer[row["letter_id"]].values()) for row in counted}


def numbers(letter_id: uuid.UUID) -> Numbers:
    """How many have signed a letter as it reads now, and at which employers; the largest first."""
    rows = list(
        Cell.objects.filter(_AS_IT_READS_NOW, letter_id=letter_id)
        .values("letter_id", "employer_id", "employer__name", "employer__key", *headline.FLAGS)
        .annotate(named=Sum("public"), unnamed=Sum("confidential"))
    )
    fewer = headline.not_counted(rows)[letter_id]
    for row in rows:
        row["named"] -= fewer[row["employer_id"]]
    counts = [
        EmployerCount(row["employer_id"], row["employer__name"], row["employer__key"], row["named"], row["unnamed"])
        for row in rows
        if row["employer_id"] is not None and row["named"] + row["unnamed"]
    ]
    return Numbers(
        public=sum(row["named"] for row in rows),
        confidential=sum(row["unnamed"] for row in rows),
        employers=tuple(sorted(counts, key=lambda count: (-count.total, count.name))),
        only_listed=sum(fewer.values()),
    )


def editions(letter_id: uuid.UUID) -> dict[int, EditionCount]:
    """How many have signed each edition of the text, by its number."""
    rows = Cell.objects.filter(letter_id=letter_id).values("letter_id", "version__number", *headline.FLAGS)
    counted = list(rows.annotate(named=Sum("public"), unnamed=Sum("confidential")))
    fewer = headline.not_counted_by_edition(counted)
    return {
        row["version__number"]: EditionCount(row["named"] - fewer[row["version__number"]], row["unnamed"])
        for row in counted
    }


def growth(letter_id: uuid.UUID) -> list[GrowthDay]:
    """The days on which the shown number moved, oldest first."""
    days = []
    total = withdrawn = fallen = removed = 0
    rows = list(Day.objects.filter(letter_id=letter_id).order_by("day").annotate(**_WHO_COUNTS))
    fewer = headline.not_counted_by_day([vars(row) for row in rows])
    for row in rows:
        public = row.public - fewer[row.day]
        withdrawn += row.withdrawn
        fallen += row.fallen
        removed += row.removed + row.lowered
        total += public + row.confidential - row.withdrawn - row.fallen
        total += row.restored - row.removed - row.lowered
        days.append(
            GrowthDay(
                row.day,
                public,
                row.confidential,
                total,
                row.withdrawn,
                row.fallen,
                withdrawn,
                fallen,
                row.removed,
                row.restored,
                row.lowered,
                removed,
            )
        )
    return days


def departures(letter_id: uuid.UUID) -> Departures:
    """What went from the shown numbers since the letter opened."""
    found = Day.objects.filter(letter_id=letter_id).aggregate(names=Sum("withdrawn"), others=Sum("fallen"))
    return Departures(found["names"] or 0, found["others"] or 0)


def employers(directory_id: uuid.UUID) -> list[EmployerFacts]:
    """The employers of a directory by name, for the team."""
    rows = Employer.objects.filter(directory_id=directory_id).prefetch_related("domains").order_by(Upper("name"))
    return [
        EmployerFacts(row.pk, row.key, row.name, tuple(d.domain for d in sorted(row.domains.all(), key=lambda d: d.pk)))
        for row in rows
    ]


@cache
def _rows() -> "QuerySet[Letter]":
    """Made once: to put it together takes longer than to ask it."""
    saved = Draft.objects.filter(letter=OuterRef("pk"), language=OuterRef("language"))
    newest = Version.objects.filter(letter=OuterRef("pk")).order_by("-number")
    return Letter.objects.select_related("current").annotate(
        drafted_at=Subquery(saved.values("saved_at")[:1]),
        revision=Subquery(saved.values("revision")[:1]),
        newest_number=Subquery(newest.values("number")[:1]),
        organisations=_organisations(version__edition=OuterRef("current__edition")),
        organisations_listed=_organisations(),
    )


def _organisations(**more: Any) -> Coalesce:
    rows = Organisation.objects.filter(letter=OuterRef("pk"), state=Organisation.State.SHOWN, **more)
    return Coalesce(Subquery(rows.order_by().values("letter").annotate(n=Count("pk")).values("n")), 0)


def _facts(rows: Iterable[Letter]) -> list[LetterFacts]:
    """A query more where there are drafts; of letters that opened no draft is read."""
    found = list(rows)
    unopened = [row.pk for row in found if row.current is None]
    saved = Draft.objects.filter(letter__in=unopened) if unopened else ()
    drafts = {(draft.letter_id, draft.language): draft for draft in saved}
    return [_one(row, row.current or drafts[row.pk, row.language]) for row in found]


def _one(row: Any, words: Version | Draft) -> LetterFacts:
    version = row.current
    return LetterFacts(
        id=row.pk,
        directory_id=row.directory_id,
        slug=row.slug,
        state=row.state,
        is_example=row.is_example,
        title=words.title,
        body=words.body,
        language=row.language,
        original_language=row.language,
        drafted_at=row.drafted_at,
        revision=row.revision,
        demands=tuple(version.demands) if version else (),
        addressees=tuple(version.addressees) if version else (),
        translations=tuple(Translation(**one) for one in version.translations) if version else (),
        version_id=version.pk if version else None,
        version_number=version.number if version else None,
        edition=version.edition if version else 1,
        newest_number=row.newest_number or 0,
        sha256=version.sha256 if version else "",
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        key_destroyed_at=row.key_destroyed_at,
        pin_criterion=row.pin_criterion,
        names_are_indexed=row.names_are_indexed,
        releases=tuple(row.release_from * times for times in _RELEASES) if row.release_from else (),
        asks_reason=row.asks_reason,
        takes_organisations=row.takes_organisations,
        organisations=row.organisations,
        organisations_listed=row.organisations_listed,
    )


def _version(row: Version) -> VersionFacts:
    translations = [Translation(**one) for one in row.translations]
    words = Text(
        title=row.title,
        body=row.body,
        demands=row.demands,
        addressees=row.addressees,
        language=row.language,
        translations=translations,
    )
    return VersionFacts(
        id=row.pk,
        number=row.number,
        edition=row.edition,
        note=row.note,
        sha256=row.sha256,
        title=row.title,
        body=row.body,
        demands=tuple(row.demands),
        addressees=tuple(row.addressees),
        language=row.language,
        published_at=row.published_at,
        canonical=words.canonical().decode(),
        translations=tuple(translations),
    )
