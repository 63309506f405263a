"""Organisations on a letter: what the team answers them, and what everybody reads (docs/organisations.md)."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, Func, QuerySet
from django.utils.translation import gettext as _

from letters import freshness
from letters.joining import no_words
from letters.models import EmployerDomain, Letter, Organisation

PAGE = 100
State = Organisation.State


class NotPossible(Exception):
    """It cannot be done; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An organisation as everybody reads it; its representative only as far as she wanted."""

    id: uuid.UUID
    name: str
    domain: str
    representative: str
    role: str
    proof: str
    at_domain: bool
    since: date
    version: int
    edition: int


@dataclass(frozen=True, kw_only=True)
class Asking:
    """An organisation that waits, as the team's reviewers see it."""

    id: uuid.UUID
    letter_id: uuid.UUID
    letter: str  # its title
    name: str
    domain: str
    representative: str
    role: str
    shows_name: bool
    shows_role: bool
    at_domain: bool
    asked_on: date
    employer: str  # of the letter's directory, where the domain is one's: many people have an address there
    stands: bool  # one with this website is on the letter already

    @property
    def short(self) -> str:
        """How the log names it until it is accepted."""
        return str(self.id)[:8]


@dataclass(frozen=True)
class Gone:
    """Organisations that were on the letter and are not any more."""

    withdrawn: int
    removed: tuple[tuple[date, str], ...]  # when, and why


def accept(*, directory_id: uuid.UUID, organisation_id: uuid.UUID, checked_how: str, today: date) -> Listed:
    """Show it. Where the code went to a mailbox elsewhere, it takes a word of how it was checked. Raises NotPossible.

    New words of the same mailbox, or for a new text, take the place of those that stood there.
    """
    try:
        with transaction.atomic():
            row = _held(directory_id, organisation_id, State.WAITING)
            if row.letter.state != Letter.State.OPEN:
                raise NotPossible(_("This letter is closed, so what is on it stands still."))
            if not row.at_domain and not checked_how:
                raise NotPossible(_("Say how you checked that she may speak for it. Everybody reads it."))
            shown = Organisation.objects.filter(letter_id=row.letter_id, domain=row.domain, state=State.SHOWN)
            shown.filter(tag=row.tag).delete()
            Organisation.objects.filter(pk=row.pk, state=State.WAITING).update(
                state=State.SHOWN, shown_on=today, checked_how=checked_how
            )
            freshness.changed()
    except IntegrityError as error:
        raise NotPossible(
            _("Somebody else signed for the organisation with this website. Take that one off first, or decline this.")
        ) from error
    return _listed(_rows().get(pk=organisation_id))


def decline(*, directory_id: uuid.UUID, organisation_id: uuid.UUID) -> None:
    """Nothing of it is left; whoever it was may ask again. Raises NotPossible."""
    with transaction.atomic():
        _held(directory_id, organisation_id, State.WAITING).delete()


def remove(*, directory_id: uuid.UUID, organisation_id: uuid.UUID, because: str, today: date) -> str:
    """Take one off the letter, for a reason that everybody reads; answers its name. Raises NotPossible."""
    if not because:
        raise NotPossible(_("Say why. Everybody reads it, without the name."))
    with transaction.atomic():
        row = _held(directory_id, organisation_id, State.SHOWN)
        Organisation.objects.filter(pk=row.pk).update(
            state=State.REMOVED, over_on=today, removed_because=because, **no_words()
        )
        freshness.changed()
    return row.name


def settle(*, letter_id: uuid.UUID) -> None:
    """The letter closes: what nobody answered goes, and no mailbox can be told any more."""
    rows = Organisation.objects.filter(letter_id=letter_id)
    rows.filter(state=State.WAITING).delete()
    rows.update(tag=None)


def page(letter_id: uuid.UUID, *, number: int = 1) -> tuple[list[Listed], bool]:
    """Some of them, by name, and whether more follow."""
    first = (number - 1) * PAGE
    found = list(_shown(letter_id)[first : first + PAGE + 1])
    return [_listed(row) for row in found[:PAGE]], len(found) > PAGE


def some(letter_id: uuid.UUID, *, edition: int, most: int) -> list[Listed]:
    """The first of those that stand for the text as it reads now."""
    return [_listed(row) for row in _shown(letter_id, edition)[:most]]


def everyone(letter_id: uuid.UUID, *, edition: int | None = None) -> Iterator[Listed]:
    """All of them, or those of one edition, by name."""
    for row in _shown(letter_id, edition).iterator(chunk_size=500):
        yield _listed(row)


def count(letter_id: uuid.UUID, *, edition: int) -> int:
    """How many stand for an edition of the text."""
    return _shown(letter_id, edition).count()


def waiting_at(letter_id: uuid.UUID) -> int:
    """How many of a letter wait; closing it lets go of them."""
    return Organisation.objects.filter(letter_id=letter_id, state=State.WAITING).count()


def gone(letter_id: uuid.UUID) -> Gone:
    """What was on the letter and is not any more, without names."""
    rows = Organisation.objects.filter(letter_id=letter_id)
    removed = rows.filter(state=State.REMOVED).order_by("over_on", "pk").values_list("over_on", "removed_because")
    return Gone(
        rows.filter(state=State.WITHDRAWN).count(), tuple((day, because) for day, because in removed if day is not None)
    )


def waiting(directory_id: uuid.UUID) -> list[Asking]:
    """What the team has to answer, the oldest first."""
    rows = _rows().filter(letter__directory_id=directory_id, state=State.WAITING).order_by("asked_on", "pk")
    return _asking(directory_id, list(rows))


def asking(directory_id: uuid.UUID, organisation_id: uuid.UUID) -> Asking | None:
    """One of them, if it still waits."""
    rows = _rows().filter(pk=organisation_id, letter__directory_id=directory_id, state=State.WAITING)
    found = _asking(directory_id, list(rows))
    return found[0] if found else None


def standing(directory_id: uuid.UUID) -> list[tuple[str, Listed]]:
    """All that are shown on a campaign's letters, with the letter's title."""
    rows = _rows().filter(letter__directory_id=directory_id, state=State.SHOWN)
    return [(row.version.title, _listed(row)) for row in rows.order_by("version__title", _FOLDED, "pk")]


_FOLDED = Func(F("name"), function="letters_fold")


def _rows() -> "QuerySet[Organisation]":
    return Organisation.objects.select_related("version")


def _shown(letter_id: uuid.UUID, edition: int | None = None) -> "QuerySet[Organisation]":
    rows = _rows().filter(letter_id=letter_id, state=State.SHOWN)
    if edition is not None:
        rows = rows.filter(version__edition=edition)
    return rows.order_by(_FOLDED, "pk")


def _held(directory_id: uuid.UUID, organisation_id: uuid.UUID, state: State) -> Organisation:
    """The row, with its letter and itself locked in this order. Raises NotPossible when it is no longer like that."""
    rows = Organisation.objects.filter(pk=organisation_id, letter__directory_id=directory_id, state=state)
    letter_id = rows.values_list("letter_id", flat=True).first()
    if letter_id is not None:
        Letter.objects.select_for_update(no_key=True).get(pk=letter_id)
        if row := rows.select_for_update(of=("self",)).select_related("letter").first():
            return row
    raise NotPossible(_("This changed a moment ago: it was answered, taken back, or sent anew with other words."))


def _asking(directory_id: uuid.UUID, rows: list[Organisation]) -> list[Asking]:
    domains = {row.domain for row in rows}
    known = dict(
        EmployerDomain.objects.filter(directory_id=directory_id, domain__in=domains).values_list(
            "domain", "employer__name"
        )
    )
    there = set(
        Organisation.objects.filter(
            letter__directory_id=directory_id, domain__in=domains, state=State.SHOWN
        ).values_list("letter_id", "domain")
    )
    return [
        Asking(
            id=row.pk,
            letter_id=row.letter_id,
            letter=row.version.title,
            name=row.name,
            domain=row.domain,
            representative=row.representative,
            role=row.representative_role,
            shows_name=row.shows_name,
            shows_role=row.shows_role,
            at_domain=row.at_domain,
            asked_on=row.asked_on,
            employer=known.get(row.domain, ""),
            stands=(row.letter_id, row.domain) in there,
        )
        for row in rows
    ]


def _listed(row: Organisation) -> Listed:
    return Listed(
        id=row.pk,
        name=row.name,
        domain=row.domain,
        representative=row.representative if row.shows_name else "",
        role=row.representative_role if row.shows_role else "",
        proof=_proof(row),
        at_domain=row.at_domain,
        since=row.shown_on or row.asked_on,
        version=row.version.number,
        edition=row.version.edition,
    )


def _proof(row: Organisation) -> str:
    parts = [_("address at %(domain)s checked") % {"domain": row.domain}] if row.at_domain else []
    if row.checked_how:
        parts.append(_("checked by the organisers: %(how)s") % {"how": row.checked_how})
    return "; ".join(parts)
