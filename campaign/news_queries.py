"""What pages read of news: the campaign that may be followed, and its updates."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from campaign.models import Campaign, Update
from letters import text


@dataclass(frozen=True, kw_only=True)
class UpdateFacts:
    """One update as it stands on the campaign's page."""

    id: uuid.UUID
    title: str
    body: str
    published_at: datetime

    def html(self) -> SafeString:
        """Its text, below a title of the third level."""
        return text.render(self.body, below=3)


def campaign_of(
    *, slug: str | None = None, letter_slug: str | None = None, topic: uuid.UUID | None = None
) -> Campaign | None:
    """The campaign with this address, letter or topic, once one of its letters has opened."""
    rows = Campaign.objects.filter(campaign_letters__letter__opened_at__isnull=False)
    if slug is not None:
        rows = rows.filter(slug=slug)
    if letter_slug is not None:
        rows = rows.filter(campaign_letters__letter__slug=letter_slug)
    if topic is not None:
        rows = rows.filter(directory_id=topic)
    return rows.first() if slug or letter_slug or topic else None


def updates(campaign_id: uuid.UUID) -> tuple[UpdateFacts, ...]:
    """What the team told, newest first."""
    rows = Update.objects.filter(campaign_id=campaign_id).order_by("-published_at", "pk")
    return tuple(UpdateFacts(id=row.pk, title=row.title, body=row.body, published_at=row.published_at) for row in rows)
