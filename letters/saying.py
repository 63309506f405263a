"""One line that a public signer says beside her name: shown once a person has read it, gone with the name.

It never holds the signature up, and nothing of it is kept that is not shown or waiting. Whoever signs confidentially
says nothing: there is no row that it could stand in.
"""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from letters import freshness
from letters.models import Case, PublicSignature


def say(*, signature: PublicSignature, reason: str, today: date) -> None:
    """Let this be her line, unseen until it is accepted; nothing takes away what she said. The same stays as it is."""
    if reason == signature.reason:
        return
    Case.objects.filter(signature=signature, kind=Case.Kind.REASON).delete()
    if signature.reason_shown:
        freshness.changed()
    signature.reason, signature.reason_shown = reason, False
    signature.save(update_fields=["reason", "reason_shown"])
    if reason:
        _ask([signature.pk], today)


def show(signature: PublicSignature) -> None:
    """A person read it: it stands beside the name."""
    PublicSignature.objects.filter(pk=signature.pk).exclude(reason="").update(reason_shown=True)
    freshness.changed()


def hide(signature: PublicSignature) -> None:
    """It waits again."""
    PublicSignature.objects.filter(pk=signature.pk).update(reason_shown=False)
    freshness.changed()


def drop(*, signature_id: int) -> None:
    """Nothing of the line is left; the signature stands as it stood."""
    Case.objects.filter(signature_id=signature_id, kind=Case.Kind.REASON).delete()
    PublicSignature.objects.filter(pk=signature_id).update(reason="", reason_shown=False)
    freshness.changed()


def take_off(*, letter_id: uuid.UUID, signature_id: int) -> bool:
    """Take a line off that is shown; whether there was one."""
    rows = PublicSignature.objects.filter(pk=signature_id, letter_id=letter_id, reason_shown=True)
    with transaction.atomic():
        found = rows.select_for_update().first()
        if found is not None:
            drop(signature_id=signature_id)
    return found is not None


def ask_again(signature_ids: Iterable[int], today: date) -> None:
    """Signatures come back to the list: lines that nobody has read wait again."""
    rows = PublicSignature.objects.filter(pk__in=list(signature_ids), reason_shown=False).exclude(reason="")
    _ask(rows.values_list("pk", flat=True), today)


def _ask(signature_ids: Iterable[int], today: date) -> None:
    Case.objects.bulk_create(
        [Case(signature_id=one, kind=Case.Kind.REASON, blocks=False, asked_on=today) for one in signature_ids],
        ignore_conflicts=True,
    )
