"""A relay that keeps failing is left alone, tried by one, and never costs a mail."""

import smtplib
import threading
from datetime import timedelta

import pytest
import redis
from django.db.models.functions import Now
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts import breaker, outbox, sending
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from tests.accounts.owing import now_due, owe

pytestmark = pytest.mark.django_db


def pause_is_over() -> None:
    memory().delete("breaker:open")


def fail(times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_five_failures_in_a_row_stop_all_sending(relay):
    sent = relay(*[smtplib.SMTPConnectError(421, b"busy")] * 5).sent
    for number in range(8):
        owe(outbox.REMINDER, str(number))

    assert sending.sweep(queue="mail", seconds=5) == 5
    assert sending.sweep(queue="mail", seconds=5) == 0
    assert (sent, breaker.state()) == ([], "open")
    assert 0 < memory().ttl("breaker:open") <= 5


def test_a_success_in_between_starts_the_count_anew():
    fail(4)
    breaker.answered()
    fail(4)

    assert breaker.may_send()
    assert breaker.state() == "closed"


def test_after_the_pause_one_sender_tries():
    fail(5)
    pause_is_over()

    allowed: list[bool] = []
    threads = [threading.Thread(target=lambda: allowed.append(breaker.may_send())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(allowed) == [False] * 5 + [True]
    assert breaker.state() == "on trial"


def test_each_failed_trial_doubles_the_pause_up_to_a_minute():
    fail(5)
    pauses = [memory().ttl("breaker:open")]
    for _ in range(5):
        pause_is_over()
        assert breaker.may_send()
        breaker.failed()
        pauses.append(memory().ttl("breaker:open"))

    assert pauses == [5, 10, 20, 40, 60, 60]


def test_a_trial_that_succeeds_lets_everybody_send(relay):
    relay(*[ConnectionRefusedError()] * 5)
    for number in range(7):
        owe(key=str(number))
    sending.sweep(queue="mail", seconds=5)
    pause_is_over()
    now_due()

    assert sending.sweep(queue="mail", seconds=5) == 7
    assert breaker.state() == "closed"


def test_a_trial_with_nothing_to_send_is_given_back():
    fail(5)
    pause_is_over()

    sending.sweep(queue="mail", seconds=1)
    assert breaker.may_send()


def test_an_outage_of_the_relay_uses_up_no_attempts_and_kills_nothing(relay):
    relay(*[smtplib.SMTPSenderRefused(421, b"later", "x")] * 30)
    owe()
    for _ in range(30):
        pause_is_over()
        now_due()
        sending.sweep(queue="mail", seconds=1)

    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    OutgoingMail.objects.update(expires_at=Now() - timedelta(seconds=1))
    sending.sweep(queue="mail", seconds=1)
    assert OutgoingMail.objects.get().failure == "expired"


def test_failures_of_mails_are_not_the_relays(relay):
    relay(*[smtplib.SMTPRecipientsRefused({"x@y.example": (550, b"nobody")})] * 6, smtplib.SMTPDataError(451, b""))
    for number in range(7):
        owe(key=str(number))

    assert sending.sweep(queue="mail", seconds=5) == 7
    assert breaker.state() == "closed"


def test_twelve_failures_of_one_mail_make_it_dead(relay):
    relay(*[smtplib.SMTPDataError(451, b"later")] * 12)
    owe()
    for _ in range(12):
        now_due()
        sending.sweep(queue="mail", seconds=1)

    assert OutgoingMail.objects.get().state == "dead"


def test_without_redis_the_breaker_is_closed(monkeypatch):
    fail(5)

    away = redis.Redis(port=1, retry=Retry(NoBackoff(), 1))
    monkeypatch.setattr(breaker, "impatient", lambda: away)

    assert breaker.may_send()
    breaker.failed()
    breaker.answered()
    assert breaker.state() == "closed"


def test_an_emptied_redis_is_a_closed_breaker():
    fail(9)
    memory().flushdb()

    assert breaker.may_send()
