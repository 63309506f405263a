"""What executives' offices and readers answer to the record, and what became of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaign.models.campaigns import Campaign, CampaignLetter, Executive
from campaign.models.record import Entry


class ReplyAddress(models.Model):
    """An address at which one office can answer one letter, once. It is made of the id, and kept nowhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="reply_addresses")
    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by_mail = models.BooleanField(default=False)  # went to the office with a question; else the team handed it over
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "reply addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["executive", "campaign_letter"],
                condition=Q(revoked_at__isnull=True, used_at__isnull=True),
                name="reply_address_one_live_for_an_office_and_letter",
            ),
            models.CheckConstraint(
                name="reply_address_expires_after_it_was_made", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="reply_address_was_revoked_or_used", condition=Q(revoked_at__isnull=True) | Q(used_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"reply address {self.pk}"


class Submission(models.Model):
    """One thing that an office or a reader brought, and what the team decided on it.

    It waits until a member decides it; from then on it waits until another member confirms that.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", _("answer of an office")
        DISPUTE = "dispute", _("dispute by an office")
        ERROR = "error", _("report of an error")

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for a decision")
        DECIDED = "decided", _("waits for a second check")
        SETTLED = "settled", _("settled")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("accepted in part")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="submissions")
    kind = models.CharField(max_length=16, choices=Kind)
    address = models.ForeignKey(ReplyAddress, on_delete=models.CASCADE, null=True, related_name="submissions")
    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, null=True, related_name="submissions")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, related_name="submissions")
    words = models.TextField(blank=True)
    source = models.TextField(blank=True)
    signed_as = models.CharField(max_length=200, blank=True)  # who speaks for the office; never asked of a reader
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    reason = models.TextField(blank=True)
    # What an accepted answer became, or what stands in the place of an entry that was disputed.
    result = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="submission_comes_the_way_of_its_kind",
                condition=Q(kind="answer", address__isnull=False, executive__isnull=False, entry__isnull=True)
                | Q(kind="dispute", address__isnull=False, executive__isnull=False, entry__isnull=False)
                | Q(kind="error", address__isnull=True, signed_as=""),
            ),
            models.CheckConstraint(
                name="submission_decided_has_outcome_and_moment",
                condition=Q(state="waiting", outcome="", decided_at__isnull=True, settled_at__isnull=True)
                | Q(state="decided", decided_at__isnull=False, settled_at__isnull=True) & ~Q(outcome="")
                | Q(state="settled", decided_at__isnull=False, settled_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="submission_is_confirmed_by_a_second_person",
                condition=Q(settled_by__isnull=True) | Q(decided_by__isnull=True) | ~Q(settled_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="submission_is_not_refused_without_a_reason", condition=~Q(outcome="refused") | ~Q(reason="")
            ),
            # What a reader wrote may tell who she is: it goes with the outcome.
            models.CheckConstraint(
                name="submission_of_a_reader_is_forgotten",
                condition=~Q(kind="error", state="settled") | Q(words="", source=""),
            ),
        ]
        indexes = [models.Index(fields=["campaign", "state", "due_at"], name="submission_of_campaign")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Attachment(models.Model):
    """A file that an office sent with its reply. Its content lies in UPLOADS_DIR under its id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.ForeignKey(ReplyAddress, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
