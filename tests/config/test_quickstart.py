"""`make run` as the person at the terminal meets it: real servers, real processes, real signals.

Each start takes seconds, so one test has all that get far; the rest end before anything is started.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest

from config.quickstart import leftovers

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = {"DATABASE_URL", "REDIS_URL", "DATABASE_POOL", "SITE_URL", "SECRET_KEY", "PORT", "VAR_DIR", "DEVELOPMENT"}
OURS |= {"MAIL_DIR", "KEYRING_DIR", "STATIC_ROOT"}

pytestmark = pytest.mark.skipif(not leftovers.can_look(), reason="processes are looked for in /proc")


class Start:
    """One `make run` without the installing, on a data folder of its own."""

    def __init__(self, var: Path, **environ: str) -> None:
        self.address = var / "address"
        self.began = time.time_ns()
        rest = {name: value for name, value in os.environ.items() if name not in OURS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.quickstart", "run"],
            cwd=ROOT,
            env={**rest, "VAR_DIR": str(var), "PORT": "0", **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_ready(self) -> str:
        """Its address, once it has said that it runs."""
        deadline = time.monotonic() + 100
        # One that was killed has left its own behind.
        while not self.address.exists() or self.address.stat().st_mtime_ns < self.began:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, "not ready in 100 seconds"
            time.sleep(0.05)
        return self.address.read_text()

    def said(self) -> str:
        """All that it printed, once it has ended."""
        return self.process.communicate(timeout=60)[0]

    def end(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.said()


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "open letters"


@pytest.fixture
def grown(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[Path], Path]) -> Iterator[Path]:
    """A data folder that was started once, behind a space and a door."""
    parent = tmp_path_factory.mktemp("only ours")
    parent.chmod(0o700)
    folder = parent / "open letters"
    folder.mkdir(mode=0o711)
    yield filled(folder)
    leftovers.end_leftovers(folder)
    if (folder / "environment").exists():
        url = next(line for line in (folder / "environment").read_text().splitlines() if "DATABASE_URL" in line)
        shutil.rmtree(unquote(url.partition("@")[2].partition("/")[0]), ignore_errors=True)


def test_after_a_crash_it_runs_again_in_a_path_with_spaces_and_term_leaves_no_process(grown: Path) -> None:
    first = Start(grown)
    status = httpx.get(f"{first.until_ready()}/readyz", timeout=10).status_code
    second = Start(grown).said()
    key = (grown / "secret-key").read_text()
    running = {pid: leftovers.program(pid) for pid in leftovers.processes_of(grown)}
    first.process.kill()
    for pid, program in running.items():
        if program == "postgres":
            with contextlib.suppress(ProcessLookupError):  # some notice by themselves that the first is gone
                os.kill(pid, signal.SIGKILL)
    said_first = first.said()
    rest_ended = _soon(lambda: not leftovers.processes_of(grown), seconds=15)
    (grown / "postgres" / "postmaster.pid").write_text("1\n")
    for schedule in (grown / "beat").iterdir():
        schedule.write_bytes(b"half a schedule")

    again = Start(grown)
    address = again.until_ready()
    again.end()

    assert status == 200
    assert "Undersigned is running." in said_first
    assert "already running" in second and _is_one_sentence(second)
    assert {"postgres", "valkey-server"} <= set(running.values())
    assert rest_ended
    assert (grown / "secret-key").read_text() == key
    assert again.process.returncode == 0
    assert leftovers.processes_of(grown) == []
    assert not _listens(address)


def test_a_taken_port_is_said_before_anything_is_started(var: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        said = Start(var, PORT=str(port)).said()

    assert f"Port {port} is taken" in said and _is_one_sentence(said)
    assert not (var / "postgres").exists()


@pytest.mark.parametrize(
    ("name", "value", "lacking"),
    [("DATABASE_URL", "postgres://localhost/x", "REDIS_URL"), ("REDIS_URL", "redis://localhost", "DATABASE_URL")],
)
def test_one_of_the_two_addresses_alone_is_refused(var: Path, name: str, value: str, lacking: str) -> None:
    said = Start(var, **{name: value}).said()

    assert f"{name} is set and {lacking} is not" in said and _is_one_sentence(said)
    assert not var.exists()


def test_a_data_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a file"
    file.write_text("")

    start = Start(file / "var")

    said = start.said()
    assert f"The data folder {file / 'var'} cannot be written to" in said and _is_one_sentence(said)
    assert start.process.returncode == 1


def test_servers_that_do_not_answer_are_said(var: Path) -> None:
    said = Start(var, DATABASE_URL="postgres://localhost:1/x", REDIS_URL="redis://localhost:1").said()

    assert "No PostgreSQL answers at DATABASE_URL" in said
    assert "Traceback" not in said


def test_with_servers_hands_on_the_exit_status_and_cleans_up() -> None:
    code = "import os, sys; print(os.environ['VAR_DIR'], os.environ['DATABASE_URL']); sys.exit(7)"
    rest = {name: value for name, value in os.environ.items() if name not in OURS}

    done = subprocess.run(
        [sys.executable, "-m", "config.quickstart", "with-servers", sys.executable, "-c", code],
        cwd=ROOT,
        env=rest,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 7, done.stderr
    var = Path(done.stdout.split()[0])
    assert not var.exists()
    assert leftovers.processes_of(var) == []


def _is_one_sentence(said: str) -> bool:
    return len(said.strip().splitlines()) == 1 and said.strip().endswith(".")


def _listens(address: str) -> bool:
    port = int(address.rpartition(":")[2])
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def _soon(condition: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
