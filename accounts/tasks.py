"""Celery's side of the outbox. Arguments are ids; every task may run twice."""

import uuid
from datetime import timedelta
from typing import Any

from celery import shared_task

from accounts import lanes, outbox, pulse, sending, suppression
from accounts.claiming import LEASE

_LIMIT = int(LEASE.total_seconds() * 8 / 9)  # a worker is ended before others may take up what it holds
_SWEEP = _LIMIT / 4  # leaves time for the mail that was begun last


@shared_task(bind=True, time_limit=_LIMIT)
def deliver_mail(self: Any, mail_id: str) -> None:
    """Send one mail now instead of at the next sweep."""
    queue = (self.request.delivery_info or {}).get("routing_key")
    if queue in pulse.PARTS:
        pulse.mark(queue)  # thousands of these may stand before the next sweep
    sending.deliver(uuid.UUID(mail_id))


@shared_task(time_limit=_LIMIT)
def sweep_codes() -> None:
    """Send the codes that are due."""
    _sweep("codes")


@shared_task(time_limit=_LIMIT)
def sweep_mail() -> None:
    """Send what is due of ordinary mail."""
    _sweep("mail")


@shared_task(time_limit=_LIMIT)
def sweep_bulk() -> None:
    """Send what is due of bulk. Nothing rings for it: with so many mails a bell for each would drown the broker."""
    _sweep("bulk")


@shared_task
def forget_old_mail() -> None:
    """Delete what is long over."""
    outbox.forget(older_than=timedelta(days=1))
    lanes.forget(unused_for=timedelta(days=1))
    suppression.forget()


def _sweep(queue: str) -> None:
    pulse.mark(queue)
    sending.sweep(queue=queue, seconds=_SWEEP)
