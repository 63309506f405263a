"""Deciding that signatures come off a letter: an owner proposes; what is much, or for good, a second member confirms.

Every step is on the team's log in the transaction of the step; what was removed and why, everybody reads.
"""

import time
import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import audit
from campaign.models import Audited, CampaignLetter, RemovalDecision
from letters import queries as letter_queries
from letters import removals, removing
from letters.matching import Conditions
from letters.removing import Moved, NotPossible

__all__ = ["ALONE", "Moved", "NotPossible", "confirm", "drop", "go_on", "propose", "propose_lowering", "put_back"]

ALONE = 50  # as many may an owner remove alone


def propose(
    *, campaign_letter: CampaignLetter, conditions: Conditions, reason: str, seen: str, by: User, now: datetime
) -> uuid.UUID:
    """Remove the signatures that fit, at once where they are few. Raises NotPossible, and Moved if others fit now."""
    with transaction.atomic():
        removal_id = removing.plan(
            letter_id=campaign_letter.letter_id, conditions=conditions, reason=reason, seen=seen, today=now.date()
        )
        decision = _proposed(campaign_letter, removal_id, by, now)
        if removals.one(removal_id).matched <= ALONE:
            removing.begin(removal_id=decision.removal_id, today=now.date())
    return removal_id


def propose_lowering(
    *,
    campaign_letter: CampaignLetter,
    employer_id: int,
    number: int,
    reason: str,
    seen: tuple[int, int],
    by: User,
    now: datetime,
) -> uuid.UUID:
    """Propose to take a number off an employer's confidential signatures. Raises NotPossible, Moved."""
    with transaction.atomic():
        removal_id = removing.plan_lowering(
            letter_id=campaign_letter.letter_id,
            employer_id=employer_id,
            number=number,
            reason=reason,
            seen=seen,
            today=now.date(),
        )
        _proposed(campaign_letter, removal_id, by, now)
    return removal_id


def confirm(*, decision: RemovalDecision, by: User, now: datetime) -> None:
    """Let go ahead what another member proposed. Raises NotPossible."""
    if decision.proposed_by_id == by.pk:
        raise NotPossible(_("You proposed this yourself. Somebody else in your team has to confirm it."))
    with transaction.atomic():
        removing.begin(removal_id=decision.removal_id, today=now.date())
        RemovalDecision.objects.filter(pk=decision.pk).update(confirmed_by=by)
        facts = removals.one(decision.removal_id)
        what = Audited.COUNT_LOWERED if facts.is_confidential else Audited.REMOVAL_CONFIRMED
        _note(decision, what, by, now)


def drop(*, decision: RemovalDecision, by: User, now: datetime) -> None:
    """Give up what was proposed and has not begun. Raises NotPossible."""
    with transaction.atomic():
        removing.drop(removal_id=decision.removal_id, today=now.date())
        _note(decision, Audited.REMOVAL_CANCELLED, by, now)


def put_back(*, decision: RemovalDecision, by: User, now: datetime) -> None:
    """Stop one that is under way, or reverse one that is done, as a whole. Raises NotPossible."""
    with transaction.atomic():
        removing.put_back(removal_id=decision.removal_id)
        _note(decision, Audited.REMOVAL_REVERSED, by, now)


def go_on(*, now: datetime, seconds: float = 20) -> int:
    """Take the next steps of all that are under way; answers how many. It may run twice and be cut off anywhere."""
    until = time.monotonic() + seconds
    steps = 0
    for removal_id in removing.under_way():
        decision = RemovalDecision.objects.select_related("campaign_letter__campaign").get(removal=removal_id)
        moving = True
        while moving and time.monotonic() < until:
            with transaction.atomic():
                before = removals.one(removal_id).is_moving
                removing.step(removal_id=removal_id, today=now.date())
                moving = removals.one(removal_id).is_moving
                if before and not moving:
                    undone = removals.one(removal_id).is_put_back
                    _note(decision, Audited.REMOVAL_UNDONE if undone else Audited.REMOVAL_DONE, None, now)
            steps += 1
    return steps


def _proposed(campaign_letter: CampaignLetter, removal_id: uuid.UUID, by: User, now: datetime) -> RemovalDecision:
    decision = RemovalDecision.objects.create(campaign_letter=campaign_letter, removal_id=removal_id, proposed_by=by)
    _note(decision, Audited.REMOVAL_PROPOSED, by, now)
    return decision


def _note(decision: RemovalDecision, what: Audited, by: User | None, now: datetime) -> None:
    facts = removals.one(decision.removal_id)
    title = letter_queries.letters([facts.letter_id])[0].title
    count = facts.removed if what == Audited.REMOVAL_DONE else facts.matched
    campaign = decision.campaign_letter.campaign
    audit.note(campaign=campaign, by=by, what=what, about=title, reason=facts.reason, count=count, now=now)
