"""Finds a Chromium for the browser tests, or fetches one, and prints its path.

Tests are never skipped for want of a browser: without one, this ends with a sentence and the tests fail.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.quickstart.problems import Problem

# The shell has no windows to draw: the tests take half the time of the processor with it.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
NAMES = (*SHELLS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> Path:
    """A Chromium that starts: the one named, an installed one, Playwright's, or the system's package."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        if not _starts(Path(named)):
            raise Problem(f"CHROMIUM is {named}, which does not start: name a Chromium that does, or leave it unset.")
        return Path(named)
    for look in (_installed, _playwrights, _fetched_by_playwright, _fetched_from_debian):
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


def _installed() -> Path | None:
    return next((Path(path) for name in NAMES if (path := shutil.which(name))), None)


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
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    _succeeds(["apt-get", "update"])
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    for package in ("chromium-headless-shell", "chromium"):
        if _succeeds(["apt-get", "install", "-y", "--no-install-recommends", package]):
            break
    return _installed()


if __name__ == "__main__":
    try:
        print(find())
    except Problem as problem:
        sys.exit(str(problem))
