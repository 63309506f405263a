"""Sending what the outbox owes: claim a row, hand it over outside any transaction, write down how that ended."""

import logging
import random
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from redis.exceptions import RedisError

from accounts import breaker, relay, sealing, suppression
from accounts.claiming import LEASE, claim_next, claim_this
from accounts.failures import judge
from accounts.kinds import KINDS
from accounts.models import OutgoingMail
from accounts.verdicts import Verdict

log = logging.getLogger(__name__)
State = OutgoingMail.State

_PERSISTENCE = LEASE / 6  # for writing down how a sending ended, while the database is away
_LONG_PERSISTENCE = LEASE / 2  # for writing down that nothing left: else it would be called uncertain
_MOST_ATTEMPTS = 12
_LONGEST_WAIT = 3600.0
_OVER: dict[str, Any] = {"lease": None, "leased_until": None, "lane": ""}
EMPTIED: dict[str, Any] = {"sealed": None, "sealing_key": "", "group": ""}
# Of a dead or uncertain letter, for a person to decide; not of one that was cancelled while it was being sent.
_KEPT = {name: Case(When(unwanted=True, then=Value(nothing)), default=F(name)) for name, nothing in EMPTIED.items()}


def deliver(mail_id: uuid.UUID) -> None:
    """Send this one if it is waiting, due and free to go; otherwise the sweep or somebody else will have it."""
    _send_one(lambda: claim_this(mail_id))


def sweep(*, queue: str, seconds: float) -> int:
    """Send what is due in `queue`, for about so many seconds; answers how many were tried."""
    _release_expired_leases(queue)
    _cancel_expired(queue)
    until, tried = time.monotonic() + seconds, 0
    while time.monotonic() < until and _send_one(lambda: claim_next(queue=queue)):
        tried += 1
    return tried


def _send_one(claim: Callable[[], OutgoingMail | None]) -> bool:
    """Whether there was one to send and a relay to try."""
    if not breaker.may_send():
        return False
    mail = claim()
    if mail is None:
        breaker.not_tried()
        return False
    _send(mail)
    return True


def _send(mail: OutgoingMail) -> None:
    try:
        head = mail.open()
    except RedisError as error:
        _put_back(mail, error)  # its key lies there
        return
    except sealing.KeyGone:
        breaker.not_tried()
        _close(mail, State.CANCELLED, "key destroyed")
        return
    except (TypeError, ValueError):
        # Sealed by a newer version of this program: a worker of that version will read it.
        breaker.not_tried()
        _fail(mail, Verdict(failure="unreadable"))
        return
    try:
        suppressed = _is_suppressed(mail, head)
    except (OperationalError, InterfaceError) as error:
        _put_back(mail, error)
        return
    if suppressed:
        breaker.not_tried()
        _close(mail, State.CANCELLED, "suppressed")
        return
    try:
        relay.hand_over(mail.pk, head, kind=mail.kind if suppression.is_noted(mail.kind) else "")
    except Exception as error:
        verdict = judge(error)
        (breaker.failed if verdict.relay else breaker.answered)()
        _fail(mail, verdict)
        return
    breaker.answered()
    _close(mail, State.SENT, "")


def _is_suppressed(mail: OutgoingMail, head: relay.Letterhead) -> bool:
    honours = mail.kind in KINDS and KINDS[mail.kind].honours_suppression
    return honours and suppression.holds(head.recipient, kind=mail.kind)


def _put_back(mail: OutgoingMail, error: Exception) -> None:
    """Nothing was handed over, because Redis or the database was away: it waits, and no attempt is used up."""
    breaker.not_tried()
    _fail(mail, Verdict(failure=type(error).__name__, relay=True), persistence=_LONG_PERSISTENCE)


def _fail(mail: OutgoingMail, verdict: Verdict, *, persistence: timedelta = _PERSISTENCE) -> None:
    log.warning("mail %s (%s) attempt %s: %s", mail.pk, mail.kind, mail.attempts, verdict.failure)
    if mail.at_most_once and verdict.may_have_arrived:
        _close(mail, State.UNCERTAIN, verdict.failure)
    elif verdict.permanent or (mail.attempts >= _MOST_ATTEMPTS and not verdict.relay):
        _close(mail, State.DEAD, verdict.failure)
    else:
        wait = random.uniform(0, min(_LONGEST_WAIT, 4.0 * 2**mail.attempts))  # noqa: S311 - jitter, not a secret
        _write_down(
            OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.SENDING),
            state=State.WAITING,
            lease=None,
            leased_until=None,
            # What the relay failed at is no attempt of this mail's.
            attempts=F("attempts") - 1 if verdict.relay else F("attempts"),
            due_at=Now() + timedelta(seconds=wait),
            failure=verdict.failure[:40],
            persistence=persistence,
        )


def _close(mail: OutgoingMail, state: State, failure: str) -> None:
    """Over. A dead or uncertain letter keeps its content for a person to decide, unless its key is to be destroyed."""
    rows = OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.SENDING)
    kept = state in {State.DEAD, State.UNCERTAIN} and mail.sealing_key == sealing.LASTING
    _write_down(rows, state=state, failure=failure[:40], over_at=Now(), **_OVER, **(_KEPT if kept else EMPTIED))


def _write_down(
    rows: "models.QuerySet[OutgoingMail]", *, persistence: timedelta = _PERSISTENCE, **changes: object
) -> None:
    """Write how a sending ended. If the database restarts just now, try on: to forget it means to send it again."""
    until = time.monotonic() + persistence.total_seconds()
    while True:
        try:
            rows.update(**changes)
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.25)


def _cancel_expired(queue: str) -> None:
    """What waited longer than it is of use is not sent any more."""
    OutgoingMail.objects.filter(queue=queue, state=State.WAITING, expires_at__lte=Now()).update(
        state=State.CANCELLED, failure="expired", over_at=Now(), lane="", **EMPTIED
    )


def _release_expired_leases(queue: str) -> None:
    """A worker died in the middle: repeat what may be repeated, list the rest."""
    left = OutgoingMail.objects.filter(queue=queue, state=State.SENDING, leased_until__lt=Now())
    if not left.exists():
        return
    left.filter(at_most_once=False).update(state=State.WAITING, lease=None, leased_until=None, due_at=Now())
    uncertain = {"state": State.UNCERTAIN, "failure": "worker lost", "over_at": Now()}
    left.filter(at_most_once=True, sealing_key=sealing.LASTING).update(**uncertain, **_OVER, **_KEPT)
    left.filter(at_most_once=True).update(**uncertain, **_OVER, **EMPTIED)
