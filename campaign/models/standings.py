"""Where executives stand, as people decided it, and what public pages showed from when to when."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign, Demand, Executive
from campaign.models.record import Entry


class Standing(models.TextChoices):
    """Where an executive stands on a demand."""

    UNADDRESSED = "unaddressed", _("unaddressed")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    PARTLY = "partly", _("partly met")
    MET = "met", _("met")
    REFUSED = "refused", _("refused")
    NOT_APPLICABLE = "not-applicable", _("claims not applicable")
    CONTRADICTORY = "contradictory", _("contradictory")


class StandingDecision(models.Model):
    """That an executive stands so on a demand: decided by one person with a reason, checked by a second.

    Nothing of it changes once it was checked but its end: the decisions of a cell, in their order, are its history. A
    trigger refuses one that is shown without checked evidence that counts.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a second check")
        CHECKED = "checked", _("checked")
        REJECTED = "rejected", _("rejected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="decisions")
    demand = models.ForeignKey(Demand, on_delete=models.RESTRICT, related_name="decisions")
    # Which holder of the office stands so; nothing where it never changed hands. A cell is these three.
    holder = models.ForeignKey("campaign.Holder", on_delete=models.RESTRICT, null=True, related_name="+")
    standing = models.CharField(max_length=16, choices=Standing)
    reason = models.TextField()
    as_of = models.DateField(null=True)  # since which day it stands so, by its evidence
    evidence = models.ManyToManyField(Entry, related_name="decisions", blank=True)
    who = models.TextField()  # the executive and the demand, in the words of then
    what = models.CharField(max_length=300)
    imported = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)  # replaced, or no longer borne by its evidence
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["executive", "demand", "holder"],
                condition=Q(state="checked", ended_at__isnull=True),
                nulls_distinct=False,
                name="standing_once_in_a_cell",
            ),
            models.UniqueConstraint(
                fields=["executive", "demand", "holder"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
                name="standing_waits_once_in_a_cell",
            ),
            models.CheckConstraint(
                name="standing_checked_has_its_moment",
                condition=Q(state="waiting", checked_at__isnull=True)
                | ~Q(state="waiting") & Q(checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="standing_is_checked_by_a_second_person",
                condition=~Q(state="checked")
                | Q(checked_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(checked_by=F("decided_by")),
            ),
            models.CheckConstraint(name="standing_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="standing_that_ended_was_shown", condition=Q(ended_at__isnull=True) | Q(state="checked")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing} {self.pk}"


class Shown(models.Model):
    """What public pages of a campaign showed from one moment to another: an entry, or who is asked for what.

    Rows are only ever added and given an end, so that any past moment can be shown again.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="shown")
    subject = models.CharField(max_length=80)  # "frame", or "entry:" and its id
    content = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "shown"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "subject"], condition=Q(until__isnull=True), name="shown_once_at_a_time"
            ),
            models.CheckConstraint(
                name="shown_ends_after_it_began", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]
        indexes = [models.Index(fields=["campaign", "since"], name="shown_of_campaign")]

    def __str__(self) -> str:
        return self.subject
