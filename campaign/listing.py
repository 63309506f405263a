"""What a team does about its letter's list of names; each act stands on the log."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import audit
from campaign.models import Audited, Campaign
from letters import elsewhere, people, pinning, saying
from letters.elsewhere import Name
from letters.pinning import NotPossible
from letters.queries import LetterFacts

__all__ = ["NotPossible", "change", "enter", "note_export", "pin", "remove", "remove_name", "unpin", "unsay"]


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


@transaction.atomic
def unsay(*, campaign: Campaign, letter: LetterFacts, signature_id: int, by: User, now: datetime) -> None:
    """Take a signer's line off that stands beside her name. Raises NotPossible."""
    if not saying.take_off(letter_id=letter.id, signature_id=signature_id):
        raise NotPossible(_("This line is gone already."))
    audit.note(campaign=campaign, by=by, what=Audited.REASON_OUT, about=letter.title, now=now)


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


def enter(
    *,
    campaign: Campaign,
    letter: LetterFacts,
    kind: str,
    source: str,
    evidence: str,
    people: list[Name],
    count: int,
    by: User,
    now: datetime,
) -> None:
    """Show signatures from elsewhere apart. Raises NotPossible."""
    with _refusing(), transaction.atomic():
        elsewhere.enter(
            letter_id=letter.id,
            kind=kind,
            source=source,
            evidence=evidence,
            people=people,
            count=count,
            today=now.date(),
        )
        audit.note(
            campaign=campaign,
            by=by,
            what=Audited.ELSEWHERE_ENTERED,
            about=f"{letter.title}: {source}",
            reason=evidence,
            count=max(count, len(people)),
            now=now,
        )


def remove(*, campaign: Campaign, letter: LetterFacts, lot_id: uuid.UUID, by: User, now: datetime) -> None:
    """Take signatures from elsewhere out again. Raises NotPossible."""
    with _refusing(), transaction.atomic():
        source = elsewhere.remove(letter_id=letter.id, lot_id=lot_id)
        audit.note(campaign=campaign, by=by, what=Audited.ELSEWHERE_OUT, about=f"{letter.title}: {source}", now=now)


def remove_name(*, campaign: Campaign, letter: LetterFacts, name_id: int, by: User, now: datetime) -> None:
    """Take one of their names out; the log says that, and not whose. Raises NotPossible."""
    with _refusing(), transaction.atomic():
        elsewhere.remove_name(letter_id=letter.id, name_id=name_id)
        audit.note(campaign=campaign, by=by, what=Audited.ELSEWHERE_OUT, about=letter.title, count=1, now=now)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except elsewhere.NotPossible as error:
        raise NotPossible(str(error)) from error
