"""Letters' tag keys: one file a letter, outside PostgreSQL and its backups, destroyed when the letter closes.

A key makes tags; without it a tag is noise. So it must never be in a database dump, must outlive a restart
of Redis, and its destruction must be one act (docs/adr/0003-keys-in-files.md).
"""

import hmac
import os
import secrets
import uuid
from pathlib import Path

from django.conf import settings


class KeyMissing(Exception):
    """The letter's key is not on this machine: signing must wait, or two people could become one."""


def create(letter_id: uuid.UUID) -> None:
    """Make the letter's key, once, when it opens; a key that is there already stays."""
    settings.KEYRING_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(letter_id)
    if path.exists():
        return
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
    _sync_folder()


def tag(letter_id: uuid.UUID, canonical_address: str) -> bytes:
    """The 32 bytes that stand for this person at this letter. Raises KeyMissing."""
    return hmac.digest(_key(letter_id), f"{letter_id}\0{canonical_address}".encode(), "sha256")


def destroy(letter_id: uuid.UUID) -> None:
    """Overwrite and remove the letter's key; doing it twice does no harm."""
    path = _path(letter_id)
    try:
        with path.open("r+b", buffering=0) as file:
            file.write(secrets.token_bytes(32))
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    _sync_folder()


def exists(letter_id: uuid.UUID) -> bool:
    """Whether the letter's key is there."""
    return _path(letter_id).exists()


def _key(letter_id: uuid.UUID) -> bytes:
    # Read each time: a copy in a process's memory would outlive the key's destruction.
    try:
        return _path(letter_id).read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing from error


def _path(letter_id: uuid.UUID) -> Path:
    return Path(settings.KEYRING_DIR) / f"{letter_id}.key"


def _sync_folder() -> None:
    folder = os.open(settings.KEYRING_DIR, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
