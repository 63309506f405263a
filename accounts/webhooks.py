"""What a mail provider tells us afterwards: bounces and complaints, as django-anymail understands them.

The one signal of the house: it is the only way anymail hands events over. anymail has checked secret and signature.
"""

import re
from collections.abc import Mapping

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.dispatch import receiver

from accounts import suppression

# anymail calls a full mailbox bounced as well. Where each provider says what it was, and its words for a mailbox that
# is not there. What is not in here may pass, and keeps nothing from anybody. Postal tells no kinds, Scaleway nothing.
_Path = tuple[str, ...]
_PERMANENT: dict[str, tuple[tuple[_Path, ...], frozenset[str]]] = {
    "Brevo": ((("event",),), frozenset({"hard_bounce", "invalid_email"})),
    "MailerSend": ((("data", "type"),), frozenset({"hard_bounced"})),
    "Mailgun": ((("event-data", "reason"),), frozenset({"bounce", "suppress-bounce"})),
    "Mailjet": ((("hard_bounce",),), frozenset({"True"})),
    "Mailtrap": ((("event",),), frozenset({"bounce"})),
    "Mandrill": ((("event",), ("type",)), frozenset({"hard_bounce"})),
    "Postmark": ((("Type",), ("SuppressionReason",)), frozenset({"HardBounce", "BadEmailAddress"})),
    "SparkPost": ((("msys", "message_event", "bounce_class"),), frozenset({"10", "30"})),
}
# What the recipient's server answered, where it answered so, is no word about its mailbox: for now, a full one, too
# large a mail, its own trouble, its policy (RFC 3463).
_MAY_PASS = re.compile(r"(?<![\d.])(4\.\d{1,3}\.\d{1,3}|5\.2\.[23]|5\.[37]\.\d{1,3})(?!\.?\d)")
# Postmark's word for a filter's opinion, which anymail calls a complaint.
_NO_COMPLAINT = {"SpamNotification"}


@receiver(tracking, dispatch_uid="accounts.webhooks")
def heed(sender: object, event: AnymailTrackingEvent, esp_name: str, **_more: object) -> None:
    """Note what keeps further mail from an address; anything else is of no interest and is not kept."""
    kind = str((event.metadata or {}).get("kind", ""))
    if not event.recipient or not kind:
        return
    told = event.event_id or f"{event.event_type} {event.message_id} {event.timestamp} {event.recipient}"
    event_id = f"{esp_name} {told}"
    if event.event_type == EventType.COMPLAINED and _word(event, ("Type",)) not in _NO_COMPLAINT:
        suppression.note(event_id=event_id, kind=kind, address=event.recipient, reason="complained")
    elif event.event_type in {EventType.BOUNCED, EventType.REJECTED} and _is_for_good(event, esp_name):
        suppression.note(event_id=event_id, kind=kind, address=event.recipient, reason="bounced")


def _is_for_good(event: AnymailTrackingEvent, provider: str) -> bool:
    """Whether the provider says that there is no such mailbox, and the recipient's server nothing milder."""
    paths, words = _PERMANENT.get(provider, ((), frozenset()))
    told = next((word for path in paths if (word := _word(event, path))), "")
    return told in words and not _MAY_PASS.search(str(event.mta_response or ""))


def _word(event: AnymailTrackingEvent, path: _Path) -> str:
    """What stands at this place of the provider's own report."""
    found: object = event.esp_event
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return "" if found is None else str(found)
