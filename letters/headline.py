"""Who stands on the list and is not in the number at the top: those whose proof their letter does not count.

Their names are in the counts like all (`Cell`, `Day`), so that taking one back is the same for everybody; they are
taken off where a number is shown. A letter that counts all, as most do, costs no query for that.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from letters.models import PublicSignature

FLAGS = ("letter__counts_email", "letter__counts_reviewed")


def not_counted(rows: Iterable[Mapping[str, Any]]) -> "defaultdict[uuid.UUID, Counter[int | None]]":
    """Of each letter among `rows`, which carry its flags: how many of each employer its number leaves out."""
    found: defaultdict[uuid.UUID, Counter[int | None]] = defaultdict(Counter)
    now = _left_out(rows).filter(version__edition=F("letter__current__edition"))
    for row in now.values("letter_id", "employer_id").annotate(n=Count("pk")):
        found[row["letter_id"]][row["employer_id"]] = row["n"]
    return found


def not_counted_by_day(rows: Iterable[Mapping[str, Any]]) -> "Counter[date]":
    """How many of each day a letter's number leaves out, as they stand on the list now."""
    return Counter({row["signed_on"]: row["n"] for row in _left_out(rows).values("signed_on").annotate(n=Count("pk"))})


def not_counted_by_edition(rows: Iterable[Mapping[str, Any]]) -> "Counter[int]":
    """How many of each edition of the text a letter's number leaves out."""
    found = _left_out(rows).values("version__edition").annotate(n=Count("pk"))
    return Counter({row["version__edition"]: row["n"] for row in found})


def _left_out(rows: Iterable[Mapping[str, Any]]) -> "QuerySet[PublicSignature]":
    some = {row["letter_id"] for row in rows if not all(row[flag] for flag in FLAGS)}
    if not some:
        return PublicSignature.objects.none()
    level = Q(level="email", letter__counts_email=False) | Q(level="reviewed", letter__counts_reviewed=False)
    return PublicSignature.objects.filter(level, letter_id__in=some, state=PublicSignature.State.SHOWN)
