"""What a mail provider tells us afterwards: bounces and complaints, as django-anymail understands them.

The one signal of the house: it is the only way anymail hands events over. anymail has checked secret and signature.
"""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver

from accounts import suppression

_BOUNCES = {RejectReason.BOUNCED, RejectReason.INVALID}
_SOFT = {"SoftBounce"}  # Postmark's word for a full mailbox and the like, which anymail calls bounced as well


@receiver(tracking, dispatch_uid="accounts.webhooks")
def heed(sender: object, event: AnymailTrackingEvent, esp_name: str, **_more: object) -> None:
    """Note what keeps further mail from an address; anything else is of no interest and is not kept."""
    kind = str((event.metadata or {}).get("kind", ""))
    if not event.recipient or not kind:
        return
    esp_event: Any = event.esp_event
    soft = isinstance(esp_event, dict) and esp_event.get("Type") in _SOFT
    told = event.event_id or f"{event.event_type} {event.message_id} {event.timestamp} {event.recipient}"
    event_id = f"{esp_name} {told}"
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        suppression.note(event_id=event_id, kind=kind, address=event.recipient, reason="complained")
    elif not soft and (event.event_type == EventType.BOUNCED or _is_refused_for_good(event)):
        suppression.note(event_id=event_id, kind=kind, address=event.recipient, reason="bounced")


def _is_refused_for_good(event: AnymailTrackingEvent) -> bool:
    return bool(event.event_type == EventType.REJECTED and event.reject_reason in _BOUNCES)
