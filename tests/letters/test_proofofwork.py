"""The puzzle: what counts as solved, and that everything else is as if nothing had been solved."""

import base64
import html
import json
import re
from datetime import timedelta

import altcha
import pytest
import time_machine
from django.test import Client

from letters import limits, proofofwork
from letters.limits import Effort

FORM = "SignForm/1"


@pytest.fixture(autouse=True)
def easy(settings):
    """Puzzles that a test solves at once."""
    settings.PROOF_OF_WORK_KEYS, settings.PROOF_OF_WORK_COST = 4, 10


def solve(challenge: str) -> str:
    """What the page answers."""
    puzzle = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(puzzle)
    return altcha.Payload(puzzle, solution).to_base64()


def altered(answer: str, change) -> str:
    plain = json.loads(base64.b64decode(answer))
    change(plain)
    return base64.b64encode(json.dumps(plain).encode()).decode()


def test_a_solved_puzzle_counts_once():
    answer = solve(proofofwork.challenge(form=FORM))

    assert [proofofwork.spend(answer, form=FORM) for _ in range(3)] == [1, 0, 0]


def test_the_same_solution_in_another_spelling_counts_once():
    answer = solve(proofofwork.challenge(form=FORM))

    assert proofofwork.spend(answer, form=FORM) == 1
    assert proofofwork.spend(altered(answer, lambda plain: plain["solution"].update(time=5)), form=FORM) == 0


def test_a_dearer_puzzle_is_worth_more():
    answer = solve(proofofwork.challenge(form=FORM, times=4))

    assert proofofwork.spend(answer, form=FORM) == 4


def test_another_forms_solution_is_none_and_stays_good_for_its_own():
    answer = solve(proofofwork.challenge(form=FORM))

    assert proofofwork.spend(answer, form="FollowForm/1") == 0
    assert proofofwork.spend(answer, form=FORM) == 1


def test_a_solution_is_too_old_after_twenty_minutes():
    with time_machine.travel(-timedelta(minutes=21)):
        old = solve(proofofwork.challenge(form=FORM))
    with time_machine.travel(-timedelta(minutes=19)):
        young = solve(proofofwork.challenge(form=FORM))

    assert [proofofwork.spend(old, form=FORM), proofofwork.spend(young, form=FORM)] == [0, 1]


FORGERIES = {
    "another key": lambda plain: plain["solution"].update(derivedKey="00" * 32),
    "no key": lambda plain: plain["solution"].update(derivedKey=None),
    "cheaper": lambda plain: plain["challenge"]["parameters"].update(cost=1),
    "an easy prefix": lambda plain: plain["challenge"]["parameters"].update(keyPrefix=""),
    "worth more": lambda plain: plain["challenge"]["parameters"]["data"].update(times=4),
    "for another form": lambda plain: plain["challenge"]["parameters"]["data"].update(form="FollowForm/1"),
    "for ever": lambda plain: plain["challenge"]["parameters"].update(expiresAt=2**40),
    "without an end": lambda plain: plain["challenge"]["parameters"].pop("expiresAt"),
    "a new nonce": lambda plain: plain["challenge"]["parameters"].update(nonce="ab" * 16),
    "no hidden key": lambda plain: plain["challenge"]["parameters"].pop("keySignature"),
    "unsigned": lambda plain: plain["challenge"].pop("signature"),
    "signed by others": lambda plain: plain["challenge"].update(signature="ab" * 32),
    "no parameters": lambda plain: plain["challenge"].pop("parameters"),
    "no object": lambda plain: plain.update(challenge=[]),
    "parameters of no sort": lambda plain: plain["challenge"].update(parameters=7),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_solution_is_none(forgery):
    answer = solve(proofofwork.challenge(form=FORM))

    assert proofofwork.spend(altered(answer, FORGERIES[forgery]), form=FORM) == 0
    assert proofofwork.spend(altered(answer, FORGERIES[forgery]), form="FollowForm/1") == 0


def test_a_puzzle_of_another_site_is_none(settings):
    own, settings.SECRET_KEY = settings.SECRET_KEY, "somebody else's"
    answer = solve(proofofwork.challenge(form=FORM))
    settings.SECRET_KEY = own

    assert proofofwork.spend(answer, form=FORM) == 0


@pytest.mark.parametrize("answer", ["", "x", "bnVsbA==", "W10=", "e30=", "é", "a" * 5000, "[" * 3000, "\0"])
def test_rubbish_is_none(answer):
    assert proofofwork.spend(answer, form=FORM) == 0


def test_an_unsolved_puzzle_is_none():
    challenge = proofofwork.challenge(form=FORM)

    assert proofofwork.spend(base64.b64encode(challenge.encode()).decode(), form=FORM) == 0


def test_what_a_form_cost_is_told_from_what_came_back(settings):
    with time_machine.travel(-timedelta(seconds=4)):
        slow = limits.stamp(form=FORM)
    answer = solve(proofofwork.challenge(form=FORM))

    efforts = [
        limits.effort(form, form=FORM)
        for form in (
            {"proof": answer, "homepage": "https://x.example"},
            {"proof": answer},
            {"proof": answer, "made": slow},
            {"made": slow},
            {"made": limits.stamp(form=FORM)},
            {"made": slow + "x"},
            {"made": "[1]"},
            {},
        )
    ]

    assert efforts == [
        Effort.TRAPPED, Effort.PROVED, Effort.PLAIN, Effort.PLAIN,
        Effort.HURRIED, Effort.HURRIED, Effort.HURRIED, Effort.HURRIED,
    ]  # fmt: skip
    assert limits.effort({"made": slow}, form="FollowForm/1") is Effort.HURRIED


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/letters/robots/sign/", "/campaigns/robots/news/"])
def test_each_form_that_asks_for_a_code_carries_its_own_puzzle_and_looking_keeps_nothing(cast, empty_memory, path):
    pages = [Client().get(path).content.decode() for _ in range(2)]

    first, second = (json.loads(html.unescape(re.search(r'data-puzzle="([^"]+)"', page)[1])) for page in pages)
    assert first["parameters"]["nonce"] != second["parameters"]["nonce"]
    assert first["parameters"]["data"]["form"].endswith(
        str(cast.campaign.directory_id if "news" in path else cast.letter.id)
    )
    assert not [key for key in empty_memory.keys("*") if not key.startswith((b"daykey", b"limit"))]
    assert not empty_memory.keys("limit:*")
    assert all("<script" not in page or 'type="module" src="/static/js/proof.js"' in page for page in pages)
