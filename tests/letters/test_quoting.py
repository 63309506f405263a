"""A public signer lets reporters quote her: said by a tick, shown on the press page, gone with the tick or the name."""

import csv
import io
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaign import press
from letters import exporting, people, pinning, removing, revising, saying
from letters.matching import Conditions, find
from letters.models import Letter, PublicSignature, Waiting
from tests.cast import NOW, ask, code_of, sign
from tests.letters.test_withdrawing import bare, begin, change

pytestmark = pytest.mark.django_db
PRESS = "/letters/robots/press/"
PUBLIC = {"visibility": "public", "name": "Ben Kovač", "role": "Engineer"}
QUOTABLE = PUBLIC | {"quotable": "on"}
BEN = "ben@acme.example"


@pytest.fixture(autouse=True)
def codes_enough(cast, settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30


def quoted(stranger: Client) -> str:
    """The part of the press page that names who may be quoted."""
    page = stranger.get(PRESS).content.decode()
    return page.partition('id="quotable"')[2].partition("</section>")[0]


def named(cast) -> list[str]:
    return [one.name for one in people.quotable(cast.letter.id, most=50)[0]]


def test_who_ticked_it_stands_on_the_press_page_as_on_the_list_and_who_did_not_does_not(cast, mailbox, stranger):
    empty = quoted(stranger)
    sign(mailbox, address=BEN, **QUOTABLE)
    sign(mailbox, address="ana@beta.example", **PUBLIC | {"name": "Ana Silent"})

    part = quoted(stranger)

    assert "So far nobody who signed by name" in empty
    assert "Ben Kovač" in part and "Engineer" in part and "Acme" in part and "work e-mail" in part
    assert "1 person who signed by name lets reporters" in part
    assert "Ana Silent" not in part
    assert "did not thereby agree to be quoted" in part


def test_it_is_off_until_somebody_ticks_it_and_is_never_asked_for(cast, mailbox, stranger):
    form = stranger.get("/letters/robots/sign/").content.decode()
    box = form.partition('name="quotable"')[2].partition(">")[0]
    sign(mailbox, address=BEN, **PUBLIC)

    assert box and "checked" not in box and "required" not in box
    assert "my line" not in form
    assert PublicSignature.objects.get().quotable is False
    Letter.objects.update(asks_reason=True)
    assert "Reporters may quote my name and my line" in stranger.get("/letters/robots/sign/").content.decode()


def test_a_line_stands_there_only_once_it_was_read(cast, mailbox, stranger):
    Letter.objects.update(asks_reason=True)
    sign(mailbox, address=BEN, **QUOTABLE, reason="I want to sleep.")
    before = quoted(stranger)
    saying.show(PublicSignature.objects.get())

    assert "Ben Kovač" in before and "I want to sleep" not in before
    assert "I want to sleep" in quoted(stranger)


def test_of_who_signs_confidentially_the_tick_is_dropped_with_the_form(cast, mailbox, stranger):
    with_it = ask(Client(), email="ana@acme.example", visibility="confidential", name="Ana", quotable="on")
    without = ask(Client(), email="eve@acme.example", visibility="confidential", name="Eve")
    sign(mailbox, address="ana@acme.example", visibility="confidential", name="Ana", quotable="on")

    assert (with_it.status_code, with_it.headers["Location"]) == (without.status_code, without.headers["Location"])
    assert not PublicSignature.objects.exists()
    assert Waiting.objects.get().count == 1
    assert "Ana" not in stranger.get(PRESS).content.decode()


def test_changing_what_is_shown_says_it_and_takes_it_back_and_the_kept_page_goes_with_it(
    cast, mailbox, stranger, settings, django_capture_on_commit_callbacks
):
    settings.PAGES_KEPT_SECONDS = 30
    sign(mailbox, address=BEN, **PUBLIC)

    with django_capture_on_commit_callbacks(execute=True):
        change(mailbox, BEN, **QUOTABLE)
    assert "Ben Kovač" in quoted(stranger)
    with django_capture_on_commit_callbacks(execute=True):
        change(mailbox, BEN, **PUBLIC)

    assert "Ben Kovač" not in quoted(stranger)
    assert [one.name for one in people.everybody(cast.letter.id)] == ["Ben Kovač"]


@pytest.mark.parametrize("way", ["withdraw", "confidential"])
def test_it_goes_with_the_name_and_the_database_keeps_it_so(cast, mailbox, stranger, way):
    sign(mailbox, address=BEN, **QUOTABLE)

    change(mailbox, BEN, visibility=way, quotable="on")

    row = PublicSignature.objects.get()
    assert (row.name, row.quotable) == ("", False)
    assert "Kovač" not in stranger.get(PRESS).content.decode()
    with pytest.raises(IntegrityError, match="signature_quotable_has_a_name"), transaction.atomic():
        PublicSignature.objects.update(quotable=True)


def test_a_name_on_hold_is_not_there_before_it_is_shown(cast, mailbox, stranger):
    sign(mailbox, address="ada@acme.example", **QUOTABLE | {"name": "Bеn Miller"})  # its e is Cyrillic
    assert PublicSignature.objects.get().state == "held"

    assert "Miller" not in stranger.get(PRESS).content.decode()
    change(mailbox, "ada@acme.example", **QUOTABLE | {"name": "Ben Miller"})

    assert named(cast) == ["Ben Miller"]


def take_off(cast):
    conditions = Conditions(name="Kovač")
    seen = find(cast.letter.id, conditions).digest
    removal = removing.plan(letter_id=cast.letter.id, conditions=conditions, reason="r", seen=seen, today=NOW.date())
    removing.begin(removal_id=removal, today=NOW.date())
    for _ in range(2):
        removing.step(removal_id=removal, today=NOW.date())
    return removal


def put_back(removal) -> None:
    removing.put_back(removal_id=removal)
    removing.step(removal_id=removal, today=NOW.date())


@pytest.mark.parametrize(("meanwhile", "left"), [(QUOTABLE, ["Ben Kovač"]), (PUBLIC, [])])
def test_a_removed_name_is_not_there_and_comes_back_only_as_she_still_wants_it(cast, mailbox, meanwhile, left):
    sign(mailbox, address=BEN, **QUOTABLE)
    removal = take_off(cast)
    assert named(cast) == []

    change(mailbox, BEN, **meanwhile)
    put_back(removal)

    assert named(cast) == left


def test_erasing_what_was_removed_erases_it_too(cast, mailbox):
    sign(mailbox, address=BEN, **QUOTABLE)
    take_off(cast)

    removing.erase(signatures=[PublicSignature.objects.get().pk])

    assert PublicSignature.objects.get().quotable is False


@pytest.mark.parametrize(("again", "left"), [(PUBLIC, []), (QUOTABLE, ["Ben Kovač"])])
def test_it_is_not_carried_to_a_text_that_asks_something_else(cast, mailbox, again, left):
    sign(mailbox, address=BEN, **QUOTABLE)
    found = revising.change(letter_id=cast.letter.id, demands=["Another"], addressees=["Ada"])
    revising.make_change(
        letter_id=cast.letter.id, demands=["Another"], addressees=["Ada"], read_sha256=found.text.sha256(),
        note="New", now=NOW,
    )  # fmt: skip
    assert named(cast) == ["Ben Kovač"]

    sign(mailbox, address=BEN, **again)

    assert named(cast) == left


def test_signing_again_changes_nothing_of_what_stands_there(cast, mailbox):
    sign(mailbox, address=BEN, **PUBLIC)

    sign(mailbox, address=BEN, **QUOTABLE)

    assert named(cast) == []


def test_nobody_learns_from_the_answers_whether_a_name_stands_there_and_may_be_quoted(cast, mailbox):
    sign(mailbox, address=BEN, **QUOTABLE)
    sign(mailbox, address="ana@acme.example", visibility="confidential")
    answers = set()
    for address in (BEN, "ana@acme.example", "nobody@acme.example"):
        browser = Client()
        answer = begin(browser, address, **QUOTABLE)
        answers.add((answer.status_code, answer.headers["Location"], bare(browser.get(answer.headers["Location"]))))
        last = change(mailbox, address, **QUOTABLE)
        answers.add((last.status_code, last.headers["Location"], bare(Client().get(last.headers["Location"]))))

    assert len(answers) == 2


def test_either_way_a_signing_writes_the_same_in_the_same_order(cast, mailbox):
    sign(mailbox, address="first@acme.example", **PUBLIC | {"name": "Fay First"})
    written = []
    for number, form in enumerate((PUBLIC, QUOTABLE)):
        browser = Client()
        ask(browser, email=f"ben{number}@acme.example", **form)
        code = code_of(mailbox(f"ben{number}@acme.example")[-1].text)
        with CaptureQueriesContext(connection) as asked:
            browser.post("/letters/robots/code/", {"code": code})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_column_size(one.*) FROM letters_publicsignature AS one ORDER BY id DESC LIMIT 1")
            written.append(([query["sql"].strip().partition('"')[0] for query in asked], cursor.fetchone()))

    assert written[0] == written[1]
    assert [row.quotable for row in PublicSignature.objects.order_by("pk")] == [False, False, True]


def test_the_newest_fifty_are_named_and_all_are_counted(cast, mailbox, stranger, monkeypatch):
    monkeypatch.setattr(press, "QUOTED", 2)
    for number in range(3):
        sign(mailbox, address=f"ben{number}@acme.example", **QUOTABLE | {"name": f"Ben {'ABC'[number]}nders"})

    part = quoted(stranger)

    assert "3 people who signed by name" in part and "the newest 2" in part
    assert part.index("Ben Cnders") < part.index("Ben Bnders")
    assert "Ben Anders" not in part


def test_the_press_page_is_for_search_engines_what_the_list_is(cast, stranger):
    before = stranger.get(PRESS).content.decode()
    pinning.say(letter_id=cast.letter.id, criterion="", is_listed=True)
    after = stranger.get(PRESS).content.decode()

    assert 'content="noindex, follow"' in before
    assert 'content="index, follow"' in after


def test_what_is_taken_along_says_it(cast, mailbox):
    sign(mailbox, address=BEN, **QUOTABLE)
    sign(mailbox, address="ana@beta.example", **PUBLIC | {"name": "Ana Silent"})

    rows = list(csv.DictReader(io.StringIO("".join(exporting.as_csv(cast.letter.id)).lstrip("\ufeff"))))
    kept = json.loads("".join(exporting.as_json(cast.letter)))["signatures"]

    assert [row["quotable"] for row in rows] == ["True", "False"]
    assert [one["quotable"] for one in kept] == [True, False]


def test_preview_and_where_it_stands_say_it(cast, mailbox):
    seen = ask(Client(), email=BEN, **QUOTABLE, preview="1").content.decode()
    sign(mailbox, address=BEN, **QUOTABLE)

    looked = change(mailbox, BEN, visibility="look").content.decode()
    change(mailbox, BEN, **PUBLIC)

    assert "The same stands on the page for the press" in seen
    assert "You let reporters quote you" in looked
    assert "You let reporters quote you" not in change(mailbox, BEN, visibility="look").content.decode()
