"""The list of people: whoever is looked for is found, and nobody is skipped or seen twice."""

import base64
import json
import os
import random
import time
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters import employers, people, pinning, queries
from letters.models import Letter, Pin, PublicSignature
from letters.people import Order, Wanted
from tests.cast import NOW, browser_of

pytestmark = pytest.mark.django_db
NAMES = ["Ben Kovač", "Łukasz Żak", "李雷", "Ана Петрова", "ANNA kovacs", "100% _me_", "Éloïse d’Arc", "עדה לב"]


def add(cast, *names: str, **fields) -> list[PublicSignature]:
    letter = Letter.objects.get()
    given = {"letter": letter, "version": letter.current, "level": "email", "signed_on": NOW.date()} | fields
    return PublicSignature.objects.bulk_create([PublicSignature(name=name, **given) for name in names])


def found(cast, **wanted) -> list[str]:
    return [signer.name for signer in people.page(cast.letter.id, Wanted(**wanted)).people]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("kovac", ["ANNA kovacs", "Ben Kovač"]),
        ("KOVAČ", ["ANNA kovacs", "Ben Kovač"]),
        ("lukasz zak", ["Łukasz Żak"]),
        ("李雷", ["李雷"]),
        ("петр", ["Ана Петрова"]),
        ("לב", []),
        ("דה לב", ["עדה לב"]),
        ("eloise  d", ["Éloïse d’Arc"]),
        ("% _", ["100% _me_"]),
        ("%%%", []),
        ("a\0", ["ANNA kovacs"]),
        ("be", ["Ben Kovač"]),
        ("en", []),
    ],
)
def test_search_ignores_case_and_accents_and_takes_no_sign_for_more_than_it_is(cast, typed, names):
    add(cast, *NAMES)

    assert found(cast, search=typed) == names


def test_every_filter_narrows_the_list(cast):
    add(cast, "Work", level="work", employer_id=cast.acme, employer_name="Acme", role_group="design")
    add(cast, "Mail")
    other = employers.add(directory_id=cast.campaign.directory_id, name="Other", domains=[])
    add(cast, "Other", employer_id=other, employer_name="Other", level="work")

    assert found(cast, employer_key="acme") == ["Work"]
    assert found(cast, employer_key="nobody") == []
    assert found(cast, level="email") == ["Mail"]
    assert found(cast, role_group="design") == ["Work"]
    assert found(cast, level="rubbish", role_group="rubbish") == ["Other", "Mail", "Work"]


@pytest.mark.parametrize("order", list(Order))
def test_pages_show_everybody_once_and_in_order_also_when_somebody_signs_meanwhile(cast, order):
    chance = random.Random(7)
    for number in range(60):
        name = chance.choice(["Ana", "Ána", "ana", "Ben", "Żoe", "Zoe", "李雷"])
        add(cast, name, employer_name=chance.choice(["", "Acme", "ácme", "Beta"]))
        assert number >= 0
    before = set(PublicSignature.objects.values_list("pk", flat=True))

    seen: list[people.Listed] = []
    after = ""
    while True:
        page = people.page(cast.letter.id, Wanted(order=order, after=after), most=7)
        seen += page.people
        if not page.next:
            break
        after = page.next
        add(cast, "Ben", employer_name="Acme")

    ids = [signer.id for signer in seen]
    assert len(ids) == len(set(ids))
    assert before <= set(ids)
    keys = {
        Order.NEWEST: lambda one: -one.id,
        Order.NAME: lambda one: (people.fold(one.name).encode(), one.id),
        Order.EMPLOYER: lambda one: (people.fold(one.employer).encode(), people.fold(one.name).encode(), one.id),
    }
    assert seen == sorted(seen, key=keys[order])


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "after",
    ["rubbish", "ü", "====", packed([]), packed(["a"]), packed(["a", 1]), packed([1.5]), packed([True]),
     packed([-1]), packed([10**30]), packed({"id": 1}), packed([["a"]]), "W" * 1999],
)  # fmt: skip
def test_what_is_no_place_in_the_list_is_its_beginning(cast, stranger, after):
    add(cast, *NAMES)

    page = stranger.get("/letters/robots/signatures/", {"after": after})

    assert page.status_code == 200
    assert "Ben Kovač" in page.content.decode()


def test_the_page_offers_orders_keeps_what_was_asked_and_is_not_for_search_engines(cast, stranger):
    add(cast, *[f"Ana {number:02}" for number in range(60)])

    first = stranger.get("/letters/robots/signatures/?order=name&q=ana")
    second = stranger.get("/letters/robots/signatures/?" + first.context["next"])

    assert "Ana 49" in first.content.decode()
    assert "Ana 50" in second.content.decode()
    assert "q=ana" in second.context["first"]
    assert "order=name" in second.context["first"]
    assert 'content="noindex, follow"' in first.content.decode()


def test_employers_have_a_page_of_numbers(cast, stranger):
    from letters import counting
    from letters.models import Cell

    signature = add(cast, "Ben", level="work", employer_id=cast.acme, employer_name="Acme")[0]
    counting.count_signature(signature)
    Cell.objects.update(confidential=12)
    Cell.objects.create(letter_id=signature.letter_id, version_id=signature.version_id, confidential=10)

    page = stranger.get("/letters/robots/signatures/employers/").content.decode()

    assert '<td class="number">13</td><td class="number">1</td><td class="number">12</td>' in page
    assert '<td class="number">10</td><td class="number">0</td><td class="number">10</td>' in page


class TestTheHeadOfTheList:
    def test_needs_a_criterion_that_everybody_reads(self, cast, stranger):
        [ben, _ana] = add(cast, "Ben", "Ana")
        with pytest.raises(pinning.NotPossible, match="criterion"):
            pinning.pin(letter_id=cast.letter.id, signature_id=ben.pk)

        pinning.say(letter_id=cast.letter.id, criterion="Leads of research", is_listed=True)
        pinning.pin(letter_id=cast.letter.id, signature_id=ben.pk)
        pinning.pin(letter_id=cast.letter.id, signature_id=ben.pk)

        page = stranger.get("/letters/robots/signatures/").content.decode()
        assert "Leads of research" in page
        assert page.index("Set at the head") < page.index("Ben")
        assert 'content="index, follow"' in page
        with pytest.raises(pinning.NotPossible, match="People are pinned"):
            pinning.say(letter_id=cast.letter.id, criterion="", is_listed=False)

    def test_loses_who_takes_her_name_back(self, cast):
        from letters import counting

        [ben] = add(cast, "Ben")
        pinning.say(letter_id=cast.letter.id, criterion="C", is_listed=False)
        pinning.pin(letter_id=cast.letter.id, signature_id=ben.pk)

        counting.erase(ben, NOW.date())

        assert not Pin.objects.exists()
        with pytest.raises(pinning.NotPossible, match="no longer"):
            pinning.pin(letter_id=cast.letter.id, signature_id=ben.pk)

    def test_takes_nobody_from_another_letter(self, cast):
        pinning.say(letter_id=cast.letter.id, criterion="C", is_listed=False)

        with pytest.raises(pinning.NotPossible, match="no longer"):
            pinning.pin(letter_id=cast.letter.id, signature_id=10**9)
        with pytest.raises(Letter.DoesNotExist):
            pinning.pin(letter_id=uuid.uuid4(), signature_id=1)


def test_what_the_database_folds_is_gone_with_the_name(cast):
    from letters import counting

    [ben] = add(cast, "Ben Kovač", employer_name="Acmé")
    ben.refresh_from_db()
    assert (ben.folded, ben.folded_employer) == ("ben kovac", "acme")

    counting.erase(ben, NOW.date())
    ben.refresh_from_db()

    assert (ben.folded, ben.folded_employer) == ("", "")


def rows_read(sql: str) -> int:
    """How many rows PostgreSQL touches to answer it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}".replace("%", "%%"))
        [plan] = cursor.fetchone()[0]
    nodes, rows = [plan["Plan"]], 0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        rows += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(rows)


MANY = int(os.environ.get("LIST_SIZE", "3000"))


def test_no_page_reads_more_than_it_shows_however_long_the_list(cast):
    """`LIST_SIZE=1000000` with `-s` measures it; rows read are counted, since time is nobody's promise."""
    letter = Letter.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO letters_publicsignature
                (letter_id, version_id, name, role, role_group, employer_id, employer_name, level, state, signed_on)
            SELECT %s, %s, 'Person ' || md5(n::text), '', CASE WHEN n %% 9 = 0 THEN 'design' ELSE '' END,
                CASE WHEN n %% 100 = 0 THEN %s END, CASE WHEN n %% 100 = 0 THEN 'Acme' ELSE 'E' || n %% 50 END,
                CASE WHEN n %% 100 = 0 THEN 'work' ELSE 'email' END, 'shown', '2026-02-01'
            FROM generate_series(1, %s) AS n
            """,
            [letter.pk, letter.current_id, cast.acme, MANY],
        )
        cursor.execute("ANALYZE letters_publicsignature")
        cursor.execute("SELECT min(id), min(name) FROM letters_publicsignature")
        first_id, rare = cursor.fetchone()
    last = packed([first_id + 40])
    by_name = packed(["person ff", first_id + 40])
    by_employer = packed(["e9", "person f", first_id])
    for wanted in [
        Wanted(), Wanted(after=last), Wanted(order=Order.NAME), Wanted(order=Order.NAME, after=by_name),
        Wanted(order=Order.EMPLOYER, after=by_employer), Wanted(search=rare), Wanted(search="person 1"),
        Wanted(employer_key="acme"), Wanted(role_group="design"), Wanted(level="work"),
    ]:  # fmt: skip
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            page = people.page(letter.pk, wanted)
        print(f"{(time.perf_counter() - started) * 1000:8.1f} ms  {len(page.people)}  {wanted}")
        assert page.people
        if not wanted.search:  # on a short list PostgreSQL rightly looks at all of it
            assert rows_read(asked.captured_queries[-1]["sql"]) < 1000, wanted
    assert queries.numbers(letter.pk).total == 0
    assert browser_of(cast.carla).get("/letters/robots/signatures/?order=name").status_code == 200
