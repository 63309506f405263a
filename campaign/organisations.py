"""What a team's reviewers answer organisations that want to sign, and the log of it, in one transaction."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import in_english
from campaign import audit
from campaign.models import Audited, Campaign
from campaign.reminders import planning
from letters import organisations
from letters.organisations import NotPossible

__all__ = ["NotPossible", "accept", "decline", "remove"]


def accept(*, campaign: Campaign, organisation_id: uuid.UUID, checked_how: str, by: User, now: datetime) -> str:
    """Let it stand on the letter; answers its name. Raises NotPossible."""
    with _answering(campaign, now):
        shown = organisations.accept(
            directory_id=campaign.directory_id,
            organisation_id=organisation_id,
            checked_how=checked_how,
            today=now.date(),
        )
        with in_english():
            reason = _("address at %(domain)s checked") % {"domain": shown.domain} if shown.at_domain else ""
        audit.note(
            campaign=campaign,
            by=by,
            what=Audited.ORGANISATION_ACCEPTED,
            about=f"{shown.name} ({shown.domain})",
            reason="; ".join(part for part in (reason, checked_how) if part),
            now=now,
        )
    return shown.name


def decline(*, campaign: Campaign, organisation_id: uuid.UUID, reason: str, by: User, now: datetime) -> None:
    """Let nothing of it be left. The log says why, and names nobody. Raises NotPossible."""
    if not reason:
        raise NotPossible(_("Say why. It stands on the team’s log, without the name."))
    with _answering(campaign, now):
        asking = organisations.asking(campaign.directory_id, organisation_id)
        organisations.decline(directory_id=campaign.directory_id, organisation_id=organisation_id)
        words = {"item": asking.short if asking else "", "letter": asking.letter if asking else ""}
        with in_english():
            about = _("item %(item)s, letter “%(letter)s”") % words
        audit.note(campaign=campaign, by=by, what=Audited.ORGANISATION_DECLINED, about=about, reason=reason, now=now)


def remove(*, campaign: Campaign, organisation_id: uuid.UUID, because: str, by: User, now: datetime) -> str:
    """Take it off a letter, for a reason that everybody reads; answers its name. Raises NotPossible."""
    with _answering(campaign, now):
        name = organisations.remove(
            directory_id=campaign.directory_id, organisation_id=organisation_id, because=because, today=now.date()
        )
        audit.note(campaign=campaign, by=by, what=Audited.ORGANISATION_OUT, about=name, reason=because, now=now)
    return name


@contextmanager
def _answering(campaign: Campaign, now: datetime) -> Iterator[None]:
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        yield
        planning.plan_reviews(campaign_id=campaign.pk, now=now)
