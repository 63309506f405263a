"""How many codes may be asked for, by whom and for whom (docs/abuse.md). Above a limit everything looks the same.

Nothing is remembered but counts under a key of the day (accounts.throttling). What counts is what it cost to ask:
a form that was solved (letters.proofofwork), that took a person's time, that came at once, or that fell into the trap.
"""

import time
import uuid
from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings
from django.core import signing

from accounts import throttling
from accounts.throttling import Limit
from letters import proofofwork, unwanted, verification

TRAP, MADE, PROOF = "homepage", "made", "proof"  # names of the form's unseen fields
HOUR, DAY = 3600, 86400
DEARER = 4  # times as much work once a network has asked for half of what it may
_OLDEST_FORM = DAY
_NOBODY = "nobody"  # counted for, so that the same commands run, where nobody shall be


class Effort(StrEnum):
    """What it cost to send the form."""

    TRAPPED = "trapped"  # filled in what no person sees
    HURRIED = "hurried"  # faster than a person, or without having asked for the form
    PLAIN = "plain"  # without a proof of work
    PROVED = "proved"
    DEARLY = "dearly"  # proved with the dearer puzzle


# How much of CODES_PER_NETWORK_PER_HOUR each may use; proofs, cheap and dear, are counted together.
_SHARES = {Effort.TRAPPED: 0.0, Effort.HURRIED: 1 / 40, Effort.PLAIN: 3 / 20, Effort.PROVED: 1.0, Effort.DEARLY: 10.0}
_PROVED = {Effort.PROVED, Effort.DEARLY}
# Such a part of a domain's ceiling is for what comes without proof, and counted apart: nobody shuts a company out for
# nothing.
_UNPROVED_PART = 5
# Providers that anybody may use have many more people than a company has.
_OPEN_TIMES = 10


def puzzle(*, form: str, network: str) -> str:
    """The puzzle for somebody who opens the form: dearer for a network that asks a lot. Counts nothing."""
    most = settings.CODES_PER_NETWORK_PER_HOUR
    busy = throttling.counted(_by_network(network, Effort.PROVED)) >= most / 2
    return proofofwork.challenge(form=form, times=DEARER if busy else 1)


def stamp(*, form: str) -> str:
    """When the form was made, signed; it tells a person from a program that sends at once."""
    return _signer().sign_object([form, int(time.time())])


def effort(data: Mapping[str, str], *, form: str) -> Effort:
    """What it cost to send this form. A proof is spent by it: ask once, for a form that is otherwise valid."""
    if data.get(TRAP):
        return Effort.TRAPPED
    if times := proofofwork.spend(data.get(PROOF, ""), form=form):
        return Effort.PROVED if times < DEARER else Effort.DEARLY
    return Effort.PLAIN if _took_time(data.get(MADE, ""), form=form) else Effort.HURRIED


def within(*, address: str, network: str, effort: Effort) -> bool:
    """Count one more code for this network, address and domain, and say whether it may leave.

    What one limit stops uses up no other, so nobody empties an address's day, or a company's hour, with requests that
    cost nothing. The same commands run whatever the answer: how long it takes says nothing.
    """
    mailbox = verification.canonical(address)
    domain = mailbox.rpartition("@")[2]
    stopped = unwanted.is_stopped(mailbox)
    free = throttling.take(_by_network(network, effort)) and effort is not Effort.TRAPPED and not stopped
    free &= throttling.take(_by_address(mailbox if free else _NOBODY))
    free &= throttling.take(_by_domain(domain if free else _NOBODY, effort))
    return free


def another_report(*, subject: uuid.UUID, network: str, effort: Effort) -> bool:
    """Count one more report of an error about `subject`, and say whether it may be kept.

    Nobody's mailbox is at stake, so whoever is over a limit may be told.
    """
    proved = effort in _PROVED
    most, scope = settings.REPORTS_PER_NETWORK_PER_HOUR, "reports" if proved else f"reports-{effort.value}"
    by_network = Limit(
        scope=scope, subject=network, most=most if proved else max(1, int(most * _SHARES[effort])), seconds=HOUR
    )
    if effort is Effort.TRAPPED or not throttling.take(by_network):
        return False
    # What comes without proof is counted apart: nobody shuts out all others for nothing.
    by_subject = f"{subject}/{'proved' if proved else 'unproved'}"
    return throttling.take(
        Limit(scope="reports-of", subject=by_subject, most=most * (10 if proved else 2), seconds=DAY)
    )


def _by_network(network: str, effort: Effort) -> Limit:
    scope = "network" if effort in _PROVED else f"network-{effort.value}"
    most = max(1, int(settings.CODES_PER_NETWORK_PER_HOUR * _SHARES[effort]))
    return Limit(scope=scope, subject=network, most=most, seconds=HOUR)


def _by_address(mailbox: str) -> Limit:
    return Limit(scope="codes", subject=mailbox, most=settings.CODES_PER_ADDRESS_PER_DAY, seconds=DAY)


def _by_domain(domain: str, effort: Effort) -> Limit:
    most = settings.CODES_PER_DOMAIN_PER_HOUR * (_OPEN_TIMES if domain in verification.OPEN_PROVIDERS else 1)
    if effort in _PROVED:
        return Limit(scope="domain", subject=domain, most=most, seconds=HOUR)
    return Limit(scope="domain-unproved", subject=domain, most=most // _UNPROVED_PART, seconds=HOUR)


def _took_time(made: str, *, form: str) -> bool:
    try:
        name, at = _signer().unsign_object(made)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(name == form and settings.FORM_LEAST_SECONDS <= time.time() - at <= _OLDEST_FORM)


def _signer() -> signing.Signer:
    return signing.Signer(salt="undersigned/form")
