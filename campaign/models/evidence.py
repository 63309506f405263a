"""What stands behind sources, and what is not finished yet."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaign.models.campaigns import Campaign
from campaign.models.record import EntryKind, Source


class Capture(models.Model):
    """A picture or a PDF of a source, as somebody saw it. The file lies in UPLOADS_DIR under this id."""

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="captures")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="capture_has_its_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it; a PDF is only saved."""
        return self.kind.startswith("image/")


class EntryDraft(models.Model):
    """An entry that somebody began: the fields as they were typed. It is on no record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="entry_drafts")
    kind = models.CharField(max_length=16, choices=EntryKind)
    typed = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def words(self) -> str:
        """How a list names it."""
        found = [self.typed.get(name, [""])[0] for name in ("quote", "what", "title", "source_title", "pasted")]
        return next((word for word in found if word), "")[:120]
