"""Putting things on record: an entry of any kind with its sources, what is unfinished, and captures of sources."""

import difflib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign import audit, uploads
from campaign.models import (
    Audited,
    Bearing,
    Campaign,
    Capture,
    Citation,
    Entry,
    EntryDraft,
    EntryKind,
    Executive,
    Office,
    Precision,
    Said,
    Source,
)
from campaign.reminders import planning

_NEAR = timedelta(days=3)
_ALIKE = 0.75  # of the words, from which on two entries may be the same
_MOST_COMPARED = 500


class NotPossible(Exception):
    """The record cannot be changed like this; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class NewSource:
    """Where something is known from."""

    title: str
    publisher: str = ""
    author: str = ""
    address: str = ""
    archived: str = ""
    place: str = ""
    published: date | None = None
    published_precision: Precision = Precision.DAY
    capture: uploads.Taken | None = None


@dataclass(frozen=True)
class NewOffice:
    """An office that signed a related letter."""

    title: str
    name: str
    employer_id: int


@dataclass(frozen=True, kw_only=True)
class NewEntry:
    """One thing to put on record; `facts` are the fields of its kind."""

    kind: EntryKind
    facts: dict[str, Any]
    executives: Sequence[Executive] = ()
    bearings: dict[int, Said] = field(default_factory=dict)  # by demand id
    offices: Sequence[NewOffice] = ()
    corrects: Entry | None = None
    correction: str = ""


def record(
    *, campaign: Campaign, new: NewEntry, sources: Sequence[Source | NewSource], by: User, now: datetime,
    places: Mapping[int, str] | None = None,
) -> Entry:  # fmt: skip
    """Put it on record with its sources; it is public once somebody else has checked it. `places` say where in sources
    that are on record already it stands, by their id.
    """
    with transaction.atomic():
        entry = Entry.objects.create(
            campaign=campaign,
            key=f"{new.kind.replace('_', '-')}-{uuid.uuid4().hex[:12]}",
            kind=new.kind,
            corrects=new.corrects,
            correction=new.correction[:300] if new.corrects else "",
            recorded_by=by,
            recorded_at=now,
            **new.facts,
        )
        entry.executives.set(new.executives)
        for source in sources:
            _cite(entry, source, (places or {}).get(source.pk, "") if isinstance(source, Source) else source.place, now)
        Bearing.objects.bulk_create(
            Bearing(entry=entry, demand_id=demand_id, said=said) for demand_id, said in new.bearings.items()
        )
        Office.objects.bulk_create(
            Office(entry=entry, title=one.title, name=one.name, employer_id=one.employer_id) for one in new.offices
        )
        audit.note(campaign=campaign, by=by, what=Audited.RECORDED, about=in_words(entry), now=now)
        planning.plan_record(campaign_id=campaign.pk, now=now)
    return entry


def add_to(*, entry: Entry, source: Source | NewSource, by: User, now: datetime, place: str = "") -> None:
    """One more source of an entry that waits for its check. Raises NotPossible once it was decided."""
    with transaction.atomic():
        planning.hold_still(pk=entry.campaign_id)
        if not Entry.objects.filter(pk=entry.pk, state=Entry.State.RECORDED).exists():
            raise NotPossible(_("This entry was decided. Record a correction to give it another source."))
        _cite(entry, source, source.place if isinstance(source, NewSource) else place, now)
        # Whoever changes what is to be checked cannot be the one who checks it.
        Entry.objects.filter(pk=entry.pk).update(recorded_by=by, recorded_at=now)


def add_source(*, campaign: Campaign, new: NewSource, now: datetime) -> Source:
    """A source of its own, with its capture."""
    source = Source.objects.create(
        campaign=campaign,
        key=f"source-{uuid.uuid4().hex[:12]}",
        title=new.title,
        publisher=new.publisher,
        author=new.author,
        address=new.address,
        archived=new.archived,
        place=new.place,
        published=new.published,
        published_precision=new.published_precision if new.published else "",
    )
    if new.capture is not None:
        name = uploads.keep(new.capture)
        try:
            Capture.objects.create(
                id=name, source=source, name=new.capture.name, kind=new.capture.kind, size=len(new.capture.content),
                sha256=new.capture.sha256, added_at=now,
            )  # fmt: skip
        except BaseException:
            uploads.drop(name)
            raise
    return source


def known(*, campaign: Campaign, new: NewSource) -> Source | None:
    """The same source, where it is on record already."""
    same = campaign.sources.filter(title__iexact=new.title, publisher__iexact=new.publisher, published=new.published)
    if new.address:
        same = campaign.sources.filter(address=new.address)
    return same.order_by("pk").first()


def likely_duplicates(*, campaign: Campaign, new: NewEntry) -> list[Entry]:
    """What may say the same: of the same kind, about one of these executives, of a near day or in alike words."""
    words = _words(new.facts.get("quote") or new.facts.get("what") or new.facts.get("title") or "")
    rows = campaign.entries.filter(kind=new.kind).exclude(state=Entry.State.REJECTED)
    if new.executives:
        rows = rows.filter(executives__in=new.executives)
    if new.corrects:
        rows = rows.exclude(pk=new.corrects.pk)
    found = []
    for entry in rows.distinct().prefetch_related("executives__employer").order_by("-date", "pk")[:_MOST_COMPARED]:
        alike = difflib.SequenceMatcher(None, words, _words(entry.quote or entry.what or entry.title)).ratio() >= _ALIKE
        day = new.facts.get("date")
        near = entry.date is None or day is None or abs(entry.date - day) <= _NEAR
        if alike or (near and words and words == _words(entry.quote or entry.what or entry.title)):
            found.append(entry)
    return found


def _cite(entry: Entry, source: Source | NewSource, place: str, now: datetime) -> None:
    """Whatever else the source is good for, the place in it is this entry's."""
    if isinstance(source, NewSource):
        source = add_source(campaign=entry.campaign, new=replace(source, place=""), now=now)
    Citation.objects.update_or_create(entry=entry, source=source, defaults={"place": place[:120]})


def keep_draft(
    *, campaign: Campaign, kind: EntryKind, typed: dict[str, list[str]], by: User, now: datetime,
    draft_id: uuid.UUID | None = None,
) -> EntryDraft:  # fmt: skip
    """Keep what is unfinished, for all trackers of the team."""
    draft, _made = EntryDraft.objects.update_or_create(
        pk=draft_id or uuid.uuid4(),
        campaign=campaign,
        defaults={"kind": kind, "typed": typed, "saved_by": by, "saved_at": now},
    )
    return draft


def drop_draft(*, campaign: Campaign, draft_id: uuid.UUID) -> None:
    """Forget what was unfinished; nothing happens if it is gone already."""
    EntryDraft.objects.filter(campaign=campaign, pk=draft_id).delete()


@always_english
def in_words(entry: Entry) -> str:
    """An entry in a line, as the log names it."""
    names = ", ".join(executive.display for executive in entry.executives.select_related("employer").order_by("pk"))
    said = entry.what or entry.quote or entry.title or str(entry.get_kind_display())
    return f"{names}: {said}" if names else said


def _words(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())[:500]
