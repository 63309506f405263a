"""Sealing of what must not lie about in plain: AES-256-GCM, padded so that lengths say nothing.

Four kinds of key. A *brief* key is random, lives in Redis for at most 45 minutes and is then gone from
everywhere, so what it sealed cannot be opened again even from a backup. A key of *days* is the same for
three days at most. An *own* key seals one thing, until it is destroyed or its
time is over. A *lasting* key comes from SECRET_KEY and seals mail to people whose addresses we keep
anyway: organisers, subscribers, offices.
"""

import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts.shortlived import memory

LASTING = "lasting"
# Seconds in which one key seals, and after which it is gone.
_BRIEF = (900, 3 * 900)
_DAYS = (86400, 3 * 86400)
# By Redis's clock: a worker whose own is a day off uses the same key as the others.
_KEY_OF_THE_SLOT = """
local name = ARGV[1] .. ':' .. math.floor(redis.call('TIME')[1] / ARGV[2])
redis.call('SET', name, ARGV[4], 'EX', ARGV[3], 'NX')
return {name, redis.call('GET', name)}
"""
_BLOCK = 512


class KeyGone(Exception):
    """The key that sealed this was destroyed, or the sealed bytes were altered: nobody can open it any more."""


def brief_key() -> tuple[str, bytes]:
    """The name and bytes of the brief key of this quarter of an hour, made on first use."""
    return _random_key("brief", *_BRIEF)


def days_key() -> tuple[str, bytes]:
    """The name and bytes of this day's key, made on first use and gone three days later."""
    return _random_key("days", *_DAYS)


def days_keys() -> list[bytes]:
    """Every key of days that is still there, this day's first."""
    name, key = days_key()
    prefix, _, slot = name.rpartition(":")
    before = memory().mget([f"{prefix}:{int(slot) - days}" for days in range(1, _DAYS[1] // _DAYS[0])])
    return [key, *(old for old in before if isinstance(old, bytes))]


def own_key(name: str, *, seconds: int) -> bytes:
    """A new random key for one thing: gone when it is destroyed, and after so many seconds anyway."""
    key = secrets.token_bytes(32)
    memory().set(name, key, ex=seconds)
    return key


def destroy_key(name: str) -> None:
    """From now on nobody opens what this key has sealed."""
    memory().delete(name)


def seconds_left(names: Sequence[str]) -> list[int]:
    """How long these keys still live; nothing is left of those with 0."""
    pipe = memory().pipeline(transaction=False)
    for name in names:
        pipe.ttl(name)
    return [max(0, int(seconds)) for seconds in pipe.execute()]


def lasting_key() -> tuple[str, bytes]:
    """The name and bytes of the lasting key."""
    return LASTING, _named_key(LASTING)


def seal(plain: bytes, *, key: bytes, bound_to: str) -> bytes:
    """`plain` padded to a multiple of 512 bytes and sealed; it opens only with the same `bound_to`."""
    length = len(plain).to_bytes(4, "big")
    padded = (length + plain).ljust(-(-(len(plain) + 4) // _BLOCK) * _BLOCK, b"\0")
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, padded, bound_to.encode())


def unseal(sealed: bytes, *, key: bytes, bound_to: str) -> bytes:
    """What `seal` was given. Raises KeyGone when key, binding or bytes do not fit."""
    try:
        padded = AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to.encode())
    except InvalidTag as error:
        raise KeyGone from error
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def unseal_named(sealed: bytes, *, key_name: str, bound_to: str) -> bytes:
    """What was sealed under the key of that name. Raises KeyGone when the key is no longer there."""
    return unseal(sealed, key=_named_key(key_name), bound_to=bound_to)


def derive(secret: bytes, *, purpose: str) -> bytes:
    """A 32-byte key for one purpose from `secret` (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"undersigned/{purpose}".encode()).derive(secret)


def _random_key(prefix: str, slot: int, life: int) -> tuple[str, bytes]:
    name, key = memory().register_script(_KEY_OF_THE_SLOT)(args=[prefix, slot, life, secrets.token_bytes(32)])
    return name.decode(), key


def _named_key(name: str) -> bytes:
    if name == LASTING:
        return derive(settings.SECRET_KEY.encode(), purpose="mail to organisers")
    key = memory().get(name)
    if not isinstance(key, bytes):
        raise KeyGone
    return key
