"""What the ordeal is played on: servers, workers and schedules of its own, started and minded as `make run` does."""

import os
import random
import secrets
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from config.quickstart.children import Child, stop_all
from config.quickstart.places import data_folder, environment
from config.quickstart.postgres import Postgres
from config.quickstart.valkey import Valkey

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
_QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
_CELERY = [sys.executable, "-m", "celery", "-A", "config"]
# No demo owes mail here.
_EMPTY = r"""DO $$ BEGIN EXECUTE (
    SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' CASCADE'
    FROM pg_tables WHERE tablename ~ '^(accounts|letters|campaign)_'
); END $$"""


@dataclass(frozen=True)
class Hand:
    """A worker: what it minds, with how many processes, and how many days its clock is ahead."""

    queues: str
    processes: int = 2
    days: float = 0


class Stage:
    """Everything but the mail server. Only the thread that made it may start processes: they die with it."""

    def __init__(
        self,
        folder: Path,
        *,
        crew: "list[Hand]",
        lease: int,
        smtp_port: int,
        fill: Callable[[Path], Path] | None = None,
    ) -> None:
        # Nothing of the shell's own site may reach this one.
        bare = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.var = data_folder(environ={"VAR_DIR": str(folder / "var")})
        self.is_filled = bool(fill and fill(self.var))
        # Durable, unlike other tests' cluster: here the database is killed, and what it confirmed has to be there.
        self.postgres = Postgres(var=self.var, environment=bare)
        self.valkey = Valkey(var=self.var, environment=bare)
        self.deaths: Counter[str] = Counter()  # that nobody ordered
        self.killed_late = 0  # asked to end, and killed when patience was over
        self._bare, self._lease, self._smtp_port, self._crew = bare, lease, smtp_port, crew
        self._ordered: set[str] = set()
        self._patience: dict[str, float] = {}  # until when a worker that was asked to end may take
        self.workers: list[Child] = []
        self.beats: list[Child] = []
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """Servers, tables, workers, two schedules."""
        self.postgres.start()
        self.valkey.start()
        self.environment = environment(
            given=self._bare,
            DEVELOPMENT="1",
            SITE_URL="http://localhost",
            SECRET_KEY=secrets.token_urlsafe(50),
            DATABASE_URL=self.postgres.url,
            REDIS_URL=self.valkey.url,
            DATABASE_POOL="0",
            VAR_DIR=str(self.var),
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(self._smtp_port),
            MAIL_LEASE_SECONDS=str(self._lease),
            MAIL_PER_DOMAIN_PER_HOUR="1000000",
        )
        self._make_tables()
        self.workers = [self._worker(number, hand) for number, hand in enumerate(self._crew)]
        self.beats = [self._beat(number) for number in range(2)]
        for child in (*self.workers, *self.beats):
            child.start()

    def stop(self) -> None:
        """End everything, servers last. What it wrote stays."""
        stop_all([*self.workers, *self.beats], seconds=0)
        stop_all([server.child for server in (self.valkey, self.postgres) if hasattr(server, "child")], seconds=10)
        self.postgres.clean_up()

    def child(self, name: str, command: list[str]) -> Child:
        """A process with the product's environment and a log of its own."""
        return Child(name=name, command=command, environment=self.environment, log=self.var / "log" / f"{name}.log")

    def mind(self) -> None:
        """Start again what died, as a service manager would, with all that it left behind gone."""
        for child in (*self.workers, *self.beats):
            if child.runs and time.monotonic() > self._patience.get(child.name, float("inf")):
                del self._patience[child.name]
                self.killed_late += 1
                child.signal_group(signal.SIGKILL)
                if child.process is not None:
                    child.process.wait(timeout=30)
            if not child.runs:
                self._patience.pop(child.name, None)
                if child.name not in self._ordered:
                    self.deaths[child.name] += 1
                self._ordered.discard(child.name)
                stop_all([child], seconds=0)
                child.start()

    def kill_a_worker(self, chance: random.Random) -> str:
        """`kill -9` for a whole worker or for one of its processes; answers which, or nothing if none is up yet."""
        up = [(child, pool) for child in self.workers if child.runs and (pool := _children_of(child))]
        if not up:
            return ""
        child, pool = chance.choice(up)
        if chance.random() < 0.4:
            os.kill(chance.choice(pool), signal.SIGKILL)
            return "process"
        self._ordered.add(child.name)
        child.signal_group(signal.SIGKILL)
        return "worker"

    def restart_a_worker(self, chance: random.Random) -> bool:
        """Ask the one that runs longest to end, as a new release does; it is killed when it takes too long."""
        up = [child for child in self.workers if child.runs and child.name not in self._ordered and _children_of(child)]
        if not up:
            return False
        child = min(up, key=lambda one: one.started_at)
        self._ordered.add(child.name)
        self._patience[child.name] = time.monotonic() + chance.uniform(0.3, 6)
        assert child.process is not None
        child.process.send_signal(signal.SIGTERM)
        return True

    def kill_valkey(self, *, down: float) -> None:
        """`kill -9`; it comes back empty."""
        self.valkey.child.signal_group(signal.SIGKILL)
        self._back(self.valkey.child, down)

    def restart_postgres(self, *, down: float) -> None:
        """Stop it in immediate mode: no goodbye, no checkpoint; it recovers from its log."""
        assert self.postgres.child.process is not None
        self.postgres.child.process.send_signal(signal.SIGQUIT)
        self._back(self.postgres.child, down)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask the database; raises psycopg.OperationalError while it is away."""
        with psycopg.connect(self.postgres.url, connect_timeout=5) as connection:
            return connection.execute(sql).fetchall()  # type: ignore[arg-type]

    def valkey_client(self) -> "redis.Redis":
        """To look at what it holds."""
        return redis.Redis.from_url(self.valkey.url, socket_timeout=5)

    def logs(self) -> bytes:
        """All that any process wrote."""
        return b"\n".join(path.read_bytes() for path in sorted((self.var / "log").iterdir()))

    def _make_tables(self) -> None:
        """All of them, with nothing in them: made anew, or those of an earlier start."""
        if self.is_filled:
            with psycopg.connect(self.postgres.url) as connection:
                connection.execute(_EMPTY)
            return
        tables = self.child("migrate", [sys.executable, "manage.py", "migrate", "--verbosity", "0"])
        tables.start()
        if tables.process is None or tables.process.wait(timeout=120):
            raise RuntimeError(tables.where_to_look())

    def _back(self, server: Child, down: float) -> None:
        assert server.process is not None
        server.process.wait(timeout=30)
        time.sleep(down)
        stop_all([server], seconds=0)
        server.start()

    def _worker(self, number: int, hand: Hand) -> Child:
        name = f"worker-{number}"
        celery = (
            [sys.executable, "-m", "tests.faults.clocked", str(hand.days), "-A", "config"] if hand.days else _CELERY
        )
        work = ["worker", "-Q", hand.queues, "-c", str(hand.processes), "-n", f"{name}@%h", *_QUIET]
        return self.child(name, [*celery, *work])

    def _beat(self, number: int) -> Child:
        schedule = str(self.var / "beat" / f"schedule-{number}")
        return self.child(
            f"beat-{number}", [*_CELERY, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "INFO"]
        )


def _children_of(child: Child) -> list[int]:
    assert child.process is not None
    pid = child.process.pid
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
