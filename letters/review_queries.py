"""What a team's reviewers see of what waits for them: frozen values, never rows, and never an address."""

import base64
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q

from letters import evidence, holding, names, people, reviewing
from letters.models import Case, Directory, Organisation, PublicSignature

_ALIKE = 5


@dataclass(frozen=True)
class Backlog:
    """How much waits, and since when."""

    names: int
    evidence: int
    oldest_on: date | None
    most_evidence: int
    organisations: int = 0
    reasons: int = 0

    @property
    def cases(self) -> int:
        """What the workbench hands out one by one."""
        return self.names + self.evidence + self.reasons

    @property
    def total(self) -> int:
        return self.cases + self.organisations

    @property
    def takes_evidence(self) -> bool:
        """Whether signers may send more."""
        return self.evidence < self.most_evidence


@dataclass(frozen=True)
class OpenTo:
    """How many one member may answer in one directory, and since which day the oldest waits."""

    directory_id: uuid.UUID
    count: int
    oldest_on: date


@dataclass(frozen=True, kw_only=True)
class Item:
    """One case in the queue. The name is for whoever has taken it."""

    id: uuid.UUID
    kind: str
    why: str
    letter: str
    asked_on: date
    hours_left: int | None  # of evidence
    claimed_by_id: int | None
    claimed_until: datetime | None
    first_by_id: int | None
    decided_by_id: int | None
    takes_two: bool
    blocks: bool

    @property
    def short(self) -> str:
        """How the audit log names it: nothing leads from there to a name that was refused."""
        return str(self.id)[:8]

    def is_claimed(self, now: datetime) -> bool:
        """Whether somebody has it now."""
        return self.claimed_by_id is not None and self.claimed_until is not None and self.claimed_until >= now


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A case as whoever has taken it sees it."""

    item: Item
    name: str
    role: str
    employer: str
    level_text: str
    alike: tuple[str, ...]  # names on the lists
    signers: tuple[str, ...]  # who is shown already and looks the same
    claims: str  # the employer that the evidence is about
    former: bool
    opened_by_id: int | None
    other: str  # what is known of the other question about the same signature
    reason: str  # her line, where the question is about that

    @property
    def seen(self) -> bool:
        """Whether who has taken it has opened the evidence."""
        return self.opened_by_id is not None and self.opened_by_id == self.item.claimed_by_id


@dataclass(frozen=True)
class Shown:
    """What a signer sent; the picture as an address that holds all of it, so that no browser asks for it again."""

    text: str
    link: str
    picture: str


def backlog(directory_id: uuid.UUID) -> Backlog:
    """How much waits in one campaign."""
    waiting = Case.objects.filter(reviewing.to_answer(), signature__letter__directory_id=directory_id)
    found = waiting.aggregate(
        names=Count("pk", filter=Q(kind=Case.Kind.NAME)),
        evidence=Count("pk", filter=Q(kind=Case.Kind.PROOF)),
        reasons=Count("pk", filter=Q(kind=Case.Kind.REASON)),
        oldest=Min("asked_on"),
    )
    asking = Organisation.objects.filter(state=Organisation.State.WAITING, letter__directory_id=directory_id)
    joining = asking.aggregate(count=Count("pk"), oldest=Min("asked_on"))
    oldest = min((day for day in (found["oldest"], joining["oldest"]) if day), default=None)
    most = Directory.objects.values_list("most_evidence", flat=True).get(pk=directory_id)
    return Backlog(found["names"], found["evidence"], oldest, most, joining["count"], found["reasons"])


def oldest_on(directory_id: uuid.UUID) -> date | None:
    """Since which day somebody waits in one campaign. One query."""
    cases = Case.objects.filter(reviewing.to_answer(), signature__letter__directory_id=directory_id)
    asking = Organisation.objects.filter(state=Organisation.State.WAITING, letter__directory_id=directory_id)
    days = (rows.order_by().values_list("asked_on", flat=True) for rows in (cases, asking))
    return next(days).union(*days).order_by("asked_on").first()


def open_to(directory_ids: Iterable[uuid.UUID], *, kind: str, by_id: int, now: datetime) -> list[OpenTo]:
    """What this member may take in these directories: not what she answered first, nor what somebody else has now."""
    ids = list(directory_ids)
    rows = reviewing.open_to(by_id, now).filter(kind=kind, signature__letter__directory_id__in=ids)
    counted = rows.values_list("signature__letter__directory_id").annotate(n=Count("pk"), on=Min("asked_on"))
    return [OpenTo(*row) for row in counted.order_by()]


def organisations_open(directory_ids: Iterable[uuid.UUID]) -> list[OpenTo]:
    """Organisations that wait for an answer in these directories."""
    rows = Organisation.objects.filter(state=Organisation.State.WAITING, letter__directory_id__in=list(directory_ids))
    counted = rows.values_list("letter__directory_id").annotate(n=Count("pk"), on=Min("asked_on"))
    return [OpenTo(*row) for row in counted.order_by()]


def queue(directory_id: uuid.UUID) -> list[Item]:
    """All that waits, the oldest first."""
    rows = _cases(directory_id).filter(reviewing.to_answer()).order_by("asked_on", "id")
    return _items(list(rows))


def answered(directory_id: uuid.UUID, *, by_id: int, now: datetime) -> list[Item]:
    """What this member answered and may still take back, the newest first."""
    since = now - reviewing.UNDO_WITHIN
    first = Q(state=Case.State.WAITING, first_by=by_id)
    last = Q(state=Case.State.DECIDED, decided_by=by_id, decided_at__gte=since)
    return _items(list(_cases(directory_id).filter(first | last).order_by("-decided_at", "id")))


def item(directory_id: uuid.UUID, case_id: uuid.UUID) -> Item | None:
    """One case, if it is still there."""
    found = _items(list(_cases(directory_id).filter(pk=case_id)))
    return found[0] if found else None


def opened(directory_id: uuid.UUID, case_id: uuid.UUID, *, by_id: int) -> Opened | None:
    """The case, for the member who has taken it and for nobody else."""
    case = _cases(directory_id).filter(pk=case_id, claimed_by=by_id, state=Case.State.WAITING).first()
    if case is None:
        return None
    signature = case.signature
    about_a_line = case.kind == Case.Kind.REASON
    known = [] if about_a_line else holding.known_names(signature.version_id)
    return Opened(
        item=_items([case])[0],
        name=signature.name,
        role=signature.role,
        employer=signature.employer_name,
        level_text=signature.get_level_display(),
        alike=() if about_a_line else tuple(names.alike(signature.name, known)),
        signers=() if about_a_line else _shown_alike(signature),
        claims=case.employer.name if case.employer else "",
        former=case.former,
        opened_by_id=case.opened_by_id,
        other=_other(case),
        reason=signature.reason if about_a_line else "",
    )


def evidence_of(directory_id: uuid.UUID, case_id: uuid.UUID, *, by_id: int, now: datetime) -> Shown | None:
    """What was sent, for the one reviewer who opened it and still has the case; None for everybody else, and once it
    has destroyed itself.
    """
    case = _cases(directory_id).filter(pk=case_id, claimed_by=by_id, claimed_until__gte=now, opened_by=by_id).first()
    sent = evidence.read(case) if case else None
    if sent is None:
        return None
    picture = "data:image/jpeg;base64," + base64.b64encode(sent.picture).decode() if sent.picture else ""
    return Shown(sent.text, sent.link, picture)


def _cases(directory_id: uuid.UUID):  # type: ignore[no-untyped-def]  # the stubs' queryset of a join has no short name
    return Case.objects.filter(signature__letter__directory_id=directory_id).select_related(
        "signature__version", "employer"
    )


def _items(cases: list[Case]) -> list[Item]:
    proofs = [case.pk for case in cases if case.kind == Case.Kind.PROOF]
    hours = dict(zip(proofs, evidence.hours_left(proofs), strict=True))
    return [
        Item(
            id=case.pk,
            kind=case.kind,
            why=case.why,
            letter=case.signature.version.title,
            asked_on=case.asked_on,
            hours_left=hours.get(case.pk),
            claimed_by_id=case.claimed_by_id,
            claimed_until=case.claimed_until,
            first_by_id=case.first_by_id,
            decided_by_id=case.decided_by_id,
            takes_two=case.why in reviewing.TWO_DECIDE,
            blocks=case.blocks,
        )
        for case in cases
    ]


def _shown_alike(signature: PublicSignature) -> tuple[str, ...]:
    rows = PublicSignature.objects.filter(letter_id=signature.letter_id, state=PublicSignature.State.SHOWN)
    near = rows.filter(folded__trigram_similar=people.fold(signature.name))
    found = near.order_by("-pk").values_list("name", "role", "employer_name")[: 4 * _ALIKE]
    alike = [row for row in found if names.same_look(row[0], signature.name)]
    return tuple(", ".join(part for part in row if part) for row in alike[:_ALIKE])


def _other(case: Case) -> str:
    rows = Case.objects.filter(signature_id=case.signature_id).exclude(kind=Case.Kind.REASON)
    other = None if case.kind == Case.Kind.REASON else rows.exclude(pk=case.pk).first()
    return other.state if other else ""
