"""Names that wait for a person's eye before they are shown: which ones, and the question that goes to the team."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef

from letters import counting, evidence, names
from letters.models import Case, HeldName, PublicSignature, Tag, Version
from letters.names import Held

LIVE = (PublicSignature.State.SHOWN, PublicSignature.State.HELD)
MOST = 1000  # names on one campaign's list


def listed(directory_id: uuid.UUID) -> list[str]:
    """The names that the team put on its list."""
    return list(HeldName.objects.filter(directory_id=directory_id).order_by("name").values_list("name", flat=True))


def keep_list(*, directory_id: uuid.UUID, wanted: Iterable[str]) -> tuple[int, int]:
    """Make this the team's list; answers how many came and how many went. What waits already goes on waiting."""
    tidy = set(wanted)
    with transaction.atomic():
        rows = HeldName.objects.filter(directory_id=directory_id)
        gone, _each = rows.exclude(name__in=tidy).delete()
        new = tidy - set(rows.values_list("name", flat=True))
        HeldName.objects.bulk_create(
            [HeldName(directory_id=directory_id, name=name) for name in sorted(new)], ignore_conflicts=True
        )
    return len(new), gone


def known_names(version_id: uuid.UUID | str) -> list[str]:
    """Whom the text addresses, with their offices and companies, and what the team added."""
    added = HeldName.objects.filter(directory_id=OuterRef("letter__directory_id")).values("name")
    addressees: list[str]
    names_added: list[str]
    addressees, names_added = Version.objects.values_list("addressees", ArraySubquery(added)).get(pk=version_id)
    return [part for line in addressees for part in line.split(", ")] + names_added


def why(*, version_id: uuid.UUID | str, name: str) -> Held | None:
    """Why this name waits for a person's eye, or nothing."""
    return names.is_held(name, known_names(version_id))


def ask(*, signature: PublicSignature, held: Held, tags: Iterable[Tag], today: date) -> None:
    """Ask the team whether this name may be shown, afresh if it was asked before."""
    Case.objects.filter(signature=signature, kind=Case.Kind.NAME).delete()
    Case.objects.create(
        signature=signature,
        kind=Case.Kind.NAME,
        why=held.value,
        blocks=True,
        asked_on=today,
        tags=[tag.pk for tag in tags],
    )


def hide(signature: PublicSignature) -> None:
    """From now on nobody sees or counts it, until it is shown again."""
    if signature.state == PublicSignature.State.SHOWN:
        counting.uncount_signature(signature)
        PublicSignature.objects.filter(pk=signature.pk).update(state=PublicSignature.State.HELD)
        signature.state = PublicSignature.State.HELD


def take_off(signature: PublicSignature, today: date) -> None:
    """Its signer takes it back: a name that was shown counts as withdrawn; of one that never was nothing is left."""
    evidence.destroy(signature_id=signature.pk)
    if signature.state == PublicSignature.State.HELD:
        signature.delete()
        return
    Case.objects.filter(signature=signature).delete()
    counting.count_withdrawn(signature, today)
    counting.erase(signature, today)


def show(signature: PublicSignature, today: date) -> bool:
    """Show a held signature and count it, today, if no question about it is left that holds it."""
    if Case.objects.filter(signature=signature, blocks=True, state=Case.State.WAITING).exists():
        return False
    shown = PublicSignature.objects.filter(pk=signature.pk, state=PublicSignature.State.HELD).update(
        state=PublicSignature.State.SHOWN, signed_on=today
    )
    if shown:
        signature.state, signature.signed_on = PublicSignature.State.SHOWN, today
        counting.count_signature(signature)
    return bool(shown)
