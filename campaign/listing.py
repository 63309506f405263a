"""What a team does about its letter's list of names; each act stands on the log."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from campaign import audit
from campaign.models import Audited, Campaign
from letters import people, pinning
from letters.pinning import NotPossible
from letters.queries import LetterFacts

__all__ = ["NotPossible", "change", "note_export", "pin", "unpin"]


@transaction.atomic
def change(
    *, campaign: Campaign, letter: LetterFacts, criterion: str, is_listed: bool, by: User, now: datetime
) -> None:
    """Say by which criterion people are set at the head, and whether search engines may list names."""
    pinning.say(letter_id=letter.id, criterion=criterion, is_listed=is_listed)
    audit.note(campaign=campaign, by=by, what=Audited.LIST_CHANGED, about=letter.title, reason=criterion, now=now)


@transaction.atomic
def pin(*, campaign: Campaign, letter: LetterFacts, signature_id: int, by: User, now: datetime) -> None:
    """Set somebody at the head of the list. Raises NotPossible."""
    pinning.pin(letter_id=letter.id, signature_id=signature_id)
    # Without her name: the log stays when she takes her signature back.
    audit.note(campaign=campaign, by=by, what=Audited.PINNED, about=letter.title, now=now)


@transaction.atomic
def unpin(*, campaign: Campaign, letter: LetterFacts, signature_id: int, by: User, now: datetime) -> None:
    """Let her stand where the others stand."""
    pinning.unpin(letter_id=letter.id, signature_id=signature_id)
    audit.note(campaign=campaign, by=by, what=Audited.UNPINNED, about=letter.title, now=now)


def note_export(*, campaign: Campaign, letter: LetterFacts, by: User, now: datetime) -> None:
    """Somebody takes the names along."""
    audit.note(
        campaign=campaign,
        by=by,
        what=Audited.NAMES_EXPORTED,
        about=letter.title,
        count=people.count(letter.id),
        now=now,
    )
