"""The people who signed publicly, a page at a time: in three orders, searched and filtered, the same cost at any depth.

Names are compared folded, without case and accents (the database's `letters_fold`). A page begins after the last row
of the one before, so it costs what it shows, and nobody is skipped or seen twice when somebody signs meanwhile.
"""

import base64
import binascii
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from letters.models import Employer, Letter, Pin, ProofLevel, PublicSignature, RoleGroup

PAGE = 50
FORMER = "former"  # beside the levels of proof, what else the list may be filtered by
_SHORT = 3  # characters; with fewer a search looks at how names begin


class Order(StrEnum):
    """How the list stands."""

    NEWEST = "newest"
    NAME = "name"
    EMPLOYER = "employer"

    @property
    def label(self) -> Any:
        """In words."""
        return {"newest": _("newest first"), "name": _("by name"), "employer": _("by employer")}[self.value]


_KEYS = {
    Order.NEWEST: ("id",),
    Order.NAME: ("folded", "id"),
    Order.EMPLOYER: ("folded_employer", "folded", "id"),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a reader asks for."""

    search: str = ""
    employer_key: str = ""
    level: str = ""
    role_group: str = ""
    order: Order = Order.NEWEST
    after: str = ""  # a cursor; anything else is the first page


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A public signature as it stands in the list."""

    id: int
    name: str
    role: str
    employer: str
    former: bool
    level: str
    level_text: str
    signed_on: date
    version: int
    edition: int
    reason: str = ""  # her own line, once a person has read it
    quotable: bool = False  # by the press


@dataclass(frozen=True)
class Page:
    """Some of the people, and where the next page begins; empty on the last."""

    people: list[Listed]
    next: str


def page(letter_id: uuid.UUID, wanted: Wanted, *, most: int | None = None) -> Page:
    """The people who fit, `most` at a time."""
    most = most or PAGE
    keys = _KEYS[wanted.order]
    rows = _fitting(letter_id, wanted)
    if (after := _read(wanted.after, keys)) is not None:
        rows = rows.filter(_beyond(keys, after))
    found = list(rows.order_by(*_in_order(wanted))[: most + 1])
    more = len(found) > most
    return Page([_signer(row) for row in found[:most]], _cursor(found[most - 1], keys) if more else "")


def newest(letter_id: uuid.UUID, *, edition: int, most: int) -> list[Listed]:
    """Who signed the letter as it reads now, last."""
    rows = _shown(letter_id).filter(version__edition=edition)
    return [_signer(row) for row in rows.order_by("-id")[:most]]


def quotable(letter_id: uuid.UUID, *, most: int) -> tuple[list[Listed], int]:
    """Who of those shown now lets the press quote her, newest first, and how many do in all."""
    rows = _shown(letter_id).filter(quotable=True)
    found = [_signer(row) for row in rows.order_by("-id")[:most]]
    return found, len(found) if len(found) < most else rows.count()


def pinned(letter_id: uuid.UUID) -> list[Listed]:
    """Whom the team set at the head of the list, in its order."""
    pins = Pin.objects.filter(letter_id=letter_id, signature__state=PublicSignature.State.SHOWN)
    rows = pins.select_related("signature__version").order_by("position", "pk")
    return [_signer(pin.signature) for pin in rows]


def everybody(letter_id: uuid.UUID, *, edition: int | None = None) -> Iterator[Listed]:
    """Everybody who is shown, or signed one edition, oldest first, without holding them all at once."""
    for row in _of_edition(letter_id, edition).order_by("id").iterator(chunk_size=2000):
        yield _signer(row)


def count(letter_id: uuid.UUID, *, edition: int | None = None) -> int:
    """How many are shown by name."""
    return _of_edition(letter_id, edition).count()


def _of_edition(letter_id: uuid.UUID, edition: int | None) -> "QuerySet[PublicSignature]":
    rows = _shown(letter_id)
    return rows if edition is None else rows.filter(version__edition=edition)


def _in_order(wanted: Wanted) -> list[Any]:
    if wanted.order is Order.NEWEST:
        return ["-id"]
    keys = list(_KEYS[wanted.order])
    if len(wanted.search) < _SHORT:
        return keys
    # PostgreSQL would walk the index of this order past a million names to those that fit, though they stand together:
    # by what no index holds it finds them first and sorts them.
    return [key if key == "id" else Concat(key, Value("")) for key in keys]


def _shown(letter_id: uuid.UUID) -> "QuerySet[PublicSignature]":
    rows = PublicSignature.objects.filter(letter_id=letter_id, state=PublicSignature.State.SHOWN)
    return rows.select_related("version").only(
        "id", "name", "role", "employer_name", "former", "level", "signed_on", "folded", "folded_employer",
        "reason", "reason_shown", "quotable",
        "version__number", "version__edition",
    )  # fmt: skip


def _fitting(letter_id: uuid.UUID, wanted: Wanted) -> "QuerySet[PublicSignature]":
    rows = _shown(letter_id)
    if wanted.search and (folded := fold(wanted.search)):
        # An index of three letters in a row finds nothing shorter.
        rows = rows.filter(folded__contains=folded) if len(folded) >= _SHORT else rows.filter(folded__startswith=folded)
    if wanted.employer_key:
        here = Letter.objects.filter(pk=letter_id).values("directory")
        employer = Employer.objects.filter(directory=Subquery(here), key=wanted.employer_key).values("pk")
        rows = rows.filter(employer=Subquery(employer))
    if wanted.level in ProofLevel.values:
        rows = rows.filter(level=wanted.level)
    elif wanted.level == FORMER:
        rows = rows.filter(former=True)
    if wanted.role_group and wanted.role_group in RoleGroup.values:
        rows = rows.filter(role_group=wanted.role_group)
    return rows


def fold(text: str) -> str:
    """A text as names are compared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT letters_fold(%s)", [" ".join(text.replace("\0", "").split())])
        [folded] = cursor.fetchone()
    return str(folded)


def _beyond(keys: tuple[str, ...], after: list[Any]) -> RawSQL:
    """Rows after this one: compared as a whole, which an index answers at once at any depth."""
    columns = ", ".join(f'"letters_publicsignature"."{key}"' for key in keys)
    marks = ", ".join(["%s"] * len(keys))
    sign = "<" if keys == ("id",) else ">"
    return RawSQL(f"({columns}) {sign} ({marks})", after, output_field=BooleanField())  # noqa: S611 - our own columns


def _cursor(row: PublicSignature, keys: tuple[str, ...]) -> str:
    values = json.dumps([getattr(row, key) for key in keys], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def _read(cursor: str, keys: tuple[str, ...]) -> list[Any] | None:
    """Where to go on; None for what is no cursor of this order."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(values, list) or len(values) != len(keys):
        return None
    *texts, last = values
    fits = type(last) is int and 0 < last < 2**63 and all(isinstance(one, str) and "\0" not in one for one in texts)
    return values if fits else None


def _signer(row: PublicSignature) -> Listed:
    return Listed(
        id=row.pk,
        name=row.name,
        role=row.role,
        employer=row.employer_name,
        former=row.former,
        level=row.level,
        level_text=row.get_level_display(),
        signed_on=row.signed_on,
        version=row.version.number,
        edition=row.version.edition,
        reason=row.reason if row.reason_shown else "",
        quotable=row.quotable,
    )
