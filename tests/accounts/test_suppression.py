"""Who bounced or complained gets no more reminders or news; what is kept is a tag, and nothing about signers."""

import base64
import hashlib
import hmac
import time
from datetime import timedelta
from io import StringIO

import httpx
import pytest
from django.core.management import call_command
from django.core.serializers import serialize
from django.test import Client

from accounts import clock, outbox, sending, suppression
from accounts.models import HandledEvent, OutgoingMail, Suppression
from config.logs import blacken
from tests.accounts.owing import owe

SECRET = "anymail:open sesame"
SIGNING_KEY = "key-of-mailgun"


def postmark(address: str, *, kind: str = "reminder", event: int = 1, **more: str) -> dict[str, object]:
    metadata = {"kind": kind} if kind else {}
    told = {"RecordType": "Bounce", "Type": "HardBounce", "BouncedAt": "2026-02-01T12:00:00Z", "MessageID": "m1"}
    return {**told, "ID": event, "Email": address, "Metadata": metadata, **more}


def mailgun(
    address: str, *, key: str = SIGNING_KEY, token: str = "t" * 50, event: str = "complained"
) -> dict[str, object]:
    stamp = str(int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {"event": event, "recipient": address, "timestamp": time.time(), "user-variables": {"kind": "news"}}
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {**data, "id": "e1", "message": {"headers": {"message-id": "m1"}}},
    }


@pytest.fixture
def hooks(settings) -> None:
    """A site with secrets."""
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


def basic(secret: str) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


@pytest.fixture
def provider(db, hooks):
    """A function that reports an event as the provider would; answers the status."""

    def report(name: str, event: dict[str, object], *, secret: str = SECRET) -> int:
        path = f"/hooks/mail/{name}/tracking/"
        answer = Client().post(path, event, content_type="application/json", headers={"Authorization": basic(secret)})
        return answer.status_code

    return report


@pytest.mark.urls("tests.accounts.hooks")
class TestWebhooks:
    def test_a_bounce_and_a_complaint_keep_further_mail_away(self, provider, relay):
        sent = relay().sent

        answers = [provider("postmark", postmark("Gone@Team.example")), provider("mailgun", mailgun("angry@x.example"))]
        owe(outbox.REMINDER, "a", to="gone@team.example")
        owe(outbox.NEWS, "b", to="Angry <angry@x.example>")
        owe(outbox.ACCOUNT, "c", to="gone@team.example")
        for queue in ("mail", "bulk"):
            sending.sweep(queue=queue, seconds=2)

        assert answers == [200, 200]
        assert [head.recipient for _, head in sent] == ["gone@team.example"]
        ended = OutgoingMail.objects.filter(state="cancelled", failure="suppressed", sealed=None)
        assert {mail.kind for mail in ended} == {"reminder", "news"}
        assert sorted(Suppression.objects.values_list("reason", flat=True)) == ["bounced", "complained"]

    def test_nothing_that_is_kept_names_the_address(self, provider, caplog):
        provider("postmark", postmark("gone@team.example", ID=77123))
        provider("postmark", postmark("gone@team.example"), secret="wrong:secret")

        kept = serialize("json", [*Suppression.objects.all(), *HandledEvent.objects.all()])
        assert "gone" not in kept and "team" not in kept and "77123" not in kept
        assert "gone@" not in blacken(caplog.text) and "gone@" not in caplog.text

    @pytest.mark.parametrize(
        ("name", "event", "secret"),
        [
            ("postmark", postmark("gone@team.example"), "anymail:guess"),
            ("mailgun", mailgun("gone@team.example", key="another"), SECRET),
            ("mailgun", mailgun("gone@team.example"), "anymail:guess"),
            ("mailgun", {"signature": {}}, SECRET),
        ],
        ids=["wrong secret", "wrong signature", "right signature, wrong secret", "no signature"],
    )
    def test_what_is_not_signed_is_refused(self, provider, name, event, secret):
        assert provider(name, event, secret=secret) == 400
        assert not Suppression.objects.exists()

    def test_a_repeated_event_counts_once(self, provider):
        answers = [provider("postmark", postmark("gone@team.example")) for _ in range(3)]

        assert answers == [200, 200, 200]
        assert HandledEvent.objects.count() == Suppression.objects.count() == 1

    @pytest.mark.parametrize("kind", ["", "code", "unfinished", "of an older version"])
    def test_nothing_is_kept_about_signers(self, provider, kind):
        assert provider("postmark", postmark("ana@acme.example", kind=kind)) == 200

        assert not Suppression.objects.exists() and not HandledEvent.objects.exists()

    @pytest.mark.parametrize("sort", ["SoftBounce", "Transient", "AutoResponder", "Blocked"])
    def test_what_may_pass_is_not_a_bounce(self, provider, sort):
        assert provider("postmark", postmark("gone@team.example", Type=sort)) == 200

        assert not Suppression.objects.exists()

    def test_mail_that_comes_in_is_not_for_us(self, provider):
        assert Client().post("/hooks/mail/postmark/inbound/").status_code == 404

    def test_it_is_the_same_over_the_wire(self, transactional_db, hooks, live_server):
        def report(name: str, event: dict[str, object], secret: str = SECRET) -> int:
            address = f"{live_server.url}/hooks/mail/{name}/tracking/"
            return httpx.post(address, json=event, headers={"Authorization": basic(secret)}).status_code

        refused = [
            report("postmark", postmark("gone@team.example"), "anymail:guess"),
            report("mailgun", mailgun("gone@team.example", key="another")),
        ]
        taken = [report("postmark", postmark("gone@team.example")), report("mailgun", mailgun("angry@x.example"))]

        assert (refused, taken) == ([400, 400], [200, 200])
        assert Suppression.objects.count() == 2


@pytest.mark.django_db
def test_a_tag_does_not_depend_on_how_the_address_is_written():
    tags = {
        suppression.tag_of(text)
        for text in ("Ada <ada@bücher.example>", "ADA@xn--bcher-kva.example", " ada@Bücher.example")
    }

    assert len(tags) == 1
    assert suppression.tag_of("ada@acme.example") not in tags


@pytest.mark.django_db
def test_suppressions_are_forgotten_after_a_year_and_events_after_three_months():
    suppression.note(event_id="1", kind="news", address="a@b.example", reason="bounced")
    today = clock.now().date()

    HandledEvent.objects.update(noted_on=today - timedelta(days=91))
    Suppression.objects.update(noted_on=today - timedelta(days=365))
    suppression.forget()
    assert (HandledEvent.objects.count(), suppression.holds("a@b.example", kind="news")) == (0, True)

    Suppression.objects.update(noted_on=today - timedelta(days=366))
    suppression.forget()
    assert not suppression.holds("a@b.example", kind="news")


def kept_from(address: str) -> set[str]:
    """The kinds that do not reach this address."""
    honouring = [kind.name for kind in outbox.KINDS.values() if kind.honours_suppression]
    return {kind for kind in honouring if suppression.holds(address, kind=kind)}


@pytest.mark.django_db
class TestWhatIsKeptFromWhom:
    @pytest.mark.parametrize("kind", ["invitation", "news", "reminder", "outreach"])
    def test_a_complaint_about_one_kind_keeps_that_kind_away_and_no_other(self, kind):
        suppression.note(event_id="1", kind=kind, address="ada@acme.example", reason="complained")

        assert kept_from("ada@acme.example") == {kind}
        assert Suppression.objects.get().kind == kind

    def test_a_mailbox_that_is_not_there_gets_nothing_that_honours_this(self):
        suppression.note(event_id="1", kind="account", address="ada@acme.example", reason="bounced")

        assert kept_from("ada@acme.example") == {"invitation", "reminder", "outreach", "unfinished", "news"}
        assert Suppression.objects.get().kind == ""

    def test_a_complaint_that_nothing_would_heed_is_not_kept(self):
        assert not suppression.note(event_id="1", kind="account", address="ada@acme.example", reason="complained")

        assert not Suppression.objects.exists() and not HandledEvent.objects.exists()

    def test_what_an_older_program_noted_keeps_everything_away(self):
        Suppression.objects.create(tag=suppression.tag_of("a@b.example"), reason="complained", noted_on=clock.now())

        assert kept_from("a@b.example") == {"invitation", "reminder", "outreach", "unfinished", "news"}

    def test_two_rows_of_one_address_cannot_be_told(self):
        for number, kind in enumerate(["news", "invitation", "reminder"]):
            suppression.note(event_id=str(number), kind=kind, address="a@b.example", reason="complained")

        assert len(set(Suppression.objects.values_list("tag", flat=True))) == 3

    def test_an_invitation_honours_it(self, mailbox):
        suppression.note(event_id="1", kind="invitation", address="a@b.example", reason="complained")
        owe(outbox.INVITATION, to="a@b.example")

        assert mailbox() == []
        assert OutgoingMail.objects.get().failure == "suppressed"

    def test_a_mailbox_that_was_proved_gets_everything_again(self):
        for number, (kind, reason) in enumerate(
            [("news", "bounced"), ("news", "complained"), ("reminder", "complained")]
        ):
            suppression.note(event_id=str(number), kind=kind, address="Ada@Acme.example", reason=reason)
        suppression.note(event_id="3", kind="news", address="other@acme.example", reason="bounced")

        assert suppression.lift(address="ada@acme.example")

        assert kept_from("ada@acme.example") == set()
        assert "news" in kept_from("other@acme.example")
        assert not suppression.lift(address="ada@acme.example")

    def test_a_repeated_event_does_not_undo_that(self):
        for _ in range(2):
            suppression.note(event_id="1", kind="news", address="a@b.example", reason="bounced")
            suppression.lift(address="a@b.example")

        assert kept_from("a@b.example") == set()

    def test_an_operator_lifts_it_and_does_not_learn_whether_it_was_there(self):
        suppression.note(event_id="1", kind="news", address="a@b.example", reason="bounced")
        said = []
        for _ in range(2):
            out = StringIO()
            call_command("suppressions", "--lift", "a@b.example", stdout=out)
            said.append(out.getvalue())

        assert said[0] == said[1] and "@" not in said[0]
        assert kept_from("a@b.example") == set()
