"""Where things lie: the data folder, its lock, its secret key, and the environment made from them."""

import fcntl
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.quickstart.problems import Problem

ROOT = Path(__file__).resolve().parent.parent.parent
LEAST_ROOM = 200 * 1024 * 1024


def data_folder(*, environ: Mapping[str, str]) -> Path:
    """The data folder that is meant, made and seen to be writable."""
    var = Path(environ.get("VAR_DIR") or ROOT / "var").expanduser().resolve()
    try:
        # 0711: PostgreSQL may run as another user, who has to pass through.
        var.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("log", "beat", "valkey"):
            (var / name).mkdir(mode=0o700, exist_ok=True)
            _try_to_write(var / name)
        _try_to_write(var)
        room = shutil.disk_usage(var).free
    except OSError as error:
        raise Problem(
            f"The data folder {var} cannot be written to ({error.strerror}): make it and all in it yours, "
            "or name another with VAR_DIR=."
        ) from error
    if room < LEAST_ROOM:
        raise Problem(f"The disk under {var} is full: make 200 MB of room, or name another folder with VAR_DIR=.")
    return var


def _try_to_write(folder: Path) -> None:
    trial = folder / f".trial-{os.getpid()}"
    trial.write_bytes(b"")
    trial.unlink()


@contextmanager
def alone_in(var: Path) -> Iterator[Path]:
    """Keep everyone else out of the data folder. The lock falls with the process, whatever ends it."""
    path = var / "lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip() or "by another process"
            raise Problem(
                f"Undersigned is already running on {var} ({holder}): use that one, end it first, "
                "or name another folder with VAR_DIR=."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        try:
            yield path
        finally:
            lock.truncate(0)


def secret_key(var: Path) -> str:
    """The key kept in the data folder, made at the first start."""
    path = var / "secret-key"
    if path.exists() and path.stat().st_size:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    write_private(path, key)
    return key


def write_private(path: Path, text: str) -> None:
    """Write `text` so that nobody else can read it, all of it or nothing."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def environment(*, given: Mapping[str, str], **defaults: str) -> dict[str, str]:
    """`given` with what it lacks from `defaults`; an empty value counts as lacking."""
    present = {name: value for name, value in given.items() if value}
    return {**defaults, **present, "DJANGO_SETTINGS_MODULE": "config.settings"}


# Another shell does not have what this one was given; a wrong folder of keys would do harm in silence.
_ALWAYS_WRITTEN = frozenset(
    {"DATABASE_URL", "KEYRING_DIR", "MAIL_DIR", "REDIS_URL", "SECRET_KEY", "SITE_URL", "VAR_DIR"}
)


def write_environment(var: Path, *, given: Mapping[str, str], chosen: Mapping[str, str]) -> None:
    """Leave what was chosen as a file for the shell: `set -a; . var/environment` and manage.py speaks to this run."""
    lines = [
        f"{name}={shlex.quote(value)}\n"
        for name, value in sorted(chosen.items())
        if name in _ALWAYS_WRITTEN or given.get(name) != value
    ]
    write_private(var / "environment", "".join(lines))


def short(path: Path) -> str:
    """`path` as a person in the project's folder would type it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
