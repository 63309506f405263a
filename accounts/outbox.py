"""The outbox: the only door through which mail leaves (docs/mail.md).

A mail is a row, written in the transaction that causes it. Celery rings the bell and sweeps; it holds
nothing. Leases run by the database's clock, so a worker whose clock is wrong does no harm.
"""

import json
import logging
import random
import smtplib
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts import sealing
from accounts.models import OutgoingMail

log = logging.getLogger(__name__)
State = OutgoingMail.State

# Longer than the hard time limit of the tasks that send (accounts.tasks).
LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
_PERSISTENCE = LEASE / 6  # for writing down how a sending ended, while the database is away
_MOST_ATTEMPTS = 12
_LONGEST_WAIT = 3600.0


class NotConnected(Exception):
    """The relay could not be reached, so nothing has left; the text is the class of the failure."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What we owe for one sort of mail.

    `at_most_once`: whether a mail cut off in the middle is listed as uncertain (a repeat would annoy) or
    sent again (a repeat is harmless). `life`: after which it is of no use and is cancelled instead of sent.
    `brief`: sealed under a key that is destroyed within the hour.
    """

    name: str
    queue: str
    at_most_once: bool
    life: timedelta
    brief: bool = False


CODE = Kind(name="code", queue="codes", at_most_once=False, life=timedelta(minutes=15), brief=True)
ACCOUNT = Kind(name="account", queue="mail", at_most_once=False, life=timedelta(hours=24))
INVITATION = Kind(name="invitation", queue="mail", at_most_once=False, life=timedelta(days=7))
REMINDER = Kind(name="reminder", queue="mail", at_most_once=True, life=timedelta(days=14))


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What one mail says and to whom. Never logged, never a task's argument."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""


def queue(*, kind: Kind, key: str, mail: Letterhead, due_at: datetime | None = None, withheld: bool = False) -> None:
    """Owe `mail`, once for each `key`: a second row of the same key is not written.

    Call it inside the transaction that causes the mail. `withheld` writes a row that is over at once, so
    that refusing to send costs the same as sending.
    """
    mail_id = uuid.uuid4()
    key_name, sealing_key = sealing.brief_key() if kind.brief else sealing.lasting_key()
    sealed = sealing.seal(json.dumps(mail.__dict__).encode(), key=sealing_key, bound_to=str(mail_id))
    row = OutgoingMail(
        id=mail_id,
        key=f"{kind.name}:{key}",
        kind=kind.name,
        queue=kind.queue,
        at_most_once=kind.at_most_once,
        state=State.CANCELLED if withheld else State.WAITING,
        sealed=None if withheld else sealed,
        sealing_key="" if withheld else key_name,
        due_at=due_at or Now(),
        expires_at=(due_at or Now()) + kind.life,
        over_at=Now() if withheld else None,
        failure="withheld" if withheld else "",
    )
    OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
    if due_at is None:
        transaction.on_commit(lambda: _ring(mail_id, kind.queue))


def cancel(*, key_prefix: str, reason: str) -> int:
    """Cancel what waits under keys that begin so; answers how many. What is being sent goes."""
    return OutgoingMail.objects.filter(key__startswith=key_prefix, state=State.WAITING).update(
        state=State.CANCELLED, failure=reason[:40], sealed=None, sealing_key="", over_at=Now()
    )


def deliver(mail_id: uuid.UUID) -> None:
    """Send this one if it is waiting and due; otherwise somebody else has it and nothing happens."""
    if claimed := _claim(OutgoingMail.objects.filter(pk=mail_id)):
        _send(claimed)


def sweep(*, queue: str, seconds: float) -> int:
    """Send what is due in `queue`, for about so many seconds; answers how many were tried."""
    _release_expired_leases(queue)
    _cancel_expired(queue)
    until, tried = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        claimed = _claim(OutgoingMail.objects.filter(queue=queue))
        if claimed is None:
            break
        _send(claimed)
        tried += 1
    return tried


def forget(*, older_than: timedelta) -> int:
    """Delete what has been over for so long, but for reminders: their rows forbid a repeat."""
    old = OutgoingMail.objects.filter(over_at__lt=Now() - older_than).exclude(kind=REMINDER.name)
    deleted, _ = old.delete()
    return deleted


def _ring(mail_id: uuid.UUID, queue_name: str) -> None:
    from accounts.tasks import deliver_mail

    try:
        deliver_mail.apply_async((str(mail_id),), queue=queue_name, expires=120, ignore_result=True)
    except Exception as error:
        log.warning("the bell could not be rung (%s); the sweep will move the mail", type(error).__name__)


def _claim(rows: "models.QuerySet[OutgoingMail]") -> OutgoingMail | None:
    with transaction.atomic():
        mail = (
            rows.filter(state=State.WAITING, due_at__lte=Now(), expires_at__gt=Now())
            .select_for_update(skip_locked=True)
            .order_by("due_at")
            .first()
        )
        if mail is None:
            return None
        mail.lease = uuid.uuid4()
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=State.SENDING, lease=mail.lease, leased_until=Now() + LEASE, attempts=F("attempts") + 1
        )
        mail.attempts += 1
    return mail


def _send(mail: OutgoingMail) -> None:
    try:
        head = Letterhead(
            **json.loads(
                sealing.unseal_named(bytes(mail.sealed or b""), key_name=mail.sealing_key, bound_to=str(mail.pk))
            )
        )
    except sealing.KeyGone:
        _close(mail.pk, mail.lease, State.CANCELLED, "key destroyed")
        return
    except (TypeError, ValueError):
        # Sealed by a newer version of this program: a worker of that version will read it.
        _fail(mail, "unreadable", permanent=False, may_have_arrived=False)
        return
    try:
        _hand_over(mail.pk, head)
    except Exception as error:
        failure, permanent, may_have_arrived = _sort(error)
        _fail(mail, failure, permanent=permanent, may_have_arrived=may_have_arrived)
        return
    _close(mail.pk, mail.lease, State.SENT, "")


def _hand_over(mail_id: uuid.UUID, head: Letterhead) -> None:
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
    except Exception as error:
        raise NotConnected(type(error).__name__) from error
    sender = head.sender or settings.DEFAULT_FROM_EMAIL
    host = urlsplit(settings.SITE_URL).hostname if not head.sender else sender.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=head.subject,
        body=head.text,
        from_email=sender,
        to=[head.recipient],
        headers={"Message-ID": f"<{mail_id}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if head.html:
        message.attach_alternative(head.html, "text/html")
    try:
        message.send(fail_silently=False)
    finally:
        connection.close()


# Two explicit lists: what SMTP refuses for good, and whether the mail may have arrived all the same.
def _sort(error: Exception) -> tuple[str, bool, bool]:
    """The failure's class, whether it is permanent, and whether the mail may have been accepted."""
    name = type(error).__name__
    if isinstance(error, NotConnected):
        return str(error), False, False
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in error.recipients.values()), 450)
        return f"{name} {code}", code >= 500, False
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError | ConnectionRefusedError):
        return name, False, False
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{name} {error.smtp_code}", error.smtp_code >= 500, False
    if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError | ValueError):
        return name, True, False
    return name, False, True


def _fail(mail: OutgoingMail, failure: str, *, permanent: bool, may_have_arrived: bool) -> None:
    log.warning("mail %s (%s) attempt %s: %s", mail.pk, mail.kind, mail.attempts, failure)
    if mail.at_most_once and may_have_arrived:
        _close(mail.pk, mail.lease, State.UNCERTAIN, failure)
    elif permanent or mail.attempts >= _MOST_ATTEMPTS:
        _close(mail.pk, mail.lease, State.DEAD, failure)
    else:
        wait = random.uniform(0, min(_LONGEST_WAIT, 4.0 * 2**mail.attempts))  # noqa: S311 - jitter, not a secret
        _write_down(
            OutgoingMail.objects.filter(pk=mail.pk, lease=mail.lease, state=State.SENDING),
            state=State.WAITING,
            lease=None,
            leased_until=None,
            due_at=Now() + timedelta(seconds=wait),
            failure=failure[:40],
        )


def _close(mail_id: uuid.UUID, lease: uuid.UUID | None, state: State, failure: str) -> None:
    rows = OutgoingMail.objects.filter(pk=mail_id)
    rows = rows.filter(lease=lease, state=State.SENDING) if lease else rows.filter(state=State.WAITING)
    ending: dict[str, object] = {} if state == State.UNCERTAIN else {"sealed": None, "sealing_key": ""}
    _write_down(rows, state=state, failure=failure[:40], lease=None, leased_until=None, over_at=Now(), **ending)


def _write_down(rows: "models.QuerySet[OutgoingMail]", **changes: object) -> None:
    """Write how a sending ended. If the database restarts just now, try on: to forget it means to send it again."""
    until = time.monotonic() + _PERSISTENCE.total_seconds()
    while True:
        try:
            rows.update(**changes)
            return
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.25)


def _cancel_expired(queue_name: str) -> None:
    """What waited longer than it is of use is not sent any more."""
    OutgoingMail.objects.filter(queue=queue_name, state=State.WAITING, expires_at__lte=Now()).update(
        state=State.CANCELLED, failure="expired", sealed=None, sealing_key="", over_at=Now()
    )


def _release_expired_leases(queue_name: str) -> None:
    """A worker died in the middle: repeat what may be repeated, list the rest."""
    left = OutgoingMail.objects.filter(queue=queue_name, state=State.SENDING, leased_until__lt=Now())
    left.filter(at_most_once=False).update(state=State.WAITING, lease=None, leased_until=None, due_at=Now())
    left.filter(at_most_once=True).update(
        state=State.UNCERTAIN, lease=None, leased_until=None, over_at=Now(), failure="worker lost"
    )
