"""Beat leaves no burst behind an outage, and its clock may be put back."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from accounts import pulse
from accounts.shortlived import memory
from config.celery import app
from config.schedule import Scheduler

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TASKS = Counter(entry["task"] for entry in app.conf.beat_schedule.values() if entry["schedule"] <= 60)


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[Scheduler]:
    with time_machine.travel(NOON, tick=False):
        one = Scheduler(app, schedule_filename=str(tmp_path / "schedule"))
    yield one
    one.close()


def run(beat: Scheduler, *, since: datetime, span: timedelta) -> None:
    """Let beat live through this time, five seconds at a step."""
    with time_machine.travel(since, tick=False) as clock:
        for _ in range(int(span / timedelta(seconds=5))):
            clock.shift(5)
            while beat.tick() == 0:
                pass


def sent() -> Counter[str]:
    """How often each task waits in the queues now."""
    messages = [message for queue in ("codes", "mail", "bulk") for message in memory().lrange(queue, 0, -1)]
    return Counter(task for task in TASKS for message in messages if f'"{task}"'.encode() in message)


def test_workers_that_are_away_for_an_hour_find_no_pile(beat):
    run(beat, since=NOON, span=timedelta(hours=1))

    assert sent() == dict.fromkeys(TASKS, 2)


def test_bells_that_wait_do_not_keep_sweeps_from_being_sent(beat):
    memory().lpush("mail", *[f'{{"task": "accounts.tasks.deliver_mail", "n": {n}}}' for n in range(500)])

    run(beat, since=NOON, span=timedelta(seconds=30))

    assert sent()["accounts.tasks.sweep_mail"] == 2


def test_no_task_is_thrown_away_by_a_worker_whose_clock_is_ahead(beat):
    run(beat, since=NOON, span=timedelta(seconds=10))

    assert all(b'"expires": null' in message for message in memory().lrange("mail", 0, -1))


def test_a_clock_that_is_put_back_stops_nothing(beat):
    run(beat, since=NOON + timedelta(days=1), span=timedelta(seconds=30))
    memory().flushdb()

    run(beat, since=NOON, span=timedelta(minutes=4))

    assert sent() == dict.fromkeys(TASKS, 2)


def test_beat_shows_that_it_lives(beat):
    assert pulse.age("schedule") is None

    run(beat, since=NOON, span=timedelta(seconds=5))

    assert (pulse.age("schedule") or 99) < 5
