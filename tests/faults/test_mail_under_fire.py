"""The small ordeal; `make faults` is the large one (docs/mail.md, "What was tried")."""

import base64
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from config.quickstart import leftovers
from tests.faults.canaries import held, sightings
from tests.faults.ordeal import SMALL, undergo
from tests.faults.outcome import Outcome, Row
from tests.faults.writing import Mail

pytestmark = pytest.mark.skipif(not leftovers.can_look(), reason="processes are looked for in /proc")


def test_mail_survives_workers_broker_and_database_being_killed_and_a_clock_that_is_a_day_ahead(
    tmp_path: Path, filled: Callable[[Path], Path]
):
    outcome = undergo(SMALL, folder=tmp_path, fill=filled)

    assert outcome.broken() == [], outcome.table()
    assert outcome.kills == SMALL.kills
    assert (outcome.faults["valkey"], outcome.faults["postgres"], outcome.faults["restart"]) == (1, 1, 1)


def ended_well() -> Outcome:
    """Four mails: one sent and one refused of each kind."""
    mails = [Mail(number, "canary1") for number in (10, 11, 12, 51)]
    rows = {mail.key: Row(str(mail.number), mail.key, "dead" if mail.refused else "sent", "", 1) for mail in mails}
    return Outcome(
        mails=mails,
        rows=rows,
        arrived={mail.recipient: [f"<{mail.number}@site>"] for mail in mails if not mail.refused},
        silent_to=[],
        answers={},
        faults={"worker": 0, "process": 0, "valkey": 0, "postgres": 0, "restart": 0, "late": 0},
        senders=2,
        deaths={},
        seconds_after=1,
        patience=150,
        most_repeats=0.02,
        sightings=0,
        heard=1,
    )


def with_row(outcome: Outcome, key: str, state: str) -> Outcome:
    return dataclasses.replace(outcome, rows={**outcome.rows, key: dataclasses.replace(outcome.rows[key], state=state)})


def with_arrivals(outcome: Outcome, number: int, *message_ids: str) -> Outcome:
    return dataclasses.replace(
        outcome, arrived={**outcome.arrived, Mail(number, "canary1").recipient: list(message_ids)}
    )


def test_the_judge_has_nothing_against_what_ended_well():
    assert ended_well().broken() == []


@pytest.mark.parametrize(
    ("promise", "spoil"),
    [
        ("lost", lambda good: with_arrivals(good, 12)),
        ("arrived twice at most once", lambda good: with_arrivals(good, 11, "<11@site>", "<11@site>")),
        ("neither arrived nor listed", lambda good: with_arrivals(good, 11)),
        ("not in a final state", lambda good: with_row(good, "reminder:11", "sending")),
        ("dead without having been refused", lambda good: with_row(good, "account:12", "dead")),
        ("refused and not dead", lambda good: with_row(good, "account:10", "cancelled")),
        ("another Message-ID", lambda good: with_arrivals(good, 12, "<99@site>")),
        ("nothing owed it", lambda good: dataclasses.replace(good, arrived={**good.arrived, "undone-1": ["<1@site>"]})),
        ("repeats", lambda good: with_arrivals(good, 12, "<12@site>", "<12@site>")),
        ("uncertain, where the faults", lambda good: with_row(good, "reminder:11", "uncertain")),
        ("after the last fault", lambda good: dataclasses.replace(good, seconds_after=151)),
        ("addresses seen", lambda good: dataclasses.replace(good, sightings=1)),
        ("nothing of Valkey was heard", lambda good: dataclasses.replace(good, heard=0)),
    ],
)
def test_the_judge_names_the_promise_that_was_broken(promise, spoil):
    assert promise in " ".join(spoil(ended_well()).broken())


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_an_address_in_a_message_to_the_broker_is_seen(empty_memory, before):
    body = base64.b64encode(json.dumps([[f"{before} somebody-canary1-7@hostile.example"], {}]).encode()).decode()
    empty_memory.lpush("mail", json.dumps({"body": body, "headers": {}}))
    empty_memory.hset("unacked", "tag", "canary1 in plain")

    assert sightings("canary1", held(empty_memory)) >= 2
