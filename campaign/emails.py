"""The mails that campaigns cause: one function for each, named after it."""

import zoneinfo
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import outbox
from accounts.models import User
from campaign.models import Invitation, Reminder

if TYPE_CHECKING:
    from campaign.queries import ExecutiveRow


def invitation(*, invitation: Invitation) -> None:
    """Tell somebody that a team asked for her; she accepts after signing in."""
    context = {
        "team": invitation.team,
        "by": invitation.invited_by,
        "address": _full(reverse("organise")),
        "site_name": settings.SITE_NAME,
    }
    outbox.queue(
        kind=outbox.INVITATION,
        key=f"{invitation.pk}:{invitation.invited_at.isoformat()}",
        mail=outbox.Letterhead(
            recipient=invitation.email,
            subject=_one_line("campaign/mail/invitation_subject.txt", context),
            text=render_to_string("campaign/mail/invitation.txt", context),
        ),
    )


def no_answer(*, reminder: Reminder, user: User, silent: "Sequence[ExecutiveRow]") -> None:
    """Tell a member that the reply-by date has passed and who has not answered."""
    campaign = reminder.campaign_letter.campaign
    context = {
        "campaign": campaign,
        "reply_by": reminder.due_at,
        "silent": silent,
        "address": _full(reverse("campaign", args=[campaign.slug])),
        "settings_address": _full(reverse("organise-reminders", args=[campaign.slug])),
    }
    with timezone.override(zoneinfo.ZoneInfo(campaign.time_zone)):
        mail = outbox.Letterhead(
            recipient=user.email,
            subject=_one_line("campaign/mail/no_answer_subject.txt", context),
            text=render_to_string("campaign/mail/no_answer.txt", context),
        )
    outbox.queue(kind=outbox.REMINDER, key=f"{reminder.pk}:{user.pk}", mail=mail)


def _full(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _one_line(template: str, context: dict[str, object]) -> str:
    return " ".join(render_to_string(template, context).split())
