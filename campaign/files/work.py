"""An import under way: where it writes, and what it notes for the person who asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaign.files.faults import Faults
from campaign.files.reading import Row
from campaign.models import Campaign


@dataclass
class Work:
    """An import under way: where it writes, and what it notes."""

    campaign: Campaign
    now: datetime
    opened_at: datetime
    faults: Faults = field(default_factory=Faults)
    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)

    def note_others(self, section: str, keys: Iterable[str], rows: list[Row]) -> None:
        """List what the campaign has and the file has not."""
        for key in sorted(set(keys) - {row["key"] for row in rows}):
            self.left_alone.append(_("%(section)s: %(key)s is not in the file.") % {"section": section, "key": key})


def plain(value: Any) -> Any:
    """A value of the file without the lines it stands on."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
