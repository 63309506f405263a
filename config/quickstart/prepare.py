"""Brings the database up to date and loads the examples, in one process so that a start stays short."""

import django
from django.core.management import CommandError, call_command
from django.db import DatabaseError


def prepare() -> None:
    """End with one line when a step is not possible; the log above it has the rest."""
    django.setup()
    aim = "bring the database up to date"
    try:
        call_command("migrate", interactive=False)
        aim = "load the examples"
        call_command("load_examples")
    except (CommandError, DatabaseError) as error:
        raise SystemExit(f"Could not {aim}: {' '.join(str(error).split())}") from error


if __name__ == "__main__":
    prepare()
