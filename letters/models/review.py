"""What waits for a person's eye before it is shown: names on hold, evidence of where a signer works, and her line."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class HeldName(models.Model):
    """A name that waits for a person's eye in one campaign: its executives', and what the team adds."""

    directory = models.ForeignKey("letters.Directory", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "name"], name="held_name_once_in_a_directory"),
        ]

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One question about one public signature. It goes with the signature, and soon after it was answered.

    It has no time of day but its reviewers': when it came is known by the day, as of every signature. Evidence is
    sealed under a key of its own, which is no column: Redis forgets it after three days at the latest.
    """

    class Kind(models.TextChoices):
        NAME = "name", _("a name on hold")
        PROOF = "proof", _("evidence of an employer")
        REASON = "reason", _("a signer’s line")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DECIDED = "decided", _("decided")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey("letters.PublicSignature", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    why = models.CharField(max_length=16, blank=True)  # a names.Held
    blocks = models.BooleanField()  # whether the signature is not shown until this is answered
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_on = models.DateField()
    tags = ArrayField(models.UUIDField(), default=list)  # the person's, so that she may sign again if it is refused
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    first_agrees = models.BooleanField(null=True)  # what the first of two members said
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    employer = models.ForeignKey("letters.Employer", on_delete=models.CASCADE, null=True, related_name="+")
    former = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signature", "kind"], name="case_once_for_a_signature"),
            models.CheckConstraint(
                name="case_about_a_name_holds_it_and_has_no_evidence",
                condition=Q(kind="name", blocks=True, sealed__isnull=True, employer__isnull=True, former=False)
                & ~Q(why="")
                | Q(kind="proof", why="")
                | Q(kind="reason", why="", blocks=False, sealed__isnull=True, employer__isnull=True, former=False),
            ),
            models.CheckConstraint(
                name="case_that_waits_for_evidence_has_it",
                condition=~Q(kind="proof", state="waiting") | Q(sealed__isnull=False, employer__isnull=False),
            ),
            models.CheckConstraint(
                name="case_decided_has_its_moment_and_keeps_no_evidence",
                condition=Q(state="waiting", decided_at__isnull=True)
                | Q(state="decided", decided_at__isnull=False, sealed__isnull=True, claimed_until__isnull=True),
            ),
            models.CheckConstraint(
                name="case_claimed_lapses", condition=Q(claimed_by__isnull=True) | Q(claimed_until__isnull=False)
            ),
            models.CheckConstraint(name="case_takes_two_members", condition=~Q(decided_by=F("first_by"))),
            models.CheckConstraint(
                name="case_about_a_known_name_takes_two",
                condition=~Q(state="decided", why__in=["listed", "notable"])
                | Q(first_agrees__isnull=False, first_agrees=True),
            ),
        ]
        indexes = [models.Index(fields=["asked_on", "id"], name="case_waits", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
