"""Brings .venv up to date with the requirement files; run by the Makefile as a plain script.

It runs before anything is installed, on whatever Python there is: standard library only, and nothing
that Python 3.6 could not read, so that an old one can say that it is too old.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
from typing import IO

OLDEST = (3, 11)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed"
FILES = ("requirements.txt", "requirements-dev.txt", "constraints.txt")


def main() -> None:
    """Install what is missing, or end with one sentence."""
    if sys.version_info < OLDEST:
        sys.exit(
            f"This is Python {sys.version_info[0]}.{sys.version_info[1]}, and Undersigned needs 3.11 or newer: "
            "install one and name it, as in `make run PYTHON=python3.12`."
        )
    try:
        # Two commands started at once must not install into each other; the folder itself is the lock.
        fcntl.flock(os.open(str(ROOT), os.O_RDONLY), fcntl.LOCK_EX)
        if not _is_current():
            _install()
    except OSError as error:
        sys.exit(
            f"Cannot install into {VENV} ({error.strerror}): make room, or make the folder writable for you, "
            "and try again."
        )
    except KeyboardInterrupt:
        sys.exit("Stopped while installing; the next start begins the installation anew.")


def _wanted() -> str:
    """Changes when the requirement files, the Python or the folder's place do: each asks for a new install."""
    content = hashlib.sha256(str((ROOT, sys.version_info[:2])).encode())
    for name in FILES:
        content.update((ROOT / name).read_bytes())
    return content.hexdigest()


def _is_current() -> bool:
    try:
        return STAMP.read_text() == _wanted() and subprocess.call([str(PYTHON), "-c", ""]) == 0
    except OSError:
        return False


def _install() -> None:
    wanted = _wanted()
    log = _log()
    print(f"Installing what it needs into .venv (once, about a minute; details in {_short(log)}) …", flush=True)
    # Without its stamp the environment may be half of one: a package cut off in the middle looks complete to pip.
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    with log.open("wb") as output:
        if _ran([sys.executable, "-m", "venv", str(VENV)], output) != 0:
            sys.exit(
                f"Python's venv module does not work here (see {_short(log)}): install it, on Debian with "
                "`apt install python3-venv`, and try again."
            )
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2", "install"]
        pip += ["-r", "requirements-dev.txt", "-c", "constraints.txt"]
        if _ran(pip, output) != 0:
            sys.exit(
                f"pip could not install the requirements ({_last_words(log)}; all of it in {_short(log)}): "
                "see that the package index can be reached, and try again."
            )
    STAMP.write_text(wanted)


def _ran(command: "list[str]", output: "IO[bytes]") -> int:
    return subprocess.call(command, cwd=str(ROOT), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)


def _log() -> pathlib.Path:
    folder = pathlib.Path(os.environ.get("VAR_DIR") or str(ROOT / "var")).expanduser() / "log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "install.log"
        log.open("ab").close()
    except OSError as error:
        sys.exit(
            f"The data folder {folder.parent} cannot be written to ({error.strerror}): make it and all in it yours, "
            "or name another with VAR_DIR=."
        )
    return log


def _last_words(log: pathlib.Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.startswith("ERROR")]
    return lines[-1][:200].rstrip(".") if lines else "it gave no reason"


def _short(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT)) if ROOT in path.parents else str(path)


if __name__ == "__main__":
    main()
