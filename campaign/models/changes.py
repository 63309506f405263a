"""How an open letter comes to another text: announced or declared by one member, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import CampaignLetter


class TextChange(models.Model):
    """One new text of an open letter: a correction that comes into force by itself, or a change that two more approve.

    `sha256` names the exact text that was declared and approved.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CHANGE = "change", _("change")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("waits for approval")
        ANNOUNCED = "announced", _("announced")
        IN_FORCE = "in_force", _("in force")
        DROPPED = "dropped", _("dropped")

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="text_changes")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State)
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=300)  # for everybody: what is new
    version = models.ForeignKey("letters.Version", on_delete=models.PROTECT, null=True, related_name="+")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    declared_at = models.DateTimeField()
    needed = models.PositiveSmallIntegerField(
        default=2, db_default=2
    )  # approvals, as the team was when it was declared
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    seconded_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)  # of a correction: when the time for objections is over
    over_at = models.DateTimeField(null=True)  # when it came into force or was dropped

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_letter"],
                condition=Q(state__in=["proposed", "announced"]),
                name="text_change_one_under_way_for_a_letter",
            ),
            models.CheckConstraint(
                name="text_change_is_approved_by_others_than_who_declared_it",
                condition=(Q(approved_by__isnull=True) | Q(declared_by__isnull=True) | ~Q(approved_by=F("declared_by")))
                & (Q(seconded_by__isnull=True) | Q(declared_by__isnull=True) | ~Q(seconded_by=F("declared_by")))
                & (Q(seconded_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(seconded_by=F("approved_by"))),
            ),
            models.CheckConstraint(
                name="text_change_in_force_was_approved",
                condition=~Q(kind="change", state="in_force")
                | Q(approved_at__isnull=False) & (Q(seconded_at__isnull=False) | Q(needed=1)),
            ),
            models.CheckConstraint(name="text_change_needs_one_or_two", condition=Q(needed__in=[1, 2])),
            models.CheckConstraint(
                name="text_change_that_anybody_sees_has_a_version_and_a_moment",
                condition=Q(state="proposed", kind="change", version__isnull=True, in_force_at__isnull=True)
                | Q(state__in=["announced", "in_force"], version__isnull=False, in_force_at__isnull=False)
                | Q(state="dropped"),
            ),
            models.CheckConstraint(
                name="text_change_over_has_its_moment",
                condition=Q(state__in=["in_force", "dropped"]) ^ Q(over_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
