"""Followers of a campaign, whom nothing joins with signing."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Frequency(models.TextChoices):
    """How often a follower wants news."""

    INSTANT = "instant", _("as it happens, at most three mails a day")
    DAILY = "daily", _("once a day, in the morning")
    WEEKLY = "weekly", _("once a week, on Monday morning")


class Subscription(models.Model):
    """That somebody follows a topic. It says nothing about signing: nothing leads from here to a signature or back.

    A topic is a directory's id, which stands for one campaign. The address lies sealed, bound to this row's id; `tag`
    finds it again without opening it. Ending it deletes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    topic = models.UUIDField()
    tag = models.BinaryField(max_length=32)
    sealed = models.BinaryField()
    frequency = models.CharField(max_length=8, choices=Frequency)
    time_zone = models.CharField(max_length=64, blank=True)  # empty: the topic's, once something is announced
    told = models.PositiveIntegerField(null=True)  # the newest news she need not be told; null: whatever comes next
    next_at = models.DateTimeField(null=True)  # when she is told what is above `told`; null: there is nothing
    mails_on = models.DateField(null=True)  # the day, where she lives, of the newest mail
    mails_that_day = models.PositiveSmallIntegerField(default=0)
    confirmed_in = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "tag"], name="subscription_once_for_a_topic"),
            models.CheckConstraint(
                name="subscription_knows_its_frequency", condition=Q(frequency__in=["instant", "daily", "weekly"])
            ),
            models.CheckConstraint(name="subscription_remembers_a_month_at_most", condition=Q(confirmed_in__day=1)),
            models.CheckConstraint(
                name="subscription_that_waits_knows_what_for_and_where",
                condition=Q(next_at__isnull=True) | Q(told__isnull=False) & ~Q(time_zone=""),
            ),
            models.CheckConstraint(
                name="subscription_counts_mails_of_a_day",
                condition=Q(mails_on__isnull=True, mails_that_day=0) | Q(mails_on__isnull=False, mails_that_day__gte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["topic", "next_at"], name="subscription_due", condition=Q(next_at__isnull=False))
        ]

    def __str__(self) -> str:
        return f"subscription {self.id}"
