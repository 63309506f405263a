"""Sealing of what must not lie about in plain: AES-256-GCM, padded so that lengths say nothing.

Two kinds of key. A *brief* key is random, lives in Redis for at most 45 minutes and is then gone from
everywhere, so what it sealed cannot be opened again even from a backup. A *lasting* key comes from
SECRET_KEY and seals mail to organisers, whose addresses are in their accounts anyway.
"""

import secrets
import time

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from accounts.shortlived import memory

LASTING = "lasting"
_SLOT = 900  # seconds in which one brief key seals
_BRIEF_LIFE = 3 * _SLOT
_BLOCK = 512


class KeyGone(Exception):
    """The key that sealed this was destroyed, or the sealed bytes were altered: nobody can open it any more."""


def brief_key() -> tuple[str, bytes]:
    """The name and bytes of the brief key of this quarter of an hour, made on first use."""
    name = f"brief:{int(time.time()) // _SLOT}"
    memory().set(name, secrets.token_bytes(32), ex=_BRIEF_LIFE, nx=True)
    return name, _named_key(name)


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


def _named_key(name: str) -> bytes:
    if name == LASTING:
        return derive(settings.SECRET_KEY.encode(), purpose="mail to organisers")
    key = memory().get(name)
    if not isinstance(key, bytes):
        raise KeyGone
    return key
