"""What the ordeal is played on: servers, workers and schedules of its own, started and minded as `make run` does."""

import os
import random
import secrets
import signal
import sys
import time
from collections import Counter
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


class Stage:
    """Everything but the mail server. Only the thread that made it may start processes: they die with it."""

    def __init__(self, folder: Path, *, workers: int, lease: int, smtp_port: int) -> None:
        # Nothing of the shell's own site may reach this one.
        bare = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.var = data_folder(environ={"VAR_DIR": str(folder / "var")})
        # Durable, unlike other tests' cluster: here the database is killed, and what it confirmed has to be there.
        self.postgres = Postgres(var=self.var, environment=bare)
        self.valkey = Valkey(var=self.var, environment=bare)
        self.deaths: Counter[str] = Counter()  # that nobody ordered
        self._bare, self._lease, self._smtp_port, self._workers = bare, lease, smtp_port, workers
        self._ordered: set[str] = set()
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
        )
        tables = self.child("migrate", [sys.executable, "manage.py", "migrate", "--verbosity", "0"])
        tables.start()
        if tables.process is None or tables.process.wait(timeout=120):
            raise RuntimeError(tables.where_to_look())
        self.workers = [self._worker(number) for number in range(self._workers)]
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
            if not child.runs:
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

    def _back(self, server: Child, down: float) -> None:
        assert server.process is not None
        server.process.wait(timeout=30)
        time.sleep(down)
        stop_all([server], seconds=0)
        server.start()

    def _worker(self, number: int) -> Child:
        # One of them also minds the codes, as production's own worker for them would.
        queues = "mail" if number else "codes,mail"
        name = f"worker-{number}"
        return self.child(name, [*_CELERY, "worker", "-Q", queues, "-c", "2", "-n", f"{name}@%h", *_QUIET])

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
