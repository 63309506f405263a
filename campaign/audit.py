"""Noting what members did, in the transaction of the act. All of the team can read it; nobody can change it."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.speaking import always_english
from campaign.models import Audited, AuditEntry, Campaign
from campaign.models.audit import ADDRESS


def note(
    *,
    campaign: Campaign,
    by: User | None,
    what: Audited,
    about: str,
    reason: str = "",
    count: int | None = None,
    now: datetime,
) -> None:
    """Put an act on the campaign's log; `by` nobody: the clock or the operator. Call it in the act's transaction.

    What looks like a mail address is left out: a log that is kept must not name a signer by accident.
    """
    AuditEntry.objects.create(
        campaign=campaign,
        at=now,
        by=by,
        by_person=by is not None,
        what=what,
        about=_without_addresses(about, 300),
        reason=_without_addresses(reason, 500),
        count=count,
    )


@always_english
def _without_addresses(text: str, most: int) -> str:
    words = text.replace("\0", "").split()
    line = " ".join(_("(address left out)") if re.search(ADDRESS, word) else word for word in words)
    return line if len(line) <= most else f"{line[: most - 1]}…"
