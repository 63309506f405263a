"""An organisation signs a letter: somebody who may speak for it asks, a code proves her mailbox, the team answers
(docs/organisations.md). And it leaves in the same way.

Her address goes where a signer's goes: sealed under her cookie, then gone. What is left is a tag of its own kind, so
that nothing joins her with what she may have signed as a person.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.translation import gettext as _

from letters import codes, freshness, keyring, verification
from letters.limits import Effort
from letters.models import Letter, Organisation
from letters.wishes import CannotSign, TextMoved

State = Organisation.State


class NotADomain(ValueError):
    """What was typed is no website of an organisation's own; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form asks for. `domain` is checked; what is not to be shown is for the team alone."""

    name: str
    domain: str
    representative: str
    representative_role: str
    shows_name: bool
    shows_role: bool
    address: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the wish outlives the form, sealed, until the code comes. `version_id` is empty for who leaves."""

    tag: str
    domain: str
    version_id: str = ""
    name: str = ""
    representative: str = ""
    representative_role: str = ""
    shows_name: bool = False
    shows_role: bool = False
    at_domain: bool = False


def own_domain(typed: str) -> str:
    """The domain of a website that only its organisation has. Raises NotADomain."""
    try:
        host = urlsplit(typed.strip() if "//" in typed else f"//{typed.strip()}").hostname or ""
    except ValueError:
        host = ""
    domain = verification.domain_of(f"@{host.removeprefix('www.')}")
    try:
        verification.parse(f"someone@{domain}")
    except verification.NotAnAddress as error:
        raise NotADomain(_("This is no website. Write it like example.org.")) from error
    if len(domain) > 253 or verification.is_public_suffix(domain) or verification.is_open_to_anybody(domain):
        raise NotADomain(_("Anybody can have a page or a mailbox there. Enter a website of the organisation’s own."))
    return domain


def begin(
    *,
    letter_id: uuid.UUID,
    version_id: uuid.UUID,
    wish: Wish,
    secret: str,
    network: str,
    effort: Effort = Effort.PLAIN,
) -> None:
    """Keep the wish under the browser's secret and owe a code to the address. Raises CannotSign."""
    letter = Letter.objects.only("state", "current_id", "takes_organisations").get(pk=letter_id)
    _refuse_unless_open(letter)
    if letter.current_id != version_id:
        raise TextMoved
    wanted = Wanted(
        tag=_tag(letter_id, wish.address),
        domain=wish.domain,
        version_id=str(version_id),
        name=wish.name,
        representative=wish.representative,
        representative_role=wish.representative_role,
        shows_name=wish.shows_name,
        shows_role=wish.shows_role,
        at_domain=verification.domain_of(wish.address) == wish.domain,
    )
    _ask(joining(letter_id), wish.address, wanted, secret=secret, network=network, effort=effort)


def begin_leaving(
    *, letter_id: uuid.UUID, address: str, domain: str, secret: str, network: str, effort: Effort = Effort.PLAIN
) -> None:
    """Owe a code to whoever says that she signed for this organisation, signed or not. Raises CannotSign."""
    if Letter.objects.only("state").get(pk=letter_id).state != Letter.State.OPEN:
        raise CannotSign(_closed())
    wanted = Wanted(tag=_tag(letter_id, address), domain=domain)
    _ask(leaving(letter_id), address, wanted, secret=secret, network=network, effort=effort)


def send_again(*, subject: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code for what is pending, in place of the old one. Raises codes.StartAgain."""
    with transaction.atomic():
        codes.ask_again(subject=subject, secret=secret, network=network)


def complete(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> None:
    """Put the organisation before the team. Raises codes.WrongCode, codes.StartAgain or CannotSign.

    What the same mailbox sent before for this website, and nobody has answered, is replaced: the team never answers
    to words that changed under its eyes. What stands on the letter already stands until the new words are accepted.
    """
    wanted = Wanted(**codes.prove(subject=joining(letter_id), secret=secret, typed=code).wanted)
    with transaction.atomic():
        letter = _hold(letter_id)
        _refuse_unless_open(letter)
        current = letter.current
        signed = letter.versions.filter(pk=wanted.version_id).first()
        if current is None or signed is None or signed.edition != current.edition:
            raise TextMoved
        tag = bytes.fromhex(wanted.tag)
        rows = Organisation.objects.filter(letter_id=letter_id, domain=wanted.domain, tag=tag)
        rows.filter(state=State.WAITING).delete()
        Organisation.objects.create(
            letter_id=letter_id,
            version=signed,
            tag=tag,
            domain=wanted.domain,
            name=wanted.name,
            representative=wanted.representative,
            representative_role=wanted.representative_role,
            shows_name=wanted.shows_name,
            shows_role=wanted.shows_role,
            at_domain=wanted.at_domain,
            asked_on=today,
        )


def leave(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> None:
    """Take the organisation back, if this mailbox signed for it. Raises codes.WrongCode, StartAgain or CannotSign.

    It says nothing of what was there. Of one that was shown the days are left and no word, of any other nothing.
    """
    wanted = Wanted(**codes.prove(subject=leaving(letter_id), secret=secret, typed=code).wanted)
    with transaction.atomic():
        if _hold(letter_id).state != Letter.State.OPEN:
            raise CannotSign(_closed())
        rows = Organisation.objects.filter(letter_id=letter_id, domain=wanted.domain, tag=bytes.fromhex(wanted.tag))
        rows.filter(state=State.WAITING).delete()
        rows.filter(state=State.SHOWN).update(state=State.WITHDRAWN, over_on=today, **no_words())
        freshness.changed()


def no_words() -> dict[str, Any]:
    """What is left of an organisation's words once it is gone."""
    words = dict.fromkeys(("name", "domain", "representative", "representative_role", "checked_how"), "")
    return {**words, "tag": None}


def joining(letter_id: uuid.UUID) -> uuid.UUID:
    """What a code for an organisation's signature is about."""
    return uuid.uuid5(letter_id, "organisation")


def leaving(letter_id: uuid.UUID) -> uuid.UUID:
    """What a code for taking one back is about."""
    return uuid.uuid5(letter_id, "organisation leaves")


def _ask(subject: uuid.UUID, address: str, wanted: Wanted, *, secret: str, network: str, effort: Effort) -> None:
    within = codes.within_limits(address=address, network=network, effort=effort)
    with transaction.atomic():
        codes.ask(
            subject=subject,
            secret=secret,
            address=address,
            wanted=asdict(wanted),
            withheld=not within,
            effort=effort,
        )


def _hold(letter_id: uuid.UUID) -> Letter:
    """The letter; nobody closes or changes it until the end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM letters_letter WHERE id = %s FOR SHARE", [letter_id])
    return Letter.objects.select_related("current").get(pk=letter_id)


def _tag(letter_id: uuid.UUID, address: str) -> str:
    """Like a signer's, and never the same: no canonical address has such a beginning."""
    try:
        return keyring.tag(letter_id, f"organisation\0{verification.canonical(address)}").hex()
    except keyring.KeyMissing as error:
        raise CannotSign(
            _("This is paused on this server for a moment. Nothing you typed was kept; please try again later.")
        ) from error


def _refuse_unless_open(letter: Letter) -> None:
    if letter.state != Letter.State.OPEN:
        raise CannotSign(_("This letter is closed and takes no more signatures."))
    if not letter.takes_organisations:
        raise CannotSign(_("This letter takes signatures of people alone."))


def _closed() -> str:
    return _(
        "This letter is closed, and nothing can tell any more who signed for whom. Please write to the organisers."
    )
