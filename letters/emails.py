"""The mail that signing causes: one, and it says nothing about signing."""

import uuid

from django.conf import settings
from django.template.loader import render_to_string

from accounts import outbox
from letters import verification


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
