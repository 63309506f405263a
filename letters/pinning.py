"""Whom a team sets at the head of a letter's list, and by which criterion, which everybody reads."""

import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from letters import freshness
from letters.models import Letter, Pin, PublicSignature

MOST = 30


class NotPossible(Exception):
    """It cannot be done; the text says why and what to do."""


def say(*, letter_id: uuid.UUID, criterion: str, is_listed: bool) -> None:
    """By which criterion people are pinned, and whether search engines may list the names. Raises NotPossible."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if not criterion and Pin.objects.filter(letter=letter).exists():
            raise NotPossible(_("People are pinned. Say by which criterion, or unpin them first."))
        Letter.objects.filter(pk=letter_id).update(pin_criterion=criterion, names_are_indexed=is_listed)
        freshness.changed()


def pin(*, letter_id: uuid.UUID, signature_id: int) -> None:
    """Set a shown signature at the head of the list, after those that are there. Raises NotPossible."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        pins = Pin.objects.filter(letter=letter)
        if not letter.pin_criterion:
            raise NotPossible(_("Say first by which criterion you choose: readers want to know."))
        if pins.count() >= MOST:
            raise NotPossible(_("%(most)s people are pinned. Unpin somebody first.") % {"most": MOST})
        signature = PublicSignature.objects.filter(
            pk=signature_id, letter=letter, state=PublicSignature.State.SHOWN
        ).first()
        if signature is None:
            raise NotPossible(_("This name is no longer on the list."))
        position = (pins.aggregate(last=Max("position"))["last"] or 0) + 1
        Pin.objects.get_or_create(signature=signature, defaults={"letter": letter, "position": position})
        freshness.changed()


def unpin(*, letter_id: uuid.UUID, signature_id: int) -> None:
    """Let it stand where the others stand."""
    with transaction.atomic():
        Pin.objects.filter(letter_id=letter_id, signature_id=signature_id).delete()
        freshness.changed()
