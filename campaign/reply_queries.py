"""What pages read of replies: the team's queue, and the outcomes that stand in public."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from campaign import disputes, replies
from campaign.models import Attachment, Campaign, CampaignLetter, ReplyAddress, Submission
from letters import queries as letter_queries


@dataclass(frozen=True)
class Waiting:
    """One submission in the queue."""

    submission: Submission
    is_overdue: bool
    is_mine: bool  # this member decided it, so somebody else confirms


@dataclass(frozen=True)
class Queue:
    """What offices and readers brought."""

    to_decide: tuple[Waiting, ...]
    to_confirm: tuple[Waiting, ...]
    over: tuple[Submission, ...]


@dataclass(frozen=True)
class AddressLine:
    """An address that was made for an office."""

    address: ReplyAddress
    letter: str
    is_live: bool
    is_expired: bool


def queue(campaign: Campaign, *, user: User, now: datetime, most: int = 100) -> Queue:
    """What waits, soonest due first; then what is over, newest first."""
    rows = _rows().filter(campaign=campaign)

    def those(found: "QuerySet[Submission]") -> tuple[Waiting, ...]:
        return tuple(
            Waiting(row, row.due_at < now, row.decided_by_id == user.pk)
            for row in found.order_by("due_at", "pk")[:most]
        )

    to_decide, to_confirm = rows.filter(disputes.waiting()), rows.filter(disputes.unconfirmed())
    over = rows.exclude(disputes.waiting()).exclude(disputes.unconfirmed()).order_by("-decided_at", "pk")
    return Queue(those(to_decide), those(to_confirm), tuple(over[:most]))


def one_or_none(campaign: Campaign, pk: uuid.UUID) -> Submission | None:
    """One of the campaign's submissions."""
    return _rows().filter(campaign=campaign, pk=pk).first()


def attachments(submission: Submission) -> list[Attachment]:
    """The files that came with it."""
    return list(Attachment.objects.filter(address_id=submission.address_id).order_by("name", "pk"))


def addresses(campaign: Campaign, *, now: datetime) -> list[AddressLine]:
    """Every address that was made, newest first."""
    rows = (
        ReplyAddress.objects.filter(executive__campaign=campaign)
        .select_related("executive__employer", "campaign_letter", "made_by")
        .order_by("-made_at", "pk")
    )
    titles = dict(letters(campaign))
    return [
        AddressLine(
            row,
            titles.get(row.campaign_letter_id, ""),
            replies.is_live(row, now=now),
            row.used_at is None and row.revoked_at is None and row.expires_at <= now,
        )
        for row in rows
    ]


def letters(campaign: Campaign) -> list[tuple[int, str]]:
    """The letters that can be answered: their ids in the campaign, and their titles."""
    ours = dict(CampaignLetter.objects.filter(campaign=campaign).values_list("letter_id", "pk"))
    return [(ours[letter.id], letter.title) for letter in letter_queries.letters(ours) if not letter.is_draft]


def settled(*, at: datetime) -> "QuerySet[Submission]":
    """What was decided and confirmed until then, in order of time: public."""
    rows = Submission.objects.filter(state=Submission.State.SETTLED, settled_at__lte=at).select_related("result")
    return rows.order_by("settled_at", "pk")


def by_entry(campaign_id: uuid.UUID, *, at: datetime) -> dict[str, list[Submission]]:
    """Outcomes that stand beside an entry, by its id."""
    found: dict[str, list[Submission]] = {}
    for one in settled(at=at).filter(campaign_id=campaign_id, entry__isnull=False):
        found.setdefault(str(one.entry_id), []).append(one)
    return found


def apart(executive_id: int, entries: Iterable[str], *, at: datetime) -> tuple[Submission, ...]:
    """Outcomes about this executive beside none of these entries: answers that were set aside, entries gone."""
    rows = settled(at=at).filter(executive=executive_id).select_related("entry")
    return tuple(rows.exclude(entry__in=list(entries)))


def corrections(campaign_id: uuid.UUID, *, at: datetime) -> int:
    """How often the record was corrected because an office or a reader said so."""
    right = [Submission.Outcome.ACCEPTED, Submission.Outcome.PARTLY]
    rows = settled(at=at).filter(campaign_id=campaign_id, outcome__in=right)
    return rows.exclude(kind=Submission.Kind.ANSWER).count()


def _rows() -> "QuerySet[Submission]":
    return Submission.objects.select_related(
        "executive__employer", "entry", "result", "decided_by", "settled_by", "address__campaign_letter"
    )
