"""What a signer typed, kept between form and code: fifteen minutes, in Redis, sealed under her own cookie.

The cookie's secret is the key. Redis holds a name derived from it and a sealed block, so nobody who copies
Redis, and nobody who copies PostgreSQL, can read who was about to sign. No Django session takes part.
"""

import hashlib
import json
import secrets
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from accounts import sealing
from accounts.shortlived import memory

LIFE = 900  # seconds that a code lives
_MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Pending:
    """One act of signing that waits for its code."""

    letter_id: str
    version_id: str
    visibility: str
    address: str
    tags: list[str]
    code: str
    employer_id: int | None
    employer_name: str
    name: str
    role: str
    role_group: str
    level: str


def new_secret() -> str:
    """The secret for a signer's cookie: 256 bits, url-safe."""
    return secrets.token_urlsafe(32)


def keep(pending: Pending, *, letter_id: uuid.UUID, secret: str) -> None:
    """Keep `pending` for fifteen minutes, in place of what this cookie had pending at this letter.

    Tries that were used stay used: another code is no way to more guesses.
    """
    name = _name(letter_id, secret)
    sealed = sealing.seal(json.dumps(asdict(pending)).encode(), key=_key(secret), bound_to=name)
    memory().set(name, sealed, ex=LIFE)


def recall(*, letter_id: uuid.UUID, secret: str) -> Pending | None:
    """What this cookie has pending at this letter, if it is still there."""
    name = _name(letter_id, secret)
    sealed = memory().get(name)
    if not isinstance(sealed, bytes):
        return None
    try:
        plain: dict[str, Any] = json.loads(sealing.unseal(sealed, key=_key(secret), bound_to=name))
    except sealing.KeyGone:
        return None
    return Pending(**plain)


def is_there(*, letter_id: uuid.UUID, secret: str) -> bool:
    """Whether this cookie has something pending at this letter."""
    return bool(memory().exists(_name(letter_id, secret)))


def count_try(*, letter_id: uuid.UUID, secret: str) -> int:
    """Count one more attempt at the code and answer how many are left after it; -1 when none was left for it."""
    name = _name(letter_id, secret)
    pipe = memory().pipeline()
    pipe.incr(f"{name}:tries")
    pipe.expire(f"{name}:tries", LIFE)
    tries, _ = pipe.execute()
    return max(-1, _MOST_TRIES - int(tries))


def drop(*, letter_id: uuid.UUID, secret: str) -> None:
    """Forget what is pending."""
    name = _name(letter_id, secret)
    memory().delete(name, f"{name}:tries")


def _name(letter_id: uuid.UUID, secret: str) -> str:
    return "pending:" + hashlib.sha256(f"name\0{letter_id}\0{secret}".encode()).hexdigest()


def _key(secret: str) -> bytes:
    return sealing.derive(secret.encode(), purpose="pending signature")
