"""Web workers are killed while people sign; then it is seen whether every answer was kept, and nothing came twice.

Signers do what people do when a page does not load: they send the same again, and if their code is used up they begin
anew. Whoever was answered "signed" never tries again, so a signature that was answered and is not there stays missing.
"""

import contextlib
import email
import email.policy
import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from config.quickstart import leftovers
from tests.journeys.at_rest import environment_of
from tests.journeys.campaigns import Letter
from tests.people import NO_TLS, code_in, plain

_HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|version)" value="([^"]+)"')
_TIDY = 0.3  # seconds between looks at the mail


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many sign, how many at once, and how often a worker is killed meanwhile."""

    signers: int
    kills: int
    patience: float  # seconds for all of it
    at_once: int = 8
    apart: float = 0  # seconds between two kills: Granian takes deaths within 5.5 s for a crash loop and ends itself
    ends_the_database: bool = False  # immediately and without a goodbye, before it is counted
    seed: int = 0


SMALL = Plan(signers=16, kills=2, patience=60)
FULL = Plan(signers=1000, kills=100, patience=1800, apart=6, ends_the_database=True)


@dataclass(frozen=True)
class Signer:
    """One person with a mailbox of her own; every second one shows her name."""

    number: int

    @property
    def is_public(self) -> bool:
        return self.number % 2 == 0

    @property
    def address(self) -> str:
        return f"signer{self.number}@home{self.number % 40}.example"

    @property
    def name(self) -> str:
        letters, rest = "", self.number
        for _place in range(3):
            letters, rest = letters + chr(ord("a") + rest % 26), rest // 26
        return f"Wanda Quil{letters}"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the database holds in the end."""

    names: list[str]
    tags: int
    public: int  # as cells count them
    confidential: int  # shown or waiting


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Who was answered, and what was kept."""

    signers: list[Signer]
    kept: Kept
    answered: list[int]
    kills: int
    refused: int  # requests that reached nobody
    cut_off: int  # requests without an answer
    anew: int  # times that somebody began anew because her code was used up
    errors: Counter[int]  # answers of 500 and more
    seconds: float

    def broken(self) -> list[str]:
        """The promises that were not kept."""
        named = {one.name for one in self.signers if one.is_public}
        found, kept = Counter(self.kept.names), self.kept
        said = {
            f"{len(self.signers) - len(self.answered)} were never answered": len(self.answered) < len(self.signers),
            f"answered and not kept: {sorted(named - set(found))[:5]}": bool(named - set(found)),
            f"twice on the list: {[name for name, many in found.items() if many > 1][:5]}": max(found.values()) > 1,
            f"{kept.tags} tags of {len(self.signers)} people": kept.tags != len(self.signers),
            f"{kept.public} counted of {len(named)} names": kept.public != len(named),
            f"{kept.confidential} confidential ones counted of {len(self.signers) - len(named)}": kept.confidential
            != len(self.signers) - len(named),
            f"answered with {dict(self.errors)}": bool(self.errors),
        }
        return [promise for promise, is_broken in said.items() if is_broken]

    def table(self) -> str:
        """What happened, in lines."""
        return "\n".join(
            (
                f"signed {len(self.answered)} of {len(self.signers)} in {self.seconds:.0f} s, {self.kills} kills -9",
                f"requests that were cut off {self.cut_off}, that reached nobody {self.refused}",
                f"begun anew because the code was used up {self.anew}, errors {dict(self.errors)}",
                f"kept: {len(self.kept.names)} names, {self.kept.tags} tags, {self.kept.confidential} confidential",
            )
        )


def lay(letter: Letter, plan: Plan) -> Outcome:
    """Let everybody sign while workers are killed, and count."""
    siege = _Siege(letter, plan)
    began = time.monotonic()
    with ThreadPoolExecutor(plan.at_once) as crowd:
        done = [crowd.submit(siege.sign, one) for one in siege.signers]
        siege.kill_as_they_sign()
        for one in done:
            one.result()
    seconds = time.monotonic() - began
    if plan.ends_the_database:
        siege.end_the_database()
    return Outcome(
        signers=siege.signers,
        kept=siege.count(),
        answered=sorted(siege.answered),
        kills=siege.kills,
        refused=siege.refused,
        cut_off=siege.cut_off,
        anew=siege.anew,
        errors=siege.errors,
        seconds=seconds,
    )


@dataclass
class _Siege:
    letter: Letter
    plan: Plan
    answered: set[int] = field(default_factory=set)
    errors: Counter[int] = field(default_factory=Counter)
    kills: int = 0
    codes_on_their_way: int = 0
    refused: int = 0
    cut_off: int = 0
    anew: int = 0

    def __post_init__(self) -> None:
        self.signers = [Signer(number) for number in range(self.plan.signers)]
        self.until = time.monotonic() + self.plan.patience
        self.chance = random.Random(self.plan.seed)
        self.post = _Post(self.letter.site.mail_folder)
        self.database = environment_of(self.letter)["DATABASE_URL"]

    def sign(self, one: Signer) -> None:
        """Until the page says thank you. Nobody begins before the kills that go before her."""
        while self.kills < one.number // self._every() - 2 and time.monotonic() < self.until:
            time.sleep(0.1)
        while time.monotonic() < self.until:
            web = httpx.Client(base_url=self.letter.site.address, timeout=20, verify=NO_TLS)
            with contextlib.suppress(_BeginAnew), web:
                self._sign(web, one)
                self.answered.add(one.number)
                return
            self.anew += 1

    def kill_as_they_sign(self) -> None:
        """A worker after each so many who signed, at whatever the others are at."""
        last = -self.plan.apart
        while self.kills < self.plan.kills and time.monotonic() < self.until:
            may = time.monotonic() - last >= self.plan.apart
            if may and len(self.answered) >= self._every() * (self.kills + 1) and (workers := self._workers()):
                self._wait_for_a_code()
                time.sleep(self.chance.uniform(0, 0.06))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self.chance.choice(workers), signal.SIGKILL)
                    self.kills += 1
                    last = time.monotonic()
            time.sleep(0.02)

    def _every(self) -> float:
        """How many sign for each kill."""
        return len(self.signers) / (self.plan.kills + 1)

    def _wait_for_a_code(self) -> None:
        """Until somebody has sent hers and has no answer: then a kill hurts most."""
        until = time.monotonic() + 2
        while not self.codes_on_their_way and time.monotonic() < until:
            time.sleep(0.002)

    def end_the_database(self) -> None:
        """Stop PostgreSQL in immediate mode; what watches over it starts it again."""
        postmaster = self.letter.site.var / "postgres" / "postmaster.pid"
        os.kill(int(postmaster.read_text().split()[0]), signal.SIGQUIT)
        time.sleep(2)

    def count(self) -> Kept:
        """What is there, asked of the database itself."""
        with self._connection() as database:
            names = database.execute(
                "SELECT name FROM letters_publicsignature AS one JOIN letters_letter AS letter ON letter.id = letter_id"
                " WHERE slug = %s AND one.state = 'shown'",
                [self.letter.slug],
            ).fetchall()
            [(tags, public, confidential)] = database.execute(
                "SELECT (SELECT count(*) FROM letters_tag WHERE letter_id = letter.id),"
                " (SELECT coalesce(sum(public), 0) FROM letters_cell WHERE letter_id = letter.id),"
                " (SELECT coalesce(sum(confidential), 0) FROM letters_cell WHERE letter_id = letter.id)"
                " + (SELECT coalesce(sum(count), 0) FROM letters_waiting WHERE letter_id = letter.id)"
                " FROM letters_letter AS letter WHERE slug = %s",
                [self.letter.slug],
            ).fetchall()
        return Kept(names=[name for (name,) in names], tags=tags, public=int(public), confidential=int(confidential))

    @contextlib.contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        until = time.monotonic() + 60
        while True:
            try:
                with psycopg.connect(self.database, connect_timeout=5) as connection:
                    yield connection
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def _sign(self, web: httpx.Client, one: Signer) -> None:
        path = f"/letters/{self.letter.slug}"
        form = dict(_HIDDEN.findall(self._ask(web, "GET", f"{path}/sign/", expect=200).text))
        form |= {"visibility": "confidential", "email": one.address}
        if one.is_public:
            form |= {"visibility": "public", "name": one.name}
        had = self.post.number(one.address)
        self._ask(web, "POST", f"{path}/sign/", expect=302, data=form)
        while True:
            code = self.post.wait(one.address, more_than=had, until=self.until)
            self.codes_on_their_way += 1
            try:
                answer = self._ask(web, "POST", f"{path}/code/", expect=302, data={**form, "code": code})
            finally:
                self.codes_on_their_way -= 1
            if answer.status_code == 302:
                break
            had += 1  # that code was for a form whose answer was cut off; a newer one is on its way
        assert answer.headers["Location"].endswith("/signed/"), answer.headers["Location"]

    def _ask(
        self, web: httpx.Client, method: str, path: str, *, expect: int, data: dict[str, str] | None = None
    ) -> httpx.Response:
        """The answer, asked for again and again as a person does. Raises _BeginAnew if the page says so."""
        while time.monotonic() < self.until:
            try:
                answer = web.request(method, path, data=data)
            except httpx.ConnectError:
                self.refused += 1
                time.sleep(0.2)
                continue
            except httpx.TransportError:
                self.cut_off += 1
                continue
            if answer.status_code in {409, 410}:
                raise _BeginAnew
            if answer.status_code in {expect, 422}:
                return answer
            if answer.status_code < 500:
                raise AssertionError(f"{method} {path} answered {answer.status_code}: {plain(answer.text)[:300]}")
            self.errors[answer.status_code] += 1
            time.sleep(0.1)
        raise _BeginAnew

    def _workers(self) -> list[int]:
        """The web server's own worker processes that run now: its children, which carry its name."""
        web = {pid for pid in leftovers.processes_of(self.letter.site.var) if b"granian\0--interface" in _command(pid)}
        return sorted(pid for pid in web if _parent(pid) in web)


class _BeginAnew(Exception):
    """The code is used up, or too late: the page says to start again."""


class _Post:
    """The codes that reached each mailbox; every file is read once, whoever asks."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._read, self._lock = folder, set(), threading.Lock()
        self._codes: dict[str, list[str]] = {}

    def number(self, address: str) -> int:
        return len(self._codes.get(address, []))

    def wait(self, address: str, *, more_than: int, until: float) -> str:
        """The newest code, once there are more."""
        while time.monotonic() < until:
            with self._lock:
                self._look()
            if self.number(address) > more_than:
                return self._codes[address][-1]
            time.sleep(_TIDY)
        raise _BeginAnew

    def _look(self) -> None:
        for entry in sorted(os.scandir(self._folder), key=lambda one: one.name):
            if entry.name.endswith(".eml") and entry.name not in self._read:
                self._read.add(entry.name)
                mail = email.message_from_bytes(Path(entry.path).read_bytes(), policy=email.policy.default)
                if str(mail["To"]).startswith("signer"):
                    self._codes.setdefault(str(mail["To"]), []).append(code_in(mail))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
