"""Evidence of where a signer works: sealed under a key of its own, opened by one reviewer, destroyed on the answer.

PostgreSQL has only what was sealed; its key is in Redis for three days at most. Once the key is gone, nobody can open
it any more, not even from a backup or from what PostgreSQL has not cleaned up.
"""

import base64
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts import sealing
from letters.models import Case, PublicSignature, Tag

LIFE = 72 * 3600


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a signer shows a reviewer, and what it is to show."""

    employer_id: int
    former: bool = False
    text: str = ""
    link: str = ""
    picture: bytes = b""


def add(*, tags: Sequence[Tag], sent: Sent, blocked: bool, today: date) -> None:
    """Seal what was sent for the public signature of these tags, in place of what was sent before.

    Where no such signature stands or waits, nothing is kept.
    """
    live = [PublicSignature.State.SHOWN, PublicSignature.State.HELD]
    signature = PublicSignature.objects.filter(tag__in=[tag.pk for tag in tags], state__in=live).order_by("pk").first()
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
        tags=[tag.pk for tag in tags],
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


def _key_name(case_id: uuid.UUID) -> str:
    return f"evidence:{case_id}"
