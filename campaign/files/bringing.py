"""Files that a member hands in: a worker looks first, then imports the whole or nothing (docs/campaign-files.md).

Who works on a file holds PostgreSQL's lock of its name; who is killed lets go of it, and what she wrote is gone with
her transaction. Every step ends with a conditional update in that same transaction: a file that was cancelled meanwhile
brings nothing in.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import redis
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.shortlived import impatient
from campaign.access import may
from campaign.files import tables
from campaign.files.faults import Faulty
from campaign.files.importing import Member, Report, import_campaign
from campaign.files.work import paced
from campaign.models import Campaign, HandedIn, Membership, Role

State, Kind = HandedIn.State, HandedIn.Kind
UNDER_WAY = (State.LOOKING, State.IMPORTING)
LEAST = {Kind.CAMPAIGN: Role.EDITOR, Kind.RECORD: Role.TRACKER}
MOST_SECONDS = 80  # for one step; the worker itself is ended soon after (CELERY_TASK_TIME_LIMIT)
_MOST_TRIES = 2
_WAITS = timedelta(days=1)  # a file that was looked at and not imported
_TOLD = timedelta(days=30)  # what became of it
log = logging.getLogger(__name__)


class NotPossible(Exception):
    """It cannot be done; the text says why and what to do."""


class _Cancelled(Exception):
    """Somebody cancelled it while it was worked on."""


class _TooLong(Exception):
    """It takes longer than a worker may."""


class _Moved(Exception):
    """It would do something else by now than what its member saw."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__()
        self.report = report


def hand_in(
    *, campaign: Campaign, kind: HandedIn.Kind, name: str, content: str, by: User, language: str, now: datetime
) -> uuid.UUID:
    """Let a file be looked at; answers its id. The same file, sent twice, is one. Raises NotPossible."""
    try:
        with transaction.atomic():
            row = HandedIn.objects.create(
                campaign=campaign, kind=kind, name=name, content=content, language=language, handed_in_by=by,
                handed_in_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        there = HandedIn.objects.filter(campaign=campaign, state__in=UNDER_WAY).first()
        if there is not None and (there.handed_in_by_id, there.content) == (by.pk, content):
            return there.pk
        raise NotPossible(_busy()) from error
    return row.pk


def begin(*, handed_in: HandedIn, by: User) -> None:
    """Import what was looked at. Raises NotPossible."""
    if handed_in.handed_in_by_id != by.pk:
        raise NotPossible(_("Only the one who handed a file in can import it."))
    looked = HandedIn.objects.filter(pk=handed_in.pk, state=State.LOOKED)
    try:
        with transaction.atomic():
            begun = looked.update(state=State.IMPORTING, tries=0)
    except IntegrityError as error:
        raise NotPossible(_busy()) from error
    if not begun:
        raise NotPossible(_("This changed a moment ago. Here is how it stands now."))


def cancel(*, handed_in: HandedIn, now: datetime) -> None:
    """Stop it, and forget the file; nothing of it comes in. Raises NotPossible when it is over."""
    living = HandedIn.objects.filter(pk=handed_in.pk, state__in=[*UNDER_WAY, State.LOOKED])
    if not living.update(state=State.CANCELLED, content="", over_at=now):
        raise NotPossible(_("It was over already. Here is how it ended."))


def go_on(*, now: datetime) -> int:
    """Take up what waits for a worker, oldest first; answers how many. It may run twice, and be cut off anywhere."""
    waiting = HandedIn.objects.filter(state__in=UNDER_WAY).order_by("handed_in_at")
    return sum(_take_up(pk, now) for pk in list(waiting.values_list("pk", flat=True)))


def forget(*, now: datetime) -> int:
    """Forget files that nobody imported for a day, and after a month what became of files; answers how many."""
    left, _details = HandedIn.objects.filter(state=State.LOOKED, handed_in_at__lte=now - _WAITS).delete()
    told, _details = HandedIn.objects.filter(over_at__lte=now - _TOLD).delete()
    return left + told


def how_far(handed_in: HandedIn) -> tuple[int, int]:
    """How many things were written of how many; 0 of 0 where nobody knows."""
    with suppress(redis.RedisError, ValueError):
        told = impatient().get(_place(handed_in.pk))
        if isinstance(told, bytes):
            done, total = told.split(b"/")
            return int(done), int(total)
    return 0, 0


def _take_up(pk: uuid.UUID, now: datetime) -> bool:
    with _alone(pk) as alone:
        rows = HandedIn.objects.filter(pk=pk, state__in=UNDER_WAY)
        if not alone or not rows.update(tries=F("tries") + 1):
            return False
        row = HandedIn.objects.select_related("campaign", "handed_in_by").get(pk=pk)
        try:
            with translation.override(row.language):
                _step(row, now)
        except _Cancelled:
            log.info("files: one was cancelled while it was worked on")
    return True


def _step(row: HandedIn, now: datetime) -> None:
    member = _member(row)
    if row.tries > _MOST_TRIES:
        problem = _("The site stopped twice while it worked on this file. Nothing came in. Try again, or in parts.")
        _end(row, State.GIVEN_UP, now, {"problem": problem})
        return
    if member is None:
        problem = _("Whoever handed this file in is no longer a member who may import it. Nothing came in.")
        _end(row, State.GIVEN_UP, now, {"problem": problem})
        return
    try:
        with transaction.atomic():
            report = _told(_bring(row, member, now))
            if row.state == State.IMPORTING and report != _seen(row):
                raise _Moved(report)
            _end(row, State.LOOKED if row.state == State.LOOKING else State.DONE, now, report)
    except _Moved as moved:
        _end(row, State.LOOKED, now, moved.report | {"moved": True})
    except Faulty as faulty:
        faults = [[fault.line, fault.text] for fault in faulty.faults]
        _end(row, State.REFUSED, now, {"faults": faults})
    except _TooLong:
        problem = _(
            "This file takes longer than %(seconds)s seconds. Nothing came in. Bring it in in parts, "
            "or ask the operator of the site, whose import has no such limit."
        )
        _end(row, State.GIVEN_UP, now, {"problem": problem % {"seconds": MOST_SECONDS}})


def _bring(row: HandedIn, member: Member, now: datetime) -> Report:
    """What it does, or with a look would do. Raises Faulty, _Cancelled, _TooLong."""
    dry, until = row.state == State.LOOKING, time.monotonic() + MOST_SECONDS

    def watch(done: int, total: int) -> None:
        if not HandedIn.objects.filter(pk=row.pk, state=row.state).exists():
            raise _Cancelled
        if time.monotonic() > until:
            raise _TooLong
        with suppress(redis.RedisError):
            impatient().set(_place(row.pk), f"{done}/{total}", ex=MOST_SECONDS)

    tell = paced(watch, seconds=0.5)
    if row.kind == Kind.RECORD:
        return tables.import_table(
            row.content, slug=row.campaign.slug, file_name=row.name, now=now, write=not dry, member=member, tell=tell
        )
    return import_campaign(row.content, file_name=row.name, team_name=None, now=now, member=member, dry=dry, tell=tell)


def _end(row: HandedIn, state: HandedIn.State, now: datetime, report: dict[str, Any]) -> None:
    """Write down how this step ended. Raises _Cancelled when somebody ended it before."""
    over: dict[str, Any] = {} if state == State.LOOKED else {"over_at": now, "content": ""}
    ended = HandedIn.objects.filter(pk=row.pk, state=row.state)
    if not ended.update(state=state, report=report, **over):
        raise _Cancelled
    with suppress(redis.RedisError):
        impatient().delete(_place(row.pk))


def _member(row: HandedIn) -> Member | None:
    """Whose file it is, as long as she may do this."""
    if row.handed_in_by is None:
        return None
    found = Membership.objects.filter(team=row.campaign.team_id, user=row.handed_in_by).first()
    if found is None or not may(found.role, LEAST[Kind(row.kind)]):
        return None
    return Member(row.handed_in_by, row.campaign)


def _told(report: Report) -> dict[str, Any]:
    return {"made": list(report.made), "changed": list(report.changed), "left_alone": list(report.left_alone)}


def _seen(row: HandedIn) -> dict[str, Any]:
    return {name: value for name, value in row.report.items() if name != "moved"}


@contextmanager
def _alone(pk: uuid.UUID) -> Iterator[bool]:
    """Whether nobody else works on it; nobody does until this is over. Whoever dies lets go."""
    name = int.from_bytes(pk.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [name])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [name])


def _place(pk: uuid.UUID) -> str:
    return f"file:{pk}"


def _busy() -> str:
    return _("Another file of this campaign is being worked on. Wait until that is over, or cancel it.")
