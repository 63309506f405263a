"""What public pages of a campaign showed, kept so that any past moment can be shown again (docs/record.md).

Every verb that changes the public record calls `remember` in its transaction: what is shown otherwise than before gets
its end, and what is new its beginning. Nothing that was shown is ever taken out.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Q, Value
from django.db.models.functions import Greatest

from campaign import entryfacts, holders
from campaign.entryfacts import EntryFacts, Person
from campaign.facts import DemandFacts
from campaign.holders import Term
from campaign.models import Campaign, Entry, Shown

_FRAME = "frame"
PUBLIC = (Entry.State.CHECKED, Entry.State.CORRECTED)


@dataclass(frozen=True)
class Asked:
    """Somebody on the record as she was called then, and who held the office before her."""

    person: Person
    employer_id: int
    addressed: bool
    terms: tuple[Term, ...] = ()  # one after the other, she is the last; nothing where the office never changed hands


@dataclass(frozen=True)
class Record:
    """What the record said at one moment."""

    demands: tuple[DemandFacts, ...]
    executives: tuple[Asked, ...]
    entries: tuple[EntryFacts, ...]


@transaction.atomic
def remember(*, campaign_id: uuid.UUID, now: datetime) -> None:
    """Keep what public pages show from now on."""
    campaign = Campaign.objects.get(pk=campaign_id)
    wanted = contents(campaign)
    kept = {row.subject: row for row in Shown.objects.filter(campaign=campaign, until__isnull=True)}
    over = [row.pk for subject, row in kept.items() if wanted.get(subject) != row.content]
    Shown.objects.filter(pk__in=over).update(until=Greatest(F("since"), Value(now)))
    Shown.objects.bulk_create(
        Shown(campaign=campaign, subject=subject, content=content, since=now)
        for subject, content in wanted.items()
        if subject not in kept or kept[subject].content != content
    )


def contents(campaign: Campaign) -> dict[str, dict[str, Any]]:
    """What public pages show now, by subject."""
    rows = entryfacts.with_all(Entry.objects.filter(campaign=campaign, state__in=PUBLIC))
    return {_FRAME: _frame(campaign)} | {f"entry:{entry.pk}": entryfacts.content(entry) for entry in rows}


def began(campaign_id: uuid.UUID) -> datetime | None:
    """Since when it is kept what was shown."""
    moment: datetime | None = Shown.objects.filter(campaign_id=campaign_id).aggregate(at=Min("since"))["at"]
    return moment


def at(campaign_id: uuid.UUID, moment: datetime) -> Record:
    """What the record said at a moment."""
    rows = Shown.objects.filter(Q(until__isnull=True) | Q(until__gt=moment), campaign_id=campaign_id, since__lte=moment)
    return record({row.subject: row.content for row in rows})


def record(found: dict[str, dict[str, Any]]) -> Record:
    """The record as values."""
    frame = found.get(_FRAME, {"demands": [], "executives": []})
    terms = {pk: tuple(map(holders.read, kept)) for pk, kept in frame.get("holders", {}).items()}
    return Record(
        demands=tuple(DemandFacts(*one) for one in frame["demands"]),
        executives=tuple(
            Asked(replace(Person(*one), holder=_last(of)), employer_id, addressed, of)
            for *one, employer_id, addressed in frame["executives"]
            for of in [terms.get(str(one[0]), ())]
        ),
        entries=tuple(
            entryfacts.arranged(entryfacts.facts(one) for subject, one in found.items() if subject != _FRAME)
        ),
    )


def _frame(campaign: Campaign) -> dict[str, Any]:
    rows = list(campaign.executives.select_related("employer").prefetch_related(holders.WITH_TERMS).order_by("pk"))
    terms = {str(one.pk): [holders.written(term) for term in holders.terms(one)] for one in rows}
    frame: dict[str, Any] = {
        "demands": [
            [one.pk, one.number, one.key, one.text, one.must_be_public] for one in campaign.demands.order_by("number")
        ],
        "executives": [
            [one.pk, one.key, one.name, one.title, one.employer.name, one.employer_id, one.addressed] for one in rows
        ],
    }
    changed = {pk: found for pk, found in terms.items() if found}
    return frame | {"holders": changed} if changed else frame


def _last(terms: tuple[Term, ...]) -> str:
    return terms[-1].id if terms else ""
