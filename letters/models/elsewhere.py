"""Signatures that were given elsewhere: on paper, to a partner, or to an earlier form of the letter.

They are shown apart, with where they come from, and are in no number of ours: nobody here proved a mailbox.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Elsewhere(models.Model):
    """One lot of them, as somebody entered it with evidence."""

    class Kind(models.TextChoices):
        IMPORTED = "imported", _("an earlier list of names")
        PAPER = "paper", _("signatures on paper")
        PARTNER = "partner", _("signatures that a partner collected")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    source = models.CharField(max_length=200)  # from whom, or where they stand
    evidence = models.CharField(max_length=500)  # a web address, or where it lies and who may look at it
    count = models.PositiveIntegerField()
    added_on = models.DateField()

    class Meta:
        verbose_name_plural = "elsewhere"
        constraints = [
            models.CheckConstraint(name="elsewhere_is_somebody", condition=Q(count__gte=1)),
            models.CheckConstraint(name="elsewhere_has_evidence", condition=~Q(source="") & ~Q(evidence="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.added_on}"


class ElsewhereName(models.Model):
    """One name of such a lot, as its list has it."""

    lot = models.ForeignKey(Elsewhere, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120, blank=True)
    employer = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="elsewhere_name_is_one", condition=~Q(name=""))]
        indexes = [models.Index(fields=["lot", "id"], name="elsewhere_names")]

    def __str__(self) -> str:
        return f"name {self.pk}"
