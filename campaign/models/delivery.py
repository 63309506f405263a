"""That a letter was handed over: how, when and to whom, with which text and how many names."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign.models.campaigns import CampaignLetter


class Delivery(models.Model):
    """One handing over of a closed letter. Its edition on paper is made once and named by its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="deliveries")
    version = models.ForeignKey("letters.Version", on_delete=models.PROTECT, related_name="+")
    delivered_on = models.DateField()
    how = models.CharField(max_length=200)
    to_whom = models.CharField(max_length=300)
    public = models.PositiveIntegerField()  # as the page showed them that day
    names = models.PositiveIntegerField()  # on the list; more where some proofs are not counted
    organisations = models.PositiveIntegerField(default=0, db_default=0)  # apart from people
    confidential = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # of making its edition on paper
    text_sha256 = models.CharField(max_length=64, blank=True)
    pdf = models.BinaryField(null=True)  # gone once a name that it has is gone
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign_letter", "delivered_on", "to_whom"], name="delivery_once_a_day_to_somebody"
            ),
            models.CheckConstraint(
                name="delivery_on_paper_has_its_name", condition=Q(pdf__isnull=True) | ~Q(pdf_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.to_whom}, {self.delivered_on}"
