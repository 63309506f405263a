"""What a team does with its letter's names: what everybody reads, and on the log."""

import csv
import io
import json

import pytest

from campaign.models import AuditEntry
from letters import exporting
from letters.models import Cell, PublicSignature
from tests.cast import NOW, Cast, browser_of, sign
from tests.letters.test_people import add

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/people/"
EVIL = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\tx", " =1", "＝1", 'Ben "B" K, Jr']


def body(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_the_table_has_no_formula_and_keeps_every_name(cast):
    add(cast, *EVIL, role="=1+1", employer_name="@x")

    response = browser_of(cast.carla).post(f"{PAGE}export/", {"kind": "csv"})
    rows = list(csv.DictReader(io.StringIO(body(response).removeprefix("\ufeff"))))

    assert response.headers["Content-Type"].startswith("text/csv")
    assert len(rows) == len(EVIL)
    assert [row["name"].removeprefix("'") for row in rows] == EVIL
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip()[:1] in {"=", "+", "-", "@", "＝"} or cell[:1] in {"\t", "\r"}]


def test_the_file_with_totals_has_what_the_page_shows_and_nothing_else(cast, mailbox):
    sign(mailbox, address="ben@acme.example", visibility="public", name="Ben Kovač", role="Engineer")
    sign(mailbox, address="ana@acme.example")
    add(cast, "Held", state="held")
    Cell.objects.filter(public=1).update(confidential=10)

    found = json.loads(body(browser_of(cast.carla).post(f"{PAGE}export/", {"kind": "json"})))

    assert [one["name"] for one in found["signatures"]] == ["Ben Kovač"]
    assert found["totals"] == {"public": 1, "confidential": 10, "all": 11}
    assert found["sha256"] == cast.letter.sha256
    assert "ana" not in json.dumps(found)


def test_an_empty_list_is_a_file_too(cast):
    assert json.loads(body(browser_of(cast.carla).post(f"{PAGE}export/", {"kind": "json"})))["signatures"] == []
    assert body(browser_of(cast.carla).post(f"{PAGE}export/")).count("\r\n") == 1


def test_every_export_stands_on_the_log_with_its_size(cast):
    add(cast, "Ben", "Ana")

    browser_of(cast.carla).post(f"{PAGE}export/")

    entry = AuditEntry.objects.get(what="signatures.exported")
    assert (entry.by, entry.count) == (cast.carla, 2)
    assert browser_of(cast.carla).get(f"{PAGE}export/").status_code == 405


def test_somebody_is_set_at_the_head_and_taken_off_without_her_name_on_the_log(cast):
    [ben] = add(cast, "Ben Kovač")
    carla = browser_of(cast.carla)

    refused = carla.post(PAGE, {"pin": ben.pk})
    carla.post(PAGE, {"settings": "1", "criterion": "Leads"})
    pinned = carla.post(PAGE, {"pin": ben.pk})
    page = carla.get(f"{PAGE}?q=kovac").content.decode()
    carla.post(PAGE, {"unpin": ben.pk})

    assert (refused.status_code, pinned.status_code) == (422, 302)
    assert "Say first by which criterion" in refused.content.decode()
    assert "At the head of the list" in page
    assert "At the head of the list" not in carla.get(PAGE).content.decode()
    assert "Kovač" not in " ".join(f"{one.about} {one.reason}" for one in AuditEntry.objects.all())
    assert carla.post(PAGE, {"pin": "nobody"}).status_code == 422


@pytest.mark.parametrize(("name", "read", "write"), [("oskar", 200, 404), ("vera", 200, 404), ("mallory", 404, 404)])
def test_roles_below_editor_read_and_an_outsider_finds_nothing(cast, name, read, write):
    [ben] = add(cast, "Ben")
    browser = browser_of(getattr(cast, name))

    assert browser.get(PAGE).status_code == read
    assert browser.post(PAGE, {"pin": ben.pk}).status_code == write
    assert browser.post(f"{PAGE}export/").status_code == write


def test_a_draft_has_no_signers(db):
    cast = Cast.assemble(opened=False)

    assert browser_of(cast.carla).get(PAGE).status_code == 302
    assert browser_of(cast.carla).post(f"{PAGE}export/").status_code == 302


def test_a_cell_is_marked_only_where_a_program_would_reckon():
    assert [exporting.harmless(cell) for cell in ("a=1", "", "'", "\n=1")] == ["a=1", "", "'", "'\n=1"]
    assert PublicSignature.objects.count() == 0
    assert NOW.year == 2026
