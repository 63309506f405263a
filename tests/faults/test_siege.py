"""What judges whether signatures outlived their web workers; the siege itself is tests/journeys and `make faults`."""

import dataclasses
from collections import Counter

import pytest

from tests.faults.siege import Kept, Outcome, Signer


def ended_well() -> Outcome:
    """Two who show their names and two who do not."""
    signers = [Signer(number) for number in range(4)]
    return Outcome(
        signers=signers,
        kept=Kept(names=[one.name for one in signers if one.is_public], tags=4, public=2, confidential=2),
        answered=[0, 1, 2, 3],
        kills=3,
        refused=5,
        cut_off=2,
        anew=1,
        errors=Counter(),
        seconds=1,
    )


def kept(**what: object) -> Outcome:
    good = ended_well()
    return dataclasses.replace(good, kept=dataclasses.replace(good.kept, **what))


def test_the_judge_has_nothing_against_what_ended_well():
    assert ended_well().broken() == []


def test_no_two_signers_have_one_name_or_mailbox():
    signers = [Signer(number) for number in range(1000)]

    assert len({one.name for one in signers}) == len({one.address for one in signers}) == 1000


@pytest.mark.parametrize(
    ("promise", "outcome"),
    [
        ("answered and not kept", kept(names=[Signer(0).name])),
        ("twice on the list", kept(names=[Signer(0).name, Signer(2).name, Signer(2).name])),
        ("5 tags of 4 people", kept(tags=5)),
        ("3 counted of 2 names", kept(public=3)),
        ("1 confidential ones counted of 2", kept(confidential=1)),
        ("1 were never answered", dataclasses.replace(ended_well(), answered=[0, 1, 2])),
        ("answered with", dataclasses.replace(ended_well(), errors=Counter({500: 1}))),
    ],
)
def test_the_judge_names_the_promise_that_was_broken(promise, outcome):
    assert promise in " ".join(outcome.broken())
