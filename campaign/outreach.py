"""Asking an executive's office: a draft that a person releases, at most every seven days and three times.

Every asking that arrived is on the public record. It stops for good the moment an answer is on record.
"""

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts import outbox
from accounts.models import User
from accounts.speaking import always_english, in_english
from campaign import audit, emails, replies, scoreboard
from campaign.models import Audited, Campaign, Executive, Outreach, Reminder, ReminderKind
from campaign.reminders import planning
from letters import freshness
from letters import queries as letter_queries

State = Outreach.State
_UNDER_WAY = (State.DRAFT, State.RELEASED)


class NotPossible(Exception):
    """The office cannot be asked like this; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@always_english
def proposal(*, executive: Executive) -> tuple[str, str]:
    """Subject and text to begin with: the demands, the numbers as they are shown now, and where the record stands."""
    campaign = executive.campaign
    letters = [letter for letter in letter_queries.letters(_letter_ids(campaign)) if letter.is_open]
    totals = letter_queries.totals([letter.id for letter in letters])
    asked = list(sent(executive))
    context = {
        "executive": executive,
        "campaign": campaign,
        "letters": [(letter, totals.get(letter.id, 0), emails.address("letter", letter.slug)) for letter in letters],
        "colleagues": scoreboard.people_at_employers(letters).get(executive.employer_id, 0),
        "demands": list(campaign.demands.order_by("number")),
        "reply_by": max(
            (one.reply_by for one in campaign.campaign_letters.all() if one.reply_by is not None), default=None
        ),
        "asked": asked,
        "address": emails.address("executive", campaign.slug, executive.key),
    }
    with emails.in_time_zone(campaign):
        subject = " ".join(render_to_string("campaign/mail/outreach_subject.txt", context).split())
        return subject[:160], render_to_string("campaign/mail/outreach.txt", context).strip() + "\n"


def draft(*, executive: Executive, subject: str, body: str, now: datetime) -> Outreach:
    """A new draft to an office. Raises NotPossible when one is under way or there is nothing left to ask."""
    try:
        with transaction.atomic():
            planning.hold_still(pk=executive.campaign_id)
            _check_may_ask(executive)
            one = Outreach.objects.create(executive=executive, subject=_line(subject), body=body, drafted_at=now)
            planning.plan_record(campaign_id=executive.campaign_id, now=now)
    except IntegrityError as error:
        raise NotPossible(_("Somebody in your team has begun a draft a moment ago. Here it is.")) from error
    return one


def redraft(*, outreach: Outreach, subject: str, body: str, now: datetime, seen: str | None = None) -> None:
    """Change a draft as it stood when it was `seen`. Raises NotPossible once it was released or changed meanwhile."""
    with transaction.atomic():
        planning.hold_still(pk=outreach.executive.campaign_id)
        _check_seen(outreach, seen)
        changed = Outreach.objects.filter(pk=outreach.pk, state=State.DRAFT).update(
            subject=_line(subject), body=body, drafted_at=now
        )
        if not changed:
            raise NotPossible(_("This was released or stopped a moment ago, so it no longer changes."))
        planning.plan_record(campaign_id=outreach.executive.campaign_id, now=now)


def discard(*, outreach: Outreach, now: datetime) -> None:
    """Throw a draft away. Raises NotPossible once it was released."""
    with transaction.atomic():
        planning.hold_still(pk=outreach.executive.campaign_id)
        deleted, _rows = Outreach.objects.filter(pk=outreach.pk, state=State.DRAFT).delete()
        if not deleted:
            raise NotPossible(_("This was released or stopped a moment ago, so it stays."))
        planning.plan_record(campaign_id=outreach.executive.campaign_id, now=now)


def fingerprint(outreach: Outreach) -> str:
    """Names the words of a draft, so that nobody releases or overwrites words that she did not read."""
    return hashlib.sha256(f"{outreach.subject}\0{outreach.body}".encode()).hexdigest()


def release(*, outreach: Outreach, by: User, now: datetime, seen: str | None = None) -> datetime:
    """Let a draft go, at once or as soon as seven days have passed since the last one; answers when.

    Until then it is in the queue, where it can be moved, held and cancelled. `seen` is the fingerprint of the words
    that `by` read. Raises NotPossible.
    """
    executive = outreach.executive
    if not executive.office_address:
        raise NotPossible(_("The address of the office is missing. Add it first."), field="office_address")
    with transaction.atomic():
        # Two who release at once wait here for each other.
        planning.hold_still(pk=executive.campaign_id)
        _check_seen(outreach, seen)
        _check_may_ask(executive)
        due_at = max(now, planning.may_ask_from(executive, executive.campaign) or now)
        if not Outreach.objects.filter(pk=outreach.pk, state=State.DRAFT).update(
            state=State.RELEASED, released_by=by, released_at=now
        ):
            raise NotPossible(_("Somebody else released or discarded this a moment ago."))
        Reminder.objects.create(
            campaign_id=executive.campaign_id,
            executive=executive,
            outreach=outreach,
            kind=ReminderKind.OUTREACH,
            audience=Reminder.Audience.OFFICE,
            due_at=due_at,
            asked_for=due_at,
            times=sent(executive).count() + 1,
        )
        about = executive.display
        audit.note(campaign=executive.campaign, by=by, what=Audited.OUTREACH_RELEASED, about=about, now=now)
        planning.plan_record(campaign_id=executive.campaign_id, now=now)
    return due_at


@always_english
def send(*, reminder: Reminder, now: datetime) -> str:
    """Owe the mail of a released one that is due; answers why not, or nothing. Called by the reminder's transaction."""
    one = (
        Outreach.objects.select_for_update(of=("self",))
        .select_related("executive__campaign", "executive__employer", "released_by")
        .get(reminders=reminder)
    )
    if one.state != State.RELEASED:
        return _("it was stopped")
    if not one.executive.office_address:
        _draft_again(one)
        return _("the address of the office is missing, so this is a draft again")
    try:
        _check_may_ask(one.executive)
    except NotPossible as error:
        _stop(Outreach.objects.filter(pk=one.pk), str(error))
        return str(error)
    early = planning.may_ask_from(one.executive, one.executive.campaign)
    if early is not None and early > now:
        _draft_again(one)
        return _("the office was asked less than seven days ago, so this is a draft again")
    reply = replies.address_for_mail(executive=one.executive, by=one.released_by, now=now)
    emails.outreach(outreach=one, reply_at=emails.address("reply", replies.token_of(reply)) if reply else "")
    return ""


def settle(*, now: datetime) -> int:
    """Write down which of the released ones arrived at the mail server and which did not; answers how many.

    What failed or was uncertain is looked at too while its mail is remembered: an operator may have sent it after all.
    """
    open_ends = (State.RELEASED, State.UNCERTAIN, State.FAILED)
    under_way = Outreach.objects.filter(state__in=open_ends).select_related("executive")
    by_key = {emails.outreach_key(one): one for one in under_way}
    settled = 0
    for key, outcome in outbox.outcomes(keys=by_key).items():
        one = by_key[key]
        changes = _outcome(outcome, now)
        if changes is None or changes["state"] == one.state:
            continue
        with transaction.atomic():
            planning.hold_still(pk=one.executive.campaign_id)
            settled += Outreach.objects.filter(pk=one.pk, state=one.state).update(**changes)
            freshness.changed()
            planning.plan_record(campaign_id=one.executive.campaign_id, now=now)
    return settled


def stop_where_answered(*, campaign: Campaign, now: datetime) -> int:
    """An answer is on record: what was drafted or released to that office is stopped; answers how many.

    What the mail server has already is not stopped any more, and stands on the record as asked. Call it in the
    transaction that puts the answer on record.
    """
    to_stop = [*_UNDER_WAY, State.FAILED, State.UNCERTAIN]
    asked = list(Outreach.objects.filter(executive__campaign=campaign, executive__addressed=True, state__in=to_stop))
    silent = {row.id for row in scoreboard.without_answer(campaign)} if asked else set()
    stopped = []
    with in_english():
        reason = _("an answer is on record")
    for one in asked:
        if one.executive_id in silent:
            continue
        planned = Reminder.objects.filter(outreach=one, state__in=planning.LIVE).update(
            state=Reminder.State.CANCELLED, reason=reason, over_at=now
        )
        # Nobody may send again what failed, or may have arrived.
        waited = outbox.cancel_keys(keys=[emails.outreach_key(one)], reason="answered")
        if one.state == State.DRAFT or (one.state == State.RELEASED and (planned or waited)):
            stopped.append(one.pk)
    return _stop(Outreach.objects.filter(pk__in=stopped), reason)


def _outcome(outcome: outbox.Outcome, now: datetime) -> dict[str, object] | None:
    """What the outbox's word on a mail means for its asking; None while nothing is decided."""
    match outcome.state:
        case "sent":
            return {"state": State.SENT, "sent_at": outcome.over_at or now, "reason": ""}
        case "uncertain":
            return {"state": State.UNCERTAIN, "sent_at": outcome.over_at or now, "reason": outcome.failure[:160]}
        case "dead" | "cancelled":
            return {"state": State.FAILED, "sent_at": None, "reason": outcome.failure[:160]}
    return None


def sent(executive: Executive) -> "QuerySet[Outreach]":
    """The askings that reached the office's mail server, oldest first."""
    return Outreach.objects.filter(executive=executive, state=State.SENT).order_by("sent_at")


def _check_seen(outreach: Outreach, seen: str | None) -> None:
    now_there = Outreach.objects.filter(pk=outreach.pk).first()
    if seen is not None and now_there is not None and fingerprint(now_there) != seen:
        raise NotPossible(
            _("Somebody in your team changed this draft since you read it. Here is how it reads now."), field="seen"
        )


def _draft_again(one: Outreach) -> None:
    Outreach.objects.filter(pk=one.pk).update(state=State.DRAFT, released_by=None, released_at=None)


def _line(text: str) -> str:
    return " ".join(text.split())


def _check_may_ask(executive: Executive) -> None:
    if executive.pk not in {row.id for row in scoreboard.without_answer(executive.campaign)}:
        raise NotPossible(_("An answer of this executive is on record, or nobody asks this office anything."))
    if Outreach.objects.filter(executive=executive, state__in=planning.SPENT).count() >= planning.ASK_MOST:
        raise NotPossible(_("This office was asked three times. That is all it is asked."))
    if not any(letter.is_open for letter in letter_queries.letters(_letter_ids(executive.campaign))):
        raise NotPossible(_("No letter of this campaign is open, so there is nothing to point the office to."))


def _letter_ids(campaign: Campaign) -> list[uuid.UUID]:
    return list(campaign.campaign_letters.values_list("letter_id", flat=True))


def _stop(rows: "QuerySet[Outreach]", reason: str) -> int:
    return rows.filter(state__in=_UNDER_WAY).update(state=State.STOPPED, reason=reason[:160])
