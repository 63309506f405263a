"""What a team reads of removals: who decided, and how far each is."""

import uuid
from dataclasses import dataclass

from campaign.models import CampaignLetter, RemovalDecision
from letters import matching, removals
from letters import queries as letter_queries
from letters.queries import Signer
from letters.removals import RemovalFacts


@dataclass(frozen=True)
class Decided:
    """A removal with its deciders and its conditions in words."""

    decision: RemovalDecision
    facts: RemovalFacts
    employer: str
    level: str


def of_letter(one: CampaignLetter) -> list[Decided]:
    """All removals of a letter, newest first."""
    decisions = {row.removal_id: row for row in _rows(one)}
    employers = {employer.id: employer.name for employer in letter_queries.employers(one.campaign.directory_id)}
    return [
        _decided(decisions[facts.id], facts, employers)
        for facts in removals.of_letter(one.letter_id)
        if facts.id in decisions
    ]


def one_or_none(one: CampaignLetter, removal_id: uuid.UUID) -> Decided | None:
    """One removal of the letter."""
    return next((found for found in of_letter(one) if found.facts.id == removal_id), None)


def bound(found: Decided) -> tuple[Signer, ...]:
    """The newest of those who wait to be removed, for the second member's eyes."""
    return matching.bound(found.facts.id)


def _rows(one: CampaignLetter) -> list[RemovalDecision]:
    return list(RemovalDecision.objects.filter(campaign_letter=one).select_related("proposed_by", "confirmed_by"))


def _decided(decision: RemovalDecision, facts: RemovalFacts, employers: dict[int, str]) -> Decided:
    employer_id = facts.employer_id or facts.conditions.employer_id or 0
    return Decided(
        decision, facts, employers.get(employer_id, ""), dict(matching.levels()).get(facts.conditions.level, "")
    )
