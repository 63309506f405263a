"""How large the crowd is that one would stand in: from published numbers alone, and never exactly."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from letters import queries
from letters.models import THRESHOLD
from letters.queries import LetterFacts

_BUCKETS = ((50, _("50 and more")), (25, _("25–49")), (10, _("10–24")), (0, _("under 10")))


@dataclass(frozen=True)
class Crowd:
    """The employers to choose from, and how many have signed at the one that was chosen."""

    employers: Sequence[tuple[str, str]]
    chosen: str = ""
    name: str = ""
    size: str | Promise = ""
    is_small: bool = False


def bucket(number: int) -> str | Promise:
    """About how many."""
    return dict(_BUCKETS)[least(number)]


def least(number: int) -> int:
    """The least that is said in the same words."""
    return next(least for least, _words in _BUCKETS if number >= least)


def around(letter: LetterFacts, chosen: str) -> Crowd:
    """The crowd at the chosen employer; it is said for those alone whom the campaign knows."""
    employers = [(one.key, one.name) for one in queries.employers(letter.directory_id)]
    name = dict(employers).get(chosen, "")
    if not name:
        return Crowd(employers)
    found = [count.total for count in queries.numbers(letter.id).employers if count.key == chosen]
    total = sum(found)
    return Crowd(employers, chosen, name, bucket(total), total < THRESHOLD)
