"""Files that members hand in to be brought into a campaign: looked at first, then imported whole or not at all."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign


class HandedIn(models.Model):
    """One file. Its content is kept while it is worked on, and is gone with the end of that."""

    class Kind(models.TextChoices):
        CAMPAIGN = "campaign", _("a campaign’s file")
        RECORD = "record", _("a table of the record")

    class State(models.TextChoices):
        LOOKING = "looking", _("is being looked at")
        LOOKED = "looked", _("waits for you to import it")
        IMPORTING = "importing", _("is being imported")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")
        CANCELLED = "cancelled", _("cancelled")
        GIVEN_UP = "given-up", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="handed_in")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=120)
    content = models.TextField(blank=True)
    language = models.CharField(max_length=16)  # in which its member is told what was found
    state = models.CharField(max_length=9, choices=State, default=State.LOOKING)
    # What was found: "made", "changed" and "left_alone", or "faults" with their lines, or "problem".
    report = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)  # how often a worker took this step up
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    handed_in_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "handed in"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(state__in=["looking", "importing"]), name="file_one_at_a_time"
            ),
            models.CheckConstraint(
                name="file_is_gone_when_it_is_over",
                condition=Q(state__in=["looking", "looked", "importing"], over_at__isnull=True)
                | ~Q(state__in=["looking", "looked", "importing"]) & Q(over_at__isnull=False, content=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"
