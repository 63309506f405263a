"""What letters do by the clock. Each task reads it, makes one call and ends."""

from celery import shared_task
from django.utils import timezone

from letters import pooling, publishing


@shared_task
def publish_batches() -> None:
    """Publish the groups that are large enough, and shuffle what waits."""
    today = timezone.now().date()
    for letter_id in pooling.letters_waiting():
        pooling.publish(letter_id=letter_id, today=today)


@shared_task
def publish_rest() -> None:
    """Once a day: publish without employers what is left, where it is large enough."""
    today = timezone.now().date()
    for letter_id in pooling.letters_waiting():
        pooling.publish(letter_id=letter_id, today=today, rest=True)


@shared_task
def finish_closings() -> None:
    """Destroy keys whose letter closed just before a crash."""
    publishing.finish_closing(now=timezone.now())
