"""The whole product, started as `make run` starts it: web, workers, beat, and servers of its own."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.people import Person

ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "SITE_URL", "DATABASE_POOL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY")


@dataclass(frozen=True)
class Site:
    """One running product."""

    address: str
    var: Path
    process: "subprocess.Popen[bytes]"

    @property
    def mail_folder(self) -> Path:
        """Where every mail that leaves becomes a file."""
        return self.var / "mail"

    def person(self) -> Person:
        """Somebody new in front of a browser."""
        return Person(self.address, self.mail_folder)

    def demo_sign_in(self, who: str) -> tuple[str, str]:
        """Address and password of a demo organiser."""
        for line in (self.var / "demo-sign-in.txt").read_text().splitlines():
            if who in line:
                address, _, password = line.partition(": ")[2].partition(" / ")
                return address.strip(), password.strip()
        raise LookupError(who)


def start(var: Path, **extra: str) -> Site:
    """Start the product with its data under `var`; answers once it is ready."""
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    environment.pop("MAKELEVEL", None)
    with (var / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.quickstart", "run"],
            cwd=ROOT,
            env={**environment, "VAR_DIR": str(var), "PORT": "0", **extra},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        if (var / "address").exists():
            return Site((var / "address").read_text().strip(), var, process)
        time.sleep(0.1)
    process.kill()
    raise AssertionError(f"the product did not start:\n{(var / 'run.log').read_text()}")


def stop(site: Site) -> int:
    """End it as Ctrl-C or a service manager would; answers the exit status."""
    site.process.send_signal(signal.SIGTERM)
    return site.process.wait(timeout=40)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Fills a new folder with what a first start leaves behind. That one takes the longest by far (cluster, migrations,
    examples), so that it is made once for all workers of this run.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    first = shared / "first start"
    with (shared / "first start.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not first.exists():
            first.mkdir()
            assert stop(start(first)) == 0

    def fill(folder: Path) -> Path:
        # Not shutil: PostgreSQL's files may belong to another user, and have to stay hers.
        subprocess.run(["cp", "-a", f"{first}/.", str(folder)], check=True)
        return folder

    return fill


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[Path], Path]) -> Iterator[Site]:
    """One product for all journeys of this session, in a folder whose name has spaces."""
    running = start(filled(tmp_path_factory.mktemp("a site with spaces")))
    yield running
    assert stop(running) == 0
