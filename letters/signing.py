"""The act of signing: begin with a form, complete with a code (docs/signing.md).

Whoever asks, and whatever is known of the address, the steps, the answers and the pages are the same.
"""

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from letters import codes, freshness, keyring, newcomers, roles, unfinished, verification
from letters.limits import Effort
from letters.models import Employer, Letter, Pledge, ProofLevel, PublicSignature, RoleGroup, Tag
from letters.settling import Group


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
    news: bool = False
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
    follows: str = ""  # the topic that a public signer wants news of
    release_at: str = ""  # a Pledge.Scope, when a confidential signer waits for others
    release_number: int = 0


def begin(
    *,
    letter_id: uuid.UUID,
    version_id: uuid.UUID,
    wish: Wish,
    secret: str,
    network: str,
    effort: Effort = Effort.PLAIN,
    now: datetime,
) -> None:
    """Keep the wish under the browser's secret and owe a code to the address. Raises CannotSign.

    Over a limit everything happens except that no mail leaves; nobody can tell the difference here. Who wants her
    name shown is reminded once, a day later, unless she types the code or changes her mind about the name.
    """
    letter = (
        Letter.objects.select_related(None)
        .only("state", "directory_id", "current_id", "release_from")
        .get(pk=letter_id)
    )
    if letter.state != Letter.State.OPEN:
        raise CannotSign(_("This letter is closed and takes no more signatures."))
    if letter.current_id != version_id:
        raise TextMoved
    employer, tags = who_is(letter=letter, address=wish.address)
    public = wish.visibility is Visibility.PUBLIC
    wanted = Wanted(
        version_id=str(version_id),
        visibility=wish.visibility,
        tags=tags,
        employer_id=employer.pk if employer else None,
        employer_name=(employer.name if employer else wish.employer) if public else "",
        name=wish.name if public else "",
        role=wish.role if public else "",
        role_group=roles.group_of(wish.role),
        level=ProofLevel.WORK if employer else ProofLevel.EMAIL,
        follows=str(letter.directory_id) if public and wish.news else "",
        **_release(letter, None if public else wish.release, employer),
    )
    within = codes.within_limits(address=wish.address, network=network, effort=effort)
    with transaction.atomic():
        codes.ask(
            subject=letter_id,
            secret=secret,
            address=wish.address,
            wanted=asdict(wanted),
            withheld=not within,
            effort=effort,
        )
        if public:
            unfinished.owe(
                letter_id=letter_id, address=wish.address, employer_id=wanted.employer_id, within=within, now=now
            )
        else:
            unfinished.cancel(letter_id=letter_id, address=wish.address, employer_id=wanted.employer_id)


def who_is(*, letter: Letter, address: str) -> tuple[Employer | None, list[str]]:
    """The employer whose domain the address has, and the tags of whoever has it, her own first. Raises CannotSign."""
    employer, domains = verification.employer_at(
        directory_id=letter.directory_id, domain=verification.domain_of(address)
    )
    try:
        return employer, [keyring.tag(letter.pk, form).hex() for form in verification.canonical_forms(address, domains)]
    except keyring.KeyMissing as error:
        raise CannotSign(
            _("This is paused on this server for a moment. Nothing you typed was kept; please try again later.")
        ) from error


def _release(letter: Letter, release: Release | None, employer: Employer | None) -> dict[str, Any]:
    """What is kept of a condition. Where no employer is proved, the whole letter's number counts."""
    if release is None:
        return {}
    if letter.release_from is None or release.number < letter.release_from:
        raise CannotSign(_("This letter does not let its signers wait for others any more. Please choose again."))
    at = Pledge.Scope.EMPLOYER if release.at_employer and employer else Pledge.Scope.LETTER
    return {"release_at": at.value, "release_number": release.number}


def send_again(*, letter_id: uuid.UUID, secret: str, network: str) -> None:
    """Owe a new code for what is pending, in place of the old one. Raises codes.StartAgain."""
    with transaction.atomic():
        codes.ask_again(subject=letter_id, secret=secret, network=network)


def complete(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> Visibility:
    """Sign with the code. Raises codes.WrongCode, codes.StartAgain or CannotSign.

    A repeat, by the same person in any spelling of the address, changes nothing and is answered the same way; but who
    has signed confidentially and now signs publicly is shown, so that nobody who signs in somebody else's name can
    tell from the list whether she had signed before.
    """
    asked = codes.prove(subject=letter_id, secret=secret, typed=code)
    wanted = Wanted(**asked.wanted)
    public = wanted.visibility == Visibility.PUBLIC
    with transaction.atomic():
        if tag_id := _claim_tag(letter_id, wanted):
            if public:
                _sign_publicly(letter_id, wanted, tag_id, today)
            else:
                _sign_confidentially(letter_id, wanted)
        elif public:
            _step_forward(letter_id, wanted, today)
        if public:
            unfinished.cancel(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id)
    if not public:
        # In a transaction of its own, or the row's hidden mark would join a mailbox with a confidential signature.
        unfinished.cancel(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id)
    elif wanted.follows:
        newcomers.keep(topic=uuid.UUID(wanted.follows), address=asked.address)
    return Visibility(wanted.visibility)


def _claim_tag(letter_id: uuid.UUID, wanted: Wanted) -> uuid.UUID | None:
    """Write the person's tags and answer the first one's id; None, and nothing written, when any is there already.

    The share lock keeps the letter from closing, and the pool from moving, until this signature stands. Tags are
    written in order, so that two spellings of one person that arrive at once wait for each other.
    Raises CannotSign when the letter has closed.
    """
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    public = wanted.visibility == Visibility.PUBLIC
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH written AS (
                INSERT INTO letters_tag (id, letter_id, digest, public, fresh)
                SELECT gen_random_uuid(), letter.id, tag.digest, %s, %s
                FROM (SELECT id FROM letters_letter WHERE id = %s AND state = 'open' FOR SHARE) AS letter,
                    unnest(%s::bytea[]) AS tag(digest)
                ORDER BY tag.digest
                ON CONFLICT (letter_id, digest) DO NOTHING RETURNING id, digest
            )
            SELECT (SELECT array_agg(id) FROM written), (SELECT id FROM written WHERE digest = %s)
            """,
            [public, not public, letter_id, digests, digests[0]],
        )
        written, tag_id = cursor.fetchone()
    if written and len(written) < len(digests):
        Tag.objects.filter(pk__in=written).delete()
    elif not written and not Letter.objects.filter(pk=letter_id, state=Letter.State.OPEN).exists():
        raise CannotSign(_("This letter closed before your code arrived, so it takes no more signatures."))
    return tag_id if written and len(written) == len(digests) else None


def _step_forward(letter_id: uuid.UUID, wanted: Wanted, today: date) -> None:
    """Show somebody who had signed confidentially: her name comes, and one confidential signature goes in its time."""
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    tags = Tag.objects.filter(letter_id=letter_id, digest__in=digests)
    held = list(tags.select_for_update().order_by("digest"))
    if not held or any(tag.public for tag in held):
        return
    tags.update(public=True, fresh=False)
    _sign_publicly(letter_id, wanted, held[0].pk, today)
    let_go(letter_id=letter_id, employer_id=wanted.employer_id)


def let_go(*, letter_id: uuid.UUID, employer_id: int | None) -> None:
    """Count one confidential signer fewer, some time: pooling decides where and when (letters.settling)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_leaving (letter_id, employer_id, count) VALUES (%s, %s, 1)
            ON CONFLICT (letter_id, employer_id) DO UPDATE SET count = letters_leaving.count + 1
            """,
            [letter_id, employer_id],
        )


def _sign_publicly(letter_id: uuid.UUID, wanted: Wanted, tag_id: uuid.UUID, today: date) -> None:
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


def _sign_confidentially(letter_id: uuid.UUID, wanted: Wanted) -> None:
    # An employer that was not proved is never counted for a confidential signer, nor is its kind of work.
    role_group = wanted.role_group if wanted.employer_id else RoleGroup.OTHER
    group = Group(uuid.UUID(wanted.version_id), wanted.employer_id, role_group)
    if not wanted.release_number:
        wait(letter_id=letter_id, group=group)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_pledge (letter_id, version_id, employer_id, role_group, scope, number, count)
            VALUES (%s, %s, %s, %s, %s, %s, 1)
            ON CONFLICT (letter_id, version_id, employer_id, role_group, scope, number)
            DO UPDATE SET count = letters_pledge.count + 1
            """,
            [
                letter_id,
                group.version_id,
                group.employer_id,
                group.role_group,
                wanted.release_at,
                wanted.release_number,
            ],
        )


def wait(*, letter_id: uuid.UUID, group: Group) -> None:
    """One more confidential signer of this group waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_waiting (letter_id, version_id, employer_id, role_group, count)
            VALUES (%s, %s, %s, %s, 1)
            ON CONFLICT (letter_id, version_id, employer_id, role_group)
            DO UPDATE SET count = letters_waiting.count + 1
            """,
            [letter_id, group.version_id, group.employer_id, group.role_group],
        )
