"""What is wrong with a file, each fault with its line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_FAULTS = 20


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, and in which line."""

    line: int
    text: str


class Faulty(Exception):
    """The file cannot be imported; nothing was changed. Its text has a line for every fault."""

    def __init__(self, faults: Iterable[Fault], *, file_name: str) -> None:
        self.faults = tuple(sorted(set(faults)))
        lines = (
            _("%(file)s, line %(line)s: %(text)s") % {"file": file_name, "line": fault.line, "text": fault.text}
            for fault in self.faults
        )
        super().__init__("\n".join(lines))


class Enough(Exception):
    """So many faults were found that listing more would not help."""


class Faults(list[Fault]):
    """The faults found so far."""

    def add(self, line: int, text: str) -> None:
        """One more. Raises Enough when the list is full."""
        self.append(Fault(line, text))
        if len(self) >= MOST_FAULTS:
            raise Enough


class Refused(Exception):
    """The file is refused before its fields are looked at."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.fault = Fault(line, text)
