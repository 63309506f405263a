"""The mail that signing and following cause, and that says nothing about either."""

import uuid
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from accounts import outbox
from accounts.speaking import always_english
from letters import verification


@always_english
def code(*, address: str, code: str, withheld: bool) -> None:
    """Owe the code to the address. The mail names no letter, no company and no act; it carries no link."""
    outbox.queue(
        kind=outbox.CODE,
        key=str(uuid.uuid4()),
        mail=outbox.Letterhead(
            recipient=address,
            subject=render_to_string("letters/mail/code_subject.txt").strip(),
            text=render_to_string("letters/mail/code.txt", {"code": verification.readable(code)}),
            sender=settings.CODE_FROM_EMAIL,
        ),
        withheld=withheld,
    )


@always_english
def unfinished(*, address: str, key: str, due_at: datetime, withheld: bool) -> None:
    """Owe the one mail to somebody who asked for a code, wanted her name shown, and did not type it.

    It is as neutral as the code's: it may be read by whoever reads the mailbox.
    """
    outbox.queue(
        kind=outbox.UNFINISHED,
        key=key,
        mail=outbox.Letterhead(
            recipient=address,
            subject=render_to_string("letters/mail/unfinished_subject.txt").strip(),
            text=render_to_string("letters/mail/unfinished.txt"),
            sender=settings.CODE_FROM_EMAIL,
        ),
        due_at=due_at,
        withheld=withheld,
    )
