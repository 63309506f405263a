"""An import under way: where it writes, and what it notes for the person who asked for it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _

from accounts.models import User
from campaign.files.faults import Faults
from campaign.files.reading import Row
from campaign.models import Campaign

Tell = Callable[[int, int], None]  # how many things are written, of how many


def silent(done: int, total: int) -> None:
    """Nobody asked how far it is."""


def paced(tell: Tell, *, seconds: float) -> Tell:
    """The same, told at most so often."""
    last = time.monotonic()

    def now_and_then(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= seconds:
            last = time.monotonic()
            tell(done, total)

    return now_and_then


def lines_on(out: OutputWrapper) -> Tell:
    """A line now and then on a command's output."""
    return paced(lambda done, total: out.write(f"{done} of {total}"), seconds=2)


@dataclass
class Work:
    """An import under way: where it writes, and what it notes."""

    campaign: Campaign
    now: datetime
    opened_at: datetime
    by: User | None = None  # a member: she adds, and what she adds waits for its check; nobody: the operator
    total: int = 0
    tell: Tell = silent
    faults: Faults = field(default_factory=Faults)
    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._done = 0

    def step(self) -> None:
        """One thing more is written."""
        self._done += 1
        self.tell(self._done, self.total)

    def leave(self, section: str, key: str) -> None:
        """What is here already differs, and a member changes it on its page."""
        self.left_alone.append(_("%(section)s: %(key)s differs here and stays.") % {"section": section, "key": key})

    def note_others(self, section: str, keys: Iterable[str], rows: list[Row]) -> None:
        """List what the campaign has and the file has not."""
        if self.by is not None:
            return  # a file that adds need not have everything
        for key in sorted(set(keys) - {row["key"] for row in rows}):
            self.left_alone.append(_("%(section)s: %(key)s is not in the file.") % {"section": section, "key": key})


def plain(value: Any) -> Any:
    """A value of the file without the lines it stands on."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
