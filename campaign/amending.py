"""Changing a letter that is open (docs/versions.md): corrections that stand after a time for objections, and changes
that ask something else, which two more members approve, or the only other one. No signature is moved by either.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import access, audit, news, organising
from campaign.models import Audited, Campaign, CampaignLetter, Role, TextChange
from campaign.organising import NotPossible
from campaign.reminders import planning
from letters import freshness, publishing, revising

OBJECTION = timedelta(hours=72)
LIVE = (TextChange.State.PROPOSED, TextChange.State.ANNOUNCED)


def as_correction(campaign_letter: CampaignLetter) -> revising.Prospect:
    """What the drafts would make of the letter as a correction."""
    return revising.correction(letter_id=campaign_letter.letter_id)


def as_change(campaign_letter: CampaignLetter) -> revising.Prospect:
    """What the drafts, and the campaign's demands and addressees, would make of the letter as a change."""
    text = organising.text_to_open(campaign_letter=campaign_letter)
    return revising.change(letter_id=campaign_letter.letter_id, demands=text.demands, addressees=text.addressees)


def correct(*, campaign_letter: CampaignLetter, note: str, read_sha256: str, by: User, now: datetime) -> TextChange:
    """Announce a correction: everybody can read it now, and it is in force after the time for objections.

    Raises NotPossible, also when the server finds that it is more than a correction.
    """
    with _changing(campaign_letter, note) as campaign:
        version_id = revising.announce_correction(
            letter_id=campaign_letter.letter_id, read_sha256=read_sha256, note=note, now=now
        )
        audit.note(campaign=campaign, by=by, what=Audited.CORRECTION_ANNOUNCED, about=note, now=now)
        return TextChange.objects.create(
            campaign_letter=campaign_letter,
            kind=TextChange.Kind.CORRECTION,
            state=TextChange.State.ANNOUNCED,
            sha256=read_sha256,
            note=note,
            version_id=version_id,
            declared_by=by,
            declared_at=now,
            in_force_at=now + OBJECTION,
        )


def declare(*, campaign_letter: CampaignLetter, note: str, read_sha256: str, by: User, now: datetime) -> TextChange:
    """Declare that the letter shall ask something else. Raises NotPossible.

    Two others have to approve it; in a team of two who may, the other one. Nobody changes alone what people signed.
    """
    with _changing(campaign_letter, note) as campaign:
        needed = min(2, who_may_approve(campaign, without=[by.pk]))
        if not needed:
            raise NotPossible(
                _("Nobody else in your team could approve it. Invite somebody first, as owner, editor or tracker.")
            )
        found = as_change(campaign_letter)
        if not found.is_new:
            raise NotPossible(_("The text is the one that stands. Nothing would change."))
        if not found.text.demands or not found.text.addressees:
            raise NotPossible(_("A letter needs at least one demand, and somebody who is addressed."))
        publishing.check_translations(found.text)
        if found.text.sha256() != read_sha256:
            raise NotPossible(_("The text changed since you read it. Here is how it reads now."))
        audit.note(campaign=campaign, by=by, what=Audited.CHANGE_DECLARED, about=note, now=now)
        return TextChange.objects.create(
            campaign_letter=campaign_letter,
            kind=TextChange.Kind.CHANGE,
            state=TextChange.State.PROPOSED,
            sha256=read_sha256,
            note=note,
            needed=needed,
            declared_by=by,
            declared_at=now,
        )


def who_may_approve(campaign: Campaign, *, without: Iterable[int | None]) -> int:
    """How many of the team, without these, may approve a change."""
    roles = campaign.team.memberships.exclude(user__in=[one for one in without if one]).values_list("role", flat=True)
    return sum(access.may(role, Role.TRACKER) for role in roles)


def approve(*, change_id: int, campaign_letter: CampaignLetter, read_sha256: str, by: User, now: datetime) -> bool:
    """Approve the exact text that was declared; the last approval that it needs puts it in force, and answers True.

    Raises NotPossible for whoever declared or approved it, and when the text has moved on.
    """
    with _refusing(), transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        change = _live(change_id, campaign_letter, TextChange.State.PROPOSED)
        if by.pk in {change.declared_by_id, change.approved_by_id}:
            raise NotPossible(_("You have had your say on this change. It takes somebody else."))
        if not change.sha256 == read_sha256 == as_change(campaign_letter).text.sha256():
            raise NotPossible(
                _("The text, a demand or an addressee has moved on since this change was declared. Declare it again.")
            )
        audit.note(campaign=campaign, by=by, what=Audited.CHANGE_APPROVED, about=change.note, now=now)
        if change.approved_at is None:
            TextChange.objects.filter(pk=change_id).update(approved_by=by, approved_at=now)
            if change.needed > 1:
                return False
        else:
            TextChange.objects.filter(pk=change_id).update(seconded_by=by, seconded_at=now)
        text = organising.text_to_open(campaign_letter=campaign_letter)
        version_id = revising.make_change(
            letter_id=campaign_letter.letter_id,
            demands=text.demands,
            addressees=text.addressees,
            read_sha256=read_sha256,
            note=change.note,
            now=now,
        )
        TextChange.objects.filter(pk=change_id).update(
            state=TextChange.State.IN_FORCE,
            version_id=version_id,
            in_force_at=now,
            over_at=now,
        )
        news.text_changed(campaign_letter=campaign_letter, note=change.note, now=now)
        planning.plan_letter(campaign_letter_id=campaign_letter.pk, now=now)
    return True


def drop(*, change_id: int, campaign_letter: CampaignLetter, by: User, now: datetime) -> None:
    """Take back what was announced or declared. A version that people could read stays readable. Raises NotPossible."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        change = _live(change_id, campaign_letter, *LIVE)
        _drop(change, now)
        audit.note(campaign=campaign, by=by, what=Audited.CHANGE_DROPPED, about=change.note, now=now)


def take_effect(*, now: datetime) -> int:
    """Put corrections in force whose time for objections is over, and drop what its letter can no longer have."""
    done = 0
    for change in TextChange.objects.filter(state__in=LIVE).exclude(campaign_letter__letter__state="open"):
        _end(change.pk, now, in_force=False)
    for change in TextChange.objects.filter(state=TextChange.State.ANNOUNCED, in_force_at__lte=now).order_by("pk"):
        done += _end(change.pk, now, in_force=True)
    return done


def _end(change_id: int, now: datetime, *, in_force: bool) -> bool:
    with transaction.atomic():
        planning.hold_still(campaign_letters__text_changes=change_id)
        change = TextChange.objects.select_related("campaign_letter").filter(pk=change_id, state__in=LIVE).first()
        if change is None or change.version_id is None or not in_force:
            if change is not None:
                _drop(change, now)
            return False
        try:
            with transaction.atomic():
                revising.put_in_force(letter_id=change.campaign_letter.letter_id, version_id=change.version_id)
        except publishing.NotPossible:
            _drop(change, now)
            return False
        TextChange.objects.filter(pk=change_id).update(state=TextChange.State.IN_FORCE, over_at=now)
    return True


def _drop(change: TextChange, now: datetime) -> None:
    TextChange.objects.filter(pk=change.pk, state__in=LIVE).update(state=TextChange.State.DROPPED, over_at=now)
    freshness.changed()


def _live(change_id: int, campaign_letter: CampaignLetter, *states: TextChange.State) -> TextChange:
    change = TextChange.objects.filter(pk=change_id, campaign_letter=campaign_letter, state__in=states).first()
    if change is None:
        raise NotPossible(_("This change is in force already, or somebody dropped it."))
    return change


@contextmanager
def _changing(campaign_letter: CampaignLetter, note: str) -> Iterator[Campaign]:
    """Hold the campaign, and let one new text be under way at a time."""
    if not note.strip():
        raise NotPossible(_("Say in a sentence what is new. It stands beside the text for everybody."), field="note")
    with _refusing(), transaction.atomic():
        campaign = planning.hold_still(pk=campaign_letter.campaign_id)
        if TextChange.objects.filter(campaign_letter=campaign_letter, state__in=LIVE).exists():
            raise NotPossible(_("Another new text is under way. Wait until it is in force, or drop it first."))
        yield campaign


@contextmanager
def _refusing() -> Iterator[None]:
    """What letters refuse is refused here in the same words."""
    try:
        yield
    except publishing.NotPossible as error:
        raise NotPossible(str(error)) from error
