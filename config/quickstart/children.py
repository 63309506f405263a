"""Processes that end when told to, and also when whoever started them ends without a word."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.quickstart.places import ROOT, short
from config.quickstart.problems import Problem, Stop

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MARK = "UNDERSIGNED_RUN"  # in the environment of every child: the data folder it belongs to
LARGEST_LOG = 5 * 1024 * 1024
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(kw_only=True)
class Child:
    """A process of its own, in a process group of its own, with a log of its own."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    ending: signal.Signals = signal.SIGTERM
    told: str = ""  # what it reads from its standard input
    user: int | None = None
    group: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        """Start it, or start it again."""
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LARGEST_LOG:
                self.log.replace(self.log.with_suffix(".old.log"))
        # Held back, so that a Ctrl-C cannot fall between the birth of a child and our knowing of it.
        with self.log.open("ab") as log, _endings_held():
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.PIPE if self.told else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                preexec_fn=partial(_last_steps, self.ending, os.getpid()),
            )
        self.started_at = time.monotonic()
        if self.told and self.process.stdin:
            with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
                pipe.write(self.told.encode())

    @property
    def runs(self) -> bool:
        """Whether it is alive."""
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: int) -> None:
        """Send a signal to the child and to all of its own children."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for `ready`; raises Problem when the child ends first or it takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.runs:
                raise Problem(f"{self.name} ended as soon as it was started: {self.where_to_look()}")
            if time.monotonic() > deadline:
                raise Problem(f"{self.name} did not come up within {seconds:.0f} seconds: {self.where_to_look()}")
            time.sleep(0.05)

    def where_to_look(self) -> str:
        """The end of a sentence about trouble with this child: its log and the log's last line."""
        last = last_line(self.log)
        return f"its log {short(self.log)} tells why" + (f" (“{last}”)." if last else ".")


def last_line(log: Path) -> str:
    """The last line of a log that says something."""
    try:
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return ""
    return lines[-1][:200] if lines else ""


def stop_all(children: Iterable[Child], *, seconds: float) -> None:
    """End these children together, politely first, and whatever they started."""
    some = [child for child in children if child.process is not None]
    for child in some:
        if child.runs and child.process:
            # Only the head: it knows how to end its own. The group gets what is left over.
            child.process.send_signal(child.ending)
    deadline = time.monotonic() + seconds
    while any(child.runs for child in some) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in some:
        child.signal_group(signal.SIGKILL)
        if child.process:
            child.process.wait()


def heed_endings() -> None:
    """From now on a Ctrl-C, TERM or hang-up raises Stop, once; later ones are not needed."""

    def stop(number: int, _frame: object) -> None:
        ignore_endings()
        raise Stop(number)

    for number in ENDINGS:
        # A hang-up that was ignored on purpose (nohup) stays ignored.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


def ignore_endings() -> None:
    """We are ending already."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


def end_with_parent(ending: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to tell us when our parent dies. Only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_DEATH_SIGNAL, int(ending), 0, 0, 0)


@contextlib.contextmanager
def _endings_held() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _last_steps(ending: signal.Signals, parent: int) -> None:
    """In the child, between fork and exec."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    # What is in memory only must not reach the disk as a core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    end_with_parent(ending)
    if os.getppid() != parent:
        os._exit(1)
