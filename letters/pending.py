"""What somebody typed, kept between form and code: fifteen minutes, in Redis, sealed under her own cookie.

The cookie's secret is the key. Redis holds a name derived from it and a sealed block, so nobody who copies
Redis, and nobody who copies PostgreSQL, can read who was about to do what. No Django session takes part.
"""

import hashlib
import json
import secrets
import uuid
from typing import Any

from accounts import sealing
from accounts.shortlived import memory

LIFE = 900  # seconds that a code lives
_MOST_TRIES = 5


def new_secret() -> str:
    """The secret for somebody's cookie: 256 bits, url-safe."""
    return secrets.token_urlsafe(32)


def keep(plain: dict[str, Any], *, subject: uuid.UUID, secret: str, seconds: int = LIFE) -> None:
    """Keep `plain` for fifteen minutes, or so long, in place of what this cookie had pending on this subject.

    Tries that were used stay used: another code is no way to more guesses.
    """
    name = _name(subject, secret)
    sealed = sealing.seal(json.dumps(plain).encode(), key=_key(secret), bound_to=name)
    memory().set(name, sealed, ex=seconds)


def recall(*, subject: uuid.UUID, secret: str) -> dict[str, Any] | None:
    """What this cookie has pending on this subject, if it is still there."""
    name = _name(subject, secret)
    sealed = memory().get(name)
    if not isinstance(sealed, bytes):
        return None
    try:
        plain: dict[str, Any] = json.loads(sealing.unseal(sealed, key=_key(secret), bound_to=name))
    except sealing.KeyGone:
        return None
    return plain


def is_there(*, subject: uuid.UUID, secret: str) -> bool:
    """Whether this cookie has something pending on this subject."""
    return bool(memory().exists(_name(subject, secret)))


def count_try(*, subject: uuid.UUID, secret: str) -> int:
    """Count one more attempt at the code and answer how many are left after it; -1 when none was left for it."""
    name = _name(subject, secret)
    pipe = memory().pipeline()
    pipe.incr(f"{name}:tries")
    pipe.expire(f"{name}:tries", LIFE)
    tries, _ = pipe.execute()
    return max(-1, _MOST_TRIES - int(tries))


def drop(*, subject: uuid.UUID, secret: str) -> None:
    """Forget what is pending."""
    name = _name(subject, secret)
    memory().delete(name, f"{name}:tries")


def _name(subject: uuid.UUID, secret: str) -> str:
    return "pending:" + hashlib.sha256(f"name\0{subject}\0{secret}".encode()).hexdigest()


def _key(secret: str) -> bytes:
    return sealing.derive(secret.encode(), purpose="pending signature")
