"""The outbox: the only door through which mail leaves (docs/mail.md).

A mail is a row, written in the transaction that causes it. Celery rings the bell and sweeps; it holds
nothing. Here mail is owed, stopped, asked about and forgotten; accounts.sending sends it.
"""

import json
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models.functions import Now

from accounts import lanes, sealing
from accounts.kinds import ACCOUNT, CODE, INVITATION, KINDS, NEWS, OUTREACH, REMINDER, UNFINISHED, Kind
from accounts.models import MailHold, OutgoingMail
from accounts.relay import Letterhead
from accounts.sending import EMPTIED, deliver, sweep

__all__ = [
    "ACCOUNT", "CODE", "INVITATION", "KINDS", "NEWS", "OUTREACH", "REMINDER", "UNFINISHED", "Kind", "Letterhead",
    "Outcome", "cancel", "cancel_group", "cancel_keys", "deliver", "forget", "go_on", "hold", "outcomes", "owe_again",
    "owed", "queue", "row_key", "send_again", "sweep",
]  # fmt: skip

log = logging.getLogger(__name__)
State = OutgoingMail.State

_KEY_FOR = {"brief": sealing.brief_key, "days": sealing.days_key, "lasting": sealing.lasting_key}
# Kinds whose rows stay when they are over, because a row forbids a repeat; a year and some later nothing repeats.
_FORBID_A_REPEAT = [kind.name for kind in KINDS.values() if kind.at_most_once and kind.sealed_under == "lasting"]
_REPEATS_ARE_OVER = timedelta(days=400)
_BURIED_AFTER = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one mail, safe to show."""

    id: uuid.UUID
    state: str
    failure: str
    due_at: datetime
    over_at: datetime | None
    attempts: int


def row_key(kind: Kind, key: str) -> str:
    """The key as its row has it, with the kind's name."""
    return f"{kind.name}:{key}"


def queue(
    *,
    kind: Kind,
    key: str,
    mail: Letterhead,
    due_at: datetime | None = None,
    withheld: bool = False,
    group: str = "",
) -> None:
    """Owe `mail`, once for each `key`: a second row of the same key is not written.

    Call it inside the transaction that causes the mail. `withheld` writes a row that is over at once, so
    that refusing to send costs the same as sending. Mail of one `group` is held and cancelled together.
    """
    mail_id = uuid.uuid4()
    key_name, sealing_key = _KEY_FOR[kind.sealed_under]()
    sealed = sealing.seal(json.dumps(mail.__dict__).encode(), key=sealing_key, bound_to=str(mail_id))
    row = OutgoingMail(
        id=mail_id,
        key=row_key(kind, key),
        kind=kind.name,
        queue=kind.queue,
        lane=_lane_of(kind, mail),
        at_most_once=kind.at_most_once,
        state=State.CANCELLED if withheld else State.WAITING,
        sealed=None if withheld else sealed,
        sealing_key="" if withheld else key_name,
        due_at=due_at or Now(),
        expires_at=(due_at or Now()) + kind.life,
        over_at=Now() if withheld else None,
        failure="withheld" if withheld else "",
        group="" if withheld else group,
    )
    OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
    if due_at is None and kind.queue != "bulk":
        transaction.on_commit(lambda: _ring(mail_id, kind.queue))


def cancel(*, key_prefix: str, reason: str) -> int:
    """Cancel what is owed under keys that begin so (`_cancel`)."""
    return _cancel(OutgoingMail.objects.filter(key__startswith=key_prefix), reason)


def cancel_keys(*, keys: Iterable[str], reason: str) -> int:
    """Cancel what is owed under exactly these keys (`row_key`; `_cancel`)."""
    return _cancel(OutgoingMail.objects.filter(key__in=list(keys)), reason)


def cancel_group(*, group: str, reason: str) -> int:
    """Cancel what is owed of a group (`_cancel`); a hold of it stays."""
    return _cancel(OutgoingMail.objects.filter(group=group), reason) if group else 0


def hold(*, group: str) -> None:
    """Let nothing of this group leave until `go_on`. It keeps waiting, and grows old as ever."""
    if group:
        MailHold.objects.bulk_create([MailHold(group=group)], ignore_conflicts=True)


def go_on(*, group: str) -> None:
    """Let the group's mail leave again, at its lanes' pace."""
    MailHold.objects.filter(group=group).delete()


def owed(*, group: str, most: int) -> int:
    """How many mails of a group wait to be sent; beyond `most` nobody counts."""
    return OutgoingMail.objects.filter(group=group, state=State.WAITING, sealed__isnull=False)[:most].count()


def outcomes(*, keys: Iterable[str]) -> dict[str, Outcome]:
    """What became of the mails of these keys (`row_key`), by key; what was forgotten is not among them."""
    fields = ("id", "state", "failure", "due_at", "over_at", "attempts")
    rows = OutgoingMail.objects.filter(key__in=list(keys)).values("key", *fields)
    return {row["key"]: Outcome(**{field: row[field] for field in fields}) for row in rows}


def send_again(*, mail_id: uuid.UUID) -> bool:
    """Send an uncertain mail once more, because a person said so; False if that is not possible any more."""
    return owe_again(mail_id=mail_id, state=State.UNCERTAIN)


def owe_again(*, mail_id: uuid.UUID, state: str) -> bool:
    """Owe anew what ended in `state` and still has its content, with all its attempts and its whole life before it."""
    rows = OutgoingMail.objects.filter(pk=mail_id, state=state, sealed__isnull=False)
    mail = rows.first()
    if mail is None or mail.kind not in KINDS:
        return False
    kind = KINDS[mail.kind]
    try:
        lane = _lane_of(kind, mail.open())
    except (sealing.KeyGone, TypeError, ValueError):
        return False
    changes = {"state": State.WAITING, "failure": "", "attempts": 0, "over_at": None, "lane": lane}
    return bool(rows.update(**changes, due_at=Now(), expires_at=Now() + kind.life))


def forget(*, older_than: timedelta) -> int:
    """Delete what has been over for so long; answers how many rows went.

    Rows that forbid a repeat stay longer. What a person may still decide about, dead letters and uncertain ones
    with their content, waits a week for her and then has no content any more.
    """
    over = OutgoingMail.objects.filter(over_at__lt=Now() - older_than)
    undecided = over.filter(state__in=[State.DEAD, State.UNCERTAIN], sealed__isnull=False)
    undecided.filter(over_at__lt=Now() - _BURIED_AFTER).update(**EMPTIED)
    done = over.exclude(kind__in=_FORBID_A_REPEAT).filter(sealed__isnull=True)
    deleted, _ = done.delete()
    ancient, _ = OutgoingMail.objects.filter(over_at__lt=Now() - _REPEATS_ARE_OVER).delete()
    return deleted + ancient


def _lane_of(kind: Kind, mail: Letterhead) -> str:
    """What goes to signers has none: it is limited where codes are asked for, and of their domain nothing is kept."""
    return lanes.name_of(mail.recipient) if kind.sealed_under == "lasting" else ""


def _cancel(rows: "models.QuerySet[OutgoingMail]", reason: str) -> int:
    """Cancel what waits; answers how many. What is being sent goes, and is not tried again.

    What is dead or uncertain loses its content, so that nobody can send it again. The rows are locked first: none
    passes from one of these states to another meanwhile.
    """
    with transaction.atomic(savepoint=False):
        found = rows.filter(sealed__isnull=False).order_by("pk").select_for_update(no_key=True)
        states: dict[str, list[uuid.UUID]] = {}
        for pk, state in found.values_list("pk", "state"):
            states.setdefault(state, []).append(pk)
        waiting, sending = (
            OutgoingMail.objects.filter(pk__in=states.pop(s, [])) for s in (State.WAITING, State.SENDING)
        )
        sending.update(unwanted=True, expires_at=Now())
        OutgoingMail.objects.filter(pk__in=[pk for pks in states.values() for pk in pks]).update(**EMPTIED)
        return waiting.update(state=State.CANCELLED, failure=reason[:40], lane="", over_at=Now(), **EMPTIED)


def _ring(mail_id: uuid.UUID, queue_name: str) -> None:
    from accounts.tasks import deliver_mail

    try:
        deliver_mail.apply_async((str(mail_id),), queue=queue_name, ignore_result=True)
    except Exception as error:
        log.warning("the bell could not be rung (%s); the sweep will move the mail", type(error).__name__)
