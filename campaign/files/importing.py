"""Bringing a campaign in line with its file, all of it or nothing. What the file does not mention is left alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from campaign import audit, outreach, shown
from campaign.files import entrywriting, format, holderwriting, letterwriting, rowwriting, standingwriting
from campaign.files.faults import Fault, Faults, Faulty
from campaign.files.format import Document
from campaign.files.reading import Row
from campaign.files.work import Tell, Work, plain, silent
from campaign.models import Audited, Campaign, Executive, Team
from campaign.reminders import planning
from letters import freshness, publishing, queries

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


@dataclass(frozen=True)
class Member:
    """A member of a team who brings a file into one of its campaigns: it adds, and what it adds waits for its check."""

    user: User
    campaign: Campaign


def import_campaign(
    text: str, *, file_name: str, team_name: str | None, now: datetime, opened_at: datetime | None = None,
    member: Member | None = None, dry: bool = False, tell: Tell = silent,
) -> Report:  # fmt: skip
    """Make the campaign of this file, or bring it in line with it. Raises Faulty and then has changed nothing.

    `opened_at` is the moment as of which letters open; only examples, which look back on a past, give one. `dry` only
    says what would be done.
    """
    document = format.read(text, file_name=file_name, today=now.date())
    return bring(
        document,
        file_name=file_name,
        team_name=team_name,
        now=now,
        opened_at=opened_at,
        member=member,
        dry=dry,
        tell=tell,
    )


def bring(
    document: Document, *, file_name: str, team_name: str | None, now: datetime, opened_at: datetime | None = None,
    member: Member | None = None, dry: bool = False, tell: Tell = silent, record_alone: bool = False,
) -> Report:  # fmt: skip
    """The same, of a file that was read already; `record_alone`: its sources and entries. Raises Faulty."""
    try:
        with transaction.atomic():
            freshness.changed()
            work = _begin(document, team_name, now, opened_at or now, member, keep=record_alone)
            work.tell, work.total = tell, _size(document, record_alone)
            if not work.faults:
                (_write_record if record_alone else _write)(work, document)
            if work.faults:
                raise Faulty(work.faults, file_name=file_name)
            if work.made or work.changed:
                _note(work, file_name)
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


def _note(work: Work, file_name: str) -> None:
    what, about = Audited.IMPORTED, work.campaign.title
    if work.by is not None:
        what, about = Audited.FILE_BROUGHT_IN, file_name
    audit.note(campaign=work.campaign, by=work.by, what=what, about=about, now=work.now)


def _size(document: Document, record_alone: bool) -> int:
    record = [document.sources, document.entries]
    return sum(
        map(len, record if record_alone else [
            *record, document.employers, document.demands, document.executives, document.standings, document.letters,
        ])
    )  # fmt: skip


def _begin(
    document: Document, team_name: str | None, now: datetime, opened_at: datetime, member: Member | None, *, keep: bool
) -> Work:
    """The campaign's row, made or changed, in a team that may have it; `keep`: only held."""
    row = document.campaign
    values = {name: plain(value) for name, value in row.items() if name != "slug"}
    if values["approvals_needed"] is None:
        del values["approvals_needed"]  # a file that does not speak of the team's rule does not loosen it
    if member is not None:
        return _begin_beside(row, values, now, member)
    held = Campaign.objects.select_for_update(of=("self",), no_key=True)
    campaign = held.select_related("team").filter(slug=row["slug"]).first()
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
    elif not keep and rowwriting.change(Campaign.objects.filter(pk=campaign.pk), campaign, values):
        work.changed.append(_("campaign: %(key)s") % {"key": row["slug"]})
    return work


def _begin_beside(row: Row, values: dict[str, Any], now: datetime, member: Member) -> Work:
    """A member's campaign, which stays as her team presents it."""
    campaign = planning.hold_still(pk=member.campaign.pk)
    work = Work(campaign=campaign, now=now, opened_at=now, by=member.user)
    if row["slug"] != campaign.slug:
        work.faults.add(
            row.line_of("slug"),
            _('this file is of the campaign "%(other)s", and this is "%(slug)s": start a campaign with that address.')
            % {"other": row["slug"], "slug": campaign.slug},
        )
    for name, value in values.items():
        if getattr(campaign, name) != value:
            work.leave("campaign", name)
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
    employers = rowwriting.employers(work, document.employers)
    rowwriting.demands(work, document.demands)
    executives = holderwriting.offices(work, document.executives, employers)
    if work.faults:
        return
    rowwriting.rows(work, "executives", work.campaign.executives.all(), Executive, document.executives, executives)
    rowwriting.sources(work, document.sources)
    holderwriting.write(work, document.executives)
    holderwriting.check(work, [*document.entries, *document.standings])
    if work.faults:
        return
    entrywriting.write(work, document.entries, employers)
    standingwriting.write(work, document.standings)
    letterwriting.write(work, document.letters)
    _settle(work)


def _write_record(work: Work, document: Document) -> None:
    """Sources and entries alone, among what the campaign has."""
    rowwriting.sources(work, document.sources)
    employers = {employer.key: employer.id for employer in queries.employers(work.campaign.directory_id)}
    entrywriting.write(work, document.entries, employers)
    _settle(work)


def _settle(work: Work) -> None:
    # An answer that came in with the file stops what was to be asked, as one that a person checked does.
    outreach.stop_where_answered(campaign=work.campaign, now=work.now)
    planning.plan_record(campaign_id=work.campaign.pk, now=work.now)
    shown.remember(campaign_id=work.campaign.pk, now=work.now)
