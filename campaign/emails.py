"""The mails that campaigns cause: one function for each, named after it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import dress, hours, outbox
from accounts.models import User
from accounts.speaking import always_english
from campaign.models import Campaign, Executive, Invitation, Notice, Outreach
from campaign.reminders import wishes

if TYPE_CHECKING:
    from campaign.reminders.wording import Wording


@always_english
def invitation(*, invitation: Invitation) -> None:
    """Tell somebody that a team asked for her; she accepts after signing in."""
    context = {
        "team": invitation.team,
        "by": invitation.invited_by,
        "address": address("organise"),
        "site_name": settings.SITE_NAME,
    }
    outbox.queue(
        kind=outbox.INVITATION,
        key=f"{invitation.pk}:{invitation.invited_at.isoformat()}",
        mail=_letterhead(
            recipient=invitation.email,
            subject=_one_line("campaign/mail/invitation_subject.txt", context),
            text=render_to_string("campaign/mail/invitation.txt", context),
        ),
    )


@always_english
def reminders(*, user: User, told: "Sequence[tuple[Notice, Wording]]") -> str:
    """Tell a member all that is due to her in one mail; answers the key of its row in the outbox."""
    kinds = sorted({notice.reminder.kind for notice, _words in told})
    stop = address("reminders-stop", wishes.stop_token(user=user, kinds=kinds))
    context = {
        "parts": [words.text for _notice, words in told],
        "why": [notice.reminder.get_kind_display() for notice, _words in told],
        "settings_address": address("organise-settings"),
        "stop_address": stop,
        "site_name": settings.SITE_NAME,
    }
    key = str(told[0][0].pk)
    campaigns = {notice.reminder.campaign for notice, _words in told}
    outbox.queue(
        kind=outbox.REMINDER,
        key=key,
        group=group_of(campaigns.pop()) if len(campaigns) == 1 else "",
        mail=_letterhead(
            recipient=user.email,
            subject=_subject_of([words.subject for _notice, words in told], told),
            text=render_to_string("campaign/mail/reminders.txt", context),
            unsubscribe=stop,
        ),
    )
    return outbox.row_key(outbox.REMINDER, key)


@always_english
def outreach(*, outreach: Outreach, reply_at: str = "") -> None:
    """Ask an executive's office, in the words that a person released; `reply_at` is where it can answer."""
    executive = outreach.executive
    body = outreach.body.replace("\r\n", "\n").strip()
    outbox.queue(
        kind=outbox.OUTREACH,
        key=str(outreach.pk),
        group=group_of(executive.campaign),
        mail=_letterhead(
            recipient=executive.office_address,
            subject=outreach.subject,
            text=f"{body}\n\n{outreach_footer(executive, reply_at=reply_at)}\n",
        ),
    )


@always_english
def outreach_footer(executive: Executive, *, reply_at: str | None = None) -> str:
    """What is added below the words of a person: where to answer, who sends it, and that asking is public.

    The office's own address to answer at is made when the mail goes out; until then its place is marked.
    """
    context = {
        "site_name": settings.SITE_NAME,
        "reply_at": _("[an address for this office alone, made when this goes out]") if reply_at is None else reply_at,
        "address": address("executive", executive.campaign.slug, executive.key),
    }
    return render_to_string("campaign/mail/outreach_sent.txt", context).strip()


def outreach_key(outreach: Outreach) -> str:
    """The key of its row in the outbox."""
    return outbox.row_key(outbox.OUTREACH, str(outreach.pk))


def groups_of(campaign: Campaign) -> list[str]:
    """The outbox's names for all mail of a campaign alone: reminders and outreach, and news, which letters sends."""
    return [group_of(campaign), f"topic:{campaign.directory_id}"]


def group_of(campaign: Campaign) -> str:
    """The outbox's name for a campaign's own mail."""
    return f"campaign:{campaign.pk}"


def address(name: str, *arguments: object) -> str:
    """The full address of a page."""
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}"


def in_time_zone(campaign: Campaign) -> AbstractContextManager[None]:
    """Moments are said in the campaign's time zone."""
    return timezone.override(hours.zone_of(campaign.time_zone))


def _subject_of(subjects: list[str], told: "Sequence[tuple[Notice, Wording]]") -> str:
    if len(subjects) == 1:
        return subjects[0]
    titles = {notice.reminder.campaign.title for notice, _words in told}
    if len(titles) == 1:
        return ngettext("%(title)s: %(number)s reminder", "%(title)s: %(number)s reminders", len(subjects)) % {
            "title": titles.pop(),
            "number": len(subjects),
        }
    return _("%(number)s reminders from %(campaigns)s campaigns") % {
        "number": len(subjects),
        "campaigns": len(titles),
    }


def _letterhead(*, recipient: str, subject: str, text: str, unsubscribe: str = "") -> outbox.Letterhead:
    return outbox.Letterhead(
        recipient=recipient,
        subject=subject,
        text=text,
        html=dress.html_of(text, title=subject),
        unsubscribe=unsubscribe,
    )


def _one_line(template: str, context: dict[str, object]) -> str:
    return " ".join(render_to_string(template, context).split())
