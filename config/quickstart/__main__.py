"""`python -m config.quickstart run` and `python -m config.quickstart with-servers COMMAND …`."""

import errno
import os
import signal
import subprocess
import sys
from typing import NoReturn

from config.quickstart import servers
from config.quickstart.children import ENDINGS, end_with_parent, heed_endings
from config.quickstart.places import environment
from config.quickstart.problems import Problem, Stop
from config.quickstart.running import run, say

USAGE = "Use `python -m config.quickstart run` or `python -m config.quickstart with-servers COMMAND …`."


def main(arguments: list[str]) -> int:
    """Do what the arguments say and return the exit status."""
    heed_endings()
    if "MAKELEVEL" in os.environ:
        end_with_parent()  # make may be killed too
    try:
        match arguments:
            case ["run"]:
                run(os.environ)
                return 0
            case ["with-servers", _, *_]:
                return with_servers(arguments[1:])
            case _:
                raise Problem(USAGE)
    except Stop:
        if arguments == ["run"]:
            say("\nStopped; all data stays for the next start.")
            return 0
        return 130
    except Problem as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print("The disk is full: make room, or name another data folder with VAR_DIR=.", file=sys.stderr, flush=True)
        return 1


def with_servers(command: list[str]) -> int:
    """Run `command` with PostgreSQL and Valkey to use, and return its exit status."""
    if servers.are_given(os.environ):
        _become(command)
    with servers.for_a_moment(environ=os.environ) as (found, var):
        given = {name: value for name, value in os.environ.items() if name not in {"DATABASE_POOL", "VAR_DIR"}}
        chosen = environment(
            given=given,
            DATABASE_URL=found.database_url,
            REDIS_URL=found.redis_url,
            DEVELOPMENT="1",
            DATABASE_POOL="0",
            VAR_DIR=str(var),
        )
        return _run(command, chosen)


def _run(command: list[str], environ: dict[str, str]) -> int:
    """In the foreground, so that it has the terminal; a Ctrl-C is its own to handle, a TERM is passed on."""
    try:
        process = subprocess.Popen(command, env=environ, preexec_fn=_as_from_the_shell)
    except OSError as error:
        raise Problem(f"{command[0]} cannot be run ({error.strerror}): name a command that can.") from error

    def pass_on(number: int, _frame: object) -> None:
        if number != signal.SIGINT:
            process.send_signal(number)

    for number in ENDINGS:
        signal.signal(number, pass_on)
    status = process.wait()
    return status if status >= 0 else 128 - status


def _as_from_the_shell() -> None:
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)
    end_with_parent()


def _become(command: list[str]) -> NoReturn:
    try:
        os.execvp(command[0], command)  # noqa: S606 - a command of the person's own
    except OSError as error:
        raise Problem(f"{command[0]} cannot be run ({error.strerror}): name a command that can.") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
