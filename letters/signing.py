"""The act of signing: begin with a form, complete with a code (docs/signing.md).

Whoever asks, and whatever is known of the address, the steps, the answers and the pages are the same.
"""

import uuid
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from letters import (
    admitting,
    arrivals,
    codes,
    counting,
    evidence,
    holding,
    keyring,
    newcomers,
    roles,
    saying,
    unfinished,
    verification,
)
from letters.limits import Effort
from letters.models import Employer, Letter, Pledge, ProofLevel, PublicSignature, RoleGroup, Tag, Version
from letters.settling import Group
from letters.wishes import CannotSign, NotLikeThis, Release, TextMoved, Visibility, Wanted, Wish


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
        .only("state", "directory_id", "current_id", "release_from", "asks_reason", *admitting.FIELDS)
        .get(pk=letter_id)
    )
    if letter.state != Letter.State.OPEN:
        raise CannotSign(_("This letter is closed and takes no more signatures."))
    if letter.current_id != version_id:
        raise TextMoved
    employer, tags = who_is(letter=letter, address=wish.address)
    public = wish.visibility is Visibility.PUBLIC
    if problem := admitting.problem(letter=letter, employer=employer, public=public, evidence=wish.evidence):
        raise NotLikeThis(problem)
    wanted = Wanted(
        version_id=str(version_id),
        visibility=wish.visibility,
        tags=tags,
        employer_id=employer.pk if employer else None,
        employer_name=(employer.name if employer else wish.employer) if public else "",
        name=wish.name if public else "",
        role=wish.role if public else "",
        reason=wish.reason if public and letter.asks_reason else "",
        quotable=public and wish.quotable,
        role_group=roles.group_of(wish.role),
        level=ProofLevel.WORK if employer else ProofLevel.EMAIL,
        follows=str(letter.directory_id) if public and wish.news else "",
        evidence=wish.evidence,
        blocked=wish.evidence
        and bool(admitting.problem(letter=letter, employer=employer, public=public, evidence=False)),
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


def complete(*, letter_id: uuid.UUID, secret: str, code: str, today: date) -> Visibility | None:
    """Sign with the code. Raises codes.WrongCode, codes.StartAgain or CannotSign.

    Who wants to show a reviewer something has signed only with that (letters.evidence): until then this answers None.
    """
    asked = codes.prove(subject=letter_id, secret=secret, typed=code)
    if asked.wanted.get("evidence"):
        evidence.wait_for(letter_id=letter_id, secret=secret, asked=asked)
        return None
    return settle(letter_id=letter_id, asked=asked, today=today)


def complete_with(*, letter_id: uuid.UUID, secret: str, sent: evidence.Sent | None, today: date) -> None:
    """Sign with what a reviewer is to see, or without where the letter takes that. Raises StartAgain or CannotSign."""
    asked = evidence.waited_for(letter_id=letter_id, secret=secret)
    if sent is None and asked.wanted["blocked"]:
        raise CannotSign(_("This letter takes your signature only with something that shows where you work."))
    if sent is not None:
        evidence.check(letter_id=letter_id, sent=sent)
    settle(letter_id=letter_id, asked=asked, sent=sent, today=today)
    evidence.have_done(letter_id=letter_id, secret=secret)


def settle(*, letter_id: uuid.UUID, asked: codes.Asked, sent: evidence.Sent | None = None, today: date) -> Visibility:
    """Write down what a proved mailbox asked for.

    A repeat, by the same person in any spelling of the address, changes nothing and is answered the same way; but who
    has signed confidentially and now signs publicly is shown, so that nobody who signs in somebody else's name can
    tell from the list whether she had signed before. Who signed an earlier edition moves to this one by signing it;
    nothing else moves anybody.
    """
    wanted = Wanted(**asked.wanted)
    public = wanted.visibility == Visibility.PUBLIC
    with transaction.atomic():
        tag_id = _claim_tag(letter_id, wanted)
        if tag_id is None:
            shown = _sign_again(letter_id, wanted, today)
        elif public:
            shown = _sign_publicly(letter_id, wanted, tag_id, today)
        else:
            shown = _sign_confidentially(letter_id, wanted)
        if sent is not None:
            evidence.add(tags=_tags(letter_id, wanted), sent=sent, blocked=wanted.blocked, today=today)
        if public:
            unfinished.cancel(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id)
    if not public:
        # In a transaction of its own, or the row's hidden mark would join a mailbox with a confidential signature.
        unfinished.cancel(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id)
    elif wanted.follows:
        newcomers.keep(topic=uuid.UUID(wanted.follows), address=asked.address)
    arrivals.count_name(letter_id=letter_id, address=asked.address, employer_id=wanted.employer_id, shown=shown)
    return Visibility(wanted.visibility)


def _claim_tag(letter_id: uuid.UUID, wanted: Wanted) -> uuid.UUID | None:
    """Write the person's tags and answer the first one's id; None, and nothing written, when any is there already.

    The share lock keeps the letter from closing or changing, and the pool from moving, until this signature stands.
    Tags are written in order, so that two spellings of one person that arrive at once wait for each other.
    Raises CannotSign when the letter has closed, or asks for something else by now.
    """
    digests = [bytes.fromhex(tag) for tag in wanted.tags]
    public = wanted.visibility == Visibility.PUBLIC
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH written AS (
                INSERT INTO letters_tag (id, letter_id, digest, public, fresh, edition)
                SELECT gen_random_uuid(), letter.id, tag.digest, %s, %s, letter.edition
                FROM (
                    SELECT letter.id, version.edition FROM letters_letter AS letter
                    JOIN letters_version AS version ON version.id = letter.current_id
                    WHERE letter.id = %s AND letter.state = 'open'
                    AND version.edition = (SELECT edition FROM letters_version WHERE id = %s)
                    FOR SHARE OF letter
                ) AS letter, unnest(%s::bytea[]) AS tag(digest)
                ORDER BY tag.digest
                ON CONFLICT (letter_id, digest) DO NOTHING RETURNING id, digest
            )
            SELECT (SELECT array_agg(id) FROM written), (SELECT id FROM written WHERE digest = %s)
            """,
            [public, not public, letter_id, wanted.version_id, digests, digests[0]],
        )
        written, tag_id = cursor.fetchone()
    if written and len(written) < len(digests):
        Tag.objects.filter(pk__in=written).delete()
    elif not written:
        _refuse_unless_as_it_was(letter_id, wanted)
    return tag_id if written and len(written) == len(digests) else None


def _tags(letter_id: uuid.UUID, wanted: Wanted) -> "QuerySet[Tag]":
    return Tag.objects.filter(letter_id=letter_id, digest__in=[bytes.fromhex(tag) for tag in wanted.tags])


def _refuse_unless_as_it_was(letter_id: uuid.UUID, wanted: Wanted) -> None:
    """Nothing was written: because she had signed, or because the letter is no longer as she read it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT letter.state, current.edition = signed.edition FROM letters_letter AS letter
            JOIN letters_version AS current ON current.id = letter.current_id
            JOIN letters_version AS signed ON signed.id = %s
            WHERE letter.id = %s FOR SHARE OF letter
            """,
            [wanted.version_id, letter_id],
        )
        state, same_edition = cursor.fetchone()
    if state != Letter.State.OPEN:
        raise CannotSign(_("This letter closed before your code arrived, so it takes no more signatures."))
    if not same_edition:
        raise TextMoved


def _sign_again(letter_id: uuid.UUID, wanted: Wanted, today: date) -> bool:
    """Somebody who had signed: show her who was only counted; bring to this edition who had signed an earlier one.

    Answers whether a name came to stand on the list.

    A name that stands there stays as it is, under whichever edition; but who signs a later one confidentially takes
    the name back that she showed under the earlier: it may not stand under what she did not sign by name.
    """
    tags = _tags(letter_id, wanted)
    held = list(tags.select_for_update().order_by("digest"))
    edition = Version.objects.values_list("edition", flat=True).get(pk=wanted.version_id)
    if not held:
        return False
    earlier = max(tag.edition for tag in held)
    shown = any(tag.public for tag in held)
    if wanted.visibility == Visibility.PUBLIC and not shown:
        tags.update(public=True, fresh=False, edition=edition)
        stands = _sign_publicly(letter_id, wanted, held[0].pk, today)
        counting.let_go(letter_id=letter_id, employer_id=wanted.employer_id, edition=earlier)
        return stands
    if earlier >= edition:
        return False
    if shown:
        _bring_name(letter_id, wanted, held, edition, today)
        return False
    tags.update(fresh=True, edition=edition)
    counting.let_go(letter_id=letter_id, employer_id=wanted.employer_id, edition=earlier)
    return _sign_confidentially(letter_id, wanted)


def _bring_name(letter_id: uuid.UUID, wanted: Wanted, held: list[Tag], edition: int, today: date) -> None:
    """Who stands there by name signs a later edition, by name or without."""
    signature = (
        PublicSignature.objects.select_for_update()
        .filter(tag__in=[tag.pk for tag in held], state__in=holding.LIVE)
        .first()
    )
    if signature is None:
        return
    shown = signature.state == PublicSignature.State.SHOWN
    tags = Tag.objects.filter(pk__in=[tag.pk for tag in held])
    if wanted.visibility == Visibility.PUBLIC:
        tags.update(edition=edition)
        version_id = uuid.UUID(wanted.version_id)
        if shown:
            counting.move(signature, version_id=version_id, role_group=signature.role_group)
        # What she said and allowed beside the earlier text she has not said and allowed beside this one.
        PublicSignature.objects.filter(pk=signature.pk).update(
            version_id=version_id, signed_on=today, quotable=wanted.quotable
        )
        saying.say(signature=signature, reason=wanted.reason, today=today)
        return
    holding.take_off(signature, today)
    tags.update(public=False, fresh=True, edition=edition)
    _sign_confidentially(letter_id, wanted)


def _sign_publicly(letter_id: uuid.UUID, wanted: Wanted, tag_id: uuid.UUID, today: date) -> bool:
    """Her name stands on the letter at once, unless a person has to look first: then nobody sees or counts it yet.

    Answers whether it stands there.
    """
    held = holding.why(version_id=wanted.version_id, name=wanted.name)
    signature = PublicSignature.objects.create(
        letter_id=letter_id,
        version_id=wanted.version_id,
        tag_id=tag_id,
        name=wanted.name,
        role=wanted.role,
        role_group=wanted.role_group,
        employer_id=wanted.employer_id,
        employer_name=wanted.employer_name,
        level=wanted.level,
        quotable=wanted.quotable,
        state=PublicSignature.State.HELD if held or wanted.blocked else PublicSignature.State.SHOWN,
        signed_on=today,
    )
    if held:
        holding.ask(signature=signature, held=held, tags=_tags(letter_id, wanted), today=today)
    elif not wanted.blocked:
        counting.count_signature(signature)
    saying.say(signature=signature, reason=wanted.reason, today=today)
    return not (held or wanted.blocked)


def _sign_confidentially(letter_id: uuid.UUID, wanted: Wanted) -> bool:
    """One more who waits, and no name on the list."""
    # An employer that was not proved is never counted for a confidential signer, nor is its kind of work.
    role_group = wanted.role_group if wanted.employer_id else RoleGroup.OTHER
    group = Group(uuid.UUID(wanted.version_id), wanted.employer_id, role_group)
    if wanted.release_number:
        counting.promise(letter_id=letter_id, group=group, scope=wanted.release_at, number=wanted.release_number)
    else:
        counting.wait(letter_id=letter_id, group=group)
    return False
