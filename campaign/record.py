"""Checking what another person recorded, taking it back, correcting it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import in_english
from campaign import audit, deciding, news, outreach, recording, shown
from campaign.models import Audience, Audited, Campaign, Entry, EntryKind, Executive, Precision, Said, Source
from campaign.recording import NewSource, NotPossible
from campaign.reminders import planning
from letters import freshness

__all__ = [
    "NewSource", "NewStatement", "NotPossible", "check", "check_again", "record_statement", "reject",
    "take_its_place", "withdraw",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NewStatement:
    """What an executive said."""

    executive: Executive
    date: date
    precision: Precision
    audience: Audience
    channel: str = ""
    outlet: str = ""
    reported_by: str = ""
    quote: str = ""
    what: str = ""
    tone: str = ""
    bearings: dict[int, Said] = field(default_factory=dict)  # by demand id


def record_statement(
    *, campaign: Campaign, statement: NewStatement, source: NewSource | Source, by: User, now: datetime
) -> Entry:
    """Put a statement on record; it is public once somebody else has checked it."""
    new = recording.NewEntry(
        kind=EntryKind.STATEMENT,
        facts={
            "date": statement.date,
            "precision": statement.precision,
            "channel": statement.channel,
            "outlet": statement.outlet,
            "audience": statement.audience,
            "reported_by": statement.reported_by,
            "quote": statement.quote,
            "what": statement.what,
            "tone": statement.tone,
        },
        executives=[statement.executive],
        bearings=statement.bearings,
    )
    return recording.record(campaign=campaign, new=new, sources=[source], by=by, now=now)


def check(*, entry: Entry, by: User, now: datetime) -> None:
    """Confirm what another person recorded: from now on it is public. What it corrects no longer counts, and what
    rested upon that rests upon it or falls. Raises NotPossible.
    """
    if not entry.sources.exists():
        raise NotPossible(_("This entry has no source. Nothing becomes public without one."))
    with news.telling_of_standings(campaign_id=entry.campaign_id, now=now):
        _decide(entry, Entry.State.CHECKED, by, now, "")
        take_its_place(correction=entry, by=by, now=now)
        shown.remember(campaign_id=entry.campaign_id, now=now)


def take_its_place(*, correction: Entry, by: User | None, now: datetime) -> None:
    """Let a checked correction stand for its original, if it is one: what rested upon that rests upon it or falls, what
    turned against it turns against the correction. `by` nobody: a file says so.
    """
    original = correction.corrects
    if original is None or original.state != Entry.State.CHECKED:
        return
    _correct(original, correction.correction, now)
    Entry.objects.filter(earlier=original).exclude(pk=correction.pk).update(earlier=correction)
    deciding.carry_over(original=original, correction=correction, by=by, now=now)


def reject(*, entry: Entry, by: User, reason: str, now: datetime) -> None:
    """Keep what another person recorded off the record, with a reason. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("Say in a few words why, so that the person who recorded it can mend it."))
    with news.telling_of_standings(campaign_id=entry.campaign_id, now=now):
        _decide(entry, Entry.State.REJECTED, by, now, reason.strip())


def withdraw(*, entry: Entry, by: User, reason: str, now: datetime) -> None:
    """Take back what is public: it stays in sight, marked and with the reason, and counts no more. One person may do it
    alone, because a wrong claim should go at once. Raises NotPossible.
    """
    if not reason.strip():
        raise NotPossible(_("Say why it is taken back; everybody reads the reason."))
    with news.telling_of_standings(campaign_id=entry.campaign_id, now=now):
        with in_english():
            because = _("an entry that it rests upon was taken back")
        deciding.fall(entries=[entry], because=because, now=now)
        _correct(entry, reason.strip(), now)
        about = recording.in_words(entry)
        audit.note(campaign=entry.campaign, by=by, what=Audited.WITHDRAWN, about=about, reason=reason, now=now)
        outreach.stop_where_answered(campaign=entry.campaign, now=now)
        planning.plan_record(campaign_id=entry.campaign_id, now=now)
        shown.remember(campaign_id=entry.campaign_id, now=now)


def check_again(entries: QuerySet[Entry], *, by: User, now: datetime) -> int:
    """Send checked entries back to wait for a check, because `by` changed what they speak of; answers how many.

    `by` stands as the one who recorded them, so that somebody else has to check. What rests upon them falls.
    """
    freshness.changed()
    campaign_ids = set(entries.values_list("campaign_id", flat=True))
    for campaign_id in sorted(campaign_ids):
        planning.hold_still(pk=campaign_id)
    found = dict(entries.filter(state=Entry.State.CHECKED).values_list("pk", "campaign_id"))
    with in_english():
        because = _("an entry that it rests upon has to be checked again")
    deciding.fall(entries=found, because=because, now=now)
    sent_back = Entry.objects.filter(pk__in=found, state=Entry.State.CHECKED).update(
        state=Entry.State.RECORDED, recorded_by=by, recorded_at=now, checked_by=None, checked_at=None, imported=False
    )
    for campaign_id in campaign_ids:
        planning.plan_record(campaign_id=campaign_id, now=now)
        shown.remember(campaign_id=campaign_id, now=now)
    return sent_back


def _correct(entry: Entry, reason: str, now: datetime) -> None:
    freshness.changed()
    corrected = Entry.objects.filter(pk=entry.pk, state=Entry.State.CHECKED).update(
        state=Entry.State.CORRECTED, correction=reason[:300], corrected_at=now
    )
    if not corrected:
        raise NotPossible(_("Somebody else decided this a moment ago. Here is how it stands now."))


def _decide(entry: Entry, state: Entry.State, by: User, now: datetime, verdict: str) -> None:
    if entry.recorded_by_id == by.pk:
        raise NotPossible(_("You recorded this yourself. Somebody else in your team has to check it."))
    with transaction.atomic():
        freshness.changed()
        decided = Entry.objects.filter(pk=entry.pk, state=Entry.State.RECORDED).update(
            state=state, checked_by=by, checked_at=now, verdict=verdict[:300]
        )
        if not decided:
            raise NotPossible(_("Somebody else decided this a moment ago. Here is how it stands now."))
        what = Audited.CHECKED if state == Entry.State.CHECKED else Audited.REJECTED
        about = recording.in_words(entry)
        audit.note(campaign=entry.campaign, by=by, what=what, about=about, reason=verdict, now=now)
        outreach.stop_where_answered(campaign=entry.campaign, now=now)
        planning.plan_record(campaign_id=entry.campaign_id, now=now)
