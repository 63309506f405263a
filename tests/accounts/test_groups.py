"""Mail of one group is held, let go on, and cancelled together; what was cancelled nobody can send any more."""

import smtplib
import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts import deadletters, outbox
from accounts import relay as relay_module
from accounts.models import MailHold, OutgoingMail
from tests.accounts.owing import owe

pytestmark = pytest.mark.django_db


def found() -> dict[str, tuple[str, bool]]:
    """Of each mail its state, and whether its content is still there."""
    return {mail.key: (mail.state, mail.sealed is not None) for mail in OutgoingMail.objects.all()}


def test_a_held_group_waits_while_others_leave(mailbox):
    owe(outbox.REMINDER, "a", group="campaign:1")
    owe(outbox.REMINDER, "b", group="campaign:2")
    owe(outbox.NEWS, "c", group="campaign:1")
    owe(outbox.ACCOUNT, "d")
    outbox.hold(group="campaign:1")
    outbox.hold(group="campaign:1")

    mailbox()
    assert {key for key, (state, _) in found().items() if state == "waiting"} == {"reminder:a", "news:c"}

    outbox.go_on(group="campaign:1")
    mailbox()
    assert {state for state, _ in found().values()} == {"sent"}


def test_what_is_owed_while_its_group_is_held_waits_too(mailbox):
    outbox.hold(group="g")
    owe(outbox.REMINDER, group="g")

    assert mailbox() == []


def test_lanes_full_of_held_mail_keep_no_free_one_from_being_found(mailbox):
    for number in range(30):
        owe(outbox.NEWS, f"held {number}", to=f"x@{number}.example", group="g")
    outbox.hold(group="g")
    owe(outbox.NEWS, "free", to="x@free.example")

    assert len(mailbox()) == 1


def test_the_bell_rings_in_vain_for_held_mail(mailbox):
    owe(outbox.REMINDER, group="g")
    outbox.hold(group="g")
    outbox.deliver(OutgoingMail.objects.get().pk)

    assert found() == {"reminder:one": ("waiting", True)}


def test_held_mail_still_grows_too_old(mailbox):
    owe(outbox.REMINDER, group="g")
    outbox.hold(group="g")
    OutgoingMail.objects.update(expires_at=Now())

    assert mailbox() == []
    assert found() == {"reminder:one": ("cancelled", False)}


def test_no_group_is_not_a_group(mailbox):
    owe()
    outbox.hold(group="")

    assert outbox.cancel_group(group="", reason="mistake") == 0
    assert not MailHold.objects.exists()
    assert len(mailbox()) == 1


def test_a_group_is_known_only_as_long_as_its_mails_content(mailbox):
    owe(outbox.NEWS, group="g")
    mailbox()

    assert OutgoingMail.objects.get().group == ""


@pytest.mark.parametrize(
    "cancel",
    [
        lambda: outbox.cancel_keys(keys=["reminder:dead", "reminder:unsure", "reminder:waiting"], reason="left"),
        lambda: outbox.cancel(key_prefix="reminder:", reason="left"),
        lambda: outbox.cancel_group(group="g", reason="left"),
    ],
)
def test_what_was_cancelled_nobody_can_send_again(relay, cancel):
    sent = relay(smtplib.SMTPDataError(554, b"spam"), TimeoutError()).sent
    for key in ("dead", "unsure"):
        owe(outbox.REMINDER, key, group="g")
        outbox.sweep(queue="mail", seconds=1)
    owe(outbox.REMINDER, "waiting", group="g")

    assert cancel() == 1

    assert found() == {
        "reminder:dead": ("dead", False),
        "reminder:unsure": ("uncertain", False),
        "reminder:waiting": ("cancelled", False),
    }
    failures = set(OutgoingMail.objects.values_list("failure", flat=True))
    assert failures == {"SMTPDataError 554", "TimeoutError", "left"}
    for state in (deadletters.DEAD, deadletters.UNCERTAIN):
        deadletters.owe_again(choice=deadletters.Choice(), state=state)
    assert not outbox.send_again(mail_id=OutgoingMail.objects.get(key="reminder:unsure").pk)
    outbox.sweep(queue="mail", seconds=1)
    assert sent == []


@pytest.mark.parametrize(
    ("kind", "ends", "state"),
    [
        (outbox.REMINDER, None, "sent"),
        (outbox.REMINDER, smtplib.SMTPDataError(451, b"later"), "cancelled"),
        (outbox.ACCOUNT, TimeoutError(), "cancelled"),
        (outbox.REMINDER, TimeoutError(), "uncertain"),
        (outbox.REMINDER, smtplib.SMTPDataError(554, b"spam"), "dead"),
    ],
)
def test_a_mail_that_is_cancelled_while_it_is_being_sent_goes_now_or_never(monkeypatch, kind, ends, state):
    def cancelled_meanwhile(mail_id: uuid.UUID, head: outbox.Letterhead, **more: str) -> None:
        assert outbox.cancel(key_prefix=f"{kind.name}:", reason="left") == 0
        if ends:
            raise ends

    monkeypatch.setattr(relay_module, "hand_over", cancelled_meanwhile)
    owe(kind)
    for _ in range(2):
        outbox.sweep(queue="mail", seconds=1)

    assert found() == {f"{kind.name}:one": (state, False)}


def test_a_cancelled_mail_whose_worker_is_lost_keeps_nothing():
    owe(outbox.REMINDER)
    owe(outbox.ACCOUNT)
    lost = {"state": "sending", "lease": uuid.uuid4()}
    OutgoingMail.objects.update(**lost, leased_until=Now() - timedelta(seconds=1))
    outbox.cancel(key_prefix="", reason="left")

    outbox.sweep(queue="mail", seconds=0)

    assert found() == {"reminder:one": ("uncertain", False), "account:one": ("cancelled", False)}
