"""A campaign as its file: the same campaign always gives the same bytes. No signer and no address is ever in it."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import yaml
from django.db import transaction
from django.db.models import F, Prefetch

from campaign import audit, holders, organising
from campaign.files import signerwriting
from campaign.files.format import FORMAT
from campaign.models import Audited, Campaign, CampaignLetter, Entry, EntryKind, Holder, Precision, StandingDecision
from letters import publishing, queries
from letters.queries import LetterFacts

_HOLDERS = holders.CHECKED.order_by(F("since").asc(nulls_first=True))
_KINDS = list(EntryKind.values)
_LENGTH = {Precision.DAY: 10, Precision.BY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


class NoSuchCampaign(LookupError):
    """No campaign has this slug."""


def export_campaign(slug: str) -> str:
    """The campaign in the format that import_campaign reads. Raises NoSuchCampaign."""
    return yaml.dump(
        content_of(slug), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=False
    )


def content_of(slug: str) -> dict[str, Any]:
    """What stands in a campaign's file, of the team too. Raises NoSuchCampaign.

    Entries that the team rejected stay at home: they are on no record.
    """
    campaign = Campaign.objects.filter(slug=slug).first()
    if campaign is None:
        raise NoSuchCampaign(slug)
    employers = sorted(queries.employers(campaign.directory_id), key=lambda employer: employer.id)
    keys = {employer.id: employer.key for employer in employers}
    entries = campaign.entries.exclude(state__in=[Entry.State.REJECTED, Entry.State.CORRECTED]).prefetch_related(
        "executives", "citations__source", "bearings__demand", "offices", "holder", "earlier"
    )
    content = {
        "format": FORMAT,
        "campaign": _campaign(campaign),
        "demands": [
            _filled({"key": row.key, "text": row.text, "must_be_public": row.must_be_public or None})
            for row in campaign.demands.order_by("number")
        ],
        "employers": [_filled({"key": row.key, "name": row.name, "domains": list(row.domains)}) for row in employers],
        "executives": [
            _filled({"key": row.key, "name": row.name, "title": row.title, "employer": keys[row.employer_id]})
            | {"addressed": row.addressed}
            | _filled({"holders": [_holder(term) for term in row.holders.all()]})
            for row in campaign.executives.order_by("pk").prefetch_related(Prefetch("holders", queryset=_HOLDERS))
        ],
        "sources": [
            _filled(
                {
                    "key": row.key,
                    "title": row.title,
                    "publisher": row.publisher,
                    "author": row.author,
                    "address": row.address,
                    "published": _date(row.published, row.published_precision),
                    "published_precision": row.published_precision,
                    "archived": row.archived,
                    "place": row.place,
                }
            )
            for row in campaign.sources.order_by("pk")
        ],
        "letters": _letters(campaign, keys),
        "entries": [_entry(row, keys) for row in sorted(entries, key=_place)],
        "standings": _standings(campaign),
    }
    return _filled(content)


@transaction.atomic
def hand_over(slug: str, *, now: datetime) -> str:
    """The campaign's file for an operator who asks; the team's log says so. Raises NoSuchCampaign."""
    text = export_campaign(slug)
    campaign = Campaign.objects.get(slug=slug)
    audit.note(campaign=campaign, by=None, what=Audited.EXPORTED, about=campaign.title, now=now)
    return text


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return _filled(
        {
            "slug": campaign.slug,
            "title": campaign.title,
            "summary": campaign.summary,
            "organisers": campaign.organisers,
            "press_contact": campaign.press_contact,
        }
    ) | {
        "organisers_named": campaign.organisers_named,
        "is_example": campaign.is_example,
        "counts_silence": campaign.counts_silence,
        "time_zone": campaign.time_zone,
        **({} if campaign.approvals_needed is None else {"approvals_needed": campaign.approvals_needed}),
    }


def _letters(campaign: Campaign, keys: dict[int, str]) -> list[dict[str, Any]]:
    rows = list(campaign.campaign_letters.order_by("pk"))
    facts = {letter.id: letter for letter in queries.letters(row.letter_id for row in rows)}
    demands = [demand.text for demand in campaign.demands.order_by("number")]
    addressees = organising.addressee_lines(campaign)
    return [_letter(row, facts[row.letter_id], demands, addressees, keys) for row in rows]


def _letter(
    row: CampaignLetter, facts: LetterFacts, demands: list[str], addressees: list[str], keys: dict[int, str]
) -> dict[str, Any]:
    """A letter; once it opened, with the demands and addressees it names if the campaign's are others by now."""
    opened = not facts.is_draft
    return _filled(
        {
            "key": row.key,
            "slug": facts.slug,
            "title": facts.title,
            "language": facts.language,
            "state": facts.state,
            "is_example": facts.is_example,
            "opens_at": _moment(row.opens_at),
            "reply_by": _moment(row.reply_by),
            "goal": row.goal,
            "signers": signerwriting.signers(row, keys),
            "demands": list(facts.demands) if opened and list(facts.demands) != demands else None,
            "addressees": list(facts.addressees) if opened and list(facts.addressees) != addressees else None,
            "body": facts.body,
            "translations": _translations(facts, demands),
        }
    )


def _translations(facts: LetterFacts, demands: list[str]) -> list[dict[str, Any]]:
    """The letter in its other languages; demands only where they are not the original's words."""
    if facts.is_draft:
        drafts = publishing.drafts(letter_id=facts.id, demands=demands)
        found = [(one.language, one.title, one.body, list(one.demands), one.behind) for one in drafts[1:]]
    else:
        demands = list(facts.demands)
        found = [(one.language, one.title, one.body, one.demands, one.behind) for one in facts.translations]
    return [
        _filled(
            {
                "language": language,
                "title": title,
                "body": body,
                "demands": own if own != demands else None,
                "behind": behind or None,
            }
        )
        for language, title, body, own, behind in found
    ]


def _entry(row: Entry, employers: dict[int, str]) -> dict[str, Any]:
    return _filled(
        {
            "key": row.key,
            "kind": row.kind,
            "state": row.state,
            "executives": [executive.key for executive in sorted(row.executives.all(), key=lambda one: one.pk)],
            "date": _date(row.date, row.precision),
            "precision": row.precision,
            "audience": row.audience,
            "channel": row.channel,
            "outlet": row.outlet,
            "reported_by": row.reported_by,
            "by": row.by,
            "by_title": row.by_title,
            "by_employer": employers[row.by_employer_id] if row.by_employer_id else None,
            "signatory": row.signatory or None,
            "title": row.title,
            "offices": [
                _filled({"title": one.title, "name": one.name, "employer": employers[one.employer_id]})
                for one in sorted(row.offices.all(), key=lambda one: one.pk)
            ],
            "about": row.about,
            "quote": row.quote,
            "also_quoted": row.also_quoted,
            "what": row.what,
            "says": row.says,
            "asks": row.asks,
            "criticism": row.criticism,
            "tone": row.tone,
            "language": row.language,
            "known": row.known,
            "bearings": {
                one.demand.key: one.said for one in sorted(row.bearings.all(), key=lambda one: one.demand.number)
            },
            **_turn(row),
            "holder": row.holder.key if row.holder else None,
            "sources": [one.source.key for one in sorted(row.citations.all(), key=lambda one: one.source_id)],
            "places": {one.source.key: one.place for one in row.citations.all() if one.place},
        }
    )


def _holder(row: Holder) -> dict[str, Any]:
    return _filled(
        {
            "key": row.key,
            "name": row.name,
            "since": _date(row.since, row.precision),
            "precision": row.precision,
            "source": row.source.key if row.source else None,
        }
    )


def _turn(row: Entry) -> dict[str, Any]:
    """What it turns against, as long as that is on record."""
    on_record = row.earlier is not None and row.earlier.state == Entry.State.CHECKED
    return {"turn": row.turn, "earlier": row.earlier.key} if on_record and row.earlier else {}


def _standings(campaign: Campaign) -> list[dict[str, Any]]:
    """Where everybody stands; what waits for a check is left out where something is shown."""
    living = (
        StandingDecision.objects.filter(executive__campaign=campaign, ended_at__isnull=True)
        .exclude(state=StandingDecision.State.REJECTED)
        .select_related("executive", "demand", "holder")
        .prefetch_related("evidence")
    )
    cells: dict[tuple[int, int, uuid.UUID | None], StandingDecision] = {}
    for row in living.order_by(
        "executive", "demand__number", "holder__since", "-state"
    ):  # what is checked comes last and wins
        cells[row.executive_id, row.demand_id, row.holder_id] = row
    return [
        _filled(
            {
                "executive": row.executive.key,
                "demand": row.demand.key,
                "holder": row.holder.key if row.holder and row.holder_id != row.executive.holder_id else None,
                "standing": row.standing,
                "reason": row.reason,
                "evidence": [entry.key for entry in sorted(row.evidence.all(), key=_place)],
                "state": row.state,
            }
        )
        for row in cells.values()
    ]


def _place(row: Entry) -> tuple[int, date, str, str]:
    """By kind, then by date, undated ones last."""
    return _KINDS.index(row.kind), row.date or date.max, row.precision, row.key


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


class _Bare(str):
    """A date or a moment: written without quotation marks."""


def _date(value: date | None, precision: str) -> _Bare | None:
    return None if value is None else _Bare(value.isoformat()[: _LENGTH[Precision(precision)]])


def _moment(value: datetime | None) -> _Bare | None:
    return None if value is None else _Bare(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))


class _Dumper(yaml.SafeDumper):
    """Block style, lists indented, long texts folded, texts of several lines as they are."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # PyYAML's writer is exact in these two styles only for texts without odd spaces; others are quoted.
    style = None
    if "\n" in value:
        if all(line == line.rstrip() and line[:1] != " " for line in value.split("\n")) and value[0] != "\n":
            style = "|"
    elif len(value) > 80 and " ".join(value.split()) == value:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _bare(dumper: yaml.SafeDumper, value: _Bare) -> yaml.ScalarNode:
    tag = dumper.resolve(yaml.ScalarNode, str(value), (True, False))  # type: ignore[no-untyped-call]  # PyYAML has no types
    return dumper.represent_scalar(tag, str(value))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Bare, _bare)
