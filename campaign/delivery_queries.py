"""What pages read of deliveries."""

import uuid

from campaign.models import CampaignLetter, Delivery


def of_letter(letter_id: uuid.UUID) -> list[Delivery]:
    """To whom a letter was handed, newest first, without the paper."""
    rows = Delivery.objects.filter(campaign_letter__letter=letter_id).defer("pdf")
    return list(rows.order_by("-delivered_on", "-recorded_at"))


def with_pdf(letter_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery | None:
    """One delivery with its edition on paper."""
    rows = Delivery.objects.filter(pk=delivery_id, campaign_letter__letter=letter_id)
    return rows.select_related("campaign_letter").first()


def of_team(campaign_letter: CampaignLetter) -> list[Delivery]:
    """The same for its team, with who recorded each."""
    rows = Delivery.objects.filter(campaign_letter=campaign_letter).select_related("recorded_by").defer("pdf")
    return list(rows.order_by("-delivered_on", "-recorded_at"))
