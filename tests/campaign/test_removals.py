"""Who may take signatures off a letter, what the pages show before, and what everybody reads afterwards."""

import re

import pytest
from django.db import IntegrityError, transaction

from campaign import removals
from campaign.models import Audited, AuditEntry, Membership, RemovalDecision, Role
from letters.models import Cell
from tests.cast import NOW, browser_of, organiser
from tests.letters.removing import adds_up, put_on

pytestmark = pytest.mark.django_db
LIST = "/organise/campaigns/robots/letters/robots/removals/"


@pytest.fixture
def listed(cast):
    put_on(cast, "Ana Souza", "Mickey Mouse", "Mickey Finn")
    return cast


@pytest.fixture
def many(cast, monkeypatch):
    """More than an owner removes alone."""
    monkeypatch.setattr(removals, "ALONE", 1)
    put_on(cast, "Ana Souza", "Mickey Mouse", "Mickey Finn")
    return cast


@pytest.fixture
def edda(cast):
    """An editor of the team."""
    user = organiser("Edda")
    Membership.objects.create(team=cast.campaign.team, user=user, role=Role.EDITOR)
    return browser_of(user)


def seen(page):
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1]


def propose(cast, query="?name=mickey", reason="Made-up names"):
    carla = browser_of(cast.carla)
    looked = carla.get(f"{LIST}new/{query}")
    return carla.post(f"{LIST}new/{query}", {"seen": seen(looked), "reason": reason})


def noted():
    rows = AuditEntry.objects.filter(what__startswith="signatures.").order_by("pk")
    return [(row.what, str(row.by or ""), row.count) for row in rows]


def test_an_owner_looks_and_removes_few_alone(listed, stranger):
    looked = browser_of(listed.carla).get(f"{LIST}new/?name=mickey")
    assert "2 signatures fit" in looked.content.decode()
    assert not RemovalDecision.objects.exists()

    answer = propose(listed)
    removals.go_on(now=NOW)

    page = browser_of(listed.vera).get(answer.headers["Location"]).content.decode()
    assert "2 of 2 are off the list" in page
    assert "Made-up names" in browser_of(listed.vera).get(LIST).content.decode()
    everybody = stranger.get("/letters/robots/signatures/").content.decode()
    assert "2 signatures on 1 February 2026: <bdi>Made-up names</bdi>" in " ".join(everybody.split())
    assert "Mickey" not in everybody
    assert "removed 2 signatures" in stranger.get("/letters/robots/").content.decode()
    assert noted() == [(Audited.REMOVAL_PROPOSED, "Carla", 2), (Audited.REMOVAL_DONE, "", 2)]


def test_looking_without_a_condition_says_what_to_do(listed):
    answer = browser_of(listed.carla).get(f"{LIST}new/?name=")

    assert answer.status_code == 422
    assert "at least one condition" in answer.content.decode()


def test_days_the_wrong_way_round_are_said_at_the_field(listed):
    answer = browser_of(listed.carla).get(f"{LIST}new/?signed_from=2026-02-02&signed_until=2026-02-01")

    assert answer.status_code == 422
    assert "Swap them" in answer.content.decode()


def test_nothing_is_removed_without_a_reason(listed):
    answer = propose(listed, reason="  ")

    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert not RemovalDecision.objects.exists()


def test_an_address_in_the_reason_is_refused_and_stays_to_be_mended(listed):
    answer = propose(listed, reason="all by mickey@acme.example")

    assert answer.status_code == 422
    assert "Leave out the mail address" in answer.content.decode()
    assert "all by mickey@acme.example" in answer.content.decode()


def test_when_the_list_moved_nothing_happens_and_the_new_look_is_shown(listed):
    carla = browser_of(listed.carla)
    before = seen(carla.get(f"{LIST}new/?name=mickey"))
    put_on(listed, "Mickey Third")

    answer = carla.post(f"{LIST}new/?name=mickey", {"seen": before, "reason": "Made-up names"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "The list changed since you looked" in text
    assert "3 signatures fit" in text
    assert "Made-up names" in text
    assert not RemovalDecision.objects.exists()


def test_pressing_twice_removes_once(listed):
    carla = browser_of(listed.carla)
    before = seen(carla.get(f"{LIST}new/?name=mickey"))

    first, second = (carla.post(f"{LIST}new/?name=mickey", {"seen": before, "reason": "x"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 422)
    assert RemovalDecision.objects.count() == 1


def test_many_wait_for_a_second_member(many, edda):
    where = propose(many).headers["Location"]
    removals.go_on(now=NOW)
    assert many.numbers.public == 3

    browser_of(many.carla).post(where, {"confirm": "1"})
    assert many.numbers.public == 3, "who proposed it does not confirm it"
    assert "Mickey Mouse" in edda.get(where).content.decode(), "the second member sees whom"
    edda.post(where, {"confirm": "1"})
    edda.post(where, {"confirm": "1"})
    removals.go_on(now=NOW)

    assert many.numbers.public == 1
    assert [what for what, _who, _count in noted()] == [
        Audited.REMOVAL_PROPOSED,
        Audited.REMOVAL_CONFIRMED,
        Audited.REMOVAL_DONE,
    ]


def test_a_proposal_can_be_given_up(many, edda):
    where = propose(many).headers["Location"]

    edda.post(where, {"drop": "1"})
    edda.post(where, {"confirm": "1"})
    removals.go_on(now=NOW)

    assert many.numbers.public == 3
    assert noted()[-1][0] == Audited.REMOVAL_CANCELLED


def test_an_owner_puts_all_of_them_back(listed, stranger, edda):
    where = propose(listed).headers["Location"]
    removals.go_on(now=NOW)

    edda.post(where, {"back": "1"})
    assert listed.numbers.public == 1, "an editor does not"
    browser_of(listed.carla).post(where, {"back": "1"})
    removals.go_on(now=NOW)

    assert listed.numbers.public == 3
    assert "put back on 1 February 2026" in stranger.get("/letters/robots/signatures/").content.decode()
    assert [what for what, _who, _count in noted()][-2:] == [Audited.REMOVAL_REVERSED, Audited.REMOVAL_UNDONE]
    adds_up(listed)


def test_a_confidential_number_is_lowered_by_two_members(cast, edda, stranger):
    Cell.objects.create(
        letter_id=cast.letter.id, version_id=cast.letter.version_id, employer_id=cast.acme, confidential=35
    )
    carla, query = browser_of(cast.carla), f"{LIST}lower/?employer={cast.acme}&number=30"
    looked = carla.get(query)
    assert "25 of 35 would go" in looked.content.decode()

    where = carla.post(query, {"seen": seen(looked), "reason": "A script"}).headers["Location"]
    assert cast.numbers.confidential == 35
    edda.post(where, {"confirm": "1"})

    assert cast.numbers.confidential == 10
    assert "25 off a confidential number" in stranger.get("/letters/robots/signatures/").content.decode()
    assert noted()[-1] == (Audited.COUNT_LOWERED, "Edda", 25)


@pytest.mark.parametrize("number", ["9", "0", "-1", "x", "9999999999"])
def test_a_number_that_is_too_small_is_refused_kindly(cast, number):
    Cell.objects.create(
        letter_id=cast.letter.id, version_id=cast.letter.version_id, employer_id=cast.acme, confidential=35
    )

    answer = browser_of(cast.carla).get(f"{LIST}lower/?employer={cast.acme}&number={number}")

    assert answer.status_code == 422


@pytest.mark.parametrize("page", ["new/?name=mickey", "lower/?employer=1&number=10"])
@pytest.mark.parametrize("who", ["oskar", "vera", "mallory"])
def test_only_owners_propose(listed, who, page):
    client = browser_of(getattr(listed, who))

    assert client.get(LIST + page).status_code == 404
    assert client.post(LIST + page, {"seen": "x", "reason": "x"}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("vera", 200), ("oskar", 200), ("mallory", 404)])
def test_every_member_looks_and_no_outsider(many, who, status):
    where = propose(many).headers["Location"]
    client = browser_of(getattr(many, who))

    assert client.get(LIST).status_code == status
    assert client.get(where).status_code == status
    assert client.post(where, {"confirm": "1"}).status_code == 404
    assert many.numbers.public == 3


def test_another_campaigns_removal_is_not_found(many):
    propose(many)
    removal_id = RemovalDecision.objects.get().removal_id

    elsewhere = f"/organise/campaigns/elsewhere/letters/robots/removals/{removal_id}/"
    assert browser_of(many.mallory).get(elsewhere).status_code == 404


def test_the_database_refuses_a_decision_by_one_person_twice(many):
    propose(many)

    with pytest.raises(IntegrityError, match="removal_is_not_confirmed_by_its_proposer"), transaction.atomic():
        RemovalDecision.objects.update(confirmed_by=many.carla)
