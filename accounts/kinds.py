"""The sorts of mail that we owe, each with its policy (docs/mail.md has the table)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What we owe for one sort of mail.

    `at_most_once`: whether a mail cut off in the middle is listed as uncertain (a repeat would annoy) or
    sent again (a repeat is harmless). `life`: after which it is of no use and is cancelled instead of sent.
    `sealed_under`: which key closes it while it waits (accounts.sealing). `honours_suppression`: whether it
    is kept from addresses that bounced or complained.
    """

    name: str
    queue: Literal["codes", "mail", "bulk"]
    at_most_once: bool
    life: timedelta
    sealed_under: Literal["brief", "days", "lasting"] = "lasting"
    honours_suppression: bool = False


CODE = Kind(name="code", queue="codes", at_most_once=False, life=timedelta(minutes=15), sealed_under="brief")
ACCOUNT = Kind(name="account", queue="mail", at_most_once=False, life=timedelta(hours=24))
INVITATION = Kind(name="invitation", queue="mail", at_most_once=False, life=timedelta(days=7), honours_suppression=True)
# A reminder that comes days late says what is no longer true.
REMINDER = Kind(name="reminder", queue="mail", at_most_once=True, life=timedelta(days=2), honours_suppression=True)
OUTREACH = Kind(name="outreach", queue="mail", at_most_once=True, life=timedelta(days=2), honours_suppression=True)
NEWS = Kind(name="news", queue="bulk", at_most_once=True, life=timedelta(days=3), honours_suppression=True)
UNFINISHED = Kind(
    name="unfinished",
    queue="mail",
    at_most_once=True,
    life=timedelta(days=2),
    sealed_under="days",
    honours_suppression=True,
)

KINDS = {kind.name: kind for kind in (CODE, ACCOUNT, INVITATION, REMINDER, OUTREACH, NEWS, UNFINISHED)}
QUEUES = ("codes", "mail", "bulk")
