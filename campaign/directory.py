"""The employers that a campaign knows: letters' verbs, and the log of who changed what proves work where."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from campaign import audit
from campaign.models import Audited, Campaign
from letters import employers
from letters.employers import NotPossible
from letters.queries import EmployerFacts

__all__ = ["NotPossible", "add_employer", "change_employer"]


@transaction.atomic
def add_employer(*, campaign: Campaign, name: str, domains: list[str], by: User, now: datetime, key: str = "") -> int:
    """A new employer; answers its id. Raises NotPossible."""
    employer_id = employers.add(directory_id=campaign.directory_id, name=name, domains=domains, key=key)
    audit.note(campaign=campaign, by=by, what=Audited.EMPLOYER_ADDED, about=_words(name, domains), now=now)
    return employer_id


@transaction.atomic
def change_employer(
    *, campaign: Campaign, employer: EmployerFacts, name: str, domains: list[str], by: User, now: datetime
) -> None:
    """Give the employer this name and these mail domains. Raises NotPossible; nothing is changed then."""
    employers.change(employer_id=employer.id, name=name, domains=domains)
    if (employer.name, list(employer.domains)) != (name, domains):
        about = f"{_words(employer.name, employer.domains)} → {_words(name, domains)}"
        audit.note(campaign=campaign, by=by, what=Audited.EMPLOYER_CHANGED, about=about, now=now)


def _words(name: str, domains: list[str] | tuple[str, ...]) -> str:
    return f"{name} ({', '.join(domains)})" if domains else name
