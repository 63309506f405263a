"""A code proves a mailbox: owed when a form is sent, typed into the same browser within a quarter of an hour.

Signing and following ask in the same way, so that the mail, the limits and the answers cannot tell which it was.
"""

import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from letters import emails, limits, pending, unwanted, verification
from letters.limits import Effort
from letters.pending import LIFE, new_secret

__all__ = ["LIFE", "Asked", "StartAgain", "WrongCode", "ask", "ask_again", "is_pending", "new_secret", "prove"]


class WrongCode(Exception):
    """The code does not fit; the text says what to compare it with."""


class StartAgain(Exception):
    """Nothing is pending any more: the code is too old, was tried too often, or belongs to another browser."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asked for, where her code went and what asking cost; `wanted` is for those alone who asked."""

    address: str
    code: str
    wanted: dict[str, Any]
    effort: str


def within_limits(*, address: str, network: str, effort: Effort = Effort.PLAIN) -> bool:
    """Count one more code and say whether it may leave (letters.limits)."""
    return limits.within(address=address, network=network, effort=effort)


def ask(
    *,
    subject: uuid.UUID,
    secret: str,
    address: str,
    wanted: dict[str, Any],
    withheld: bool,
    effort: Effort = Effort.PLAIN,
) -> None:
    """Keep what is wanted under the browser's secret and owe a code to the address, in the caller's transaction.

    `withheld` (above a limit) does everything except that no mail leaves; nobody can tell the difference here.
    """
    asked = Asked(address=address, code=verification.new_code(), wanted=wanted, effort=effort.value)
    _owe(asked, subject=subject, secret=secret, withheld=withheld)


def ask_again(*, subject: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code for what is pending, in place of the old one. Raises StartAgain.

    It counts as what the form cost. Above a limit no mail leaves, and the code that was mailed before stays good.
    """
    asked = _recall(subject, secret)
    withheld = not within_limits(address=asked.address, network=network, effort=Effort(asked.effort))
    code = asked.code if withheld else verification.new_code()
    _owe(replace(asked, code=code), subject=subject, secret=secret, withheld=withheld)


def is_pending(*, subject: uuid.UUID, secret: str) -> bool:
    """Whether a code may be typed in this browser."""
    return pending.is_there(subject=subject, secret=secret)


def prove(*, subject: uuid.UUID, secret: str, typed: str) -> Asked:
    """What was asked for, once the code fits. Raises WrongCode or StartAgain."""
    asked = _recall(subject, secret)
    left = pending.count_try(subject=subject, secret=secret)
    if left < 0:
        raise StartAgain
    if not verification.same(asked.code, verification.tidy(typed)):
        if left == 0:
            pending.drop(subject=subject, secret=secret)
            raise StartAgain
        raise WrongCode(_("That code does not fit. Compare it with the newest mail; it has eight characters."))
    return asked


def _owe(asked: Asked, *, subject: uuid.UUID, secret: str, withheld: bool) -> None:
    pending.keep(asdict(asked), subject=subject, secret=secret)
    unwanted.remember(address=asked.address, code=asked.code)
    emails.code(address=asked.address, code=asked.code, withheld=withheld)


def _recall(subject: uuid.UUID, secret: str) -> Asked:
    plain = pending.recall(subject=subject, secret=secret)
    if plain is None:
        raise StartAgain
    try:
        return Asked(**plain)
    except TypeError as error:
        # Kept by another version of this program, minutes ago.
        raise StartAgain from error
