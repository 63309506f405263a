"""Entering signatures that were given elsewhere, and taking them out again. None of them is ever counted with ours."""

import csv
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from letters import freshness, names
from letters.models import Elsewhere, ElsewhereName, Letter

MOST_NAMES = 50_000
PAGE = 200
_COLUMNS = {"name", "role", "employer"}
# What nobody needs here and nobody shall lie about in a database.
_ADDRESSES = ("mail", "phone", "tel", "address", "street")


class NotPossible(Exception):
    """It cannot be entered; the text says why, where, and what to do."""


@dataclass(frozen=True)
class Name:
    """One name of a list."""

    name: str
    role: str = ""
    employer: str = ""


@dataclass(frozen=True, kw_only=True)
class Lot:
    """Some signatures from elsewhere as they are shown; `named` of them by name."""

    id: uuid.UUID
    kind: str
    kind_text: str
    source: str
    evidence: str
    count: int
    named: int
    added_on: date

    @property
    def address(self) -> str:
        """The evidence, where it is a page."""
        return self.evidence if self.evidence.startswith("https://") else ""


def read(content: bytes) -> list[Name]:
    """The names of a table: UTF-8, a first line with `name` and perhaps `role` and `employer`. Raises NotPossible."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotPossible(_("The file is not in UTF-8. Save it as “CSV UTF-8” and try again.")) from error
    head = text.split("\n", 1)[0]
    separator = max(",;\t", key=head.count)
    try:
        return list(_rows(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, strict=True)))
    except csv.Error as error:
        raise NotPossible(_("This is no table that can be read: %(why)s.") % {"why": error}) from error


def _rows(table: "csv.DictReader[str]") -> Iterator[Name]:
    columns = {(column or "").strip().lower(): column for column in table.fieldnames or []}
    if "name" not in columns:
        raise NotPossible(_("The first line has to name the columns, and one of them has to be “name”."))
    if unwanted := next((one for one in columns if any(part in one for part in _ADDRESSES)), None):
        raise NotPossible(
            _("The file has a column “%(column)s”. Take it out: addresses of people are not kept here.")
            % {"column": unwanted[:40]}
        )
    seen = 0
    for row in table:
        cells = {key: row.get(column) or "" for key, column in columns.items() if key in _COLUMNS}
        if not any(cell.strip() for cell in cells.values()):
            continue
        seen += 1
        if seen > MOST_NAMES:
            raise NotPossible(_("The file has more than %(most)s names. Enter it in parts.") % {"most": MOST_NAMES})
        yield Name(**{key: _tidy(cell, table.line_num, needed=key == "name") for key, cell in cells.items()})
    if not seen:
        raise NotPossible(_("The file has no names."))


def _tidy(cell: str, line: int, *, needed: bool) -> str:
    # A mark that keeps spreadsheets from reckoning is not part of a name.
    cell = cell[1:] if cell[:2] in {"'=", "'+", "'-", "'@"} else cell
    try:
        text = names.tidy(cell)
    except names.NotAName as error:
        raise NotPossible(_("Line %(line)s: %(why)s") % {"line": line, "why": error}) from error
    if needed and not text:
        raise NotPossible(_("Line %(line)s has no name.") % {"line": line})
    return text


def enter(
    *, letter_id: uuid.UUID, kind: str, source: str, evidence: str, people: list[Name], count: int, today: date
) -> uuid.UUID:
    """Show these apart on the letter's pages: by name, or only so many. Raises NotPossible."""
    count = max(count, len(people))
    if count < 1:
        raise NotPossible(_("Say how many there are, or give a file with their names."))
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.state == Letter.State.DRAFT:
            raise NotPossible(_("Open the letter first: signatures belong to a text that stands."))
        lot = Elsewhere.objects.create(
            letter=letter, kind=kind, source=source, evidence=evidence, count=count, added_on=today
        )
        ElsewhereName.objects.bulk_create(
            [ElsewhereName(lot=lot, name=one.name, role=one.role, employer=one.employer) for one in people],
            batch_size=2000,
        )
        freshness.changed()
    return lot.pk


def remove(*, letter_id: uuid.UUID, lot_id: uuid.UUID) -> str:
    """Take a lot out with all its names; answers where it came from. Raises NotPossible."""
    with transaction.atomic():
        lot = Elsewhere.objects.filter(pk=lot_id, letter=letter_id).first()
        if lot is None:
            raise NotPossible(_("It is gone already."))
        lot.delete()
        freshness.changed()
    return lot.source


def remove_name(*, letter_id: uuid.UUID, name_id: int) -> None:
    """Take one name out, because she asked for it or signed here herself. Raises NotPossible."""
    with transaction.atomic():
        row = ElsewhereName.objects.select_related("lot").filter(pk=name_id, lot__letter=letter_id).first()
        if row is None:
            raise NotPossible(_("This name is gone already."))
        row.delete()
        # The last one takes its lot along: nothing is left that it could show.
        if not Elsewhere.objects.filter(pk=row.lot_id, count__gt=1).update(count=F("count") - 1):
            Elsewhere.objects.filter(pk=row.lot_id).delete()
        freshness.changed()


def count(letter_id: uuid.UUID) -> int:
    """How many signed elsewhere."""
    return int(Elsewhere.objects.filter(letter_id=letter_id).aggregate(all=Sum("count"))["all"] or 0)


def lots(letter_id: uuid.UUID) -> list[Lot]:
    """What was signed elsewhere, newest first."""
    rows = Elsewhere.objects.filter(letter_id=letter_id).order_by("-added_on", "pk")
    return [
        Lot(
            id=row.pk,
            kind=row.kind,
            kind_text=row.get_kind_display(),
            source=row.source,
            evidence=row.evidence,
            count=row.count,
            named=ElsewhereName.objects.filter(lot=row).count(),
            added_on=row.added_on,
        )
        for row in rows
    ]


def named(letter_id: uuid.UUID, *, lot_id: uuid.UUID, after: int = 0) -> tuple[list[ElsewhereName], int]:
    """Some names of a lot, and after which one to go on; 0 on the last page."""
    rows = ElsewhereName.objects.filter(lot=lot_id, lot__letter=letter_id, pk__gt=after).order_by("pk")
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0
