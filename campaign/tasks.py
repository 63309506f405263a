"""What campaigns do by the clock."""

from celery import shared_task
from django.utils import timezone

from campaign import organising, reminders


@shared_task
def send_due_reminders() -> None:
    """Owe the mail of reminders that are due."""
    reminders.send_due(now=timezone.now())


@shared_task
def forget_invitations() -> None:
    """Forget addresses that were invited in vain."""
    organising.forget_invitations(now=timezone.now())
