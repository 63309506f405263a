"""A full mailbox is no reason to keep mail from anybody; one that is not there is. Each provider has its own words."""

import pytest
from anymail.signals import AnymailTrackingEvent
from anymail.urls import urlpatterns as every
from django.conf import settings
from django.test import Client
from django.urls import include, path

from accounts import webhooks
from accounts.models import Suppression
from config import hooks
from config.urls import urlpatterns as site
from tests.config.test_site import in_production

pytestmark = pytest.mark.django_db

# provider, anymail's type of the event, the provider's own report
SOFT = [
    ("Brevo", "bounced", {"event": "soft_bounce"}),
    ("Brevo", "rejected", {"event": "blocked"}),
    ("MailerSend", "bounced", {"type": "activity.soft_bounced", "data": {"type": "soft_bounced"}}),
    ("Mandrill", "bounced", {"event": "soft_bounce"}),
    ("Mandrill", "rejected", {"event": "reject"}),
    ("Mailjet", "bounced", {"event": "bounce", "hard_bounce": False, "error": "quota exceeded"}),
    ("Mailjet", "bounced", {"event": "bounce"}),
    ("Mailgun", "bounced", {"event-data": {"event": "failed", "reason": "generic"}}),
    ("Mailgun", "bounced", {"event": "bounced", "code": "550"}),
    ("Mailtrap", "deferred", {"event": "soft bounce"}),
    ("Postal", "bounced", {"payload": {"bounce": {}}}),
    ("Postmark", "bounced", {"Type": "SoftBounce"}),
    ("Postmark", "bounced", {"Type": "VirusNotification"}),
    ("Postmark", "complained", {"Type": "SpamNotification"}),
    ("Postmark", "rejected", {"Type": "Blocked"}),
    *[
        ("SparkPost", "bounced", {"msys": {"message_event": {"bounce_class": c}}})
        for c in ("1", "20", "22", "51", "70")
    ],
    ("SparkPost", "bounced", {"msys": {}}),
    ("of tomorrow", "bounced", {"event": "hard_bounce"}),
    ("Brevo", "bounced", None),
    ("Brevo", "bounced", ["hard_bounce"]),
]
HARD = [
    ("Brevo", "bounced", {"event": "hard_bounce"}),
    ("Brevo", "bounced", {"event": "invalid_email"}),
    ("MailerSend", "bounced", {"type": "activity.hard_bounced", "data": {"type": "hard_bounced"}}),
    ("Mandrill", "bounced", {"event": "hard_bounce"}),
    ("Mailjet", "bounced", {"event": "bounce", "hard_bounce": True, "error": "user unknown"}),
    ("Mailgun", "bounced", {"event-data": {"event": "failed", "severity": "permanent", "reason": "suppress-bounce"}}),
    ("Mailtrap", "bounced", {"event": "bounce"}),
    ("Postmark", "bounced", {"Type": "HardBounce"}),
    ("Postmark", "rejected", {"Type": "BadEmailAddress"}),
    ("Postmark", "bounced", {"RecordType": "SubscriptionChange", "SuppressionReason": "HardBounce"}),
    ("SparkPost", "bounced", {"msys": {"message_event": {"type": "bounce", "bounce_class": "10"}}}),
]


def report(provider: str, event_type: str, raw: object, answer: str = "") -> bool:
    """Whether mail is kept from the address after this event."""
    event = AnymailTrackingEvent(
        event_type=event_type,
        reject_reason="bounced",
        recipient="fay@home.example",
        event_id="1",
        metadata={"kind": "news"},
        esp_event=raw,
        timestamp=None,
        message_id="x",
        mta_response=answer,
    )
    webhooks.heed(None, event, provider)
    return Suppression.objects.exists()


@pytest.mark.parametrize(("provider", "event_type", "raw"), SOFT)
def test_what_may_pass_keeps_nothing_away(provider, event_type, raw):
    assert not report(provider, event_type, raw)


@pytest.mark.parametrize(("provider", "event_type", "raw"), HARD)
def test_a_mailbox_that_is_not_there_keeps_mail_away(provider, event_type, raw):
    assert report(provider, event_type, raw)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("550 5.1.1 no such user", True),
        ("550 5.5.0 mailbox unavailable (10.4.2.1)", True),
        ("", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.7.1 our policy", False),
        ("452 4.2.2 over quota", False),
    ],
)
def test_what_the_recipients_server_said_weighs_more_than_the_providers_word(answer, kept):
    assert report("Brevo", "bounced", {"event": "hard_bounce"}, answer) == kept


@pytest.mark.parametrize("provider", ["Brevo", "Mailgun", "Mailjet", "SparkPost", "Postmark"])
def test_a_complaint_is_a_complaint(provider):
    assert report(provider, "complained", {"event": "spam"})


urlpatterns = [*site, path("hooks/mail/", include(hooks.of("brevo")))]


@pytest.mark.urls(__name__)
def test_only_the_providers_own_address_is_there_and_none_fails(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "name:word"}
    client = Client(raise_request_exception=False)
    answers = {str(one.pattern): client.post(f"/hooks/mail/{one.pattern}", {}).status_code for one in every}

    assert answers.pop("brevo/tracking/") == 400
    assert set(answers.values()) == {404}


def test_without_a_provider_there_is_no_address():
    assert hooks.of("") == [] and settings.MAIL_PROVIDER == "" and hooks.urlpatterns == []


@pytest.mark.parametrize("provider", ["mailersend", "mandrill", "postal"])
def test_a_provider_that_signs_its_reports_needs_its_key_before_the_site_starts(provider):
    without = in_production("", MAIL_PROVIDER=provider, ANYMAIL_WEBHOOK_SECRET="name:word")

    assert without.returncode != 0
    assert "signs what it reports" in without.stderr and "Traceback" not in without.stderr
