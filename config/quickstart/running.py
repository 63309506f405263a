"""`make run`: servers, database, examples, web server, workers and schedule; then watch over them until told to end."""

import errno
import http.client
import os
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.quickstart import servers
from config.quickstart.children import MARK, Child, stop_all
from config.quickstart.leftovers import end_leftovers
from config.quickstart.places import alone_in, data_folder, environment, secret_key, short, write_environment
from config.quickstart.problems import Problem
from config.quickstart.valkey import free_port

READY_WITHIN = 90.0
AT_ONCE = 3.0  # seconds: who dies younger than that will not get better by being started again
RESTARTS = 5  # in RESTARTS_WITHIN seconds, for each process
RESTARTS_WITHIN = 120.0


def run(environ: Mapping[str, str]) -> None:
    """Everything, until Stop is raised by a signal or Problem by us."""
    own_servers = not servers.are_given(environ)
    var = data_folder(environ=environ)
    with ExitStack() as stack:
        lock = stack.enter_context(alone_in(var))
        (var / "address").unlink(missing_ok=True)
        if end_leftovers(var):
            say("Ended what an earlier run had left behind.")
        port = _port(environ.get("PORT", ""))
        address = (environ.get("SITE_URL") or f"http://localhost:{port}").rstrip("/")
        lock.write_text(f"{address}, process {os.getpid()}")

        say("Starting PostgreSQL and Valkey …" if own_servers else "Looking for the servers that you named …")
        found = stack.enter_context(servers.embedded(var, environ=environ)) if own_servers else servers.given(environ)
        chosen = _chosen(environ, var=var, address=address, found=found)
        write_environment(var, given=environ, chosen=environment(given=chosen, DATABASE_POOL="0"))
        say("Bringing the database up to date; at the first start, loading the examples …")
        _prepare(var, environment=environment(given=chosen, DATABASE_POOL="0", **{MARK: str(var)}))
        own = _processes(var, port=port, chosen={**chosen, MARK: str(var)})
        # Even a start that is cut short has something to end.
        stack.callback(stop_all, own, seconds=10)
        say("Starting web server, workers and schedule …")
        for child in own:
            child.start()
        _wait_until_ready(own, port=port, host=urlsplit(address).hostname or "localhost")

        (var / "address").write_text(address)
        stack.callback((var / "address").unlink, missing_ok=True)
        say(_summary(var, address=address, port=port))
        Watch([*found.children, *own]).forever()


def say(text: str) -> None:
    """To the person at the terminal, at once."""
    print(text, flush=True)


def _chosen(environ: Mapping[str, str], *, var: Path, address: str, found: servers.Servers) -> dict[str, str]:
    """The environment that every process gets: what was given wins."""
    chosen = environment(
        given=environ,
        DEVELOPMENT="1",
        SITE_URL=address,
        SECRET_KEY=secret_key(var),
        DATABASE_URL=found.database_url,
        REDIS_URL=found.redis_url,
        CODES_PER_ADDRESS_PER_DAY="30",
        CODES_PER_NETWORK_PER_HOUR="100000",  # everybody here is one network
        CODES_PER_DOMAIN_PER_HOUR="100000",
    )
    return {**chosen, "VAR_DIR": str(var)}


def _processes(var: Path, *, port: int, chosen: Mapping[str, str]) -> list[Child]:
    web, other = environment(given=chosen, DATABASE_POOL="8"), environment(given=chosen, DATABASE_POOL="0")
    python, celery = [sys.executable, "-m"], [sys.executable, "-m", "celery", "-A", "config"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
    serve = ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "127.0.0.1", "--port", str(port)]
    serve += ["--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
    serve += ["--respawn-failed-workers", "--respawn-interval", "0.2"]
    beat = ["beat", "--schedule", str(var / "beat" / "schedule"), "--pidfile=", "--loglevel", "INFO"]
    log = var / "log"
    return [
        Child(name="The web server", command=[*python, *serve], environment=web, log=log / "web.log"),
        _worker("codes", celery, quiet, environment=other, log=log),
        _worker("mail", celery, quiet, environment=other, log=log),
        _worker("bulk", celery, quiet, environment=other, log=log, processes=1),
        Child(name="The schedule", command=[*celery, *beat], environment=other, log=log / "beat.log"),
    ]


def _worker(
    queue: str, celery: list[str], quiet: list[str], *, environment: Mapping[str, str], log: Path, processes: int = 2
) -> Child:
    return Child(
        name=f"The worker for {queue}",
        command=[*celery, "worker", "-Q", queue, "-c", str(processes), "-n", f"{queue}@%h", *quiet],
        environment=environment,
        log=log / f"worker-{queue}.log",
    )


def _prepare(var: Path, *, environment: Mapping[str, str]) -> None:
    """Migrate and load the examples."""
    log = var / "log" / "prepare.log"
    command = [sys.executable, "-m", "config.quickstart.prepare"]
    step = Child(name="The preparation", command=command, environment=environment, log=log)
    try:
        step.start()
        if step.process and step.process.wait() != 0:
            raise Problem(f"The database could not be prepared: {step.where_to_look()}")
    finally:
        stop_all([step], seconds=5)


def _port(given: str) -> int:
    """The port that is meant, seen to be free before anything is started."""
    if given and (not given.isdigit() or int(given) > 65535):
        raise Problem(f"PORT is “{given}”: use a number from 1024 to 65535, or 0 for any that is free.")
    if given and int(given) == 0:
        return free_port()
    port = int(given or 8000)
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem(
                    f"Port {port} is taken by another program: end that, or choose another port, "
                    f"as in `make run PORT={port + 1 if port < 65535 else 8001}`."
                ) from error
            if error.errno == errno.EACCES:
                raise Problem(
                    f"Port {port} is for root only: choose one above 1023, as in `make run PORT=8001`."
                ) from error
            if family == socket.AF_INET:
                raise
    return port


def _wait_until_ready(own: list[Child], *, port: int, host: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    answer = "no answer"
    while time.monotonic() < deadline:
        for child in own:
            if not child.runs:
                raise Problem(f"{child.name} ended as soon as it was started: {child.where_to_look()}")
        status, answer = _ask(port, host)
        if status == 200:
            return
        time.sleep(0.25)
    raise Problem(
        f"It did not become ready within {READY_WITHIN:.0f} seconds (/readyz says “{answer}”): "
        f"the logs beside {short(own[0].log)} tell why."
    )


def _ask(port: int, host: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        response = connection.getresponse()
        return response.status, f"{response.status} {' '.join(response.read(300).decode(errors='replace').split())}"
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def _summary(var: Path, *, address: str, port: int) -> str:
    sign_in = var / "demo-sign-in.txt"
    rows = [("Open", f"{address}/")]
    if urlsplit(address).port != port:
        rows.append(("Listens", f"http://127.0.0.1:{port}/"))
    rows.append(("Organise", f"{address}/organise/"))
    if sign_in.exists():
        rows += [("", line) for line in filter(None, map(str.strip, sign_in.read_text().splitlines()))]
    rows += [
        ("Mail", f"{address}/mailbox/ (files in {short(var / 'mail')})"),
        ("Logs", short(var / "log")),
        ("Stop", "Ctrl-C; all data stays for the next start"),
    ]
    return (
        "\n  Undersigned is running.\n\n" + "\n".join(f"    {label:<10}{text}".rstrip() for label, text in rows) + "\n"
    )


@dataclass
class Watch:
    """Starts again what dies, says so, and gives up on what keeps dying."""

    children: list[Child]

    def __post_init__(self) -> None:
        self.deaths: dict[str, list[float]] = {child.name: [] for child in self.children}

    def forever(self) -> None:
        """Until an exception."""
        while True:
            time.sleep(0.25)
            for child in self.children:
                if not child.runs:
                    self._revive(child)

    def _revive(self, child: Child) -> None:
        stop_all([child], seconds=0)
        now = time.monotonic()
        deaths = [moment for moment in self.deaths[child.name] if now - moment < RESTARTS_WITHIN] + [now]
        self.deaths[child.name] = deaths
        if len(deaths) > RESTARTS or (len(deaths) > 1 and now - child.started_at < AT_ONCE):
            raise Problem(f"{child.name} keeps ending, so all has been stopped: {child.where_to_look()}")
        say(f"{child.name} ended and is started again; its log is {short(child.log)}.")
        child.start()
