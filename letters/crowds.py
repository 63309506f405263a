"""Groups of ten or more among a letter's signers, for tables and pictures. A smaller one is in none of them."""

import uuid
from dataclasses import dataclass

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from letters.models import THRESHOLD, Cell, RoleGroup
from letters.queries import Numbers


@dataclass(frozen=True)
class Crowd:
    """A group and how many of it signed."""

    name: str
    total: int
    is_rest: bool = False  # all that is in no group of its own


def of_employers(counted: Numbers) -> tuple[Crowd, ...]:
    """The employers of ten or more who signed, largest first."""
    return tuple(Crowd(count.name, count.total) for count in counted.employers if count.total >= THRESHOLD)


def of_roles(letter_id: uuid.UUID) -> tuple[Crowd, ...]:
    """The kinds of work of ten or more who signed a letter as it reads now, largest first; what is left comes last.

    What is left is said only when it is ten or more too.
    """
    rows = Cell.objects.filter(letter_id=letter_id, version__number=F("letter__current__edition")).values("role_group")
    counts = {row["role_group"]: row["n"] for row in rows.annotate(n=Sum("public") + Sum("confidential"))}
    left = counts.pop(RoleGroup.OTHER, 0) + counts.pop("", 0)
    crowds = []
    for group, number in counts.items():
        if number >= THRESHOLD:
            crowds.append(Crowd(str(RoleGroup(group).label), number))
        else:
            left += number
    rest = [Crowd(_("Other work, or not said"), left, is_rest=True)] if left >= THRESHOLD else []
    return (*sorted(crowds, key=lambda crowd: (-crowd.total, crowd.name)), *rest)
