"""Celery's side of the outbox. Arguments are ids; every task may run twice."""

import uuid
from datetime import timedelta

from celery import shared_task

from accounts import outbox, pulse

_LIMIT = int(outbox.LEASE.total_seconds() * 8 / 9)  # a worker is ended before others may take up what it holds
_SWEEP = _LIMIT / 4  # leaves time for the mail that was begun last


@shared_task(time_limit=_LIMIT)
def deliver_mail(mail_id: str) -> None:
    """Send one mail now instead of at the next sweep."""
    outbox.deliver(uuid.UUID(mail_id))


@shared_task(time_limit=_LIMIT)
def sweep_codes() -> None:
    """Send the codes that are due."""
    pulse.mark("codes")
    outbox.sweep(queue="codes", seconds=_SWEEP)


@shared_task(time_limit=_LIMIT)
def sweep_mail() -> None:
    """Send everything else that is due."""
    outbox.sweep(queue="mail", seconds=_SWEEP)


@shared_task
def forget_old_mail() -> None:
    """Delete what is long over."""
    outbox.forget(older_than=timedelta(days=1))


@shared_task
def beat_heart() -> None:
    """Show that beat plans and a worker works."""
    pulse.mark("mail")
