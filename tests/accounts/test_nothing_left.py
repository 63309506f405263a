"""Mail that was never handed over is neither sent nor uncertain: it waits, or is refused."""

import time

import psycopg
import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError, connection
from redis.exceptions import ConnectionError as RedisAway

from accounts import breaker, outbox, sealing, sending, suppression
from accounts.models import OutgoingMail
from tests.accounts.owing import now_due, owe

pytestmark = pytest.mark.django_db


class Deaf(EmailBackend):
    """A mail server that is there and takes nothing."""

    def send_messages(self, messages: object) -> int:
        return 0


def outcome(kind: outbox.Kind) -> tuple[str, str, int]:
    sending.sweep(queue=kind.queue, seconds=1)
    row = OutgoingMail.objects.get()
    return row.state, row.failure, row.attempts


@pytest.mark.parametrize("kind", [outbox.ACCOUNT, outbox.OUTREACH, outbox.CODE])
@pytest.mark.parametrize("nobody", ["", " "])
def test_a_mail_to_nobody_is_refused_and_not_called_sent(kind, nobody):
    owe(kind, to=nobody)

    assert outcome(kind)[:2] == ("dead", "no recipient")


def test_mail_to_nobody_is_not_the_relays_fault():
    for number in range(breaker.FAILURES + 1):
        owe(outbox.ACCOUNT, str(number), to="")
    sending.sweep(queue="mail", seconds=1)

    assert breaker.state() == "closed"


@pytest.mark.parametrize("kind", [outbox.ACCOUNT, outbox.OUTREACH])
def test_a_server_that_took_nothing_has_not_sent_it(kind, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"
    owe(kind)

    assert outcome(kind)[:2] == ("dead", "NotConfirmed")
    assert not getattr(django_mail, "outbox", [])


@pytest.mark.parametrize("kind", [outbox.UNFINISHED, outbox.CODE])
def test_while_redis_is_away_mail_sealed_under_its_keys_waits(kind, monkeypatch, mailbox):
    class Away:
        def get(self, name: str) -> bytes:
            raise RedisAway

    owe(kind)
    with monkeypatch.context() as away:
        away.setattr(sealing, "memory", Away)
        assert outcome(kind) == ("waiting", "ConnectionError", 0)

    now_due()
    assert len(mailbox()) == 1


def test_while_redis_is_away_other_mail_is_still_sent(monkeypatch, mailbox):
    class Away:
        def get(self, name: str) -> bytes:
            raise RedisAway

    owe(outbox.UNFINISHED, "a")
    owe(outbox.REMINDER, "b")
    monkeypatch.setattr(sealing, "memory", Away)

    assert len(mailbox()) == 1


def test_a_mail_whose_suppression_could_not_be_looked_up_waits(monkeypatch, mailbox):
    def away(address: str, *, kind: str) -> bool:
        raise OperationalError

    owe(outbox.NEWS)
    with monkeypatch.context() as gone:
        gone.setattr(suppression, "holds", away)
        assert outcome(outbox.NEWS) == ("waiting", "OperationalError", 0)

    now_due()
    assert len(mailbox()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_restarts_before_a_mail_is_handed_over_makes_nothing_uncertain(monkeypatch):
    looked_up = suppression.holds

    def cut_off(address: str, *, kind: str) -> bool:
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        return looked_up(address, kind=kind)

    monkeypatch.setattr(suppression, "holds", cut_off)
    owe(outbox.REMINDER)
    before = time.monotonic()

    outbox.deliver(OutgoingMail.objects.values_list("pk", flat=True).get())

    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts, row.lease) == ("waiting", 0, None)
    assert time.monotonic() - before < 5
