"""What campaigns do by the clock."""

from celery import shared_task
from django.utils import timezone

from campaign import reminders


@shared_task
def send_due_reminders() -> None:
    """Owe the mail of reminders that are due."""
    reminders.send_due(now=timezone.now())
