"""What every page knows of a campaign: its name, its demands, and since when an answer is owed."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from campaign.models import Campaign, CampaignLetter, Demand
from letters.queries import LetterFacts


@dataclass(frozen=True)
class DemandFacts:
    """One numbered demand."""

    id: int
    number: int
    key: str
    text: str
    must_be_public: bool


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """A campaign as every page of it names it."""

    id: uuid.UUID
    slug: str
    title: str
    summary: str
    organisers: str
    organisers_named: bool
    is_example: bool
    time_zone: str
    press_contact: str = ""
    demands: tuple[DemandFacts, ...] = ()
    reply_by: datetime | None = None
    closes_at: datetime | None = None
    goal: int | None = None
    outcome: str = ""  # how its letter ended, in a word and in the team's
    outcome_statement: str = ""
    asked_at: datetime | None = None  # when its first letter opened; None where silence is not counted


def campaign_of_letter(letter_id: uuid.UUID) -> CampaignFacts:
    """The campaign that a letter belongs to, with its demands, in one query."""
    demand = JSONObject(
        id="campaign__demands__id",
        number="campaign__demands__number",
        key="campaign__demands__key",
        text="campaign__demands__text",
        must_be_public="campaign__demands__must_be_public",
    )
    found = (
        CampaignLetter.objects.filter(letter_id=letter_id)
        .select_related("campaign")
        .annotate(
            first_opened_at=Subquery(
                CampaignLetter.objects.filter(campaign=OuterRef("campaign"), letter__opened_at__isnull=False)
                .order_by("letter__opened_at")
                .values("letter__opened_at")[:1]
            ),
            demands=JSONBAgg(
                demand,
                order_by="campaign__demands__number",
                filter=Q(campaign__demands__isnull=False),
                default=Value([], JSONField()),
            ),
        )
        .get()
    )
    facts = campaign_facts(found.campaign, [], reply_by=found.reply_by, opened_at=found.first_opened_at)
    demands = tuple(DemandFacts(**row) for row in found.demands)
    return replace(
        facts,
        demands=demands,
        closes_at=found.closes_at,
        goal=found.goal,
        outcome=found.get_outcome_display(),
        outcome_statement=found.outcome_statement,
    )


def campaign_facts(
    campaign: Campaign,
    demands: Iterable[Demand],
    *,
    reply_by: datetime | None = None,
    opened_at: datetime | None = None,
) -> CampaignFacts:
    """A campaign and its demands as values; `opened_at` is when its first letter opened."""
    return CampaignFacts(
        id=campaign.pk,
        slug=campaign.slug,
        title=campaign.title,
        summary=campaign.summary,
        organisers=campaign.organisers,
        organisers_named=campaign.organisers_named,
        is_example=campaign.is_example,
        time_zone=campaign.time_zone,
        press_contact=campaign.press_contact,
        demands=tuple(
            DemandFacts(demand.pk, demand.number, demand.key, demand.text, demand.must_be_public) for demand in demands
        ),
        reply_by=reply_by,
        asked_at=opened_at if campaign.counts_silence else None,
    )


def first_opened_at(letters: Iterable[LetterFacts]) -> datetime | None:
    """When the first of these letters opened: since then an answer is owed."""
    return min((letter.opened_at for letter in letters if letter.opened_at), default=None)
