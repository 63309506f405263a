"""Handing one mail over to the server that carries it on: the only place where mail touches the wire."""

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection


class NotConnected(Exception):
    """The relay could not be reached, so nothing has left; the text is the class of the failure."""


class NotConfirmed(Exception):
    """A provider answered, and did not say that it took the mail."""


class NoRecipient(Exception):
    """There is nobody to send it to."""


class NotTaken(NotConfirmed):
    """The mail server was there, and was handed nothing."""


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """What one mail says and to whom. Never logged, never a task's argument."""

    recipient: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    unsubscribe: str = ""  # a full https address that takes one POST (RFC 8058)


def hand_over(mail_id: uuid.UUID, head: Letterhead, *, kind: str = "") -> None:
    """Send it now; the row's id is the Message-ID. Connecting is a step of its own, before which nothing has left.

    `kind` goes along as the provider's metadata, where one has it, so that its webhooks can tell; codes carry none.
    """
    if not head.recipient.strip():
        raise NoRecipient
    try:
        connection = get_connection(fail_silently=False)
        connection.open()
    except Exception as error:
        raise NotConnected(type(error).__name__) from error
    try:
        message = _message(mail_id, head, connection)
        if kind:
            message.metadata = {"kind": kind}  # type: ignore[attr-defined]  # anymail reads it; Django knows no such attribute
        if message.send(fail_silently=False) == 0:
            raise NotTaken
        status = getattr(message, "anymail_status", None)  # anymail passes over answers that it does not know
        if status is not None and not set(status.status or ["unknown"]) <= {"sent", "queued"}:
            raise NotConfirmed
    finally:
        connection.close()


def _message(mail_id: uuid.UUID, head: Letterhead, connection: object) -> EmailMultiAlternatives:
    sender = head.sender or settings.DEFAULT_FROM_EMAIL
    host = urlsplit(settings.SITE_URL).hostname if not head.sender else sender.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{mail_id}@{host}>", "Auto-Submitted": "auto-generated"}
    if head.unsubscribe:
        headers |= {"List-Unsubscribe": f"<{head.unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject=head.subject,
        body=head.text,
        from_email=sender,
        to=[head.recipient],
        headers=headers,
        connection=connection,
    )
    if head.html:
        message.attach_alternative(head.html, "text/html")
    return message
