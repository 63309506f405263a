"""What will stand on the page, before anything is sent."""

from dataclasses import dataclass
from datetime import date

from letters import verification
from letters.models import ProofLevel
from letters.queries import LetterFacts, Signer
from letters.wishes import Visibility, Wish


@dataclass(frozen=True)
class Preview:
    """A public signer as she would be shown, or at which employer a confidential one would count."""

    people: tuple[Signer, ...]
    employer: str
    quotable: bool = False


def preview(*, letter: LetterFacts, wish: Wish, today: date) -> Preview:
    """How this wish would look. It depends on what was typed and on the address's domain alone."""
    employer, _domains = verification.employer_at(
        directory_id=letter.directory_id, domain=verification.domain_of(wish.address)
    )
    name = employer.name if employer else ""
    if wish.visibility is not Visibility.PUBLIC:
        return Preview((), name)
    level = ProofLevel.WORK if employer else ProofLevel.EMAIL
    shown = Signer(
        0, wish.name, wish.role, name or wish.employer, level.value, str(level.label), today, reason=wish.reason
    )
    return Preview((shown,), name, wish.quotable)
