"""The log of what members did, as the team reads it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Audited, AuditEntry, Campaign, Membership

PAGE = 50
# What stands before the dot of an Audited, as the filter names it.
PARTS: dict[str, Promise] = {
    "signatures": gettext_lazy("signatures"),
    "letter": gettext_lazy("letters"),
    "record": gettext_lazy("the record"),
    "replies": gettext_lazy("replies"),
    "mail": gettext_lazy("mail"),
    "team": gettext_lazy("the team"),
    "campaign": gettext_lazy("the campaign"),
}


@dataclass(frozen=True)
class Act:
    """One line of the log."""

    at: datetime
    who: str
    what: str
    about: str
    reason: str
    count: int | None


def acts(campaign: Campaign, *, part: str = "", by: int | None = None, page: int = 1) -> tuple[list[Act], bool]:
    """What was done, newest first, and whether there is an older page; pages count from 1."""
    rows = AuditEntry.objects.filter(campaign=campaign).select_related("by").order_by("-pk")
    if part in PARTS:
        rows = rows.filter(what__startswith=f"{part}.")
    if by is not None:
        rows = rows.filter(by_id=by)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return [_act(row) for row in found[:PAGE]], len(found) > PAGE


def people(campaign: Campaign) -> list[tuple[int, str]]:
    """Whose acts can be looked for: members, and who did something before she left."""
    members = Membership.objects.filter(team=campaign.team_id).select_related("user")
    acted = AuditEntry.objects.filter(campaign=campaign, by__isnull=False).order_by("by").distinct("by")
    names = {member.user_id: str(member.user) for member in members}
    names |= {row.by_id: str(row.by) for row in acted.select_related("by") if row.by_id is not None}
    return sorted(names.items(), key=lambda one: one[1].casefold())


def _act(row: AuditEntry) -> Act:
    return Act(
        at=row.at,
        who=_who(row),
        what=str(Audited(row.what).label) if row.what in Audited.values else row.what,
        about=row.about,
        reason=row.reason,
        count=row.count,
    )


def _who(row: AuditEntry) -> str:
    if row.by is not None:
        return str(row.by)
    return _("somebody who has left") if row.by_person else _("the site")
