"""Addresses that mail is kept from, because it bounced or its reader complained: tags of them, never addresses.

A mailbox that is not there gets nothing that honours this; who complained about one kind of mail gets no more of that
kind. Only kinds whose recipients we keep anyway are noted. Nothing is ever noted about signers.
"""

import contextlib
import hmac
from datetime import timedelta
from email.utils import parseaddr
from typing import Literal

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import clock, sealing
from accounts.kinds import KINDS
from accounts.models import HandledEvent, Suppression

_KEPT = timedelta(days=365)
_EVENTS_KEPT = timedelta(days=90)


def note(*, event_id: str, kind: str, address: str, reason: Literal["bounced", "complained"]) -> bool:
    """Keep further mail from the address; False if the event was handled before or is none of ours to note.

    `bounced` means for good: there is no such mailbox, whatever the mail said.
    """
    if not is_noted(kind) or not address:
        return False
    if reason == "complained" and not KINDS[kind].honours_suppression:
        return False
    about = kind if reason == "complained" else ""
    today = clock.now().date()
    try:
        with transaction.atomic():
            HandledEvent.objects.create(tag=_tag("mail events", event_id), noted_on=today)
            Suppression.objects.bulk_create(
                [Suppression(tag=tag_of(address, kind=about), kind=about, reason=reason, noted_on=today)],
                update_conflicts=True,
                unique_fields=["tag"],
                update_fields=["reason", "noted_on"],
            )
    except IntegrityError:
        return False
    return True


def holds(address: str, *, kind: str) -> bool:
    """Whether mail of this kind is kept from the address: it is not there, or its reader complained about that kind."""
    return Suppression.objects.filter(tag__in=[tag_of(address), tag_of(address, kind=kind)]).exists()


def lift(*, address: str) -> bool:
    """Keep nothing from the address any more, because its mailbox was proved or a person says so; was there anything?

    Events that were handled stay handled: a provider that repeats one changes nothing.
    """
    tags = [tag_of(address, kind=kind) for kind in ("", *KINDS)]
    deleted, _ = Suppression.objects.filter(tag__in=tags).delete()
    return bool(deleted)


def is_noted(kind: str) -> bool:
    """Whether bounces of this kind are noted: not of codes, nor of anything else that goes to signers."""
    return kind in KINDS and KINDS[kind].sealed_under == "lasting"


def forget() -> None:
    """Forget suppressions after a year and events after three months."""
    today = clock.now().date()
    Suppression.objects.filter(noted_on__lt=today - _KEPT).delete()
    HandledEvent.objects.filter(noted_on__lt=today - _EVENTS_KEPT).delete()


def tag_of(address: str, *, kind: str = "") -> str:
    """The tag of an address, however it is written, for one kind of mail or for all."""
    local, _, domain = parseaddr(address)[1].strip().rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return _tag("suppressed addresses", f"{local}@{domain}".lower() + (f"\n{kind}" if kind else ""))


def _tag(purpose: str, text: str) -> str:
    return hmac.digest(sealing.derive(settings.SECRET_KEY.encode(), purpose=purpose), text.encode(), "sha256").hex()
