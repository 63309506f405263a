"""`make bench`: pages and signing against the floors of the same run, with few and with many signatures.

Prints, for each step, requests a second, CPU milliseconds a request (web server and PostgreSQL) and both as ratios
to the floor. Only ratios of one run mean anything. Servers come from `config.quickstart with-servers`.
"""

import http.client
import itertools
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
CLIENTS, SECONDS = 4, 4.0
_TICK = os.sysconf("SC_CLK_TCK")
_people = itertools.count()


@dataclass(frozen=True)
class Measured:
    """What one step cost."""

    rate: float
    cpu: float


class Visitor:
    """One kept connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def send(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Host": f"localhost:{self.port}", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode({**form, "csrfmiddlewaretoken": self.cookies.get("csrf", "")})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


def measure(port: int, pids: Callable[[], list[int]], step: Callable[[Visitor], None]) -> Measured:
    """Let CLIENTS visitors repeat `step` for SECONDS."""

    def visit(_number: int) -> int:
        visitor, done = Visitor(port), 0
        while time.monotonic() < until:
            step(visitor)
            done += 1
        return done

    before, started = _cpu(pids()), time.monotonic()
    until = started + SECONDS
    with ThreadPoolExecutor(CLIENTS) as crowd:
        done = sum(crowd.map(visit, range(CLIENTS)))
    return Measured(done / (time.monotonic() - started), (_cpu(pids()) - before) * 1000 / done)


def get(path: str) -> Callable[[Visitor], None]:
    """A step that reads a page."""

    def step(visitor: Visitor) -> None:
        status, _text = visitor.send("GET", path)
        assert status == 200, (path, status)

    return step


def signer(path: str, *, with_code: bool) -> Callable[[Visitor], None]:
    """A step that sends the form and, if asked, the code; each time as somebody new."""
    version = ""

    def step(visitor: Visitor) -> None:
        nonlocal version
        if "csrf" not in visitor.cookies:
            _status, text = visitor.send("GET", f"{path}sign/")
            version = re.search(r'name="version" value="(\w+)"', text).group(1)  # type: ignore[union-attr]
        form = {"visibility": "public", "name": "Ben Bench", "role": "Engineer", "version": version}
        status, _text = visitor.send("POST", f"{path}sign/", {**form, "email": f"ben{next(_people)}@acme.example"})
        assert status == 302, status
        if with_code:
            status, _text = visitor.send("POST", f"{path}code/", {"code": "AAAAAAAA"})
            assert status == 302, status

    return step


def prepare() -> int:
    """A letter with a hundred signatures and one with many; answers the database server's process id."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from campaign import organising
    from campaign.models import Campaign
    from tests.cast import Cast

    call_command("migrate", verbosity=0)
    cast = Cast.assemble()
    campaign = Campaign.objects.get(pk=cast.campaign.pk)
    now = datetime.now(UTC)
    for slug, count in (("few", 100), ("many", int(os.environ.get("MANY", "100000")))):
        letter = organising.write_letter(campaign=campaign, title=slug, slug=slug, body="Words.\n\n" * 30, now=now)
        organising.open_letter(campaign_letter=letter, by=None, now=now - timedelta(days=30))
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM letters_version WHERE letter_id = %s", [letter.letter_id])
            [version] = cursor.fetchone()
            cursor.execute(
                """
                INSERT INTO letters_publicsignature
                    (letter_id, version_id, name, role, role_group, employer_id, employer_name, level, state, signed_on)
                SELECT %s, %s, 'Person ' || md5(n::text), 'Engineer', 'engineering', %s, 'Acme', 'work', 'shown', %s
                FROM generate_series(1, %s) AS n
                """,
                [letter.letter_id, version, cast.acme, date.today(), count],  # noqa: DTZ011 - any day will do
            )
            cursor.execute(
                """
                INSERT INTO letters_cell (letter_id, version_id, employer_id, role_group, public, confidential)
                VALUES (%s, %s, %s, 'engineering', %s, 0)
                """,
                [letter.letter_id, version, cast.acme, count],
            )
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id bigserial PRIMARY KEY, word text)")
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    postmaster = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    connection.close()
    return postmaster


def main() -> None:
    """Measure and print the table."""
    postmaster = prepare()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["granian", "--interface", "wsgi", "bench.wsgi:application", "--host", "127.0.0.1", "--port", str(port)]
    web = subprocess.Popen(
        [sys.executable, "-m", *command, "--workers", "1", "--blocking-threads", "4", "--no-access-log"],
        env={**os.environ, "DATABASE_POOL": "8", "SITE_URL": f"http://localhost:{port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)

        def pids() -> list[int]:
            return _family(web.pid) + _family(postmaster)

        read = measure(port, pids, get("/floor/read"))
        write = measure(port, pids, get("/floor/write"))
        print(f"{'':38}{'a second':>9}{'CPU ms':>8}{'rate/floor':>12}{'CPU/floor':>11}")
        _row("floor R: a constant page", read, read)
        _row("floor W: one INSERT and COMMIT", write, write)
        for slug in ("few", "many"):
            page = f"/letters/{slug}/"
            _row(f"letter page ({slug})", measure(port, pids, get(page)), read)
            _row(f"list of people ({slug})", measure(port, pids, get(f"{page}signatures/")), read)
            _row(f"search in it ({slug})", measure(port, pids, get(f"{page}signatures/?q=abcd")), read)
            form = measure(port, pids, signer(page, with_code=False))
            _row(f"form POST ({slug})", form, write)
            both = measure(port, pids, signer(page, with_code=True))
            _row(f"form and code POST ({slug})", both, write)
        _row("campaign with scoreboard", measure(port, pids, get("/campaigns/robots/")), read)
        _row("home", measure(port, pids, get("/")), read)
    finally:
        web.terminate()
        web.wait()


def _row(name: str, step: Measured, floor: Measured) -> None:
    print(f"{name:38}{step.rate:9.0f}{step.cpu:8.2f}{step.rate / floor.rate:12.3f}{step.cpu / floor.cpu:11.1f}")


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            Visitor(port).send("GET", "/healthz")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _cpu(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def _family(pid: int) -> list[int]:
    children = [
        int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()
    ]
    return [pid, *(member for child in children for member in _family(child))]


if __name__ == "__main__":
    main()
