"""What waits for one member, source by source: each in a fixed number of queries, for all her campaigns together."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from accounts import hours
from campaign import disputes, organising, proposals
from campaign.models import (
    Audience,
    Campaign,
    CampaignLetter,
    Comment,
    CommentReply,
    Entry,
    EntryDraft,
    EntryKind,
    Executive,
    HandedIn,
    Holder,
    Outreach,
    Reminder,
    RemovalDecision,
    SavedText,
    StandingDecision,
    Submission,
    TextChange,
)
from campaign.reminders import planning
from campaign.writing import approving, queries
from campaign.writing.saving import Words
from letters import review_queries


@dataclass(frozen=True)
class Desk:
    """Whose desk it is, and in which campaigns something of this sort is hers to do."""

    user_id: int
    campaigns: Mapping[uuid.UUID, Campaign]
    now: datetime


@dataclass(frozen=True, kw_only=True)
class Waits:
    """So many things of one sort in one campaign, and since when the oldest waits."""

    campaign_id: uuid.UUID
    count: int = 1
    since: datetime | date | None = None
    due_at: datetime | None = None
    one: CampaignLetter | None = None  # where it is about one letter
    to: tuple[object, ...] = ()  # what the address of its page needs beside campaign and letter
    language: str = ""


def names(desk: Desk) -> Iterator[Waits]:
    """Names on hold that she may answer."""
    return _cases(desk, "name")


def evidence(desk: Desk) -> Iterator[Waits]:
    """Evidence of work that she may look at."""
    return _cases(desk, "proof")


def organisations(desk: Desk) -> Iterator[Waits]:
    """Organisations that want to sign."""
    of_directory = {campaign.directory_id: pk for pk, campaign in desk.campaigns.items()}
    for one in review_queries.organisations_open(of_directory):
        yield Waits(campaign_id=of_directory[one.directory_id], count=one.count, since=one.oldest_on)


def entries(desk: Desk) -> Iterator[Waits]:
    """Entries that somebody else recorded."""
    rows = Entry.objects.filter(campaign__in=desk.campaigns, state=Entry.State.RECORDED)
    return _grouped(rows.exclude(recorded_by=desk.user_id), "campaign_id", "recorded_at")


def standings(desk: Desk) -> Iterator[Waits]:
    """Standings that somebody else decided."""
    rows = StandingDecision.objects.filter(
        executive__campaign__in=desk.campaigns, state=StandingDecision.State.WAITING
    ).exclude(decided_by=desk.user_id)
    return _grouped(rows, "executive__campaign_id", "decided_at")


def successions(desk: Desk) -> Iterator[Waits]:
    """Offices that changed hands, as somebody else recorded."""
    rows = Holder.objects.filter(executive__campaign__in=desk.campaigns, state=Holder.State.WAITING)
    return _grouped(rows.exclude(recorded_by=desk.user_id), "executive__campaign_id", "recorded_at")


def proposed(desk: Desk) -> Iterator[Waits]:
    """Standings that follow from the record by the rules, and that nobody decided yet."""
    found: dict[uuid.UUID, list[datetime]] = {}
    for cell in proposals.in_campaigns(desk.campaigns):
        found.setdefault(cell.executive.campaign_id, []).append(cell.newest or desk.now)
    for campaign_id, moments in found.items():
        yield Waits(campaign_id=campaign_id, count=len(moments), since=min(moments))


def replies(desk: Desk) -> Iterator[Waits]:
    """Answers and disputes of offices."""
    return _submissions(desk, disputes.waiting() & ~Q(kind=Submission.Kind.ERROR))


def reports(desk: Desk) -> Iterator[Waits]:
    """Readers' reports of errors."""
    return _submissions(desk, disputes.waiting() & Q(kind=Submission.Kind.ERROR))


def to_confirm(desk: Desk) -> Iterator[Waits]:
    """What another member decided on a reply or a report."""
    return _submissions(desk, disputes.unconfirmed() & ~Q(decided_by=desk.user_id))


def silent(desk: Desk) -> Iterator[Waits]:
    """Executives who have not answered a letter whose day for that is over."""
    asked = CampaignLetter.objects.filter(campaign__in=desk.campaigns, reply_by__lte=desk.now)
    asked = asked.filter(Q(letter__state="open") | Q(deliveries__isnull=False))
    since = dict(asked.values_list("campaign_id").annotate(at=Min("reply_by")))
    rows = _unanswered(desk).filter(campaign__in=since).values_list("campaign_id")
    for campaign_id, count in rows.annotate(n=Count("pk")).order_by():
        yield Waits(campaign_id=campaign_id, count=count, since=since[campaign_id], due_at=since[campaign_id])


def reminders(desk: Desk) -> Iterator[Waits]:
    """What goes out before the campaign's day is over."""
    rows = Reminder.objects.filter(campaign__in=desk.campaigns, state=Reminder.State.PLANNED)
    found: dict[uuid.UUID, list[datetime]] = {}
    soon = rows.filter(due_at__lte=desk.now + timedelta(days=1))
    for campaign_id, due_at in soon.order_by("due_at").values_list("campaign_id", "due_at"):
        there = hours.zone_of(desk.campaigns[campaign_id].time_zone)
        if due_at.astimezone(there).date() <= desk.now.astimezone(there).date():
            found.setdefault(campaign_id, []).append(due_at)
    for campaign_id, moments in found.items():
        yield Waits(campaign_id=campaign_id, count=len(moments))


def held(desk: Desk) -> Iterator[Waits]:
    """Campaigns whose mail is held, with how much would go out otherwise."""
    stopped = [pk for pk, campaign in desk.campaigns.items() if campaign.mail_held]
    if not stopped:
        return
    rows = Reminder.objects.filter(campaign__in=stopped, state__in=planning.LIVE).values("campaign_id")
    waiting = {row["campaign_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()}
    for campaign_id in stopped:
        yield Waits(campaign_id=campaign_id, count=waiting.get(campaign_id, 0))


def questions(desk: Desk) -> Iterator[Waits]:
    """Drafts of questions to offices that may be released."""
    asked = Outreach.objects.filter(executive=OuterRef("executive"), state__in=planning.SPENT)
    lately = asked.filter(sent_at__gt=desk.now - timedelta(days=planning.ASK_AGAIN_AFTER))
    rows = Outreach.objects.filter(~Exists(lately), state=Outreach.State.DRAFT, executive__in=_unanswered(desk))
    return _grouped(rows, "executive__campaign_id", "drafted_at")


def entry_drafts(desk: Desk) -> Iterator[Waits]:
    """Entries that she began herself."""
    rows = EntryDraft.objects.filter(campaign__in=desk.campaigns, saved_by=desk.user_id)
    return _grouped(rows, "campaign_id", "saved_at")


def files(desk: Desk) -> Iterator[Waits]:
    """Files that she handed in, and that are neither imported nor over."""
    rows = HandedIn.objects.filter(campaign__in=desk.campaigns, handed_in_by=desk.user_id, over_at__isnull=True)
    return _grouped(rows, "campaign_id", "handed_in_at")


def unsaved_texts(desk: Desk) -> Iterator[Waits]:
    """Letters of which she wrote more than she saved."""
    living = Q(campaign_letter__campaign__in=desk.campaigns) & ~Q(campaign_letter__letter__state="closed")
    rows = SavedText.objects.filter(living, author=desk.user_id)
    last = rows.order_by("campaign_letter", "language", "-pk").distinct("campaign_letter", "language")
    for row in last.select_related("campaign_letter__campaign"):
        if row.revision is not None:
            continue
        for standing in queries.drafts(row.campaign_letter):
            if standing.language == row.language and Words.of(row) != Words.of(standing):
                yield _of_letter(row.campaign_letter, row.saved_at, language=row.language)


def comments(desk: Desk) -> Iterator[Waits]:
    """What others said of a text and nobody settled."""
    answered = CommentReply.objects.filter(comment=OuterRef("pk")).exclude(author=desk.user_id)
    rows = Comment.objects.filter(
        ~Q(author=desk.user_id) | Q(author=None) | Exists(answered),
        campaign_letter__campaign__in=desk.campaigns,
        state=Comment.State.OPEN,
    )
    counted = rows.values_list("campaign_letter", "language").annotate(n=Count("pk"), at=Min("said_at")).order_by()
    found = list(counted)
    ones = CampaignLetter.objects.in_bulk({pk for pk, *_rest in found})
    for pk, language, count, at in found:
        yield _of_letter(ones[pk], at, count=count, language=language)


def approvals(desk: Desk) -> Iterator[Waits]:
    """Texts that are ready to open but for approvals, of which hers would count."""
    drafts = CampaignLetter.objects.filter(campaign__in=desk.campaigns, letter__state="draft")
    for one in drafts.select_related("campaign").order_by("pk"):
        text = organising.text_to_open(campaign_letter=one)
        if not (text.body.strip() and text.demands and text.addressees):
            continue
        standing = approving.approvals(campaign_letter=one, text=text)
        hers = any(standing.last_authors.get(wanted.language) != desk.user_id for wanted in standing.wanting)
        if hers and all(given.member_id != desk.user_id for given in standing.approved):
            last = SavedText.objects.filter(campaign_letter=one, revision__isnull=False).order_by("-pk").first()
            yield _of_letter(one, last.saved_at if last else None)


def changes(desk: Desk) -> Iterator[Waits]:
    """New texts of open letters that wait for two who did not declare them."""
    rows = TextChange.objects.filter(
        campaign_letter__campaign__in=desk.campaigns, state=TextChange.State.PROPOSED
    ).exclude(Q(declared_by=desk.user_id) | Q(approved_by=desk.user_id, approved_by__isnull=False))
    for row in rows.select_related("campaign_letter"):
        yield _of_letter(row.campaign_letter, row.declared_at)


def removals(desk: Desk) -> Iterator[Waits]:
    """Signatures that another member proposed to take off."""
    rows = RemovalDecision.objects.filter(
        campaign_letter__campaign__in=desk.campaigns, removal__state="planned"
    ).exclude(proposed_by=desk.user_id)
    for row in rows.select_related("campaign_letter").annotate(on=Min("removal__planned_on")):
        yield _of_letter(row.campaign_letter, row.on, to=(row.removal_id,))


def not_opened(desk: Desk) -> Iterator[Waits]:
    """Letters that should have opened by themselves, and could not."""
    rows = CampaignLetter.objects.filter(campaign__in=desk.campaigns, letter__state="draft").exclude(not_opened="")
    for one in rows:
        yield _of_letter(one, None)


def _unanswered(desk: Desk) -> "QuerySet[Executive]":
    answers = Entry.objects.filter(
        executives=OuterRef("pk"), state=Entry.State.CHECKED, kind=EntryKind.STATEMENT, audience=Audience.PUBLIC
    )
    return Executive.objects.filter(~Exists(answers), campaign__in=desk.campaigns, addressed=True)


def _cases(desk: Desk, kind: str) -> Iterator[Waits]:
    of_directory = {campaign.directory_id: pk for pk, campaign in desk.campaigns.items()}
    for one in review_queries.open_to(of_directory, kind=kind, by_id=desk.user_id, now=desk.now):
        yield Waits(campaign_id=of_directory[one.directory_id], count=one.count, since=one.oldest_on)


def _submissions(desk: Desk, which: Q) -> Iterator[Waits]:
    rows = Submission.objects.filter(which, campaign__in=desk.campaigns).values_list("campaign_id")
    for campaign_id, count, since, due_at in rows.annotate(
        n=Count("pk"), at=Min("received_at"), due=Min("due_at")
    ).order_by():
        yield Waits(campaign_id=campaign_id, count=count, since=since, due_at=due_at)


def _grouped(rows: QuerySet[Any], campaign: str, moment: str) -> Iterator[Waits]:
    for campaign_id, count, since in rows.values_list(campaign).annotate(n=Count("pk"), at=Min(moment)).order_by():
        yield Waits(campaign_id=campaign_id, count=count, since=since)


def _of_letter(
    one: CampaignLetter,
    since: datetime | date | None,
    *,
    count: int = 1,
    to: tuple[object, ...] = (),
    language: str = "",
) -> Waits:
    return Waits(campaign_id=one.campaign_id, count=count, since=since, one=one, to=to, language=language)
