"""The ordeal: mails are owed and sent while workers, Valkey and PostgreSQL are killed; then it is seen what arrived."""

import random
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from tests.faults.canaries import Listener, held, sightings
from tests.faults.hostile import HostileServer
from tests.faults.outcome import Outcome, Row
from tests.faults.stage import Hand, Stage
from tests.faults.writing import Mail

_ROWS = "SELECT id::text, key, state, failure, attempts FROM accounts_outgoingmail"
_OPEN = "SELECT count(*) FROM accounts_outgoingmail WHERE state IN ('waiting', 'sending')"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How much of everything."""

    mails: int
    seconds: float  # over which mails are owed and faults happen
    kills: int
    valkey_kills: int
    postgres_restarts: int
    crew: list[Hand]
    lease: int
    restarts: int = 0  # of workers that are asked to end
    temporary: float = 0.08  # share of attempts that are answered 451 or 452
    slowness: float = 0.1  # seconds at most that an ordinary answer takes
    most_repeats: float = 0.02  # of what may be repeated
    patience: float = 150.0  # seconds after the last fault in which everything must be final
    seed: int = 0


# Clocks of workers are a day off in both. Here: few faults of each kind; short waits; workers that are mostly
# in the middle of a mail; so few mails that one repeat is a large share.
SMALL = Plan(
    mails=120,
    seconds=8,
    kills=2,
    valkey_kills=1,
    postgres_restarts=1,
    crew=[Hand("codes,mail"), Hand("mail,bulk", days=1)],
    restarts=1,
    lease=9,
    temporary=0.02,
    slowness=0.25,
    most_repeats=0.15,
)
_CREW = [Hand("codes,mail"), Hand("mail", days=1), Hand("mail", days=-1), Hand("bulk", processes=1)]
FULL = Plan(mails=3000, seconds=160, kills=40, valkey_kills=5, postgres_restarts=4, crew=_CREW, restarts=4, lease=90)
# A release: one worker after the other is asked to end and started anew, over and over.
ROLLING = Plan(
    mails=1000,
    seconds=60,
    kills=0,
    valkey_kills=0,
    postgres_restarts=0,
    crew=_CREW,
    restarts=12,
    lease=30,
    temporary=0.02,
)


def undergo(
    plan: Plan,
    *,
    folder: Path,
    fill: Callable[[Path], Path] | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Outcome:
    """Play the plan in `folder`, or in what `fill` puts there; answers what became of every mail."""
    server = HostileServer(seed=plan.seed, temporary=plan.temporary, slowness=plan.slowness)
    stage = Stage(folder, crew=plan.crew, lease=plan.lease, smtp_port=server.port, fill=fill)
    server.start()
    try:
        stage.start()
        return _Ordeal(plan, stage, server, say).play()
    finally:
        stage.stop()
        server.stop()


class _Ordeal:
    def __init__(self, plan: Plan, stage: Stage, server: HostileServer, say: Callable[[str], None]) -> None:
        self.plan, self.stage, self.server, self.say = plan, stage, server, say
        self.canary = f"canary{secrets.token_hex(6)}"
        self.chance = random.Random(plan.seed)
        self.last_fault = 0.0
        self.done = {"worker": 0, "process": 0, "valkey": 0, "postgres": 0, "restart": 0}
        self.seen_in_valkey = b""

    def play(self) -> Outcome:
        """From the first mail to the last row's end."""
        valkey = self.stage.valkey
        listener = Listener(port=valkey.port, password=valkey.password, into=self.stage.var / "heard")
        listener.start()
        command = [sys.executable, "-m", "tests.faults.writing"]
        writer = self.stage.child("writer", [*command, str(self.plan.mails), str(self.plan.seconds), self.canary])
        writer.start()
        self._until(lambda: self.server.taken > 0, seconds=60)
        began = time.monotonic()
        faults = self._faults()
        while faults:
            if time.monotonic() - began >= faults[0][0] and faults[0][1]():
                faults.pop(0)
                self.say(f"{time.monotonic() - began:4.0f} s: {self.done}, {self.server.taken} arrived")
            self.stage.mind()
            time.sleep(0.1)
        self._until(lambda: not writer.runs and self._open() == 0, seconds=self.plan.patience)
        after = time.monotonic() - self.last_fault
        self._look_into_valkey()
        if writer.process is None or writer.process.poll() != 0:
            raise RuntimeError(f"not everything was owed: {writer.where_to_look()}")
        return self._outcome(after, heard=listener.stop())

    def _faults(self) -> list[tuple[float, Callable[[], bool]]]:
        """When what happens; each fault's function answers whether it could be done."""
        plan, planned = self.plan, []
        for many, fault in (
            (plan.kills, self._kill_a_worker),
            (plan.valkey_kills, self._kill_valkey),
            (plan.postgres_restarts, self._restart_postgres),
            (plan.restarts, self._restart_a_worker),
        ):
            planned += [
                (plan.seconds * (number + self.chance.uniform(0.3, 0.9)) / many, fault) for number in range(many)
            ]
        return sorted(planned, key=lambda one: one[0])

    def _kill_a_worker(self) -> bool:
        what = self.stage.kill_a_worker(self.chance)
        return self._note(what) if what else False

    def _restart_a_worker(self) -> bool:
        return self._note("restart") if self.stage.restart_a_worker(self.chance) else False

    def _kill_valkey(self) -> bool:
        self._look_into_valkey()
        self.stage.kill_valkey(down=self.chance.uniform(0.2, 2))
        return self._note("valkey")

    def _restart_postgres(self) -> bool:
        self.stage.restart_postgres(down=self.chance.uniform(0.2, 2))
        return self._note("postgres")

    def _note(self, what: str) -> bool:
        self.done[what] += 1
        self.last_fault = time.monotonic()
        return True

    def _look_into_valkey(self) -> None:
        try:
            self.seen_in_valkey += held(self.stage.valkey_client())
        except redis.RedisError:
            self.say("Valkey was not there to be looked into")

    def _until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Until it is so, or time is up: then the outcome tells what is missing."""
        until = time.monotonic() + seconds
        while not ready() and time.monotonic() < until:
            self.stage.mind()
            time.sleep(0.25)

    def _open(self) -> int:
        try:
            return int(str(self.stage.query(_OPEN)[0][0]))
        except psycopg.OperationalError:
            return -1

    def _outcome(self, after: float, *, heard: bytes) -> Outcome:
        rows = {row.key: row for row in (Row(*found) for found in self.stage.query(_ROWS))}  # type: ignore[arg-type]
        return Outcome(
            patience=self.plan.patience,
            most_repeats=self.plan.most_repeats,
            mails=[Mail(number, self.canary) for number in range(self.plan.mails)],
            rows=rows,
            arrived=dict(self.server.arrived),
            silent_to=self.server.silent_to,
            answers=dict(self.server.did),
            faults={**self.done, "late": self.stage.killed_late},
            senders=sum(hand.processes for hand in self.plan.crew),
            deaths=dict(self.stage.deaths),
            seconds_after=after,
            sightings=sightings(self.canary, self.seen_in_valkey + heard) + sightings(self.canary, self.stage.logs()),
            heard=len(heard),
        )
