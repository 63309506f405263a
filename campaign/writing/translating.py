"""One more language for a letter, begun with the original's words."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from campaign.models import CampaignLetter, SavedText
from campaign.reminders import planning
from campaign.writing import NotPossible, saving
from letters import languages, publishing


def add(*, campaign_letter: CampaignLetter, language: str, by: User, now: datetime) -> None:
    """Begin a translation. It counts as behind until somebody says that it is not. Raises NotPossible."""
    try:
        with transaction.atomic():
            planning.hold_still(pk=campaign_letter.campaign_id)
            original = saving.draft(campaign_letter)
            publishing.add_translation(
                letter_id=campaign_letter.letter_id,
                language=language,
                title=original.title,
                body=original.body,
                demands=[demand.text for demand in campaign_letter.campaign.demands.order_by("number")],
                follows="",
                now=now,
            )
            saving.remember(campaign_letter, saving.draft(campaign_letter, language), author=by)
    except publishing.NotPossible as error:
        raise NotPossible(str(error)) from error


def remove(*, campaign_letter: CampaignLetter, standing: publishing.Saved) -> None:
    """Take a language out of what will open. What was saved of it stays. Raises NotPossible."""
    try:
        with transaction.atomic():
            planning.hold_still(pk=campaign_letter.campaign_id)
            publishing.remove_translation(
                letter_id=campaign_letter.letter_id, language=standing.language, seen_revision=standing.revision
            )
            # Begun again, the translation counts its revisions from one.
            saving.remember(campaign_letter, standing)
            SavedText.objects.filter(campaign_letter=campaign_letter, language=standing.language).update(revision=None)
    except publishing.NotPossible as error:
        raise NotPossible(str(error)) from error


def choices(drafts: list[publishing.Saved]) -> list[tuple[str, str]]:
    """The languages that the letter is not in yet."""
    there = {one.language for one in drafts}
    return [(code, name) for code, name in languages.known().items() if code not in there]
