"""Taking a signature back, or changing what is shown of it, with a code, as easily as signing (docs/signing.md).

What may be done is chosen before the code and is the same for everybody; nothing is read out to whoever has the code,
since a mailbox may have more readers than its owner. What happens shows only where a name stood for all to see.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext as _

from letters import admitting, codes, counting, freshness, holding, removing, roles, saying, signing, unfinished
from letters.limits import Effort
from letters.models import Case, Letter, ProofLevel, PublicSignature, RoleGroup, Tag
from letters.settling import Group
from letters.wishes import CannotSign

_WITH_A_NAME = (*holding.LIVE, PublicSignature.State.REMOVED)


class Change(StrEnum):
    """What somebody wants done with her signature."""

    WITHDRAW = "withdraw"
    AMEND = "public"
    HIDE = "confidential"
    LOOK = "look"


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where a name of this address stands. Of a confidential signature it says nothing, as of none."""

    shown: bool = False
    held: bool = False
    removed: bool = False
    evidence_waits: bool = False
    reason_waits: bool = False
    quotable: bool = False
    reviewed: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form asks for; name, role and employer only for a change of what is shown."""

    change: Change
    address: str
    name: str = ""
    role: str = ""
    employer: str = ""
    reason: str = ""
    quotable: bool = False


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One change that waits for its code: what of the wish outlives the form."""

    change: str
    tags: list[str]
    employer_id: int | None
    name: str
    role: str
    employer: str
    reason: str | None = None  # none: the letter does not ask, and a line that stands there stays
    quotable: bool = False


def begin(*, letter_id: uuid.UUID, wish: Wish, secret: str, network: str, effort: Effort = Effort.PLAIN) -> None:
    """Keep the wish under the browser's secret and owe a code, as in signing. Raises CannotSign."""
    letter = Letter.objects.only("state", "directory_id", "asks_reason").get(pk=letter_id)
    if letter.state != Letter.State.OPEN:
        raise CannotSign(_closed())
    employer, tags = signing.who_is(letter=letter, address=wish.address)
    amends = wish.change is Change.AMEND
    wanted = Wanted(
        change=wish.change.value,
        tags=tags,
        employer_id=employer.pk if employer else None,
        name=wish.name if amends else "",
        role=wish.role if amends else "",
        employer=wish.employer if amends else "",
        reason=wish.reason if amends and letter.asks_reason else None,
        quotable=amends and wish.quotable,
    )
    within = codes.within_limits(address=wish.address, network=network, effort=effort)
    with transaction.atomic():
        codes.ask(
            subject=subject(letter_id),
            secret=secret,
            address=wish.address,
            wanted=asdict(wanted),
            withheld=not within,
            effort=effort,
        )


def send_again(*, letter_id: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code for what is pending, in place of the old one. Raises codes.StartAgain."""
    with transaction.atomic():
        codes.ask_again(subject=subject(letter_id), secret=secret, network=network)


def complete(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> Whereabouts | None:
    """Do what was asked for, with the code. Raises codes.WrongCode, codes.StartAgain or CannotSign.

    It says nothing of what was there, and a repeat finds nothing to do. Who only asked to look is told where a name
    stands that she wanted shown.
    """
    asked = codes.prove(subject=subject(letter_id), secret=secret, typed=code)
    wanted = Wanted(**asked.wanted)
    if wanted.change == Change.LOOK:
        return _look(letter_id, wanted)
    with transaction.atomic():
        tags = _tags(letter_id, wanted)
        signature = (
            PublicSignature.objects.select_for_update()
            .filter(tag__in=[tag.pk for tag in tags], state__in=_WITH_A_NAME)
            .order_by("pk")
            .first()
        )
        if signature is None:
            if wanted.change == Change.WITHDRAW:
                _leave(letter_id, wanted, [tag for tag in tags if not tag.public])
        elif signature.state == PublicSignature.State.REMOVED:
            if wanted.change != Change.AMEND:
                removing.erase(signatures=[signature.pk])
            elif not wanted.quotable:
                # The name may be put back; what she allowed before is not to come back with it.
                PublicSignature.objects.filter(pk=signature.pk).update(quotable=False)
        elif wanted.change == Change.AMEND:
            _amend(signature, wanted, tags, today)
        else:
            counted_on = wanted.change == Change.HIDE and _may_be_counted(signature)
            _withdraw(signature, [tag for tag in tags if tag.public], today, counted_on=counted_on)
    # In a transaction of its own, or the row's hidden mark would join a mailbox with what was done.
    unfinished.cancel(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id)
    return None


def _look(letter_id: uuid.UUID, wanted: Wanted) -> Whereabouts:
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    rows = PublicSignature.objects.filter(letter_id=letter_id, tag__digest__in=digests, state__in=_WITH_A_NAME)
    signature = rows.order_by("pk").first()
    if signature is None:
        return Whereabouts()
    return Whereabouts(
        shown=signature.state == PublicSignature.State.SHOWN,
        held=signature.state == PublicSignature.State.HELD,
        removed=signature.state == PublicSignature.State.REMOVED,
        evidence_waits=Case.objects.filter(signature=signature, kind=Case.Kind.PROOF).exists(),
        reason_waits=bool(signature.reason) and not signature.reason_shown,
        quotable=signature.quotable,
        reviewed=signature.level == ProofLevel.REVIEWED,
    )


def subject(letter_id: uuid.UUID) -> uuid.UUID:
    """What a code for taking back is about: never what a code for signing is about, also in one browser."""
    return uuid.uuid5(letter_id, "withdraw")


def _closed() -> str:
    return _("This letter is closed. Nothing can tell any more which signature is whose, so none can be taken back.")


def _tags(letter_id: uuid.UUID, wanted: Wanted) -> list[Tag]:
    """Which of the person's tags are there, held until the end; nobody closes the letter or moves its pool meanwhile.

    Raises CannotSign when the letter has closed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM letters_letter WHERE id = %s AND state = 'open' FOR SHARE", [letter_id])
        if cursor.fetchone() is None:
            raise CannotSign(_closed())
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    return list(Tag.objects.select_for_update().filter(letter_id=letter_id, digest__in=digests).order_by("digest"))


def _leave(letter_id: uuid.UUID, wanted: Wanted, tags: list[Tag]) -> None:
    """A confidential signer goes: her tags at once, one of her employer's counts in its time."""
    if tags:
        edition = max(tag.edition for tag in tags)
        Tag.objects.filter(pk__in=[tag.pk for tag in tags]).delete()
        counting.let_go(letter_id=letter_id, employer_id=wanted.employer_id, edition=edition)


def _may_be_counted(signature: PublicSignature) -> bool:
    """Whether the letter takes her confidentially by what is proved: no name is a way around what it asks for."""
    return not admitting.problem(letter=signature.letter, employer=signature.employer, public=False, evidence=False)


def _withdraw(signature: PublicSignature, tags: list[Tag], today: date, *, counted_on: bool) -> None:
    """A name goes from the list, and every word with it; if `counted_on`, one confidential signer waits instead."""
    role_group = signature.role_group if signature.employer_id else RoleGroup.OTHER
    group = Group(signature.version_id, signature.employer_id, role_group)
    holding.take_off(signature, today)
    held = Tag.objects.filter(pk__in=[tag.pk for tag in tags])
    if counted_on:
        held.update(public=False, fresh=True)
        counting.wait(letter_id=signature.letter_id, group=group)
    else:
        held.delete()


def _amend(signature: PublicSignature, wanted: Wanted, tags: list[Tag], today: date) -> None:
    """Other words stand there from now on; how the signature was proved, and a proved employer, stay as they are.

    Another name is looked at like any: it may have to wait for a person's eye, and then leaves the list until then.
    """
    role_group = roles.group_of(wanted.role)
    if role_group != signature.role_group and signature.state == PublicSignature.State.SHOWN:
        counting.move(signature, version_id=signature.version_id, role_group=role_group)
    was, signature.name = signature.name, wanted.name
    signature.role, signature.role_group = wanted.role, role_group
    if not signature.employer_id and not signature.former:
        signature.employer_name = wanted.employer
    signature.quotable = wanted.quotable
    signature.save(update_fields=["name", "role", "role_group", "employer_name", "quotable"])
    if wanted.reason is not None:
        saying.say(signature=signature, reason=wanted.reason, today=today)
    if was != wanted.name:
        _look_at_name(signature, tags, today)
    freshness.changed()


def _look_at_name(signature: PublicSignature, tags: list[Tag], today: date) -> None:
    if held := holding.why(version_id=signature.version_id, name=signature.name):
        holding.hide(signature)
        holding.ask(signature=signature, held=held, tags=tags, today=today)
        return
    Case.objects.filter(signature=signature, kind=Case.Kind.NAME).delete()
    if signature.state == PublicSignature.State.HELD:
        holding.show(signature, today)
