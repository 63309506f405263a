"""What a signer asks for, and what may not be asked of a letter (docs/signing.md)."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Visibility(StrEnum):
    """How a signer wants to be counted."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class CannotSign(Exception):
    """Signing is not possible; the text says why and what to do. It never speaks of an address."""


class NotLikeThis(CannotSign):
    """This letter takes no such signature: said at the address, and known from its domain alone."""


class TextMoved(CannotSign):
    """The text on the form is no longer the letter's; nobody signs what she did not read."""

    def __init__(self) -> None:
        super().__init__(_("The letter’s text changed while you were reading. Please read it again before you sign."))


@dataclass(frozen=True, kw_only=True)
class Release:
    """To be counted only once `number` have signed, at the signer's employer or altogether."""

    at_employer: bool
    number: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form asks for. `address` is checked for syntax; a confidential signer has no name and no role text."""

    visibility: Visibility
    address: str
    name: str = ""
    role: str = ""
    employer: str = ""
    reason: str = ""  # a line of her own beside a public name
    quotable: bool = False  # the press may quote her public name and that line
    news: bool = False
    evidence: bool = False  # a public signer shows a reviewer where she works, after the code
    release: Release | None = None  # a confidential signer may wait for others


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One act of signing that waits for its code: what of the wish outlives the form."""

    version_id: str
    visibility: str
    tags: list[str]
    employer_id: int | None
    employer_name: str
    name: str
    role: str
    role_group: str
    level: str
    reason: str = ""
    quotable: bool = False
    follows: str = ""  # the topic that a public signer wants news of
    release_at: str = ""  # a Pledge.Scope, when a confidential signer waits for others
    release_number: int = 0
    evidence: bool = False
    blocked: bool = False  # not to be shown before that evidence convinces
