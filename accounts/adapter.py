"""Where django-allauth meets our rules: its mail goes through the outbox, and it never sees an IP."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from accounts import dress, outbox, throttling

_MAILS_A_DAY = 12


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth as organisers meet it."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Owe the mail instead of sending it inside the request."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        text = str(message.body)
        html = dress.html_of(
            text, language=get_language() or "en", right_to_left=get_language_bidi(), title=message.subject
        )
        within = throttling.within(scope="account", subject=email.lower(), most=_MAILS_A_DAY, seconds=86400)
        with transaction.atomic():
            outbox.queue(
                kind=outbox.ACCOUNT,
                key=str(uuid.uuid4()),
                mail=outbox.Letterhead(recipient=email, subject=message.subject, text=text, html=html),
                withheld=not within,
            )

    def get_client_ip(self, request: HttpRequest) -> str:
        """A stand-in made of the network's HMAC under a key of the day: allauth writes it into cache keys."""
        return throttling.veiled_network_of(request)
