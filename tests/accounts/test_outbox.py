"""Mail is owed in the transaction that causes it, leaves once, and leaves nothing behind."""

import smtplib
import uuid
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from accounts import clock, outbox, sealing
from accounts import relay as relay_module
from accounts.models import OutgoingMail
from accounts.shortlived import memory
from tests.accounts.owing import now_due, owe

pytestmark = pytest.mark.django_db


def test_a_mail_leaves_with_its_row_as_message_id_and_its_content_is_gone(tmp_path):
    owe()
    outbox.sweep(queue="mail", seconds=5)

    row = OutgoingMail.objects.get()
    assert (row.state, row.sealed, row.sealing_key) == ("sent", None, "")
    [file] = (tmp_path / "mail").glob("*.eml")
    assert f"Message-ID: <{row.id}@" in file.read_text()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_owed_when_the_cause_is_rolled_back(mailbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        owe()
        _ = 1 / 0

    assert mailbox() == []


def test_one_key_is_one_mail(mailbox):
    owe(key="same")
    owe(key="same")

    assert len(mailbox()) == 1


def test_what_waits_is_sealed():
    owe()

    row = OutgoingMail.objects.get()
    assert b"carla" not in bytes(row.sealed)
    assert len(row.sealed) % 512 == 28  # padded, with nonce and tag


def test_a_mail_is_not_sent_before_it_is_due(mailbox):
    owe()
    OutgoingMail.objects.update(due_at=Now() + timedelta(hours=1))

    assert mailbox() == []


def test_a_code_older_than_its_life_is_cancelled_and_not_sent(mailbox):
    owe(outbox.CODE)
    OutgoingMail.objects.update(expires_at=Now() - timedelta(seconds=1))

    assert mailbox() == []
    assert OutgoingMail.objects.get().failure == "expired"


def test_an_outage_that_let_thousands_expire_does_not_stop_the_queue(mailbox):
    for number in range(300):
        owe(outbox.ACCOUNT, str(number))
    OutgoingMail.objects.update(expires_at=Now() - timedelta(seconds=1))
    owe(outbox.ACCOUNT, "fresh")

    assert len(mailbox()) == 1
    assert OutgoingMail.objects.filter(failure="expired").count() == 300


def test_a_relay_that_cannot_be_reached_makes_nothing_uncertain(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "nowhere.invalid", 25
    owe(outbox.REMINDER)
    outbox.sweep(queue="mail", seconds=5)

    row = OutgoingMail.objects.get()
    assert (row.state, row.failure) == ("waiting", "gaierror")


def test_what_a_newer_program_sealed_waits_for_it():
    owe()
    row = OutgoingMail.objects.get()
    name, key = sealing.lasting_key()
    sealed = sealing.seal(b'{"recipient": "a@b.example", "colour": "blue"}', key=key, bound_to=str(row.pk))
    OutgoingMail.objects.update(sealed=sealed, sealing_key=name)

    outbox.sweep(queue="mail", seconds=5)

    assert OutgoingMail.objects.get().state == "waiting"


def test_a_code_whose_key_is_destroyed_can_be_opened_by_nobody(mailbox):
    owe(outbox.CODE)
    memory().flushdb()

    assert mailbox() == []
    row = OutgoingMail.objects.get()
    assert (row.state, row.failure, row.sealed) == ("cancelled", "key destroyed", None)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"carla@team.example": (550, b"no such user carla@team.example")}),
        smtplib.SMTPDataError(554, b"spam"),
        smtplib.SMTPSenderRefused(550, b"no", "post@x.example"),
    ],
)
def test_a_permanent_refusal_is_a_dead_letter_without_an_address(relay, error, caplog):
    relay(error)
    owe()
    outbox.sweep(queue="mail", seconds=5)

    row = OutgoingMail.objects.get()
    assert (row.state, row.lane) == ("dead", "")
    assert "@" not in row.failure + caplog.text


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"carla@team.example": (451, b"later")}),
        smtplib.SMTPConnectError(421, b"busy"),
        ConnectionRefusedError(),
        smtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
    ],
)
def test_a_temporary_failure_is_tried_again(relay, error):
    sent = relay(error).sent
    owe()
    outbox.sweep(queue="mail", seconds=5)
    assert OutgoingMail.objects.get().state == "waiting"
    now_due()
    outbox.sweep(queue="mail", seconds=5)

    assert OutgoingMail.objects.get().state == "sent"
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPServerDisconnected("in the middle"), "uncertain"),
        (TimeoutError(), "uncertain"),
        (ConnectionRefusedError(), "waiting"),
        (smtplib.SMTPDataError(451, b"later"), "waiting"),
    ],
)
def test_an_at_most_once_mail_that_may_have_arrived_is_listed_and_not_repeated(relay, error, state):
    relay(error)
    owe(outbox.REMINDER)
    outbox.sweep(queue="mail", seconds=5)

    assert OutgoingMail.objects.get().state == state


@pytest.mark.parametrize(("kind", "state"), [(outbox.ACCOUNT, "sent"), (outbox.REMINDER, "uncertain")])
def test_a_worker_that_died_in_the_middle_leaves_a_lease_that_runs_out(relay, kind, state):
    relay()
    owe(kind)
    OutgoingMail.objects.update(state="sending", lease=uuid.uuid4(), leased_until=Now() - timedelta(seconds=1))

    outbox.sweep(queue="mail", seconds=5)
    outbox.sweep(queue="mail", seconds=5)

    assert OutgoingMail.objects.get().state == state


def test_a_live_lease_keeps_others_away(relay):
    sent = relay().sent
    owe()
    OutgoingMail.objects.update(state="sending", lease=uuid.uuid4(), leased_until=Now() + timedelta(seconds=60))

    outbox.sweep(queue="mail", seconds=1)
    outbox.deliver(OutgoingMail.objects.get().pk)

    assert sent == []


def test_a_worker_whose_lease_was_taken_over_decides_nothing(monkeypatch):
    owe()

    def steal(mail_id: uuid.UUID, head: outbox.Letterhead, **more: str) -> None:
        OutgoingMail.objects.update(lease=uuid.uuid4())

    monkeypatch.setattr(relay_module, "hand_over", steal)
    outbox.sweep(queue="mail", seconds=1)

    assert OutgoingMail.objects.get().state == "sending"


@pytest.mark.django_db(transaction=True)
def test_the_bell_may_be_lost(mailbox, settings, monkeypatch):
    from accounts.tasks import deliver_mail

    def broken(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(deliver_mail, "apply_async", broken)
    owe()

    assert len(mailbox()) == 1


def test_codes_that_are_over_are_forgotten_and_reminders_are_kept():
    owe(outbox.CODE, "a")
    owe(outbox.REMINDER, "b")
    for queue in ("codes", "mail"):
        outbox.sweep(queue=queue, seconds=5)
    OutgoingMail.objects.update(over_at=Now() - timedelta(days=2))

    outbox.forget(older_than=timedelta(days=1))

    assert [row.kind for row in OutgoingMail.objects.all()] == ["reminder"]


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("mail_is_sealed_only_while_it_is_owed", {"state": "sent", "over_at": Now()}),
        ("mail_lease_comes_with_sending", {"state": "sending"}),
        ("mail_over_has_its_moment", {"state": "dead", "sealed": None, "sealing_key": ""}),
        ("mail_uncertain_is_at_most_once", {"state": "uncertain", "over_at": Now()}),
    ],
)
def test_the_database_refuses_a_row_that_contradicts_itself(constraint, change):
    owe()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OutgoingMail.objects.update(**change)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "answer", "state"),
    [(outbox.ACCOUNT, None, "sent"), (outbox.REMINDER, None, "sent"), (outbox.ACCOUNT, TimeoutError(), "waiting")],
)
def test_a_database_that_restarts_while_a_mail_leaves_still_learns_how_that_ended(monkeypatch, kind, answer, state):
    def cut_off(mail_id: uuid.UUID, head: outbox.Letterhead, **more: str) -> None:
        with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        if answer:
            raise answer

    monkeypatch.setattr(relay_module, "hand_over", cut_off)
    owe(kind)
    outbox.sweep(queue="mail", seconds=1)

    assert OutgoingMail.objects.get().state == state


def test_news_can_be_left_with_one_click_and_codes_say_nothing_of_it(tmp_path):
    head = outbox.Letterhead(recipient="x@y.example", subject="S", text="T", unsubscribe="https://l.example/u/abc/")
    with transaction.atomic():
        outbox.queue(kind=outbox.NEWS, key="1", mail=head)
    owe(outbox.CODE)
    for queue in ("bulk", "codes"):
        outbox.sweep(queue=queue, seconds=1)

    news, code = (file.read_text() for file in sorted((tmp_path / "mail").glob("*.eml")))
    assert "List-Unsubscribe: <https://l.example/u/abc/>" in news
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in news
    assert "Unsubscribe" not in code and "html" not in code


def test_a_key_of_days_is_gone_after_three(mailbox):
    owe(outbox.UNFINISHED)
    [key] = memory().keys("days:*")

    assert 2 * 86400 < memory().ttl(key) <= 3 * 86400
    assert OutgoingMail.objects.get().sealing_key == key.decode()
    memory().delete(key)
    assert mailbox() == []
    assert OutgoingMail.objects.get().failure == "key destroyed"


def test_a_key_is_named_by_the_clock_of_redis():
    name, key = sealing.brief_key()

    with time_machine.travel(timedelta(days=1)):
        assert sealing.brief_key() == (name, key)


def test_exactly_what_is_named_is_cancelled(mailbox):
    owe(key="7")
    owe(key="70")

    cancelled = outbox.cancel_keys(keys=[outbox.row_key(outbox.ACCOUNT, "7")], reason="an answer arrived")

    assert cancelled == 1
    assert len(mailbox()) == 1


def test_what_became_of_mails_can_be_asked_by_key(mailbox):
    owe(outbox.REMINDER, "a")
    owe(outbox.REMINDER, "b")
    outbox.cancel_keys(keys=["reminder:b"], reason="an answer arrived")
    mailbox()

    found = outbox.outcomes(keys=["reminder:a", "reminder:b", "reminder:c"])
    assert {key: (one.state, one.failure) for key, one in found.items()} == {
        "reminder:a": ("sent", ""),
        "reminder:b": ("cancelled", "an answer arrived"),
    }
    assert found["reminder:a"].over_at is not None


def test_a_person_may_send_an_uncertain_mail_again(relay):
    sent = relay(TimeoutError()).sent
    owe(outbox.REMINDER)
    outbox.sweep(queue="mail", seconds=1)
    uncertain = OutgoingMail.objects.get()

    assert outbox.send_again(mail_id=uncertain.pk)
    assert not outbox.send_again(mail_id=uncertain.pk)
    outbox.sweep(queue="mail", seconds=1)
    assert [mail_id for mail_id, _ in sent] == [uncertain.pk]
    assert not outbox.send_again(mail_id=uncertain.pk)


def test_the_clock_is_the_databases():
    with time_machine.travel(timedelta(days=1)):
        found = clock.now()

    assert abs(found - datetime.now(UTC)) < timedelta(seconds=10)
    assert found.utcoffset() == timedelta(0)
