"""Who held an executive's office, from which day on."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Executive
from campaign.models.dates import Precision, date_and_precision


class Holder(models.Model):
    """That somebody holds an office from a day on, until the next one does; without a name: nobody who is known.

    An office that never changed hands has no rows: its holder's name stands on the office. With the first change come
    two: the first holder's, without a beginning, and her successor's. Those who are gone keep their rows, their words
    and their standings.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second check")
        CHECKED = "checked", _("checked")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="holders")
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    precision = models.CharField(max_length=8, choices=Precision, blank=True)
    source = models.ForeignKey("campaign.Source", on_delete=models.RESTRICT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    imported = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=300, blank=True)  # why it was rejected or taken back
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["executive", "key"], name="holder_key_once_in_an_office"),
            models.UniqueConstraint(
                fields=["executive", "since"],
                condition=Q(state="checked"),
                nulls_distinct=False,
                name="holder_once_on_a_day",
            ),
            models.UniqueConstraint(fields=["executive"], condition=Q(state="waiting"), name="holder_waits_once"),
            models.CheckConstraint(
                name="holder_date_has_its_precision", condition=date_and_precision("since", "precision")
            ),
            models.CheckConstraint(
                name="holder_who_came_has_a_source", condition=Q(since__isnull=True) | Q(source__isnull=False)
            ),
            models.CheckConstraint(
                name="holder_checked_has_its_moment",
                condition=Q(state="waiting", checked_at__isnull=True)
                | ~Q(state="waiting") & Q(checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="holder_is_checked_by_a_second_person",
                condition=~Q(state="checked")
                | Q(checked_by__isnull=True)
                | Q(recorded_by__isnull=True)
                | ~Q(checked_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="holder_withdrawn_has_its_moment_and_reason",
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(verdict="")
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)
