"""Finds a Chromium for the browser tests, or fetches one, and prints its path.

Tests are never skipped for want of a browser: without one, this ends with a sentence and the tests fail.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from config.quickstart.problems import Problem

# The shell has no windows to draw: the tests take half the time of the processor with it.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
NAMES = (*SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> Path:
    """A Chromium that starts: the one named, a shell, an installed one, Playwright's, or the system's package."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        if not _starts(Path(named)):
            raise Problem(f"CHROMIUM is {named}, which does not start: name a Chromium that does, or leave it unset.")
        return Path(named)
    for look in (_shell, _installed, _playwrights, _fetched_by_playwright, _fetched_from_debian):
        path = look()
        if path is not None and _starts(path):
            return path
    raise Problem(
        "There is no browser for the tests: install Chromium, and name it with CHROMIUM= if it is not on the PATH."
    )


def _starts(path: Path) -> bool:
    return _succeeds([str(path), "--version"])


def _succeeds(command: list[str], *, seconds: float = 900) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _shell() -> Path | None:
    """The shell, fetched beside an installed Chromium where that takes seconds: on a machine of Debian's, as root."""
    found = _first(SHELLS)
    if found is None and _installed() is not None and _has_apt():
        _succeeds(["apt-get", "update"], seconds=20)
        _install(SHELLS[0], seconds=300)
        found = _first(SHELLS)
    return found


def _installed() -> Path | None:
    return _first(NAMES)


def _first(names: Sequence[str]) -> Path | None:
    return next((Path(path) for name in names if (path := shutil.which(name))), None)


def _playwrights() -> Path | None:
    """Playwright's own, if it was fetched before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    folder, _, number = path.parent.parent.name.partition("-")
    shells = path.parent.parent.parent.glob(f"{folder}_headless_shell-{number}/*/*")
    return next((shell for shell in shells if shell.name in SHELLS), path if path.exists() else None)


def _fetched_by_playwright() -> Path | None:
    print("Fetching a browser for the tests …", file=sys.stderr, flush=True)
    fetched = _succeeds([sys.executable, "-m", "playwright", "install", "chromium"], seconds=300)
    return _playwrights() if fetched else None


def _fetched_from_debian() -> Path | None:
    if not _has_apt():
        return None
    _succeeds(["apt-get", "update"])
    for package in (SHELLS[0], "chromium"):
        if _install(package):
            break
    return _installed()


def _has_apt() -> bool:
    return os.getuid() == 0 and shutil.which("apt-get") is not None


def _install(package: str, *, seconds: float = 900) -> bool:
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    return _succeeds(["apt-get", "install", "-y", "--no-install-recommends", package], seconds=seconds)


if __name__ == "__main__":
    try:
        print(find())
    except Problem as problem:
        sys.exit(str(problem))
