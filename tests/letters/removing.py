"""Letters with names on them, for tests about taking some off."""

from datetime import date

from letters import counting
from letters.models import Cell, Day, Letter, ProofLevel, PublicSignature, Tag
from tests.cast import NOW, Cast

TODAY = NOW.date()


def put_on(cast: Cast, *names: str, employer: int | None = None, day: date = TODAY, **more: str) -> list[int]:
    """So many people show their names, as if each had typed a code."""
    letter = Letter.objects.get(pk=cast.letter.id)
    ids = []
    for name in names:
        tag = Tag.objects.create(letter=letter, digest=name.encode().ljust(32, b"."), public=True)
        row = PublicSignature.objects.create(
            letter=letter,
            version_id=letter.current_id,
            tag=tag,
            name=name,
            role=more.get("role", ""),
            role_group=more.get("role_group", ""),
            employer_id=employer,
            employer_name=more.get("employer_name", ""),
            level=ProofLevel.WORK if employer else ProofLevel.EMAIL,
            signed_on=day,
        )
        ids.append(row.pk)
        counting.count_public(
            letter_id=letter.pk,
            version_id=letter.current_id,
            employer_id=employer,
            role_group=row.role_group,
            today=day,
        )
    return ids


def adds_up(cast: Cast) -> None:
    """What cells, days and the list say of names is the same number."""
    shown = PublicSignature.objects.filter(letter=cast.letter.id, state="shown").count()
    cells = sum(Cell.objects.filter(letter=cast.letter.id).values_list("public", flat=True))
    days = Day.objects.filter(letter=cast.letter.id)
    moved = sum(day.public + day.restored - day.withdrawn - day.removed for day in days)
    assert shown == cells == moved
