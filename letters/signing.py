"""The act of signing: begin with a form, complete with a code (docs/signing.md).

Whoever asks, and whatever is known of the address, the steps, the answers and the pages are the same.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts import throttling
from letters import emails, freshness, keyring, pending, roles, verification
from letters.models import Letter, ProofLevel, PublicSignature, RoleGroup
from letters.pending import Pending


class Visibility(StrEnum):
    """How a signer wants to be counted."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class CannotSign(Exception):
    """Signing is not possible; the text says why and what to do. It never speaks of an address."""


class TextMoved(CannotSign):
    """The text on the form is no longer the letter's; nobody signs what she did not read."""

    def __init__(self) -> None:
        super().__init__(_("The letter’s text changed while you were reading. Please read it again before you sign."))


class WrongCode(Exception):
    """The code does not fit; the text says how many tries are left."""


class StartAgain(Exception):
    """Nothing is pending any more: the code is too old, was tried too often, or belongs to another browser."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the form asks for. `address` is checked for syntax; a confidential signer has no name and no role text."""

    visibility: Visibility
    address: str
    name: str = ""
    role: str = ""
    employer: str = ""


def begin(*, letter_id: uuid.UUID, version_id: uuid.UUID, wish: Wish, secret: str, network: str) -> None:
    """Keep the wish under the browser's secret and owe a code to the address. Raises CannotSign.

    Over a limit everything happens except that no mail leaves; nobody can tell the difference here.
    """
    letter = Letter.objects.select_related(None).only("state", "directory_id", "current_id").get(pk=letter_id)
    if letter.state != Letter.State.OPEN:
        raise CannotSign(_("This letter is closed and takes no more signatures."))
    if letter.current_id != version_id:
        raise TextMoved
    employer, domains = verification.employer_at(
        directory_id=letter.directory_id, domain=verification.domain_of(wish.address)
    )
    try:
        tags = [keyring.tag(letter_id, form).hex() for form in verification.canonical_forms(wish.address, domains)]
    except keyring.KeyMissing as error:
        raise CannotSign(
            _("Signing is paused on this server for a moment. Nothing you typed was kept; please try again later.")
        ) from error
    public = wish.visibility is Visibility.PUBLIC
    wanted = Pending(
        letter_id=str(letter_id),
        version_id=str(version_id),
        visibility=wish.visibility,
        address=wish.address,
        tags=tags,
        code=verification.new_code(),
        employer_id=employer.pk if employer else None,
        employer_name=(employer.name if employer else wish.employer) if public else "",
        name=wish.name if public else "",
        role=wish.role if public else "",
        role_group=roles.group_of(wish.role),
        level=ProofLevel.WORK if employer else ProofLevel.EMAIL,
    )
    pending.keep(wanted, letter_id=letter_id, secret=secret)
    _owe_code(wanted, withheld=_above_limits(wanted, network=network))


def send_again(*, letter_id: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code for what is pending, in place of the old one. Raises StartAgain.

    Above a limit no mail leaves, and the code that was mailed before stays good.
    """
    waiting = pending.recall(letter_id=letter_id, secret=secret)
    if waiting is None:
        raise StartAgain
    withheld = _above_limits(waiting, network=network)
    renewed = waiting if withheld else replace(waiting, code=verification.new_code())
    pending.keep(renewed, letter_id=letter_id, secret=secret)
    _owe_code(renewed, withheld=withheld)


def complete(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> Visibility:
    """Sign with the code. Raises WrongCode, StartAgain or CannotSign.

    A repeat, by the same person in any spelling of the address, changes nothing and is answered the same way.
    """
    wanted = pending.recall(letter_id=letter_id, secret=secret)
    if wanted is None:
        raise StartAgain
    left = pending.count_try(letter_id=letter_id, secret=secret)
    if left < 0:
        raise StartAgain
    if not verification.same(wanted.code, verification.tidy(code)):
        if left == 0:
            pending.drop(letter_id=letter_id, secret=secret)
            raise StartAgain
        raise WrongCode(_("That code does not fit. Compare it with the newest mail; it has eight characters."))
    with transaction.atomic():
        if tag_id := _claim_tag(letter_id, wanted):
            if wanted.visibility == Visibility.PUBLIC:
                _sign_publicly(letter_id, wanted, tag_id, today)
            else:
                _sign_confidentially(letter_id, wanted)
    return Visibility(wanted.visibility)


def _above_limits(wanted: Pending, *, network: str) -> bool:
    mailbox = verification.canonical(wanted.address)
    day, hour = 86400, 3600
    by_address = throttling.within(scope="codes", subject=mailbox, most=settings.CODES_PER_ADDRESS_PER_DAY, seconds=day)
    by_network = throttling.within(
        scope="network", subject=network, most=settings.CODES_PER_NETWORK_PER_HOUR, seconds=hour
    )
    return not (by_address and by_network)


def _owe_code(wanted: Pending, *, withheld: bool) -> None:
    with transaction.atomic():
        emails.code(address=wanted.address, code=wanted.code, withheld=withheld)


def _claim_tag(letter_id: uuid.UUID, wanted: Pending) -> uuid.UUID | None:
    """Write the person's tags and answer the first one's id; None when any of them is there already.

    The share lock keeps the letter from closing, and the pool from moving, until this signature stands. Tags are
    written in order, so that two spellings of one person that arrive at once wait for each other.
    Raises CannotSign when the letter has closed.
    """
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH written AS (
                INSERT INTO letters_tag (id, letter_id, digest, fresh)
                SELECT gen_random_uuid(), letter.id, tag.digest, %s
                FROM (SELECT id FROM letters_letter WHERE id = %s AND state = 'open' FOR SHARE) AS letter,
                    unnest(%s::bytea[]) AS tag(digest)
                ORDER BY tag.digest
                ON CONFLICT (letter_id, digest) DO NOTHING RETURNING id, digest
            )
            SELECT (SELECT count(*) FROM written), (SELECT id FROM written WHERE digest = %s)
            """,
            [wanted.visibility == Visibility.CONFIDENTIAL, letter_id, digests, digests[0]],
        )
        count, tag_id = cursor.fetchone()
    if count == 0 and not Letter.objects.filter(pk=letter_id, state=Letter.State.OPEN).exists():
        raise CannotSign(_("This letter closed before your code arrived, so it takes no more signatures."))
    return tag_id if count == len(digests) else None


def _sign_publicly(letter_id: uuid.UUID, wanted: Pending, tag_id: uuid.UUID, today: date) -> None:
    PublicSignature.objects.create(
        letter_id=letter_id,
        version_id=wanted.version_id,
        tag_id=tag_id,
        name=wanted.name,
        role=wanted.role,
        role_group=wanted.role_group,
        employer_id=wanted.employer_id,
        employer_name=wanted.employer_name,
        level=wanted.level,
        signed_on=today,
    )
    count_public(
        letter_id=letter_id,
        version_id=wanted.version_id,
        employer_id=wanted.employer_id,
        role_group=wanted.role_group,
        today=today,
    )


def count_public(
    *,
    letter_id: uuid.UUID,
    version_id: uuid.UUID | str,
    employer_id: int | None,
    role_group: str,
    today: date,
    by: int = 1,
) -> None:
    """Add so many to the shown count of a group of public signers, and to its day."""
    freshness.changed()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH grown AS (
                INSERT INTO letters_day (letter_id, day, public, confidential) VALUES (%s, %s, %s, 0)
                ON CONFLICT (letter_id, day) DO UPDATE SET public = letters_day.public + EXCLUDED.public
            )
            INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
            VALUES (%s, %s, %s, %s, %s, 0)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET public = letters_cell.public + EXCLUDED.public
            """,
            [letter_id, today, by, letter_id, version_id, employer_id, role_group, by],
        )


def _sign_confidentially(letter_id: uuid.UUID, wanted: Pending) -> None:
    # An employer that was not proved is never counted for a confidential signer, nor is its kind of work.
    role_group = wanted.role_group if wanted.employer_id else RoleGroup.OTHER
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_waiting (letter_id, version_id, employer_id, role_group, count)
            VALUES (%s, %s, %s, %s, 1)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET count = letters_waiting.count + 1
            """,
            [letter_id, wanted.version_id, wanted.employer_id, role_group],
        )
