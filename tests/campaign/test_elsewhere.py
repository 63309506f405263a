"""Signatures from elsewhere: read with care, shown apart, with evidence, and in no number."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from campaign.models import AuditEntry
from letters import elsewhere, exporting
from letters.elsewhere import Name, NotPossible
from letters.models import Elsewhere, ElsewhereName
from tests.cast import NOW, Cast, browser_of

pytestmark = pytest.mark.django_db
PAGE = "/organise/campaigns/robots/letters/robots/elsewhere/"
PUBLIC = "/letters/robots/signatures/elsewhere/"
LOT = {"kind": "imported", "source": "The first form", "evidence": "https://example.org/list"}


def enter(cast, *people: Name, count: int = 0, **given) -> uuid.UUID:
    return elsewhere.enter(letter_id=cast.letter.id, people=list(people), count=count, today=NOW.date(), **LOT | given)


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("name\nBen\n", [Name("Ben")]),
        ("\ufeffName;Role;Employer\r\nŁukasz;Engineer;Acme\r\n\r\n", [Name("Łukasz", "Engineer", "Acme")]),
        ("employer\tname\tother\nAcme\t李雷\tx\n", [Name("李雷", "", "Acme")]),
        ('name,role\n"Kovač, Ben","a ""b"""\n', [Name("Kovač, Ben", 'a "b"')]),
        ("name\n'=Ben\n", None),
    ],
)
def test_tables_are_read_as_programs_write_them(table, names):
    if names is None:
        with pytest.raises(NotPossible, match="Line 2"):
            elsewhere.read(table.encode())
        return
    assert elsewhere.read(table.encode()) == names


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "one of them has to be"),
        (b"nome\nBen\n", "one of them has to be"),
        (b"name\n", "no names"),
        (b"name,E-Mail\nBen,b@x.example\n", "Take it out: addresses"),
        (b"name\nben@acme.example\n", "Line 2"),
        (b"name,role\nBen,\nAna,see www.example.org\n", "Line 3"),
        ("name\n\u202enatsA\n".encode(), "Line 2"),
        (b"name\n" + b"x" * 121 + b"\n", "Line 2"),
        (b"name,role\n,Engineer\n", "Line 2 has no name"),
        (b"name\n\xff\xfe\n", "UTF-8"),
        (b'name\n"Ben\n', "no table"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_line(content, said):
    with pytest.raises(NotPossible, match=said):
        elsewhere.read(content)


def test_too_many_names_are_refused(monkeypatch):
    monkeypatch.setattr(elsewhere, "MOST_NAMES", 2)

    with pytest.raises(NotPossible, match="more than 2"):
        elsewhere.read(b"name\nAna\nBen\nCy\n")


def test_they_stand_apart_and_are_in_no_number_list_or_export(cast, stranger):
    enter(cast, Name("Ben Kovač", "Engineer", "Acme"), Name("Ana"))
    enter(cast, count=300, kind="paper", source="Sheets", evidence="At the union’s office")

    apart = stranger.get(PUBLIC, {"lot": str(Elsewhere.objects.get(kind="imported").pk)}).content.decode()
    lists = [stranger.get(f"/letters/robots/{path}").content.decode() for path in ("", "signatures/")]

    assert "Ben Kovač" in apart
    assert "not verified" in apart
    assert "300 signatures: signatures on paper" in apart
    assert 'href="https://example.org/list"' in apart
    assert "noindex, nofollow" in apart
    assert not any("Kovač" in page for page in lists)
    assert "302 signed elsewhere" in lists[1]
    assert cast.numbers.total == 0
    assert "Kovač" not in "".join(exporting.as_csv(cast.letter.id))


def test_long_lists_have_pages_and_nonsense_finds_nothing(cast, stranger, monkeypatch):
    lot = enter(cast, *[Name(f"Ana {number:02}") for number in range(5)])
    monkeypatch.setattr(elsewhere, "PAGE", 2)

    first = stranger.get(PUBLIC, {"lot": lot})
    second = stranger.get(PUBLIC, {"lot": lot, "after": first.context["next"]})

    assert [one.name for one in second.context["names"]] == ["Ana 02", "Ana 03"]
    for query in (
        {"lot": "x"},
        {"lot": uuid.uuid4()},
        {"lot": lot, "after": "x" * 30},
        {"lot": lot, "after": "9" * 18},
    ):
        assert stranger.get(PUBLIC, query).status_code == 200


def test_one_name_goes_and_the_last_takes_its_lot_along(cast):
    enter(cast, Name("Ana"), Name("Ben"))

    for left in (1, 0):
        elsewhere.remove_name(letter_id=cast.letter.id, name_id=ElsewhereName.objects.first().pk)
        assert sum(Elsewhere.objects.values_list("count", flat=True)) == left

    with pytest.raises(NotPossible, match="gone already"):
        elsewhere.remove_name(letter_id=cast.letter.id, name_id=1)
    with pytest.raises(NotPossible, match="gone already"):
        elsewhere.remove(letter_id=cast.letter.id, lot_id=uuid.uuid4())


def test_the_team_enters_a_file_and_takes_it_out_and_both_stand_on_the_log(cast):
    carla = browser_of(cast.carla)
    file = SimpleUploadedFile("list.csv", b"name,role\nBen,Engineer\nAna,\n")

    entered = carla.post(PAGE, LOT | {"file": file})
    page = carla.get(PAGE).content.decode()
    removed = carla.post(PAGE, {"remove": str(Elsewhere.objects.get().pk)})
    nonsense = carla.post(PAGE, {"remove": "x"})

    assert [one.status_code for one in (entered, removed, nonsense)] == [302, 302, 422]
    assert "The first form" in page
    noted = AuditEntry.objects.filter(what__startswith="signatures.").order_by("pk")
    assert [(one.what, one.count) for one in noted] == [
        ("signatures.elsewhere", 2), ("signatures.elsewhere-out", None),
    ]  # fmt: skip


def test_a_bad_file_and_a_number_missing_are_said_at_their_fields_and_what_was_typed_stays(cast):
    carla = browser_of(cast.carla)

    bad = carla.post(PAGE, LOT | {"file": SimpleUploadedFile("list.csv", b"name,mail\nBen,b@x.example\n")})
    none = carla.post(PAGE, LOT)

    assert (bad.status_code, none.status_code) == (422, 422)
    assert "Take it out: addresses" in bad.context["form"].errors["file"][0]
    assert 'value="The first form"' in bad.content.decode()
    assert "Say how many" in none.context["form"].errors["count"][0]
    assert not Elsewhere.objects.exists()


@pytest.mark.parametrize(("name", "read"), [("oskar", 200), ("vera", 200), ("mallory", 404)])
def test_roles_below_editor_read_and_an_outsider_finds_nothing(cast, name, read):
    browser = browser_of(getattr(cast, name))

    assert browser.get(PAGE).status_code == read
    assert browser.post(PAGE, LOT | {"count": 3}).status_code == 404


def test_a_draft_takes_none(db):
    cast = Cast.assemble(opened=False)

    assert browser_of(cast.carla).get(PAGE).status_code == 302
    with pytest.raises(NotPossible, match="Open the letter"):
        enter(cast, count=1)


def test_the_database_knows_no_lot_without_evidence_and_nobody_without_a_name(cast):
    lot = enter(cast, count=1)
    for change in ({"count": 0}, {"evidence": ""}):
        with pytest.raises(IntegrityError, match="elsewhere_"), transaction.atomic():
            Elsewhere.objects.filter(pk=lot).update(**change)
    with pytest.raises(IntegrityError, match="elsewhere_name_is_one"), transaction.atomic():
        ElsewhereName.objects.create(lot_id=lot, name="")
