"""Codes that nobody asked for: whoever gets one may stop them for her address, with that code, for thirty days.

The mail cannot lead here: it carries no link and names nobody. What is remembered lies in Redis alone: of a code that
was mailed, for its quarter of an hour, a slow HMAC of address and code; of a stop, an HMAC of the mailbox, which goes
by itself. Should Redis be emptied, codes come again, three a day at most, and can be stopped again.
"""

import hashlib
import hmac

from django.conf import settings

from accounts import sealing, throttling
from accounts.shortlived import memory
from letters import pending, verification

DAYS = 30
_TRIES = 10  # an hour, for a network and for an address
# Some 3 ms and 1 MB: too slow for going through all codes of one address in their quarter of an hour, or a month.
_SCRYPT = {"n": 1024, "r": 8, "p": 1, "dklen": 32}


class TooManyTries(Exception):
    """This network, or somebody else for this address, has tried too often within the hour."""


def remember(*, address: str, code: str) -> None:
    """Keep, as long as the code lives, what recognises the code together with its address."""
    memory().set(_mailed(verification.canonical(address), code), b"", ex=pending.LIFE)


def stop(*, address: str, typed: str, network: str) -> bool:
    """Stop codes to the address if this one was mailed there of late; says whether it was. Raises TooManyTries."""
    mailbox = verification.canonical(address)
    tries = [
        throttling.within(scope="stop-network", subject=network, most=_TRIES, seconds=3600),
        throttling.within(scope="stop-address", subject=mailbox, most=_TRIES, seconds=3600),
    ]
    if not all(tries):
        raise TooManyTries
    fits = bool(memory().delete(_mailed(mailbox, verification.tidy(typed))))
    if fits:
        memory().set(_stopped(mailbox), b"", ex=DAYS * 86400)
    return fits


def is_stopped(mailbox: str) -> bool:
    """Whether codes to this canonical address are stopped."""
    return bool(memory().exists(_stopped(mailbox)))


def _mailed(mailbox: str, code: str) -> str:
    slow = hashlib.scrypt(f"{mailbox}\0{code}".encode(), salt=_key("mailed codes"), **_SCRYPT)
    return f"mailed:{slow.hex()}"


def _stopped(mailbox: str) -> str:
    return f"stopped:{hmac.digest(_key('stopped codes'), mailbox.encode(), 'sha256').hex()}"


def _key(purpose: str) -> bytes:
    return sealing.derive(settings.SECRET_KEY.encode(), purpose=purpose)
