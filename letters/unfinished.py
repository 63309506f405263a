"""The one mail to somebody who wanted to sign publicly and did not type her code.

It is owed with the code, due a day later, and cancelled once it is of no use. Whoever wants to sign confidentially
never gets one, nor somebody who wanted to sign publicly first and then confidentially. The mail's key is an HMAC of
letter and mailbox under a key that Redis forgets within three days, so afterwards nobody can tell what it was about.
"""

import hmac
import uuid
from datetime import datetime, timedelta

from accounts import outbox, sealing, throttling
from letters import emails, verification

_AFTER = timedelta(days=1)
_DAY = 86400


def owe(*, letter_id: uuid.UUID, address: str, employer_id: int | None, within: bool, now: datetime) -> None:
    """Owe the mail in a day: once for a person and a letter, and once a day for an address, whatever the letters.

    Not `within` the limits of codes, or above its own, the same is done and the mail withheld: how long it takes says
    nothing about what was asked for with this address before.
    """
    today, *before = _keys_of(letter_id, _person(address, employer_id))
    _cancel(before)
    is_first = throttling.within(scope="unfinished", subject=verification.canonical(address), most=1, seconds=_DAY)
    withheld = not (within and is_first)
    emails.unfinished(
        address=address, key=uuid.uuid4().hex if withheld else today, due_at=now + _AFTER, withheld=withheld
    )


def cancel(*, letter_id: uuid.UUID, address: str, employer_id: int | None) -> None:
    """It is not wanted any more, in whichever browser and with whichever of her employer's domains she went on."""
    _cancel(_keys(letter_id, address, employer_id))


def _cancel(keys: list[str]) -> None:
    if keys:
        # One word for every cause, so that the row does not say which of them it was.
        outbox.cancel_keys(keys=[outbox.row_key(outbox.UNFINISHED, key) for key in keys], reason="taken up again")


def _keys(letter_id: uuid.UUID, address: str, employer_id: int | None) -> list[str]:
    """All keys that a mail to this person may have: the domain may have become her employer's since it was owed."""
    people = dict.fromkeys([_person(address, employer_id), _person(address, None)])
    return [key for person in people for key in _keys_of(letter_id, person)]


def _keys_of(letter_id: uuid.UUID, person: str) -> list[str]:
    words = f"unfinished\0{letter_id}\0{person}".encode()
    return [hmac.digest(key, words, "sha256").hex() for key in sealing.days_keys()]


def _person(address: str, employer_id: int | None) -> str:
    """One form for all addresses of a person, as in her tags: a mailbox name stands for her at all of her employer's
    domains (verification.canonical_forms)."""
    own = verification.canonical(address)
    return own if employer_id is None else f"{employer_id}\0{own.rpartition('@')[0]}"
