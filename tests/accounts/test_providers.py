"""Mail through a provider's HTTP interface ends as it does over SMTP: sent, dead, uncertain or waiting."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from accounts import breaker, outbox, sending
from accounts.failures import judge
from accounts.failures_of_providers import PERMANENT_STATUSES, RELAY_STATUSES, UNSURE_STATUSES
from accounts.models import OutgoingMail
from tests.accounts.owing import owe

pytestmark = pytest.mark.django_db
TAKEN = {"To": "carla@team.example", "MessageID": "m1", "ErrorCode": 0, "Message": "OK", "SubmittedAt": "now"}


class Provider(HTTPServer):
    """Postmark's interface, as far as it goes: answers what `answer` says and remembers what it was told."""

    answer: tuple[int, object] | None = (200, TAKEN)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[dict] = []

    def handle_error(self, request, client_address):
        """A line that we cut on purpose."""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.told.append(told[0] if isinstance(told, list) else told)
        if self.server.answer is None:
            self.connection.close()  # took it and said nothing
            return
        status, body = self.server.answer
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    one = Provider()
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    address = f"http://127.0.0.1:{one.server_port}/"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "x", "POSTMARK_API_URL": address, "REQUESTS_TIMEOUT": 2}
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


def ended(kind: outbox.Kind = outbox.REMINDER) -> tuple[str, str]:
    owe(kind, "one")
    sending.sweep(queue=kind.queue, seconds=1)
    row = OutgoingMail.objects.get()
    return row.state, row.failure


def test_what_the_provider_takes_is_sent_with_its_kind_and_its_id(provider):
    assert ended() == ("sent", "")

    [told] = provider.told
    assert told["Metadata"] == {"kind": "reminder"}
    assert {"Name": "Message-ID", "Value": f"<{OutgoingMail.objects.get().pk}@localhost>"} in told["Headers"]


@pytest.mark.parametrize("kind", [outbox.CODE, outbox.UNFINISHED])
def test_the_provider_is_not_told_what_mail_to_signers_is(provider, kind):
    assert ended(kind) == ("sent", "")

    assert not provider.told[0].get("Metadata")


def test_a_recipient_whom_the_provider_refuses_is_a_dead_letter(provider):
    message = "Found inactive addresses: carla@team.example.\nInactive recipients are ones that bounced."
    provider.answer = (422, {"ErrorCode": 406, "Message": message})

    assert ended() == ("dead", "AnymailRecipientsRefused")


def test_an_answer_that_confirms_nothing_is_not_taken_for_a_yes(provider):
    provider.answer = (422, {"ErrorCode": 406, "Message": "in words that nobody foresaw"})

    assert ended() == ("uncertain", "NotConfirmed")


@pytest.mark.parametrize("status", [401, 402, 403, 429, 503])
def test_a_key_that_is_refused_and_a_limit_that_is_reached_cost_no_mail(provider, status, caplog):
    provider.answer = (status, {"ErrorCode": 10, "Message": "not now, carla@team.example"})

    assert ended() == ("waiting", f"AnymailRequestsAPIError {status}")
    assert OutgoingMail.objects.get().attempts == 0
    assert "@" not in caplog.text


def test_a_provider_that_fails_five_times_opens_the_breaker(provider):
    provider.answer = (401, {})
    for number in range(7):
        owe(outbox.REMINDER, str(number))

    sending.sweep(queue="mail", seconds=5)

    assert (len(provider.told), breaker.state()) == (5, "open")


@pytest.mark.parametrize(("kind", "state"), [(outbox.REMINDER, "uncertain"), (outbox.ACCOUNT, "waiting")])
@pytest.mark.parametrize("answer", [None, (500, {}), (504, {}), (200, "no JSON that is understood")])
def test_what_broke_in_the_middle_may_have_arrived(provider, kind, state, answer):
    provider.answer = answer

    assert ended(kind)[0] == state


def test_a_provider_that_is_not_there_makes_nothing_uncertain(provider, settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": "http://127.0.0.1:1/"}

    assert ended()[0] == "waiting"
    assert OutgoingMail.objects.get().attempts == 0


def test_a_provider_without_its_key_makes_nothing_uncertain(provider, settings):
    settings.ANYMAIL = {}

    assert ended() == ("waiting", "AnymailConfigurationError")


def test_no_status_is_in_two_lists():
    every = [*PERMANENT_STATUSES, *RELAY_STATUSES, *UNSURE_STATUSES]

    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("cause", "may_have_arrived"),
    [(requests.ConnectTimeout(), False), (requests.exceptions.SSLError(), False), (requests.ReadTimeout(), True)],
)
def test_only_a_request_that_left_may_have_arrived(provider, monkeypatch, cause, may_have_arrived):
    def break_off(*_arguments: object, **_more: object) -> None:
        raise cause

    monkeypatch.setattr(requests.Session, "request", break_off)

    assert ended()[0] == ("uncertain" if may_have_arrived else "waiting")
    assert not judge(cause).permanent
