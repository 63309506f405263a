"""Claiming: which mail goes next, taken by one worker at a time, with a lease by the database's clock."""

import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from accounts import lanes
from accounts.models import Lane, MailHold, OutgoingMail

State = OutgoingMail.State

# Longer than the hard time limit of the tasks that send (accounts.tasks).
LEASE = timedelta(seconds=settings.MAIL_LEASE_SECONDS)
_TRIES = 8  # for a lane that nobody else is just looking at

# From one lane with waiting mail to the next through the index, until one is free: thousands of mails in a full lane
# cost one step. A lane without a row was never used, or not today.
_FREE_LANE = """
WITH RECURSIVE walk (lane) AS (
    (SELECT lane FROM accounts_outgoingmail
     WHERE queue = %(queue)s AND state = 'waiting' AND lane > %(after)s ORDER BY lane LIMIT 1)
    UNION ALL
    SELECT (SELECT mail.lane FROM accounts_outgoingmail AS mail
            WHERE mail.queue = %(queue)s AND mail.state = 'waiting' AND mail.lane > walk.lane
            ORDER BY mail.lane LIMIT 1)
    FROM walk WHERE walk.lane IS NOT NULL
)
SELECT walk.lane FROM walk
WHERE walk.lane IS NOT NULL
  AND coalesce((SELECT lane.paid_until FROM accounts_lane AS lane WHERE lane.name = walk.lane), '-infinity')
      <= statement_timestamp() + %(ahead)s
  AND (SELECT count(*) FROM accounts_outgoingmail AS mail WHERE mail.lane = walk.lane AND mail.state = 'sending')
      < %(at_once)s
  AND EXISTS (SELECT FROM accounts_outgoingmail AS mail
              WHERE mail.queue = %(queue)s AND mail.state = 'waiting' AND mail.lane = walk.lane
                AND mail.due_at <= statement_timestamp() AND mail.expires_at > statement_timestamp()
                AND mail."group" NOT IN (SELECT "group" FROM accounts_mailhold))
LIMIT 1
"""


def claim_next(*, queue: str) -> OutgoingMail | None:
    """The next mail of the queue that may leave now; nothing if all wait for their moment or for a free lane."""
    with transaction.atomic():
        if mail := _take(queue=queue, lane=""):
            return mail
    for _attempt in range(_TRIES):
        lane = _free_lane(queue)
        if lane is None:
            return None
        if mail := _claim_in(lane, queue=queue):
            return mail
    return None


def claim_this(mail_id: uuid.UUID) -> OutgoingMail | None:
    """This mail, if it is due and its lane is free."""
    found = OutgoingMail.objects.filter(pk=mail_id, state=State.WAITING).values_list("lane", "queue").first()
    if found is None:
        return None
    lane, queue = found
    if lane:
        return _claim_in(lane, queue=queue, pk=mail_id)
    with transaction.atomic():
        return _take(lane="", pk=mail_id)


def _free_lane(queue: str) -> str | None:
    """A lane with mail that is due and may leave, from anywhere among them, so that none is always the last."""
    pace = lanes.pace_of(queue)
    known: dict[str, Any] = {"queue": queue, "ahead": pace.ahead, "at_once": pace.at_once}
    with connection.cursor() as cursor:
        for after in (secrets.token_hex(16), ""):
            cursor.execute(_FREE_LANE, known | {"after": after})
            if row := cursor.fetchone():
                return str(row[0])
    return None


def _claim_in(lane: str, *, queue: str, **rows: object) -> OutgoingMail | None:
    """A mail of this lane. Who holds the lane's row counts alone, so two workers never exceed the limit together."""
    pace = lanes.pace_of(queue)
    with transaction.atomic():
        Lane.objects.bulk_create([Lane(name=lane, paid_until=Now())], ignore_conflicts=True)
        held = Lane.objects.select_for_update(skip_locked=True, no_key=True)
        if not list(held.filter(name=lane, paid_until__lte=Now() + pace.ahead)):
            return None
        if OutgoingMail.objects.filter(lane=lane, state=State.SENDING).count() >= pace.at_once:
            return None
        mail = _take(lane=lane, queue=queue, **rows)
        if mail is not None:
            Lane.objects.filter(name=lane).update(paid_until=Greatest(F("paid_until"), Now()) + pace.interval)
    return mail


def _take(**rows: object) -> OutgoingMail | None:
    """Lease the first of these rows that is due. Where a repeat is harmless somebody may be waiting: it goes first."""
    mail = (
        OutgoingMail.objects.filter(state=State.WAITING, due_at__lte=Now(), expires_at__gt=Now(), **rows)
        .exclude(group__in=MailHold.objects.values("group"))
        .select_for_update(skip_locked=True)
        .order_by("at_most_once", "due_at")
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
