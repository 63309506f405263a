"""Bringing a campaign in line with its file, all of it or nothing. What the file does not mention is left alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from campaign import audit, outreach, shown
from campaign.files import entrywriting, format, holderwriting, letterwriting, standingwriting
from campaign.files.faults import Fault, Faults, Faulty
from campaign.files.format import Document
from campaign.files.reading import Row, first_day
from campaign.files.work import Work, plain
from campaign.models import (
    Audited,
    Campaign,
    Demand,
    Executive,
    Source,
    Team,
)
from campaign.reminders import planning
from letters import employers as employer_list
from letters import freshness, publishing, queries, verification

DEFAULT_TEAM = "Imported campaigns"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an import did, a line for each thing."""

    slug: str
    made: tuple[str, ...]
    changed: tuple[str, ...]
    left_alone: tuple[str, ...]

    @property
    def nothing_changed(self) -> bool:
        """Whether the campaign stood as in the file already."""
        return not (self.made or self.changed)


def import_campaign(
    text: str, *, file_name: str, team_name: str | None, now: datetime, opened_at: datetime | None = None
) -> Report:
    """Make the campaign of this file, or bring it in line with it. Raises Faulty and then has changed nothing.

    `opened_at` is the moment as of which letters open; only examples, which look back on a past, give one.
    """
    document = format.read(text, file_name=file_name, today=now.date())
    return bring(document, file_name=file_name, team_name=team_name, now=now, opened_at=opened_at)


def bring(
    document: Document, *, file_name: str, team_name: str | None, now: datetime, opened_at: datetime | None = None,
    dry: bool = False,
) -> Report:  # fmt: skip
    """The same, of a file that was read already; `dry` only says what would be done. Raises Faulty."""
    try:
        with transaction.atomic():
            freshness.changed()
            work = _begin(document, team_name, now, opened_at or now)
            if not work.faults:
                _write(work, document)
            if work.faults:
                raise Faulty(work.faults, file_name=file_name)
            if work.made or work.changed:
                audit.note(campaign=work.campaign, by=None, what=Audited.IMPORTED, about=work.campaign.title, now=now)
            if dry:
                transaction.set_rollback(True)
    except (IntegrityError, DataError) as error:
        text_of = _("the database refuses this file; if another import ran at the same time, try again (%(error)s).")
        problem = str(error).partition("\n")[0]
        raise Faulty([Fault(document.campaign.line, text_of % {"error": problem})], file_name=file_name) from error
    return Report(
        slug=document.campaign["slug"],
        made=tuple(work.made),
        changed=tuple(work.changed),
        left_alone=tuple(work.left_alone),
    )


def _begin(document: Document, team_name: str | None, now: datetime, opened_at: datetime) -> Work:
    """The campaign's row, made or changed, in a team that may have it."""
    row = document.campaign
    values = {name: plain(value) for name, value in row.items() if name != "slug"}
    if values["approvals_needed"] is None:
        del values["approvals_needed"]  # a file that does not speak of the team's rule does not loosen it
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("team").filter(slug=row["slug"]).first()
    if campaign is None:
        work = Work(
            campaign=Campaign(slug=str(row["slug"]), created_at=opened_at, **values), now=now, opened_at=opened_at
        )
        if team := _team(team_name or DEFAULT_TEAM, row, work.faults):
            work.campaign.team = team
            work.campaign.directory_id = publishing.new_directory()
            work.campaign.save(force_insert=True)
            work.made.append(_("campaign: %(key)s") % {"key": row["slug"]})
        return work
    work = Work(campaign=campaign, now=now, opened_at=opened_at)
    if campaign.team.name != (team_name or DEFAULT_TEAM):
        work.faults.add(
            row.line_of("slug"),
            _('the campaign "%(slug)s" belongs to the team "%(team)s"; to change it, say --team "%(team)s".')
            % {"slug": row["slug"], "team": campaign.team.name},
        )
    elif _change(Campaign.objects.filter(pk=campaign.pk), campaign, values):
        work.changed.append(_("campaign: %(key)s") % {"key": row["slug"]})
    return work


def _team(name: str, row: Row, faults: Faults) -> Team | None:
    teams = list(Team.objects.filter(name=name)[:2])
    if len(teams) > 1:
        faults.add(
            row.line, _('there are several teams called "%(name)s"; choose another with --team.') % {"name": name}
        )
        return None
    return teams[0] if teams else Team.objects.create(name=name)


def _write(work: Work, document: Document) -> None:
    employers = _write_employers(work, document.employers)
    _write_demands(work, document.demands)
    executives = holderwriting.offices(work, document.executives, employers)
    sources = [
        {**row, "published": first_day(row["published"]) if row["published"] else None} for row in document.sources
    ]
    if work.faults:
        return
    _write_rows(work, "executives", work.campaign.executives.all(), Executive, document.executives, executives)
    _write_rows(work, "sources", work.campaign.sources.all(), Source, document.sources, sources)
    holderwriting.write(work, document.executives)
    entrywriting.write(work, document.entries, employers)
    standingwriting.write(work, document.standings)
    letterwriting.write(work, document.letters)
    # An answer that came in with the file stops what was to be asked, as one that a person checked does.
    outreach.stop_where_answered(campaign=work.campaign, now=work.now)
    planning.plan_record(campaign_id=work.campaign.pk, now=work.now)
    shown.remember(campaign_id=work.campaign.pk, now=work.now)


def _write_employers(work: Work, rows: list[Row]) -> dict[str, int]:
    """Employers by key. Domains are only ever added: taking one away is done by a person."""
    known = {employer.key: employer for employer in queries.employers(work.campaign.directory_id)}
    ids = {key: employer.id for key, employer in known.items()}
    for row in rows:
        employer = known.get(row["key"])
        try:
            if employer is None:
                ids[str(row["key"])] = employer_list.add(
                    directory_id=work.campaign.directory_id,
                    key=str(row["key"]),
                    name=str(row["name"]),
                    domains=plain(row["domains"]),
                )
                work.made.append(_("employers: %(key)s") % {"key": row["key"]})
                continue
            wanted = [verification.domain_of("@" + domain.lower()) for domain in row["domains"]]
            new = [domain for domain in wanted if domain not in employer.domains]
            if new or employer.name != row["name"]:
                employer_list.change(employer_id=employer.id, name=str(row["name"]), domains=[*employer.domains, *new])
                work.changed.append(_("employers: %(key)s") % {"key": row["key"]})
            for domain in [domain for domain in employer.domains if domain not in wanted]:
                work.left_alone.append(
                    _("employers: the domain %(domain)s of %(key)s is not in the file.")
                    % {"domain": domain, "key": row["key"]}
                )
        except employer_list.NotPossible as error:
            work.faults.add(row.line_of(error.field), str(error))
    work.note_others("employers", known, rows)
    return ids


def _write_demands(work: Work, rows: list[Row]) -> None:
    """Demands are numbered as they stand in the file; those that it does not mention come after them."""
    others = list(
        work.campaign.demands.exclude(key__in=[str(row["key"]) for row in rows])
        .order_by("number")
        .values_list("key", flat=True)
    )
    values: list[dict[str, Any]] = [{**row, "number": number} for number, row in enumerate(rows, 1)]
    _write_rows(work, "demands", work.campaign.demands.all(), Demand, rows, values)
    for number, key in enumerate(others, len(rows) + 1):
        Demand.objects.filter(campaign=work.campaign, key=key).exclude(number=number).update(number=number)


def _write_rows(
    work: Work,
    section: str,
    existing: QuerySet[Any],
    model: type[Any],
    rows: list[Row],
    values: list[dict[str, Any]],
) -> None:
    known = {row.key: row for row in existing}
    for row, wanted in zip(rows, values, strict=True):
        facts = {name: plain(value) for name, value in wanted.items() if name not in {"employer", "holders"}}
        old = known.get(row["key"])
        if old is None:
            model.objects.create(campaign=work.campaign, **facts)
            work.made.append(f"{section}: {row['key']}")
        elif _change(model.objects.filter(pk=old.pk), old, facts):
            work.changed.append(f"{section}: {row['key']}")
    work.note_others(section, known, rows)


def _change(queryset: QuerySet[Any], row: Model, wanted: dict[str, Any]) -> bool:
    """Write what differs; whether anything did."""
    different = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if different:
        queryset.update(**different)
    return bool(different)
