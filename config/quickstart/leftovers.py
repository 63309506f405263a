"""What an earlier run left behind because it was killed itself: found and ended before the next one starts."""

import contextlib
import os
import signal
import time
from pathlib import Path

from config.quickstart.children import MARK

SERVERS = {"postgres", "valkey-server"}


def end_leftovers(var: Path) -> int:
    """End every process of an earlier run on this data folder; returns how many there were."""
    found = processes_of(var)
    for pid in found:
        # PostgreSQL takes TERM as "when all have left"; INT is "now, in good order".
        _signal(pid, signal.SIGINT if program(pid) == "postgres" else signal.SIGTERM)
    deadline = time.monotonic() + 5
    while (rest := processes_of(var)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in rest:
        _signal(pid, signal.SIGKILL)
    while rest and processes_of(var) and time.monotonic() < deadline + 5:
        time.sleep(0.05)
    return len(found)


def can_look() -> bool:
    """Whether this system shows its processes as files; without that, only the servers' own checks protect."""
    return Path("/proc/self/environ").exists()


def processes_of(var: Path) -> list[int]:
    if not can_look():
        return []
    mine = _ancestors()
    pids = (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())
    return [pid for pid in pids if pid not in mine and _belongs_to(pid, var)]


def _belongs_to(pid: int, var: Path) -> bool:
    """Whether the process carries our mark or, as a server that has overwritten its own, sits in its data folder."""
    place = Path("/proc") / str(pid)
    try:
        if (place / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        if f"{MARK}={var}".encode() in (place / "environ").read_bytes().split(b"\0"):
            return True
        folder = (place / "cwd").readlink()
    except OSError:
        return False
    return program(pid) in SERVERS and folder.parent == var


def program(pid: int) -> str:
    """The name of the program that the process runs, or nothing."""
    try:
        return (Path("/proc") / str(pid) / "exe").readlink().name.removesuffix(" (deleted)")
    except OSError:
        return ""


def _ancestors() -> set[int]:
    pids, pid = set(), os.getpid()
    while pid > 0:
        pids.add(pid)
        try:
            pid = int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            break
    return pids


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
