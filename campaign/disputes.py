"""What a team decides on answers, disputes and reports of errors: one decides, another confirms (docs/replies.md).

An answer becomes an entry, in the office's own words; the second check of that entry is the second check of the answer.
An entry that a dispute or a report shows to be wrong is taken back in sight of all, with the outcome beside it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, news, record
from campaign.models import Audience, Audited, Entry, Executive, Precision, Said, Submission
from campaign.reminders import planning
from letters import freshness

State, Kind = Submission.State, Submission.Kind
Outcome: TypeAlias = Submission.Outcome


class NotPossible(Exception):
    """It cannot be decided like this; the text says why and what to do."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What of an answer goes on record."""

    quote: str
    what: str
    tone: str
    bearings: dict[int, Said]


def waiting() -> Q:
    """What a member has to decide: nobody has, or the entry that she made of an answer was rejected."""
    return Q(state=State.WAITING) | Q(state=State.DECIDED, kind=Kind.ANSWER, result__state=Entry.State.REJECTED)


def unconfirmed() -> Q:
    """What another member has to confirm. Answers that became entries wait in the record's own queue."""
    return Q(state=State.DECIDED) & (~Q(kind=Kind.ANSWER) | Q(outcome=Outcome.REFUSED))


def put_on_record(*, answer: Submission, passage: Passage, by: User, now: datetime) -> Entry:
    """Make an entry of an office's answer, in its own words. Raises NotPossible."""
    if answer.kind != Kind.ANSWER or answer.executive is None:
        raise NotPossible(_("Only an answer becomes an entry like this."))
    if not _is_of(passage.quote, answer.words):
        raise NotPossible(
            _("These are not the words of the answer. Write […] where you leave something out; change nothing else."),
            field="quote",
        )
    with transaction.atomic():
        planning.hold_still(pk=answer.campaign_id)
        row = _locked(Submission.objects.filter(waiting(), pk=answer.pk))
        entry = record.record_statement(
            campaign=answer.campaign,
            statement=_statement(answer.executive, answer, passage),
            source=record.NewSource(title=_title(answer), publisher=answer.executive.employer.name),
            by=by,
            now=now,
        )
        row.update(
            state=State.DECIDED,
            outcome=Outcome.ACCEPTED,
            result=entry,
            decided_by=by,
            decided_at=now,
        )
        _note(answer, Audited.SUBMISSION_DECIDED, by, now)
        planning.plan_record(campaign_id=answer.campaign_id, now=now)
    return entry


def decide(
    *, submission: Submission, outcome: Outcome, reason: str, result: Entry | None, by: User, now: datetime
) -> None:
    """Say what is to become of it; another member confirms. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("Give the reason. It is public beside the entry."), field="reason")
    if submission.kind == Kind.ANSWER and outcome != Outcome.REFUSED:
        raise NotPossible(_("An answer that is accepted goes on the record as an entry: do that below."))
    if result is not None and (result.campaign_id != submission.campaign_id or result.pk == submission.entry_id):
        raise NotPossible(_("Choose another entry of this campaign."), field="result")
    with transaction.atomic():
        planning.hold_still(pk=submission.campaign_id)
        _locked(Submission.objects.filter(waiting(), pk=submission.pk)).update(
            state=State.DECIDED, outcome=outcome, reason=reason.strip(), result=result, decided_by=by, decided_at=now
        )
        _note(submission, Audited.SUBMISSION_DECIDED, by, now, reason=f"{_english(outcome)}: {reason.strip()}")
        planning.plan_record(campaign_id=submission.campaign_id, now=now)


def send_back(*, submission: Submission, by: User, now: datetime) -> None:
    """Let it be decided anew. Raises NotPossible."""
    with transaction.atomic():
        planning.hold_still(pk=submission.campaign_id)
        _locked(Submission.objects.filter(unconfirmed(), pk=submission.pk)).update(
            state=State.WAITING, outcome="", reason="", result=None, decided_by=None, decided_at=None
        )
        _note(submission, Audited.SUBMISSION_OPENED_AGAIN, by, now)
        planning.plan_record(campaign_id=submission.campaign_id, now=now)


def confirm(*, submission: Submission, by: User, now: datetime) -> None:
    """Let another member's decision hold: from now on it is public. Raises NotPossible."""
    if submission.decided_by_id == by.pk:
        raise NotPossible(_("You decided this yourself. Somebody else in your team has to confirm it."))
    with news.telling_of_standings(campaign_id=submission.campaign_id, now=now), transaction.atomic():
        freshness.changed()
        row = _locked(Submission.objects.filter(unconfirmed(), pk=submission.pk, decided_by=submission.decided_by_id))
        # What a reader wrote may tell who she is, and is of no more use.
        forgotten = {"words": "", "source": ""} if submission.kind == Kind.ERROR else {}
        row.update(state=State.SETTLED, settled_by=by, settled_at=now, **forgotten)
        if submission.entry_id and _takes_back(submission):
            _take_back(submission, by, now)
        _note(submission, Audited.SUBMISSION_CONFIRMED, by, now, reason=_english(submission.outcome))
        planning.plan_record(campaign_id=submission.campaign_id, now=now)


def _takes_back(submission: Submission) -> bool:
    """Whether the entry goes: what is accepted in part stays, unless another stands in its place."""
    return submission.outcome == Outcome.ACCEPTED or (
        submission.outcome == Outcome.PARTLY and submission.result_id is not None
    )


def _take_back(submission: Submission, by: User, now: datetime) -> None:
    """What was public is shown as taken back, or beside what stands in its place; what was not stays off the record."""
    entry = Entry.objects.select_related("campaign").get(submissions=submission.pk)
    if submission.result_id:
        Entry.objects.filter(pk=submission.result_id).update(corrects=entry, correction=submission.reason[:300])
    if entry.state == Entry.State.CHECKED:
        record.withdraw(entry=entry, by=by, reason=submission.reason, now=now)
    Entry.objects.filter(pk=entry.pk, state=Entry.State.RECORDED).update(
        state=Entry.State.REJECTED, verdict=submission.reason[:300], checked_at=now
    )


@always_english
def _english(outcome: str) -> str:
    """A decision as the log names it."""
    return str(Submission.Outcome(outcome).label) if outcome else ""


@always_english
def _note(submission: Submission, what: Audited, by: User, now: datetime, *, reason: str = "") -> None:
    """On the log stands whose it is, and never what a reader wrote."""
    about = str(submission.get_kind_display())
    if submission.executive:
        about = f"{submission.executive.display}: {about}"
    audit.note(campaign=submission.campaign, by=by, what=what, about=about, reason=reason, now=now)


def _locked(rows: "QuerySet[Submission]") -> "QuerySet[Submission]":
    """The one row, held until the transaction ends. Raises NotPossible when it is no longer as it was read."""
    pk = rows.select_for_update(of=("self",)).values_list("pk", flat=True).first()
    if pk is None:
        raise NotPossible(_("Somebody else decided this a moment ago. Here is how it stands now."))
    return Submission.objects.filter(pk=pk)


@always_english
def _statement(executive: Executive, answer: Submission, passage: Passage) -> record.NewStatement:
    return record.NewStatement(
        executive=executive,
        date=timezone.localtime(answer.received_at).date(),
        precision=Precision.DAY,
        # It was written to be published, and the form says so.
        audience=Audience.PUBLIC,
        channel=_("reply to the letter"),
        quote=passage.quote.strip(),
        what=passage.what,
        tone=passage.tone,
        bearings=passage.bearings,
    )


@always_english
def _title(answer: Submission) -> str:
    day = date_format(timezone.localtime(answer.received_at))
    return _("Reply by %(who)s, sent at the office’s own address on this site on %(day)s") % {
        "who": answer.signed_as[:180],
        "day": day,
    }


def _is_of(quote: str, words: str) -> bool:
    """Whether the quote is the words, but for what […] stands for."""
    rest = " ".join(words.split())
    for part in re.split(r"\[(?:…|\.\.\.)\]", quote):
        _before, found, rest = rest.partition(" ".join(part.split()))
        if not found and part.strip():
            return False
    return bool(quote.strip())
