"""An office that changes hands: recorded with day and source, checked by a second person, never forgotten.

Whoever comes inherits the office's questions, its silence and its reply address; not the words and standings of whoever
held it before. These stay hers.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, deciding, holders, outreach, recording, shown
from campaign.models import Audited, Entry, Executive, Holder, Precision, Source
from campaign.recording import NewSource
from campaign.reminders import planning
from letters import freshness

State = Holder.State


class NotPossible(Exception):
    """The office cannot change hands like this; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class NewHolder:
    """Who holds the office from a day on; without a name: nobody, or nobody who is known."""

    name: str
    since: date
    precision: Precision


def change(*, executive: Executive, new: NewHolder, source: Source | NewSource, by: User, now: datetime) -> Holder:
    """Record that the office changed hands; public once somebody else has checked it. Raises NotPossible."""
    with transaction.atomic():
        campaign = planning.hold_still(pk=executive.campaign_id)
        if executive.holders.filter(state=State.WAITING).exists():
            raise NotPossible(_("A change of this office waits for its check already. Check it or turn it down first."))
        _check_day(executive, new)
        if isinstance(source, NewSource):
            source = recording.add_source(campaign=campaign, new=source, now=now)
        holder = Holder.objects.create(
            executive=executive, key=_free_key(executive), name=new.name, since=new.since, precision=new.precision,
            source=source, recorded_by=by, recorded_at=now,
        )  # fmt: skip
        _note(holder, Audited.HOLDER_RECORDED, by, now)
        planning.plan_record(campaign_id=campaign.pk, now=now)
    return holder


def check(*, holder: Holder, by: User, now: datetime) -> None:
    """Confirm what another person recorded: from now on she is shown as holding the office. Raises NotPossible."""
    if holder.recorded_by_id == by.pk:
        raise NotPossible(_("You recorded this yourself. Somebody else in your team has to check it."))
    with transaction.atomic():
        planning.hold_still(pk=holder.executive.campaign_id)
        if holder.since is not None:
            _check_day(
                holder.executive, NewHolder(name=holder.name, since=holder.since, precision=Precision(holder.precision))
            )
        name_the_first(executive=holder.executive, now=now)
        _move(holder, (State.WAITING,), state=State.CHECKED, checked_by=by, checked_at=now)
        _note(holder, Audited.HOLDER_CHECKED, by, now)
        settle(executive=holder.executive, now=now)


def reject(*, holder: Holder, by: User, reason: str, now: datetime) -> None:
    """Keep it off the record; whoever recorded it may take it back so. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("Say in a few words why, so that the person who recorded it can mend it."), field="reason")
    with transaction.atomic():
        planning.hold_still(pk=holder.executive.campaign_id)
        _move(
            holder, (State.WAITING,), state=State.REJECTED, checked_by=by, checked_at=now, verdict=reason.strip()[:300]
        )
        _note(holder, Audited.HOLDER_REJECTED, by, now, reason)
        planning.plan_record(campaign_id=holder.executive.campaign_id, now=now)


def withdraw(*, holder: Holder, by: User, reason: str, now: datetime) -> None:
    """Take a change back that was shown: the office is again whose it was, and what was decided of her ends. One person
    may do it alone, as with entries. Raises NotPossible.
    """
    if not reason.strip():
        raise NotPossible(_("Say why it is taken back; everybody reads the reason."), field="reason")
    if holder.since is None:
        raise NotPossible(_("She held the office first. Correct her name instead."))
    with transaction.atomic():
        planning.hold_still(pk=holder.executive.campaign_id)
        _move(holder, (State.CHECKED,), state=State.WITHDRAWN, withdrawn_at=now, verdict=reason.strip()[:300])
        Entry.objects.filter(holder=holder).update(holder=None)
        _note(holder, Audited.HOLDER_WITHDRAWN, by, now, reason)
        settle(executive=holder.executive, now=now)


def name_the_first(*, executive: Executive, now: datetime) -> None:
    """Give a row to whoever held the office first, when it changes hands for the first time."""
    if executive.holders.filter(state=State.CHECKED).exists():
        return
    first = Holder.objects.create(
        executive=executive, key=_free_key(executive), name=executive.name, state=State.CHECKED, recorded_at=now,
        checked_at=now,
    )  # fmt: skip
    executive.decisions.filter(holder=None).update(holder=first)


def settle(*, executive: Executive, now: datetime) -> None:
    """Bring in line what follows from who held the office when: who holds it now, and what standings rest upon."""
    freshness.changed()
    rows = list(holders.CHECKED.filter(executive=executive))
    present = max(rows, key=lambda one: one.since or date.min)
    Executive.objects.filter(pk=executive.pk).update(holder=present, name=present.name)
    executive.refresh_from_db()
    deciding.look_again(executive=executive, now=now)
    outreach.stop_where_answered(campaign=executive.campaign, now=now)
    planning.plan_record(campaign_id=executive.campaign_id, now=now)
    shown.remember(campaign_id=executive.campaign_id, now=now)


def rename_present(*, executive: Executive, name: str) -> None:
    """The name of whoever holds the office is corrected, not the office handed over."""
    if executive.holder_id:
        Holder.objects.filter(pk=executive.holder_id).update(name=name)


def history(executive: Executive) -> QuerySet[Holder]:
    """All that was ever recorded of who holds the office, newest first."""
    rows = executive.holders.select_related("source", "recorded_by", "checked_by")
    return rows.order_by("-recorded_at", "-since")


def _check_day(executive: Executive, new: NewHolder) -> None:
    """Whether somebody else held the office until then, and after."""
    found = [(one.since, one.name) for one in holders.terms(executive)] or [(None, executive.name)]
    if any(since == new.since for since, _name in found):
        raise NotPossible(_("The office changed hands on this day already."), field="since")
    before = [name for since, name in found if since is None or since < new.since]
    after = [name for since, name in found if since is not None and since > new.since]
    if new.name and new.name in {before[-1], *after[:1]}:
        raise NotPossible(_("%(name)s held the office at that time already.") % {"name": new.name}, field="name")


def _move(holder: Holder, states: tuple[State, ...], **values: object) -> None:
    if not Holder.objects.filter(pk=holder.pk, state__in=states).update(**values):
        raise NotPossible(_("Somebody else decided this a moment ago. Here is how it stands now."))


@always_english
def _note(holder: Holder, what: Audited, by: User, now: datetime, reason: str = "") -> None:
    office, name = holder.executive, holder.name or _("nobody who is known")
    about = f"{office.title}, {office.employer.name}: {name}, {holder.since}"
    audit.note(campaign=office.campaign, by=by, what=what, about=about, reason=reason, now=now)


def _free_key(executive: Executive) -> str:
    return f"{executive.key}-{executive.holders.count() + 1}"
