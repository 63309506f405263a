"""What campaigns do by the clock."""

from celery import shared_task

from accounts import clock
from campaign import (
    amending,
    delivering,
    leftovers,
    membership,
    milestones,
    news,
    organising,
    outreach,
    removals,
    reviewing,
    waves,
)
from campaign.files import bringing
from campaign.reminders import planning, sending
from campaign.writing import saving, scheduling


@shared_task
def send_due_reminders() -> None:
    """Let go of the reminders that are due, and mail the notices whose hour has come."""
    now = clock.now()
    sending.send_due(now=now)
    sending.mail_notices(now=now)


@shared_task
def look_at_letters() -> None:
    """Open and close what does so by itself, let corrections come into force, and note what letters have reached."""
    now = clock.now()
    scheduling.open_due(now=now)
    organising.close_due(now=now)
    amending.take_effect(now=now)
    milestones.look(now=now)


@shared_task
def look_for_waves() -> None:
    """Note where many more signatures than usual came in."""
    waves.look(now=clock.now())


@shared_task
def send_news() -> None:
    """Owe the mail of followers whose hour has come."""
    news.send_due(now=clock.now())


@shared_task
def settle_outreach() -> None:
    """Write down which offices were reached."""
    outreach.settle(now=clock.now())


@shared_task
def go_on_removing() -> None:
    """Take the next steps of removals that are under way."""
    removals.go_on(now=clock.now())


@shared_task
def work_on_files() -> None:
    """Look at files that were handed in, or import them."""
    bringing.go_on(now=clock.now())


@shared_task
def forget_files() -> None:
    """Forget files that nobody imported, and after a month what became of files."""
    bringing.forget(now=clock.now())


@shared_task
def plan_everything() -> None:
    """Bring every campaign's reminders in line with the facts."""
    planning.plan_everything(now=clock.now())


@shared_task
def forget_kept_texts() -> None:
    """Forget what writers kept a month ago on the way to something else."""
    saving.forget_kept(now=clock.now())


@shared_task
def forget_invitations() -> None:
    """Forget addresses that were invited in vain."""
    membership.forget_invitations(now=clock.now())


@shared_task
def forget_reviews() -> None:
    """Let go of names and evidence that nobody looked at in time."""
    reviewing.forget(now=clock.now())


@shared_task
def make_editions() -> None:
    """Make the editions on paper of letters that were handed over."""
    delivering.make_editions()


@shared_task
def forget_editions() -> None:
    """Throw away paper with a name that is gone from the list since."""
    delivering.forget_editions()


@shared_task
def sweep_uploads() -> None:
    """Delete files that were handed in and that no row names, because a process was killed in between."""
    leftovers.sweep(now=clock.now())
