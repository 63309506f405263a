"""What letters do by the clock. Each task reads it, makes one call and ends."""

from celery import shared_task

from accounts import clock
from letters import newcomers, pooling, publishing, removing


@shared_task
def publish_batches() -> None:
    """Publish the groups that are large enough, and shuffle what waits."""
    today = clock.now().date()
    for letter_id in pooling.letters_waiting():
        pooling.publish(letter_id=letter_id, today=today)


@shared_task
def publish_rest() -> None:
    """Once a day: publish without employers what is left, where it is large enough."""
    today = clock.now().date()
    for letter_id in pooling.letters_waiting():
        pooling.publish(letter_id=letter_id, today=today, rest=True)


@shared_task
def finish_closings() -> None:
    """Destroy keys whose letter closed just before a crash."""
    publishing.finish_closing(now=clock.now())


@shared_task
def erase_removed() -> None:
    """Forget names that were removed so long ago that they can no longer be put back."""
    removing.erase_old(today=clock.now().date())


@shared_task
def take_in_newcomers() -> None:
    """Make followers of public signers who asked for news, where enough wait together."""
    newcomers.take_all(now=clock.now())


@shared_task
def take_in_the_days_newcomers() -> None:
    """Once a day: make followers of all who are left, however few they are."""
    newcomers.take_all(now=clock.now(), day_is_over=True)
