"""Answering what waits for a person's eye (docs/review.md): one takes a case, and two must agree on a known name.

Who may do this is the caller's to check. Every answer is a conditional change of rows that are locked in one order:
letter, tags, signature, case.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from letters import counting, evidence, holding, saying
from letters.models import Case, ProofLevel, PublicSignature, Tag
from letters.names import Held

CLAIMED_FOR = timedelta(minutes=15)
UNDO_WITHIN = timedelta(minutes=10)
KEPT_AFTER_CLOSING = timedelta(days=30)
TWO_DECIDE = frozenset({Held.LISTED.value, Held.NOTABLE.value})


class NotPossible(Exception):
    """This cannot be done any more; the text says why."""


class Outcome(StrEnum):
    """What an answer did."""

    SHOWN = "shown"
    STILL_HELD = "still held"  # another question about the same signature waits
    SECOND = "second"  # another member has to answer too
    DIFFER = "differ"  # two members said different things: it waits until two say the same
    REFUSED = "refused"
    PROVED = "proved"
    NOT_PROVED = "not proved"  # the signature stands as it did
    SAID = "said"  # a signer's line stands beside her name
    NOT_SAID = "not said"


@dataclass(frozen=True)
class Forgotten:
    """What went without an answer, in one directory."""

    directory_id: uuid.UUID
    evidence: int = 0  # nobody looked within three days
    names: int = 0  # nobody looked within a month after the letter closed
    reasons: int = 0  # likewise


def claim_next(
    *, directory_id: uuid.UUID, by_id: int, now: datetime, skip: uuid.UUID | None = None
) -> uuid.UUID | None:
    """Take the oldest case that this member may answer, for a quarter of an hour; None when there is none.

    What she has taken already comes first, unless she skips it.
    """
    with transaction.atomic():
        rows = open_to(by_id, now).filter(signature__letter__directory_id=directory_id)
        if skip is not None:
            give_back(case_id=skip, by_id=by_id)
            rows = rows.exclude(pk=skip)
        rows = rows.select_for_update(of=("self",), skip_locked=True)
        one = rows.filter(claimed_by=by_id).order_by("asked_on", "id").first()
        one = one or rows.order_by("asked_on", "id").first()
        if one is None:
            return None
        Case.objects.filter(pk=one.pk).update(claimed_by=by_id, claimed_until=now + CLAIMED_FOR)
    return one.pk


def claim(*, directory_id: uuid.UUID, case_id: uuid.UUID, by_id: int, now: datetime) -> None:
    """Take this case. Raises NotPossible when somebody else has it, or it is not for this member."""
    rows = open_to(by_id, now).filter(pk=case_id, signature__letter__directory_id=directory_id)
    if not rows.update(claimed_by=by_id, claimed_until=now + CLAIMED_FOR):
        raise NotPossible(_("Somebody else has taken this one, or it was answered a moment ago."))


def give_back(*, case_id: uuid.UUID, by_id: int) -> None:
    """Let somebody else take it."""
    Case.objects.filter(pk=case_id, claimed_by=by_id).update(claimed_by=None, claimed_until=None)


def open_evidence(*, directory_id: uuid.UUID, case_id: uuid.UUID, by_id: int, now: datetime) -> None:
    """Note that this member, who has taken the case, opens what was sent; from then on nobody else can."""
    rows = Case.objects.filter(
        Q(opened_by__isnull=True) | Q(opened_by=by_id),
        pk=case_id,
        signature__letter__directory_id=directory_id,
        kind=Case.Kind.PROOF,
        state=Case.State.WAITING,
        claimed_by=by_id,
    )
    if not rows.update(opened_by=by_id, claimed_until=now + CLAIMED_FOR):
        raise NotPossible(_gone())


def decide(*, directory_id: uuid.UUID, case_id: uuid.UUID, by_id: int, agrees: bool, now: datetime) -> Outcome:
    """Answer a case that this member has taken. Raises NotPossible.

    A name that somebody is known by takes two members who agree; whatever was sent as evidence is destroyed.
    """
    with transaction.atomic():
        case, signature, tags = _lock(directory_id, case_id)
        if case.state != Case.State.WAITING or case.claimed_by_id != by_id:
            raise NotPossible(_gone())
        if case.kind == Case.Kind.PROOF and case.opened_by_id != by_id:
            raise NotPossible(_("Look at what was sent before you answer."))
        if case.why in TWO_DECIDE and case.first_agrees is None:
            Case.objects.filter(pk=case_id).update(
                first_by=by_id, first_agrees=agrees, claimed_by=None, claimed_until=None
            )
            return Outcome.SECOND
        if case.kind == Case.Kind.PROOF:
            return _answer_evidence(case, signature, tags, agrees, now.date())
        if case.first_agrees not in {None, agrees}:
            Case.objects.filter(pk=case_id).update(
                first_by=None, first_agrees=None, claimed_by=None, claimed_until=None
            )
            return Outcome.DIFFER
        if not agrees and case.kind == Case.Kind.REASON:
            saying.drop(signature_id=signature.pk)
            return Outcome.NOT_SAID
        if not agrees:
            _erase(signature, tags)
            return Outcome.REFUSED
        Case.objects.filter(pk=case_id).update(
            state=Case.State.DECIDED, decided_by=by_id, decided_at=now, claimed_by=None, claimed_until=None
        )
        if case.kind == Case.Kind.REASON:
            saying.show(signature)
            return Outcome.SAID
        return Outcome.SHOWN if holding.show(signature, now.date()) else Outcome.STILL_HELD


def undo(*, directory_id: uuid.UUID, case_id: uuid.UUID, by_id: int, now: datetime) -> None:
    """Take one's own answer back while nothing was destroyed by it. Raises NotPossible."""
    with transaction.atomic():
        case, signature, _tags = _lock(directory_id, case_id)
        if case.state == Case.State.WAITING and case.first_by_id == by_id:
            Case.objects.filter(pk=case_id).update(first_by=None, first_agrees=None)
            return
        if case.decided_by_id != by_id or case.decided_at is None or case.decided_at < now - UNDO_WITHIN:
            raise NotPossible(_("This can no longer be taken back: it is too long ago, or nothing is left of it."))
        if case.kind == Case.Kind.REASON:
            saying.hide(signature)
        else:
            holding.hide(signature)
        Case.objects.filter(pk=case_id).update(
            state=Case.State.WAITING,
            decided_by=None,
            decided_at=None,
            claimed_by=by_id,
            claimed_until=now + CLAIMED_FOR,
        )


def forget(*, now: datetime) -> list[Forgotten]:
    """Let go of answers that can no longer be taken back, and of what nobody looked at in time."""
    Case.objects.filter(state=Case.State.DECIDED, decided_at__lt=now - UNDO_WITHIN).delete()
    waiting = Case.objects.filter(state=Case.State.WAITING)
    looked_at = [Case.Kind.NAME, Case.Kind.REASON]
    late = waiting.filter(kind__in=looked_at, signature__letter__closed_at__lt=now - KEPT_AFTER_CLOSING)
    proofs = waiting.filter(kind=Case.Kind.PROOF).values_list("pk", flat=True)
    overdue = [*late.values_list("pk", flat=True), *evidence.without_key(list(proofs))]
    found: dict[uuid.UUID, Forgotten] = {}
    for case_id, directory_id in Case.objects.filter(pk__in=overdue).values_list("pk", "signature__letter__directory"):
        was = found.get(directory_id, Forgotten(directory_id))
        with transaction.atomic():
            try:
                case, signature, tags = _lock(directory_id, case_id)
            except NotPossible:
                continue  # taken back a moment ago
            if case.kind == Case.Kind.NAME:
                _erase(signature, tags)
                found[directory_id] = replace(was, names=was.names + 1)
            elif case.kind == Case.Kind.REASON:
                saying.drop(signature_id=signature.pk)
                found[directory_id] = replace(was, reasons=was.reasons + 1)
            else:
                _answer_evidence(case, signature, tags, False, now.date())
                found[directory_id] = replace(was, evidence=was.evidence + 1)
    return list(found.values())


def open_to(by_id: int, now: datetime) -> "QuerySet[Case]":
    """What this member may take: never what she answered first, nor evidence that somebody else has seen."""
    free = Q(claimed_by__isnull=True) | Q(claimed_by=by_id) | Q(claimed_until__lt=now)
    unseen = Q(opened_by__isnull=True) | Q(opened_by=by_id)
    return Case.objects.filter(free, unseen, to_answer()).exclude(first_by=by_id)


def to_answer() -> Q:
    """What waits; a line waits until the name beside which it is to stand is shown."""
    beside_a_name = ~Q(kind=Case.Kind.REASON) | Q(signature__state=PublicSignature.State.SHOWN)
    return Q(state=Case.State.WAITING) & beside_a_name


def _gone() -> str:
    return _("This changed a moment ago: it was taken back by its signer, answered, or taken over by somebody else.")


def _lock(directory_id: uuid.UUID, case_id: uuid.UUID) -> tuple[Case, PublicSignature, list[Tag]]:
    """The case with its signature and tags, held until the end. Raises NotPossible when it is no longer there."""
    found = Case.objects.filter(pk=case_id, signature__letter__directory_id=directory_id)
    row = found.values_list("signature__letter_id", "signature_id", "tags").first()
    if row is None:
        raise NotPossible(_gone())
    letter_id, signature_id, tag_ids = row
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM letters_letter WHERE id = %s FOR SHARE", [letter_id])
    tags = list(Tag.objects.select_for_update().filter(pk__in=tag_ids).order_by("digest"))
    signature = PublicSignature.objects.select_for_update().filter(pk=signature_id).first()
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if signature is None or case is None:
        raise NotPossible(_gone())
    return case, signature, tags


def _erase(signature: PublicSignature, tags: list[Tag]) -> None:
    """Nothing of it is left, and whoever it was may sign again."""
    evidence.destroy(signature_id=signature.pk)
    signature.delete()
    Tag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()


def _answer_evidence(case: Case, signature: PublicSignature, tags: list[Tag], convinces: bool, today: date) -> Outcome:
    evidence.destroy(signature_id=signature.pk)
    if convinces:
        _prove(signature, case)
        return Outcome.SHOWN if holding.show(signature, today) else Outcome.PROVED
    if case.blocks:
        _erase(signature, tags)
        return Outcome.REFUSED
    return Outcome.NOT_PROVED


def _prove(signature: PublicSignature, case: Case) -> None:
    """Now it is known where she works, or worked: only who works there counts as one of the employer's people."""
    employer = case.employer
    if employer is None:  # the database forbids it
        return
    employer_id = None if case.former else employer.pk
    if signature.state == PublicSignature.State.SHOWN and signature.employer_id != employer_id:
        counting.move_to_employer(signature, employer_id=employer_id)
    signature.employer_id, signature.employer_name, signature.former = employer_id, employer.name, case.former
    signature.level = ProofLevel.REVIEWED
    signature.save(update_fields=["employer", "employer_name", "former", "level"])
