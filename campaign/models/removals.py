"""Who decided that signatures are taken off a letter. What was taken, letters know (letters.removals)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaign.models.campaigns import CampaignLetter


class RemovalDecision(models.Model):
    """An owner proposed it; where it takes many, or what cannot come back, somebody else confirmed it."""

    campaign_letter = models.ForeignKey(CampaignLetter, on_delete=models.CASCADE, related_name="removal_decisions")
    removal = models.OneToOneField("letters.Removal", on_delete=models.CASCADE, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="removal_is_not_confirmed_by_its_proposer",
                condition=Q(confirmed_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
