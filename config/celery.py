"""The Celery app: which queues there are and what happens at which spacing, as code.

Celery only moves. Everything that must happen is a row in PostgreSQL, so an empty broker costs
seconds, never mail. Beat sends nothing that waits already (config.schedule), so a long outage leaves no burst.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Django's checks import every page there is: each worker would start a third later and stay larger for what it never
# shows. They are run by `make check`, and by manage.py before most commands.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("undersigned")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "config.schedule:Scheduler"


def _every(seconds: float, task: str, queue: str) -> dict[str, object]:
    return {"task": task, "schedule": seconds, "options": {"queue": queue}}


app.conf.beat_schedule = {
    "mail: codes whose bell was lost": _every(3, "accounts.tasks.sweep_codes", "codes"),
    "mail: everything else that is due": _every(5, "accounts.tasks.sweep_mail", "mail"),
    "mail: bulk that is due": _every(2, "accounts.tasks.sweep_bulk", "bulk"),
    "mail: forget what is long done": _every(3600, "accounts.tasks.forget_old_mail", "mail"),
    "letters: publish batches that are large enough": _every(20, "letters.tasks.publish_batches", "mail"),
    "letters: publish the day's rest": _every(86400, "letters.tasks.publish_rest", "mail"),
    "letters: finish closings that were cut off": _every(60, "letters.tasks.finish_closings", "mail"),
    "letters: removals that are under way": _every(5, "campaign.tasks.go_on_removing", "mail"),
    "letters: forget names removed a month ago": _every(86400, "letters.tasks.erase_removed", "mail"),
    "letters: signers who asked for news": _every(300, "letters.tasks.take_in_newcomers", "mail"),
    "letters: the day's signers who asked for news": _every(86400, "letters.tasks.take_in_the_days_newcomers", "mail"),
    "news: followers whose hour has come": _every(10, "campaign.tasks.send_news", "mail"),
    "reviews: what nobody looked at in time": _every(600, "campaign.tasks.forget_reviews", "mail"),
    "teams: forget invitations": _every(86400, "campaign.tasks.forget_invitations", "mail"),
    "letters: forget texts kept on the way": _every(86400, "campaign.tasks.forget_kept_texts", "mail"),
    "reminders: what is due": _every(5, "campaign.tasks.send_due_reminders", "mail"),
    "reminders: every campaign once more": _every(3600, "campaign.tasks.plan_everything", "mail"),
    "letters: openings, closings and milestones": _every(30, "campaign.tasks.look_at_letters", "mail"),
    "letters: many more signatures than usual": _every(300, "campaign.tasks.look_for_waves", "mail"),
    "letters: editions on paper": _every(10, "campaign.tasks.make_editions", "bulk"),
    "letters: paper with a name that is gone": _every(600, "campaign.tasks.forget_editions", "bulk"),
    "files: what was handed in": _every(3, "campaign.tasks.work_on_files", "bulk"),
    "files: what nobody imported": _every(3600, "campaign.tasks.forget_files", "mail"),
    "uploads: files that no row names": _every(86400, "campaign.tasks.sweep_uploads", "mail"),
    "outreach: which offices were reached": _every(30, "campaign.tasks.settle_outreach", "mail"),
}
