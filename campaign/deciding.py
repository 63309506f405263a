"""Deciding where an executive stands on a demand: by one person with a reason and evidence, checked by a second."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english, in_english
from campaign import audit, holders, news
from campaign.holders import Term
from campaign.models import Audience, Audited, Demand, Entry, EntryKind, Executive, Standing, StandingDecision
from campaign.models.campaigns import named
from campaign.reminders import planning
from letters import freshness

State = StandingDecision.State
_REPLACED = ""  # why it ended: another took its place


class NotPossible(Exception):
    """The standing cannot be decided like this; the text says why and what to do, `field` where."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class MovedMeanwhile(NotPossible):
    """Somebody else changed the cell since the page was made."""


def history(executive: Executive, demand: Demand, holder: str = "") -> QuerySet[StandingDecision]:
    """Everything ever decided of a cell, newest first; `holder` is whose it is where the office changed hands."""
    rows = StandingDecision.objects.filter(executive=executive, demand=demand, holder=_id(executive, holder))
    return rows.order_by(Coalesce("checked_at", "decided_at").desc(), "-decided_at", "pk")


def seen(executive: Executive, demand: Demand, holder: str = "") -> str:
    """A word for how the cell is and whose: whoever decides says which she saw."""
    whose = _id(executive, holder)
    living = _living(executive.pk, demand.pk, whose).order_by("pk").values_list("pk", "state")
    return "+".join([f"of {whose}"] * bool(whose) + [f"{pk}.{state}" for pk, state in living])


def is_of(entry: Entry, terms: Sequence[Term], holder: str = "") -> bool:
    """Whether the entry is about this one of those who held the office; the present one where none is named."""
    told = holders.whose(terms, entry.date, entry.precision, said=str(entry.holder_id or ""))
    return told == (holder or (terms[-1].id if terms else ""))


def bears(entry: Entry, demand: Demand) -> bool:
    """Whether a standing on this demand may rest upon the entry alone: what is internal is not said in public."""
    if entry.kind == EntryKind.CONDUCT:
        return True
    public_enough = entry.audience == Audience.PUBLIC or not demand.must_be_public
    return entry.kind == EntryKind.STATEMENT and public_enough


def decide(
    *,
    executive: Executive,
    demand: Demand,
    standing: Standing,
    reason: str,
    evidence: Sequence[Entry],
    by: User,
    saw: str,
    now: datetime,
    holder: str = "",
) -> StandingDecision:
    """Say where she stands, and why; public once somebody else has checked it. `saw` is `seen` of the page, `holder`
    somebody who held the office before.

    Raises NotPossible, and MovedMeanwhile when the cell is no longer as it was seen.
    """
    if not reason.strip():
        raise NotPossible(_("Say in a sentence why it stands so."), field="reason")
    with transaction.atomic():
        planning.hold_still(pk=executive.campaign_id)
        executive.refresh_from_db(fields=["name", "holder"])
        if saw != seen(executive, demand, holder):
            raise MovedMeanwhile(_("Somebody else decided this while you wrote. Below is what changed."))
        if _living(executive.pk, demand.pk, _id(executive, holder)).filter(state=State.WAITING).exists():
            raise NotPossible(_("A decision on this waits for its check already. Check it or turn it down first."))
        _check_evidence(executive, demand, standing, evidence, holder)
        decision = _add(executive, demand, standing, reason.strip(), evidence, now, decided_by=by, holder=holder)
        _note(decision, Audited.STANDING_DECIDED, by, reason, now)
        planning.plan_record(campaign_id=executive.campaign_id, now=now)
    return decision


def check(*, decision: StandingDecision, by: User, now: datetime) -> None:
    """Confirm what another person decided: from now on it is public. Raises NotPossible."""
    if decision.decided_by_id == by.pk:
        raise NotPossible(_("You decided this yourself. Somebody else in your team has to check it."))
    campaign_id = decision.executive.campaign_id
    with news.telling_of_standings(campaign_id=campaign_id, now=now):
        planning.hold_still(pk=campaign_id)
        evidence, holder = list(decision.evidence.all()), str(decision.holder_id or "")
        _check_evidence(decision.executive, decision.demand, Standing(decision.standing), evidence, holder)
        there = _living(decision.executive_id, decision.demand_id, decision.holder_id)
        _end(there.filter(state=State.CHECKED), _REPLACED, now)
        _settle(decision, State.CHECKED, by, "", now)


def reject(*, decision: StandingDecision, by: User, reason: str, now: datetime) -> None:
    """Turn down what waits; whoever decided it may take it back so. Raises NotPossible."""
    if not reason.strip():
        raise NotPossible(_("Say in a few words why, so that it can be decided anew."), field="reason")
    with transaction.atomic():
        planning.hold_still(pk=decision.executive.campaign_id)
        _settle(decision, State.REJECTED, by, reason.strip(), now)


def fall(*, entries: Iterable[Entry | uuid.UUID], because: str, now: datetime) -> None:
    """End what rests upon these entries, because they no longer bear it; call it before they change."""
    _end(_shown().filter(evidence__in=entries), because, now)
    StandingDecision.objects.filter(
        pk__in=StandingDecision.objects.filter(state=State.WAITING, evidence__in=entries).values("pk")
    ).update(state=State.REJECTED, checked_at=now, verdict=because[:300])


def begin_anew(*, because: str, now: datetime, **subject: Executive | Demand) -> None:
    """End all standings of an `executive` or on a `demand`: what was decided was decided of another."""
    _end(_shown().filter(**subject), because, now)
    StandingDecision.objects.filter(**subject, state=State.WAITING).update(
        state=State.REJECTED, checked_at=now, verdict=because[:300]
    )


@always_english
def look_again(*, executive: Executive, now: datetime) -> None:
    """After an office changed hands: end what rests upon words of another holder, or was decided of one who was taken
    back. What was said in her own time stays with each.
    """
    terms = holders.terms(executive)
    living = StandingDecision.objects.filter(
        Q(state=State.WAITING) | Q(state=State.CHECKED, ended_at__isnull=True), executive=executive
    )
    gone: dict[str, list[uuid.UUID]] = {}
    for one in living.prefetch_related("evidence"):
        if str(one.holder_id) not in {term.id for term in terms}:
            gone.setdefault(_("that this person holds the office was taken back"), []).append(one.pk)
        elif not all(is_of(entry, terms, str(one.holder_id)) for entry in one.evidence.all()):
            gone.setdefault(_("an entry that it rests upon is of another holder of the office"), []).append(one.pk)
    for because, ids in gone.items():
        _end(_shown().filter(pk__in=ids), because, now)
        living.filter(pk__in=ids, state=State.WAITING).update(
            state=State.REJECTED, checked_at=now, verdict=because[:300]
        )


def carry_over(*, original: Entry, correction: Entry, by: User | None, now: datetime) -> None:
    """Let standings rest upon a correction that says the same on their demand; the others fall. Call it after both
    entries changed: who recorded the correction stands for having decided, who checked it for having checked; `by`
    nobody: a file says so.
    """
    said = {one.demand_id: one.said for one in original.bearings.all()}
    says = {one.demand_id: one.said for one in correction.bearings.all()}
    spoke = set(correction.executives.values_list("pk", flat=True))
    decisions = list(_shown().filter(evidence=original).select_related("executive__employer", "demand"))
    kept = [
        (one, list(one.evidence.all()))
        for one in decisions
        if one.executive_id in spoke
        and said.get(one.demand_id) == says.get(one.demand_id)
        and (original.kind, original.audience) == (correction.kind, correction.audience)
        and is_of(correction, holders.terms(one.executive), str(one.holder_id or ""))
    ]
    _end(_shown().filter(pk__in=[one.pk for one, _evidence in kept]), _REPLACED, now)
    with in_english():
        because = _("an entry that it rests upon was corrected")
    fall(entries=[original], because=because, now=now)
    for one, evidence in kept:
        rest = [correction if entry.pk == original.pk else entry for entry in evidence]
        renewed = _add(
            one.executive, one.demand, Standing(one.standing), one.reason, rest, now,
            decided_by=correction.recorded_by, imported=by is None, holder=str(one.holder_id or ""),
        )  # fmt: skip
        _settle(renewed, State.CHECKED, by, "", now)


def take_over(
    *, executive: Executive, demand: Demand, standing: Standing, reason: str, evidence: Sequence[Entry], checked: bool,
    now: datetime, holder: str = "", by: User | None = None,
) -> None:  # fmt: skip
    """What a file says of a cell replaces what stands there; marked as imported, or `by` a member who brought it.
    Raises NotPossible.
    """
    if checked:
        _check_evidence(executive, demand, standing, evidence, holder)
    there = _living(executive.pk, demand.pk, _id(executive, holder))
    there.filter(state=State.WAITING).update(state=State.REJECTED, checked_at=now, verdict=_("replaced by a file"))
    decision = _add(
        executive, demand, standing, reason, evidence, now, decided_by=by, imported=by is None, holder=holder
    )
    if checked:
        _end(there.filter(state=State.CHECKED), _REPLACED, now)
        StandingDecision.objects.filter(pk=decision.pk).update(state=State.CHECKED, checked_at=now)


def _living(executive_id: int, demand_id: int, holder: uuid.UUID | None) -> QuerySet[StandingDecision]:
    """What is shown of a cell, and what waits."""
    return StandingDecision.objects.filter(
        Q(state=State.WAITING) | Q(state=State.CHECKED, ended_at__isnull=True),
        executive_id=executive_id,
        demand_id=demand_id,
        holder=holder,
    )


def _id(executive: Executive, holder: str) -> uuid.UUID | None:
    return uuid.UUID(holder) if holder else executive.holder_id


def _shown() -> QuerySet[StandingDecision]:
    return StandingDecision.objects.filter(state=State.CHECKED, ended_at__isnull=True)


def _check_evidence(
    executive: Executive, demand: Demand, standing: Standing, evidence: Sequence[Entry], holder: str
) -> None:
    if standing == Standing.UNADDRESSED:
        return
    if not evidence:
        raise NotPossible(_("Tick what it rests upon: no standing is shown without evidence."), field="evidence")
    concerned = Entry.objects.filter(pk__in=[entry.pk for entry in evidence], executives=executive)
    if concerned.filter(state=Entry.State.CHECKED).count() != len(evidence):
        raise NotPossible(_("It may only rest upon checked entries about this executive."), field="evidence")
    terms = holders.terms(executive)
    if not all(is_of(entry, terms, holder) for entry in evidence):
        raise NotPossible(
            _("It may only rest upon what was said or done by the same holder of the office."), field="evidence"
        )
    if not any(bears(entry, demand) for entry in evidence):
        raise NotPossible(
            _("This demand can only be met in public. What was said internally does not count for it."),
            field="evidence",
        )


def _add(
    executive: Executive, demand: Demand, standing: Standing, reason: str, evidence: Sequence[Entry], now: datetime,
    *, decided_by: User | None, imported: bool = False, holder: str = "",
) -> StandingDecision:  # fmt: skip
    whose = _id(executive, holder)
    name = holders.name_of(holders.terms(executive), str(whose or ""), otherwise=executive.name)
    decision = StandingDecision.objects.create(
        executive=executive,
        demand=demand,
        holder_id=whose,
        standing=standing,
        reason=reason,
        as_of=max((entry.date for entry in evidence if entry.date), default=None),
        who=named(name, executive.title, executive.employer.name),
        what=demand.text,
        imported=imported,
        decided_by=decided_by,
        decided_at=now,
    )
    decision.evidence.set(evidence)
    return decision


def _settle(
    decision: StandingDecision, state: StandingDecision.State, by: User | None, verdict: str, now: datetime
) -> None:
    freshness.changed()
    settled = StandingDecision.objects.filter(pk=decision.pk, state=State.WAITING).update(
        state=state, checked_by=by, checked_at=now, verdict=verdict[:300]
    )
    if not settled:
        raise NotPossible(_("Somebody else decided this a moment ago. Here is how it stands now."))
    what = Audited.STANDING_CHECKED if state == State.CHECKED else Audited.STANDING_REJECTED
    _note(decision, what, by, verdict, now)
    planning.plan_record(campaign_id=decision.executive.campaign_id, now=now)


@always_english
def _note(decision: StandingDecision, what: Audited, by: User | None, reason: str, now: datetime) -> None:
    about = f"{decision.who}: {decision.what}: {decision.get_standing_display()}"
    audit.note(campaign=decision.executive.campaign, by=by, what=what, about=about, reason=reason, now=now)


def _end(decisions: QuerySet[StandingDecision], because: str, now: datetime) -> None:
    freshness.changed()
    ids = list(decisions.values_list("pk", flat=True))
    StandingDecision.objects.filter(pk__in=ids).update(ended_at=now, ended_because=because[:300])
