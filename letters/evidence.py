"""Evidence of where a signer works: sealed under a key of its own, opened by one reviewer, destroyed on the answer.

PostgreSQL has only what was sealed; its key is in Redis for three days at most. Once the key is gone, nobody can open
it any more, not even from a backup or from what PostgreSQL has not cleaned up.
"""

import base64
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts import sealing
from letters import pending
from letters.codes import Asked, StartAgain
from letters.models import Case, Employer, Letter, PublicSignature, Tag

LIFE = 72 * 3600
GATHERING = 30 * 60  # seconds between the code and what is shown


class NotForThisLetter(Exception):
    """The letter takes no such evidence; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a signer shows a reviewer, and what it is to show."""

    employer_id: int
    former: bool = False
    text: str = ""
    link: str = ""
    picture: bytes = b""


def wait_for(*, letter_id: uuid.UUID, secret: str, asked: Asked) -> None:
    """Keep what a proved mailbox asked for, under its browser's secret, until the evidence comes."""
    pending.keep(asdict(asked), subject=_subject(letter_id), secret=secret, seconds=GATHERING)


def is_waited_for(*, letter_id: uuid.UUID, secret: str) -> bool:
    """Whether evidence may be sent in this browser."""
    return pending.is_there(subject=_subject(letter_id), secret=secret)


def waited_for(*, letter_id: uuid.UUID, secret: str) -> Asked:
    """What the proved mailbox asked for. Raises codes.StartAgain."""
    plain = pending.recall(subject=_subject(letter_id), secret=secret)
    if plain is None:
        raise StartAgain
    return Asked(**plain)


def have_done(*, letter_id: uuid.UUID, secret: str) -> None:
    """Nothing is waited for any more."""
    pending.drop(subject=_subject(letter_id), secret=secret)


def employers_for(letter_id: uuid.UUID) -> list[tuple[int, str]]:
    """Which employers evidence may be about."""
    letter = Letter.objects.only("for_anyone", "directory_id").get(pk=letter_id)
    rows = Employer.objects.filter(directory_id=letter.directory_id) if letter.for_anyone else letter.employers.all()
    return list(rows.order_by("name").values_list("pk", "name"))


def check(*, letter_id: uuid.UUID, sent: Sent) -> None:
    """Raises NotForThisLetter when the letter does not ask for such evidence."""
    letter = Letter.objects.only("for_anyone", "former_too", "directory_id").get(pk=letter_id)
    if sent.employer_id not in {pk for pk, _name in employers_for(letter_id)}:
        raise NotForThisLetter(_("This letter is for people of other employers. Choose one of them."))
    if sent.former and not (letter.for_anyone or letter.former_too):
        raise NotForThisLetter(_("This letter is for people who work there now."))


def add(*, tags: Iterable[Tag], sent: Sent, blocked: bool, today: date) -> None:
    """Seal what was sent for the public signature of these tags, in place of what was sent before.

    Where no such signature stands or waits, nothing is kept.
    """
    live = [PublicSignature.State.SHOWN, PublicSignature.State.HELD]
    tag_ids = [tag.pk for tag in tags]
    signature = PublicSignature.objects.filter(tag__in=tag_ids, state__in=live).order_by("pk").first()
    if signature is None:
        return
    destroy(signature_id=signature.pk)
    case_id = uuid.uuid4()
    content = {"text": sent.text, "link": sent.link, "picture": base64.b64encode(sent.picture).decode()}
    key = sealing.own_key(_key_name(case_id), seconds=LIFE)
    Case.objects.create(
        id=case_id,
        signature=signature,
        kind=Case.Kind.PROOF,
        blocks=blocked and signature.state == PublicSignature.State.HELD,
        asked_on=today,
        tags=tag_ids,
        sealed=sealing.seal(json.dumps(content).encode(), key=key, bound_to=str(case_id)),
        employer_id=sent.employer_id,
        former=sent.former,
    )


def read(case: Case) -> Sent | None:
    """What was sent; None when its key is gone."""
    if case.sealed is None or case.employer_id is None:
        return None
    try:
        plain = sealing.unseal_named(bytes(case.sealed), key_name=_key_name(case.pk), bound_to=str(case.pk))
    except sealing.KeyGone:
        return None
    content = json.loads(plain)
    return Sent(
        employer_id=case.employer_id,
        former=case.former,
        text=content["text"],
        link=content["link"],
        picture=base64.b64decode(content["picture"]),
    )


def destroy(*, signature_id: int) -> None:
    """Destroy what was sent for this signature: first the key, then what it sealed and the question itself."""
    cases = Case.objects.filter(signature_id=signature_id, kind=Case.Kind.PROOF)
    for case_id in cases.values_list("pk", flat=True):
        sealing.destroy_key(_key_name(case_id))
    cases.delete()


def without_key(case_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those whose evidence can no longer be opened."""
    left = sealing.seconds_left([_key_name(case_id) for case_id in case_ids])
    return [case_id for case_id, seconds in zip(case_ids, left, strict=True) if seconds <= 0]


def hours_left(case_ids: Sequence[uuid.UUID]) -> list[int]:
    """After how many hours the key of each is gone, rounded down."""
    return [seconds // 3600 for seconds in sealing.seconds_left([_key_name(case_id) for case_id in case_ids])]


def _subject(letter_id: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(letter_id, "evidence")


def _key_name(case_id: uuid.UUID) -> str:
    return f"evidence:{case_id}"
