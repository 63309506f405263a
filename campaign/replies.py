"""Right of reply: offices answer or dispute what is on record of them, readers report errors (docs/replies.md).

An office gets an address that nobody can guess. It works once for one letter, expires, and can be revoked. Opening it
changes nothing and shows nothing that is not public. All that comes in waits in one queue with a day by which the team
decides (campaign/disputes.py).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import links
from accounts.models import User
from campaign import audit, uploads
from campaign.models import Attachment, Audited, Campaign, CampaignLetter, Entry, Executive, ReplyAddress, Submission
from campaign.reminders import planning
from letters import queries as letter_queries

LIFE, LEAST_LIFE, MOST_LIFE = 60, 7, 180  # days
DUE_AFTER = 7  # days
MOST_FILES = 5
_PURPOSE = "reply"


class NotPossible(Exception):
    """It cannot be done like this; the text says why and what to do."""


class NoSuchAddress(LookupError):
    """Nobody made such an address."""


@dataclass(frozen=True)
class Objection:
    """What is wrong with an entry, and where that can be seen."""

    words: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What an office sends: an answer, objections by entry, or both."""

    signed_as: str
    answer: str = ""
    objections: Mapping[uuid.UUID, Objection] = field(default_factory=dict)
    files: Sequence[uploads.Taken] = ()


def token_of(address: ReplyAddress) -> str:
    """What stands in the address: made anew each time it is shown, and kept nowhere."""
    return links.make(purpose=_PURPOSE, id=address.pk.hex)


def find(*, token: str) -> ReplyAddress:
    """The address that this token was made for, whatever became of it. Raises NoSuchAddress."""
    try:
        pk = uuid.UUID(links.read(purpose=_PURPOSE, token=token)["id"])
    except (links.BadLink, KeyError, ValueError) as error:
        raise NoSuchAddress from error
    rows = ReplyAddress.objects.select_related("executive__campaign", "executive__employer", "campaign_letter")
    address = rows.filter(pk=pk).first()
    if address is None:
        raise NoSuchAddress
    return address


def is_live(address: ReplyAddress, *, now: datetime) -> bool:
    """Whether something can be sent at it."""
    return address.revoked_at is None and address.used_at is None and address.expires_at > now


def make_address(
    *, executive: Executive, campaign_letter: CampaignLetter, by: User | None, now: datetime, days: int = LIFE
) -> ReplyAddress:
    """An address for the team to hand over; one that is still good is answered again. Raises NotPossible."""
    with transaction.atomic():
        planning.hold_still(pk=executive.campaign_id)
        return _address(executive, campaign_letter, by, now, days=days, by_mail=False)


def address_for_mail(*, executive: Executive, by: User | None, now: datetime) -> ReplyAddress | None:
    """The address that goes out with a question, for the newest letter that is open. The campaign is locked already."""
    ours = {one.letter_id: one for one in CampaignLetter.objects.filter(campaign_id=executive.campaign_id)}
    opened = [letter for letter in letter_queries.letters(ours) if letter.is_open]
    if not opened:
        return None
    newest = max(opened, key=lambda letter: letter.opened_at or now)
    return _address(executive, ours[newest.id], by, now, days=LIFE, by_mail=True)


def revoke(*, address: ReplyAddress, by: User, now: datetime) -> None:
    """From now on nothing can be sent at it. Raises NotPossible when somebody has."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=address.executive.campaign_id)
        done = ReplyAddress.objects.filter(pk=address.pk, used_at__isnull=True, revoked_at__isnull=True)
        if not done.update(revoked_at=now):
            raise NotPossible(_("This address was used or revoked already."))
        about = address.executive.display
        audit.note(campaign=campaign, by=by, what=Audited.REPLY_ADDRESS_REVOKED, about=about, now=now)


def submit(*, address: ReplyAddress, reply: Reply, now: datetime) -> None:
    """Take what an office sends; the address is used up by it. Raises NotPossible."""
    if not reply.answer and not reply.objections:
        raise NotPossible(_("Write your answer, or say what is wrong with an entry."))
    kept: list[uuid.UUID] = []
    try:
        with transaction.atomic():
            campaign = planning.hold_still(pk=address.executive.campaign_id)
            used = ReplyAddress.objects.filter(
                pk=address.pk, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now
            ).update(used_at=now)
            if not used:
                raise NotPossible(_("This address was used, revoked or expired a moment ago."))
            Submission.objects.bulk_create(_submissions(address, reply, campaign, now))
            for file in reply.files:
                kept.append(uploads.keep(file))
                Attachment.objects.create(
                    id=kept[-1], address=address, name=file.name, kind=file.kind, size=len(file.content),
                    sha256=file.sha256,
                )  # fmt: skip
            planning.plan_record(campaign_id=campaign.pk, now=now)
    except BaseException:
        for name in kept:
            uploads.drop(name)
        raise


def report(
    *, campaign: Campaign, executive: Executive | None, entry: Entry | None, objection: Objection, now: datetime
) -> Submission:
    """Take a reader's word that something is wrong. Nothing is kept of who she is."""
    with transaction.atomic():
        planning.hold_still(pk=campaign.pk)
        one = Submission.objects.create(
            campaign=campaign,
            kind=Submission.Kind.ERROR,
            executive=executive,
            entry=entry,
            words=objection.words,
            source=objection.source,
            received_at=now,
            due_at=_due(campaign, now),
        )
        planning.plan_record(campaign_id=campaign.pk, now=now)
    return one


def _submissions(address: ReplyAddress, reply: Reply, campaign: Campaign, now: datetime) -> list[Submission]:
    def brought(kind: Submission.Kind, objection: Objection, entry: Entry | None = None) -> Submission:
        return Submission(
            campaign=campaign,
            kind=kind,
            address=address,
            executive=address.executive,
            entry=entry,
            words=objection.words,
            source=objection.source,
            signed_as=reply.signed_as,
            received_at=now,
            due_at=_due(campaign, now),
        )

    # Only what is public of this very executive can be disputed: a form that names anything else is not ours.
    disputed = Entry.objects.filter(
        pk__in=reply.objections, executives=address.executive, campaign=campaign, state=Entry.State.CHECKED
    )
    found = {entry.pk: entry for entry in disputed}
    if found.keys() != reply.objections.keys():
        raise NotPossible(
            _("An entry that you dispute was taken off the record a moment ago. Look at the page once more.")
        )
    answers = [brought(Submission.Kind.ANSWER, Objection(reply.answer))] if reply.answer else []
    return answers + [
        brought(Submission.Kind.DISPUTE, objection, found[pk]) for pk, objection in reply.objections.items()
    ]


def _address(
    executive: Executive, campaign_letter: CampaignLetter, by: User | None, now: datetime, *, days: int, by_mail: bool
) -> ReplyAddress:
    if campaign_letter.campaign_id != executive.campaign_id:
        raise NotPossible(_("This letter is of another campaign."))
    [letter] = letter_queries.letters([campaign_letter.letter_id])
    if letter.is_draft:
        raise NotPossible(_("This letter has not opened yet, so there is nothing to answer."))
    unused = ReplyAddress.objects.filter(
        executive=executive, campaign_letter=campaign_letter, used_at__isnull=True, revoked_at__isnull=True
    )
    # One that is about to expire, or has, gives way to a new one.
    unused.filter(expires_at__lt=now + timedelta(days=LEAST_LIFE)).update(revoked_at=now)
    if (live := unused.first()) is not None:
        unused.update(by_mail=F("by_mail") if not by_mail else True)
        return live
    about = executive.display
    audit.note(campaign=executive.campaign, by=by, what=Audited.REPLY_ADDRESS_MADE, about=about, now=now)
    return ReplyAddress.objects.create(
        executive=executive,
        campaign_letter=campaign_letter,
        made_by=by,
        made_at=now,
        expires_at=planning.days_later(now, min(max(days, LEAST_LIFE), MOST_LIFE), executive.campaign.time_zone),
        by_mail=by_mail,
    )


def _due(campaign: Campaign, now: datetime) -> datetime:
    return planning.days_later(now, DUE_AFTER, campaign.time_zone)
