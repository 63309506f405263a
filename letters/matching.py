"""Which named signatures a removal would take: conditions, how many they fit, and a look at the first of them."""

import hashlib
import uuid
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Func, Q, QuerySet

from letters import people
from letters.models import ProofLevel, PublicSignature
from letters.queries import Signer

SAMPLE = 50


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What signatures have in common; whatever is empty does not matter."""

    employer_id: int | None = None
    employer_words: str = ""
    name: str = ""
    role: str = ""
    level: str = ""
    version: int | None = None
    signed_from: date | None = None
    signed_until: date | None = None

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def kept(self) -> dict[str, Any]:
        """As they are kept with the removal."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Conditions":
        """From what was kept."""
        values: dict[str, Any] = {one.name: kept[one.name] for one in fields(cls) if one.name in kept}
        for name in {"signed_from", "signed_until"} & values.keys():
            values[name] = date.fromisoformat(values[name])
        return cls(**values)


def levels() -> list[tuple[str, str]]:
    """The proof levels that can be asked for."""
    return [(level.value, str(level.label)) for level in ProofLevel]


@dataclass(frozen=True)
class Found:
    """How many signatures fit, a fingerprint of exactly which, and the newest of them."""

    count: int
    digest: str
    sample: tuple[Signer, ...]


def find(letter_id: uuid.UUID, conditions: Conditions) -> Found:
    """A look at what a removal with these conditions would take; it changes nothing."""
    rows = fitting(letter_id, conditions)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    newest = rows.filter(pk__in=ids[-SAMPLE:]).order_by("-pk")
    return Found(len(ids), fingerprint(ids), tuple(_signer(row) for row in newest))


def bound(removal_id: uuid.UUID) -> tuple[Signer, ...]:
    """The newest of the shown signatures that a removal is going to take."""
    rows = PublicSignature.objects.filter(removal=removal_id, state=PublicSignature.State.SHOWN)
    return tuple(_signer(row) for row in rows.order_by("-pk")[:SAMPLE])


def fingerprint(ids: list[int]) -> str:
    """Names these very signatures."""
    return hashlib.sha256(",".join(map(str, ids)).encode()).hexdigest()


def fitting(letter_id: uuid.UUID, conditions: Conditions) -> "QuerySet[PublicSignature]":
    """The rows: shown ones that no other removal has taken. Without any condition none."""
    if not conditions:
        return PublicSignature.objects.none()
    wanted = Q(letter_id=letter_id, state=PublicSignature.State.SHOWN, removal__isnull=True)
    if conditions.employer_id:
        wanted &= Q(employer=conditions.employer_id)
    if conditions.level:
        wanted &= Q(level=conditions.level)
    if conditions.version:
        wanted &= Q(version__number=conditions.version)
    if conditions.signed_from:
        wanted &= Q(signed_on__gte=conditions.signed_from)
    if conditions.signed_until:
        wanted &= Q(signed_on__lte=conditions.signed_until)
    # Without case and accents, as the list is searched: what is found there is what is taken here.
    rows = PublicSignature.objects.filter(wanted).alias(folded_role=Func("role", function="letters_fold"))
    for column, words in (
        ("folded", conditions.name),
        ("folded_role", conditions.role),
        ("folded_employer", conditions.employer_words),
    ):
        if not words:
            continue
        if not (folded := people.fold(words)):
            return rows.none()  # nothing that anybody can see was asked for
        rows = rows.filter(**{f"{column}__contains": folded})
    return rows


def _signer(row: PublicSignature) -> Signer:
    return Signer(row.pk, row.name, row.role, row.employer_name, row.level, row.get_level_display(), row.signed_on)
