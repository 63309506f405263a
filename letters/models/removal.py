"""What organisers took off a letter, for a reason that everybody reads (docs/removing.md)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Removal(models.Model):
    """Signatures taken off as one act: named ones by what they have in common, or a number of confidential ones.

    Named ones are bound to it when it is planned, so that it removes what its page showed and nothing that came later.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("waits for a second member")
        RUNNING = "running", _("under way")
        DONE = "done", _("done")
        REVERSING = "reversing", _("being put back")
        REVERSED = "reversed", _("put back")
        DROPPED = "dropped", _("dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=200)
    conditions = models.JSONField(default=dict)  # what the named ones have in common; emptied with their names
    employer = models.ForeignKey("letters.Employer", on_delete=models.PROTECT, null=True, related_name="+")
    edition = models.PositiveSmallIntegerField(null=True)  # of which the employer's confidential number was lowered
    matched = models.PositiveIntegerField()  # how many its page showed
    removed = models.PositiveIntegerField(default=0)  # how many are off the list now
    absorbed = models.PositiveIntegerField(default=0)  # confidential ones of them who have taken theirs back since
    planned_on = models.DateField()
    over_on = models.DateField(null=True)
    erased_on = models.DateField(null=True)  # when the names were; since then it cannot be reversed

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="removal_takes_no_small_confidential_group",
                condition=Q(employer__isnull=True)
                | Q(edition__isnull=False)
                & Q(matched__gte=10)
                & (Q(removed=0) | Q(removed__gte=10))
                & Q(absorbed__lte=models.F("removed")),
            ),
            models.CheckConstraint(
                name="removal_over_has_its_day",
                condition=Q(state__in=["done", "reversed", "dropped"], over_on__isnull=False)
                | Q(state__in=["planned", "running", "reversing"], over_on__isnull=True),
            ),
            models.CheckConstraint(
                name="removal_erased_is_over", condition=Q(erased_on__isnull=True) | Q(over_on__isnull=False)
            ),
            models.CheckConstraint(name="removal_has_a_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["letter"], name="removal_under_way", condition=Q(state__in=["running", "reversing"])),
        ]

    def __str__(self) -> str:
        return f"removal {self.pk}"
