"""Typed readers of environment variables: a wrong value stops the program with the variable's name."""

import os
from collections.abc import Sequence
from pathlib import Path


class WrongSetting(SystemExit):
    """An environment variable that is missing or cannot be understood; the text says which and what to do."""


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or `default`; without a default the variable is required."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise WrongSetting(f"{name} is not set. See docs/operations.md for what it means.")
    return default


def truth(name: str, default: bool) -> bool:
    """`name` read as yes or no (1, true, yes, on / 0, false, no, off)."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise WrongSetting(f"{name} is {value!r}; use 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """`name` read as a whole number of at least `least`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise WrongSetting(f"{name} is {value!r}; use a whole number, at least {least}.")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """`name` read as a list, parted by commas."""
    value = os.environ.get(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def folder(name: str, default: Path) -> Path:
    """`name` read as a folder's path."""
    value = os.environ.get(name, "")
    return Path(value).expanduser().resolve() if value else default


def choice(name: str, options: Sequence[str]) -> str:
    """`name` read as one of these words; nothing if it is not set."""
    value = os.environ.get(name, "").strip().lower()
    if value and value not in options:
        raise WrongSetting(f"{name} is {value!r}; use one of {', '.join(options)}.")
    return value


def prefixed(prefix: str) -> dict[str, str | int]:
    """All variables that begin so, by the rest of their names; whole numbers are read as such."""
    found = {
        name.removeprefix(prefix): value for name, value in os.environ.items() if name.startswith(prefix) and value
    }
    return {name: int(value) if value.isdigit() else value for name, value in found.items()}
