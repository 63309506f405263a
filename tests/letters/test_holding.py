"""Names that somebody is known by wait for a person's eye: taken like any, shown and counted later or never."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from letters import holding, names, people, queries, reviewing
from letters.models import Case, Cell, Day, HeldName, Letter, PublicSignature, Tag, Waiting
from tests.cast import NOW, ask, code_of, sign
from tests.letters.test_names import DISGUISES
from tests.letters.test_withdrawing import change

pytestmark = pytest.mark.django_db
NOTABLES = [line for line in (Path(names.__file__).parent / "notables.txt").read_text().splitlines() if line[0] != "#"]
PUBLIC = {"visibility": "public", "role": "Engineer"}


@pytest.fixture(autouse=True)
def codes_enough(settings):
    settings.CODES_PER_ADDRESS_PER_DAY = 30


def answer(cast, by, agrees: bool, *, now=NOW) -> reviewing.Outcome:
    """Take the oldest case and answer it."""
    directory_id = cast.campaign.directory_id
    case_id = reviewing.claim_next(directory_id=directory_id, by_id=by.pk, now=now)
    assert case_id is not None
    return reviewing.decide(directory_id=directory_id, case_id=case_id, by_id=by.pk, agrees=agrees, now=now)


def shown(stranger) -> str:
    return "".join(stranger.get(path).content.decode() for path in ("/letters/robots/", "/letters/robots/signatures/"))


@pytest.mark.parametrize("name", ["Ada Boss", "Boss, Ada", "Аdа Воss", "A d a  B0ss", "Mickey Mouse", "Acme"])
def test_a_name_on_hold_is_taken_and_neither_shown_nor_counted(cast, mailbox, stranger, name):
    other = sign(mailbox, address="ben@acme.example", name="Ben Kovač", **PUBLIC)

    held = sign(mailbox, address="ada@acme.example", name=name, **PUBLIC)

    assert (held.status_code, held.headers["Location"]) == (other.status_code, other.headers["Location"])
    assert f'people__name" dir="auto">{name}<' not in shown(stranger)
    assert cast.numbers.total == queries.totals([cast.letter.id])[cast.letter.id] == 1
    assert sum(day.public for day in queries.growth(cast.letter.id)) == 1
    assert PublicSignature.objects.get(state="held").tag is not None
    assert people.page(cast.letter.id, people.Wanted(search=name)).people == []


def test_the_pages_are_the_same_for_a_name_on_hold(cast, mailbox):
    pages = []
    for address, name in (("ben@acme.example", "Ben Kovač"), ("ada@acme.example", "Ada Boss")):
        client = Client()
        ask(client, email=address, name=name, **PUBLIC)
        codes = client.get("/letters/robots/code/").content.decode()
        client.post("/letters/robots/code/", {"code": code_of(mailbox(address)[-1].text)})
        page = codes + client.get("/letters/robots/signed/").content.decode()
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))

    assert pages[0] == pages[1]


def test_the_form_and_the_thanks_say_that_some_names_are_looked_at_first(cast, stranger):
    assert "Some names are looked at by a person" in stranger.get("/letters/robots/sign/").content.decode()
    assert "Some names are looked at by a person" in stranger.get("/letters/robots/signed/").content.decode()


@pytest.mark.parametrize("disguise", DISGUISES)
def test_two_hundred_names_that_a_team_lists_are_held_in_disguise(cast, disguise):
    listed = NOTABLES[:200]
    holding.keep_list(directory_id=cast.campaign.directory_id, wanted=listed)
    known = holding.known_names(cast.letter.version_id)

    free = [name for name in listed if not names.is_held(DISGUISES[disguise](name), known)]

    assert free == []
    assert HeldName.objects.count() == 200


def test_what_a_team_lists_is_held_from_then_on(cast, mailbox, stranger):
    holding.keep_list(directory_id=cast.campaign.directory_id, wanted=["Rosa Klug", "Rosa Klug"])

    sign(mailbox, address="rosa@acme.example", name="R0sa Klug", **PUBLIC)

    assert "Klug" not in shown(stranger)
    assert holding.keep_list(directory_id=cast.campaign.directory_id, wanted=["Rosa Klug", "Else"]) == (1, 0)
    assert holding.keep_list(directory_id=cast.campaign.directory_id, wanted=[]) == (0, 2)


def test_a_known_name_takes_two_members_and_counts_on_the_day_it_is_shown(cast, mailbox, stranger):
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)
    later = NOW.replace(day=3)

    first = answer(cast, cast.carla, True, now=later)
    between = shown(stranger)
    again = reviewing.claim_next(directory_id=cast.campaign.directory_id, by_id=cast.carla.pk, now=later)
    second = answer(cast, cast.oskar, True, now=later)

    assert (first, again, second) == ("second", None, "shown")
    assert 'people__name" dir="auto">Ada Boss<' not in between
    assert [signer.name for signer in people.everybody(cast.letter.id)] == ["Ada Boss"]
    assert cast.numbers.employers[0].public == 1
    assert [(day.day, day.public) for day in queries.growth(cast.letter.id)] == [(later.date(), 1)]


def test_one_word_in_two_alphabets_takes_one_member(cast, mailbox):
    sign(mailbox, address="ben@acme.example", name="Bеn Miller", **PUBLIC)  # its e is Cyrillic

    assert answer(cast, cast.carla, True) == "shown"
    assert cast.numbers.total == 1


def test_what_is_refused_leaves_nothing_and_she_may_sign_again_from_each_of_her_domains(cast, mailbox):
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

    said = [answer(cast, cast.carla, False), answer(cast, cast.oskar, False)]

    assert said == ["second", "refused"]
    assert not any(model.objects.exists() for model in (PublicSignature, Tag, Case, Cell, Day))
    sign(mailbox, address="ada@acme-alias.example", name="Ada Kovač", **PUBLIC)
    assert [signer.name for signer in people.everybody(cast.letter.id)] == ["Ada Kovač"]


def test_two_members_who_differ_decide_nothing(cast, mailbox):
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

    said = [answer(cast, cast.carla, True), answer(cast, cast.oskar, False), answer(cast, cast.oskar, True)]

    assert said == ["second", "differ", "second"]
    assert answer(cast, cast.carla, True) == "shown"


def test_two_reviewers_never_have_the_same_one_and_a_claim_lapses(cast, mailbox):
    for number in range(2):
        sign(mailbox, address=f"m{number}@acme.example", name="Mickey Mouse", **PUBLIC)
    directory_id = cast.campaign.directory_id
    take = {"directory_id": directory_id, "now": NOW}

    hers = reviewing.claim_next(by_id=cast.carla.pk, **take)
    his = reviewing.claim_next(by_id=cast.oskar.pk, **take)

    assert {hers, his} == set(Case.objects.values_list("pk", flat=True))
    assert reviewing.claim_next(by_id=cast.vera.pk, **take) is None
    assert reviewing.claim_next(by_id=cast.carla.pk, **take) == hers, "what she has comes first"
    with pytest.raises(reviewing.NotPossible):
        reviewing.claim(case_id=hers, by_id=cast.vera.pk, **take)
    with pytest.raises(reviewing.NotPossible):
        reviewing.decide(case_id=hers, by_id=cast.oskar.pk, agrees=True, **take)
    late = NOW + reviewing.CLAIMED_FOR * 2
    assert reviewing.claim_next(by_id=cast.vera.pk, directory_id=directory_id, now=late) in {hers, his}


def test_nobody_answers_for_another_campaign(cast, mailbox):
    from campaign.models import Campaign

    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)
    elsewhere = Campaign.objects.get(slug="elsewhere").directory_id
    case = Case.objects.get()

    assert reviewing.claim_next(directory_id=elsewhere, by_id=cast.mallory.pk, now=NOW) is None
    with pytest.raises(reviewing.NotPossible):
        reviewing.claim(directory_id=elsewhere, case_id=case.pk, by_id=cast.mallory.pk, now=NOW)
    with pytest.raises(reviewing.NotPossible):
        reviewing.decide(directory_id=elsewhere, case_id=case.pk, by_id=cast.mallory.pk, agrees=True, now=NOW)


def test_an_answer_can_be_taken_back_for_ten_minutes(cast, mailbox, stranger):
    sign(mailbox, address="ben@acme.example", name="Bеn Miller", **PUBLIC)
    answer(cast, cast.carla, True)
    undo = {"directory_id": cast.campaign.directory_id, "case_id": Case.objects.get().pk, "now": NOW}

    with pytest.raises(reviewing.NotPossible):
        reviewing.undo(by_id=cast.oskar.pk, **undo)
    reviewing.undo(by_id=cast.carla.pk, **undo)

    assert cast.numbers.total == 0
    assert "Miller" not in shown(stranger)
    assert answer(cast, cast.carla, True) == "shown"
    with pytest.raises(reviewing.NotPossible):
        reviewing.undo(by_id=cast.carla.pk, **{**undo, "now": NOW + reviewing.UNDO_WITHIN * 2})
    reviewing.forget(now=NOW + reviewing.UNDO_WITHIN * 2)
    assert not Case.objects.exists()
    assert cast.numbers.total == 1


def test_a_first_answer_can_be_taken_back(cast, mailbox):
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)
    answer(cast, cast.carla, True)

    reviewing.undo(directory_id=cast.campaign.directory_id, case_id=Case.objects.get().pk, by_id=cast.carla.pk, now=NOW)

    assert answer(cast, cast.carla, False) == "second"


class TestHerOwnHands:
    def test_she_takes_it_back_while_it_waits_and_nothing_was_counted(self, cast, mailbox):
        sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

        change(mailbox, "ada@acme.example")

        assert not any(model.objects.exists() for model in (PublicSignature, Tag, Case, Cell, Day))

    def test_she_is_counted_confidentially_instead(self, cast, mailbox):
        sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

        change(mailbox, "ada@acme.example", visibility="confidential")

        assert not PublicSignature.objects.exists()
        assert Waiting.objects.get().count == 1
        assert not Tag.objects.filter(public=True).exists()

    def test_another_name_is_shown_at_once_when_nobody_is_known_by_it(self, cast, mailbox):
        sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

        change(mailbox, "ada@acme.example", visibility="public", name="Ada Kovač", role="Driver")

        assert [(one.name, one.role) for one in people.everybody(cast.letter.id)] == [("Ada Kovač", "Driver")]
        assert cast.numbers.total == 1
        assert not Case.objects.exists()

    def test_a_name_that_is_shown_cannot_become_one_on_hold_unseen(self, cast, mailbox, stranger):
        sign(mailbox, address="ben@acme.example", name="Ben Kovač", **PUBLIC)

        change(mailbox, "ben@acme.example", visibility="public", name="Ada Boss")

        page = stranger.get("/letters/robots/signatures/").content.decode()
        assert 'people__name" dir="auto">Ada Boss<' not in page
        assert "Kovač" not in page
        assert cast.numbers.total == 0
        assert sum(day.public for day in queries.growth(cast.letter.id)) == 0
        assert [answer(cast, cast.carla, True), answer(cast, cast.oskar, True)] == ["second", "shown"]
        assert cast.numbers.total == 1

    def test_only_the_role_changes_and_no_question_is_asked(self, cast, mailbox):
        sign(mailbox, address="ben@acme.example", name="Bеn Miller", **PUBLIC)
        answer(cast, cast.carla, True)

        change(mailbox, "ben@acme.example", visibility="public", name="Bеn Miller", role="Driver")

        assert [one.role for one in people.everybody(cast.letter.id)] == ["Driver"]

    def test_who_signed_confidentially_and_steps_forward_under_such_a_name_waits_too(self, cast, mailbox, stranger):
        sign(mailbox, address="ada@acme.example")

        sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)

        assert PublicSignature.objects.get().state == "held"
        assert cast.numbers.total == 0


@pytest.mark.django_db(transaction=True)
def test_it_can_be_answered_after_the_letter_closed_and_goes_a_month_later(cast, mailbox):
    from campaign import organising

    for address in ("ben@acme.example", "bea@acme.example"):
        sign(mailbox, address=address, name="Bеn Miller", **PUBLIC)
    organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)

    assert answer(cast, cast.carla, True, now=NOW) == "shown"
    assert reviewing.forget(now=NOW) == []
    [gone] = reviewing.forget(now=NOW + reviewing.KEPT_AFTER_CLOSING * 2)

    assert (gone.names, gone.evidence) == (1, 0)
    assert [one.state for one in PublicSignature.objects.all()] == ["shown"]


@pytest.mark.parametrize(
    "broken",
    [
        {"why": ""},
        {"blocks": False},
        {"former": True},
        {"state": "decided"},
        {"state": "decided", "decided_at": NOW},
        {"claimed_by_id": "carla"},
        {"first_by_id": "carla", "decided_by_id": "carla"},
    ],
)
def test_the_database_refuses_what_must_never_be(cast, mailbox, broken):
    sign(mailbox, address="ada@acme.example", name="Ada Boss", **PUBLIC)
    values = {key: cast.carla.pk if value == "carla" else value for key, value in broken.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**values)


def test_the_database_refuses_a_letter_for_some_that_takes_any_mailbox_and_former_people_unseen(cast, mailbox):
    sign(mailbox, address="ben@acme.example", name="Ben", **PUBLIC)

    for rows, values in (
        (Letter.objects, {"for_anyone": False}),
        (Letter.objects, {"former_too": True}),
        (PublicSignature.objects, {"former": True}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
