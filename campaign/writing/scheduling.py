"""Letters that open by themselves, with the text that was read when the moment was chosen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import audit, organising
from campaign.models import Audited, CampaignLetter
from campaign.reminders import planning
from campaign.writing import NotPossible, approving
from letters import freshness, queries


def open_at(
    *, campaign_letter: CampaignLetter, opens_at: datetime | None, read_sha256: str, by: User, now: datetime
) -> None:
    """Let the letter open by itself with the text that was read, or not any more. Raises NotPossible."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        one = CampaignLetter.objects.get(pk=campaign_letter.pk)
        if opens_at is not None:
            _check_moment(one, opens_at, now)
            text = organising.text_to_open(campaign_letter=one)
            if text.sha256() != read_sha256:
                raise NotPossible(_("The text changed since you read it. Here is how it reads now."))
            approving.insist(campaign_letter=one, text=text)
        CampaignLetter.objects.filter(pk=one.pk).update(
            opens_at=opens_at, opens_sha256=read_sha256 if opens_at else "", not_opened="", not_opened_at=None
        )
        planning.plan_letter(campaign_letter_id=one.pk, now=now)
        audit.note(campaign=campaign, by=by, what=Audited.OPENS_AT_SET, about=_about(one, opens_at), now=now)


def open_due(*, now: datetime) -> int:
    """Open the letters whose moment has come; answers how many. One whose text moved on stays closed and says why."""
    opened = 0
    for one in CampaignLetter.objects.filter(opens_at__lte=now).select_related("campaign").order_by("opens_at"):
        try:
            with transaction.atomic():
                planning.hold_still(pk=one.campaign_id)
                if not CampaignLetter.objects.filter(pk=one.pk, opens_at=one.opens_at).update(
                    opens_at=None, opens_sha256="", not_opened="", not_opened_at=None
                ):
                    continue  # somebody chose another moment just now
                approving.insist(campaign_letter=one, text=organising.text_to_open(campaign_letter=one))
                organising.open_letter(campaign_letter=one, by=None, read_sha256=one.opens_sha256, now=now)
                opened += 1
        except (NotPossible, organising.NotPossible) as error:
            _stays_closed(one, str(error), now)
    return opened


def _stays_closed(one: CampaignLetter, why: str, now: datetime) -> None:
    """Keep why it did not open, and let its team be told."""
    with transaction.atomic():
        planning.hold_still(pk=one.campaign_id)
        if CampaignLetter.objects.filter(pk=one.pk, opens_at=one.opens_at).update(
            opens_at=None, opens_sha256="", not_opened=why, not_opened_at=now
        ):
            planning.plan_letter(campaign_letter_id=one.pk, now=now)


def set_goal(*, campaign_letter: CampaignLetter, goal: int | None, by: User, now: datetime) -> None:
    """Say how many shall sign, or that there is no number."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        CampaignLetter.objects.filter(pk=campaign_letter.pk).update(goal=goal)
        title = queries.letters([campaign_letter.letter_id])[0].title
        audit.note(campaign=campaign, by=by, what=Audited.GOAL_SET, about=f"{title}: {goal or '–'}", now=now)
        freshness.changed()


def _check_moment(one: CampaignLetter, opens_at: datetime, now: datetime) -> None:
    organising.check_moment(opens_at, now, field="opens_at")
    if one.closes_at is not None and opens_at >= one.closes_at:
        raise NotPossible(
            _("The letter would close before it opens. Choose an earlier moment, or change when it closes."),
            field="opens_at",
        )
    if not queries.letters([one.letter_id])[0].is_draft:
        raise NotPossible(_("This letter has opened already."))


def _about(one: CampaignLetter, opens_at: datetime | None) -> str:
    [letter] = queries.letters([one.letter_id])
    return f"{letter.title}: {opens_at:%Y-%m-%d %H:%M} UTC" if opens_at else letter.title
