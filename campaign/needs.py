"""What needs one member now, in words and with the page where she does it; only what her role may do."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from campaign import waiting
from campaign.access import may
from campaign.models import Campaign, CampaignLetter, Membership, Role
from campaign.waiting import Desk, Waits
from letters import queries as letter_queries

_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Need:
    """So many things of one sort."""

    text: str
    address: str
    count: int
    days: int | None  # for how many days the oldest has waited; None where that says nothing
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class Line:
    """One sort of thing: for whom, where it is found, what is said of it, and on which page it is done."""

    least: Role
    find: Callable[[Desk], Iterator[Waits]]
    say: Callable[[int], str]
    url_name: str


def _names(n: int) -> str:
    return ngettext("%(n)s name waits for your answer", "%(n)s names wait for your answer", n)


def _organisations(n: int) -> str:
    return ngettext("%(n)s organisation waits for your answer", "%(n)s organisations wait for your answer", n)


def _evidence(n: int) -> str:
    return ngettext("Evidence of %(n)s person waits for you", "Evidence of %(n)s people waits for you", n)


def _silent(n: int) -> str:
    return ngettext(
        "%(n)s executive has not answered, and the day for it is over",
        "%(n)s executives have not answered, and the day for it is over",
        n,
    )


def _entries(n: int) -> str:
    return ngettext("%(n)s entry waits for your check", "%(n)s entries wait for your check", n)


def _standings(n: int) -> str:
    return ngettext("%(n)s standing waits for your check", "%(n)s standings wait for your check", n)


def _successions(n: int) -> str:
    return ngettext(
        "%(n)s change of an office’s holder waits for your check",
        "%(n)s changes of offices’ holders wait for your check",
        n,
    )


def _proposed(n: int) -> str:
    return ngettext("%(n)s standing can be decided", "%(n)s standings can be decided", n)


def _replies(n: int) -> str:
    return ngettext(
        "%(n)s answer or dispute of an office waits for a decision",
        "%(n)s answers and disputes of offices wait for a decision",
        n,
    )


def _reports(n: int) -> str:
    return ngettext("%(n)s report of an error waits for a decision", "%(n)s reports of errors wait for a decision", n)


def _to_confirm(n: int) -> str:
    return ngettext(
        "%(n)s decision of another member waits for your yes", "%(n)s decisions of other members wait for your yes", n
    )


def _reminders(n: int) -> str:
    return ngettext("%(n)s reminder goes out today", "%(n)s reminders go out today", n)


def _held(n: int) -> str:
    if not n:
        return _("All mail of this campaign is held")
    return ngettext(
        "All mail of this campaign is held: %(n)s thing waits for it",
        "All mail of this campaign is held: %(n)s things wait for it",
        n,
    )


def _questions(n: int) -> str:
    return ngettext("%(n)s question to an office may be sent", "%(n)s questions to offices may be sent", n)


def _entry_drafts(n: int) -> str:
    return ngettext("You began %(n)s entry", "You began %(n)s entries", n)


def _comments(n: int) -> str:
    return ngettext("%(n)s comment waits in “%(title)s”", "%(n)s comments wait in “%(title)s”", n)


def _files(n: int) -> str:
    return ngettext("%(n)s file that you handed in is not over", "%(n)s files that you handed in are not over", n)


LINES = (
    Line(Role.VERIFIER, waiting.evidence, _evidence, "organise-review"),
    Line(Role.VERIFIER, waiting.names, _names, "organise-review"),
    Line(Role.VERIFIER, waiting.organisations, _organisations, "organise-organisations"),
    Line(Role.TRACKER, waiting.replies, _replies, "organise-replies"),
    Line(Role.TRACKER, waiting.reports, _reports, "organise-replies"),
    Line(Role.TRACKER, waiting.to_confirm, _to_confirm, "organise-replies"),
    Line(Role.TRACKER, waiting.entries, _entries, "organise-record"),
    Line(Role.TRACKER, waiting.standings, _standings, "organise-record"),
    Line(Role.TRACKER, waiting.successions, _successions, "organise-record"),
    Line(Role.TRACKER, waiting.proposed, _proposed, "organise-record"),
    Line(Role.OWNER, waiting.not_opened, lambda n: _("“%(title)s” did not open by itself"), "organise-letter"),
    Line(Role.EDITOR, waiting.approvals, lambda n: _("“%(title)s” waits for your approval"), "organise-approval"),
    Line(
        Role.TRACKER,
        waiting.changes,
        lambda n: _("A change of “%(title)s” waits for your approval"),
        "organise-letter-change",
    ),
    Line(
        Role.EDITOR,
        waiting.removals,
        lambda n: _("Signatures shall come off “%(title)s”: say whether"),
        "organise-removal",
    ),
    Line(Role.TRACKER, waiting.comments, _comments, "organise-comments"),
    Line(Role.EDITOR, waiting.silent, _silent, "organise-offices"),
    Line(Role.EDITOR, waiting.questions, _questions, "organise-offices"),
    Line(Role.EDITOR, waiting.reminders, _reminders, "organise-reminders"),
    Line(Role.EDITOR, waiting.held, _held, "organise-reminders"),
    Line(
        Role.EDITOR,
        waiting.unsaved_texts,
        lambda n: _("You wrote on “%(title)s” and did not save it"),
        "organise-write",
    ),
    Line(Role.TRACKER, waiting.entry_drafts, _entry_drafts, "organise-record"),
    Line(Role.TRACKER, waiting.files, _files, "organise-files"),
)


def of_member(user: User, members: Iterable[Membership], *, now: datetime) -> dict[uuid.UUID, list[Need]]:
    """What waits for this member in each campaign of these teams, what is late or due first at the top."""
    here = [(member.role, campaign) for member in members for campaign in member.team.campaigns.all()]
    by_id = {campaign.pk: campaign for _role, campaign in here}
    found = []
    for line in LINES:
        hers = {campaign.pk: campaign for role, campaign in here if may(role, line.least)}
        if hers:
            found += [(line, waits) for waits in line.find(Desk(user.pk, hers, now))]
    about = _about([waits.one for _line, waits in found if waits.one])
    needs: dict[uuid.UUID, list[Need]] = {pk: [] for pk in by_id}
    for line, waits in found:
        needs[waits.campaign_id].append(_need(line, waits, by_id[waits.campaign_id], about, now))
    for one in needs.values():
        one.sort(key=lambda need: (not need.is_late, need.due_at or _FAR))
    return needs


def _about(ones: list[CampaignLetter]) -> dict[uuid.UUID, tuple[str, str]]:
    """Address and title of the letters that something is about."""
    if not ones:
        return {}
    return {
        letter.id: (letter.slug, letter.title) for letter in letter_queries.letters({one.letter_id for one in ones})
    }


def _need(line: Line, waits: Waits, campaign: Campaign, about: dict[uuid.UUID, tuple[str, str]], now: datetime) -> Need:
    slug, title = about[waits.one.letter_id] if waits.one else ("", "")
    parts = [campaign.slug, *([slug] if slug else []), *waits.to]
    address = reverse(line.url_name, args=parts)
    return Need(
        text=line.say(waits.count) % {"n": waits.count, "title": title},
        address=f"{address}?language={waits.language}" if waits.language else address,
        count=waits.count,
        days=None if waits.since is None else _days(waits.since, now),
        due_at=waits.due_at,
        is_late=waits.due_at is not None and waits.due_at <= now,
    )


def _days(since: datetime | date, now: datetime) -> int:
    if isinstance(since, datetime):
        return max(0, (now - since).days)
    return max(0, (now.date() - since).days)
