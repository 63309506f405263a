"""Owing mail and playing the relay: what tests about the outbox share."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts import outbox
from accounts.models import Lane, OutgoingMail


def owe(kind: outbox.Kind = outbox.ACCOUNT, key: str = "one", to: str = "carla@team.example", **extra) -> None:
    mail = outbox.Letterhead(recipient=to, subject="Subject", text="Text")
    with transaction.atomic():
        outbox.queue(kind=kind, key=key, mail=mail, **extra)


class Relay:
    """A mail server's answers, in order; an exception is raised, anything else accepts."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.sent = list(answers), []

    def __call__(self, mail_id: uuid.UUID, head: outbox.Letterhead, **more: str) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        self.sent.append((mail_id, head))


def now_due() -> None:
    OutgoingMail.objects.filter(state="waiting").update(due_at=Now() - timedelta(seconds=1))


def time_passes(passed: timedelta) -> None:
    """For the lanes: what they have paid for lies further back."""
    Lane.objects.update(paid_until=F("paid_until") - passed)
