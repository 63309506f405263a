"""No domain gets more than its share, in an hour or at once, and none waits behind another's."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from accounts import lanes, outbox, sending
from accounts.claiming import claim_next
from accounts.models import Lane, OutgoingMail
from tests.accounts.owing import now_due, owe, time_passes

pytestmark = pytest.mark.django_db


@given(most=st.integers(1, 5000), queue=st.sampled_from(["mail", "bulk"]))
def test_the_pace_allows_no_hour_more_than_the_ceiling(most, queue):
    from django.test import override_settings

    with override_settings(MAIL_PER_DOMAIN_PER_HOUR=most):
        pace = lanes.pace_of(queue)

    # The n-th mail of an hour leaves at the earliest n - 1 intervals, less what may be ahead, after the first.
    # Microseconds are rounded, hence the hair.
    earliest = most * pace.interval - pace.ahead
    assert earliest >= timedelta(hours=1) - timedelta(milliseconds=10)


def test_a_lane_does_not_tell_its_domain():
    name = lanes.name_of("Ada <ada@Acme.Example>")

    assert name == lanes.name_of("other@acme.example") != lanes.name_of("x@beta.example")
    assert len(name) == 32 and "acme" not in name


def test_a_backlog_drains_at_its_pace_and_never_above_the_ceiling(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 20
    sent = relay().sent
    for number in range(60):
        owe(outbox.REMINDER, str(number))

    left = []
    for _five_minutes in range(36):
        before = len(sent)
        sending.sweep(queue="mail", seconds=5)
        left.append(len(sent) - before)
        time_passes(timedelta(minutes=5))

    hours = [sum(left[begin : begin + 12]) for begin in range(24)]
    assert max(hours) <= 20
    assert sum(left) >= 3 * 18
    assert max(left) <= 2


def test_a_full_lane_holds_nobody_else_up(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 1
    sent = relay().sent
    for number in range(5):
        owe(outbox.NEWS, f"full-{number}", to=f"{number}@big.example")
    owe(outbox.NEWS, "small", to="x@small.example")

    sending.sweep(queue="bulk", seconds=5)

    assert sorted(head.recipient.partition("@")[2] for _, head in sent) == ["big.example", "small.example"]


def test_bulk_leaves_room_for_the_rest(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 100
    sent = relay().sent
    for number in range(20):
        owe(outbox.NEWS, str(number))
    owe(outbox.REMINDER, "one")

    sending.sweep(queue="bulk", seconds=5)
    bulk = len(sent)
    sending.sweep(queue="mail", seconds=5)

    assert (bulk, len(sent)) == (2, 3)


def test_who_is_waiting_goes_before_who_is_not(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 1
    sent = relay().sent
    owe(outbox.REMINDER, "early")
    owe(outbox.ACCOUNT, "sign-in")

    sending.sweep(queue="mail", seconds=5)

    [(mail_id, _)] = sent
    assert OutgoingMail.objects.get(pk=mail_id).kind == "account"


def test_a_bell_does_not_open_a_full_lane(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 1
    sent = relay().sent
    for number in range(3):
        owe(key=str(number))
    for mail in OutgoingMail.objects.all():
        sending.deliver(mail.pk)

    assert len(sent) == 1


def test_codes_have_no_lane(relay, settings):
    settings.MAIL_PER_DOMAIN_PER_HOUR = 1
    sent = relay().sent
    for number in range(5):
        owe(outbox.CODE, str(number))

    assert {mail.lane for mail in OutgoingMail.objects.all()} == {""}
    sending.sweep(queue="codes", seconds=5)
    assert len(sent) == 5
    assert not Lane.objects.exists()


def test_nothing_is_kept_of_the_domain_of_a_signer_who_typed_no_code(relay):
    sent = relay().sent
    owe(outbox.UNFINISHED, to="sue@acme.example")

    assert OutgoingMail.objects.get().lane == ""
    sending.sweep(queue="mail", seconds=5)
    assert len(sent) == 1
    assert not Lane.objects.exists()


def test_what_is_over_has_no_lane(relay, mailbox):
    relay(ValueError("refused"), None, TimeoutError())
    for number in range(4):
        owe(outbox.REMINDER, str(number))
    outbox.cancel(key_prefix="reminder:3", reason="no longer wanted")
    mailbox()

    assert sorted(OutgoingMail.objects.values_list("state", "lane")) == [
        ("cancelled", ""), ("dead", ""), ("sent", ""), ("uncertain", ""),
    ]  # fmt: skip


def test_no_more_are_under_way_than_allowed(settings):
    settings.MAIL_PER_DOMAIN_AT_ONCE = 2
    for number in range(5):
        owe(key=str(number))

    claimed = [claim_next(queue="mail") for _ in range(5)]

    assert sum(mail is not None for mail in claimed) == 2
    OutgoingMail.objects.filter(state="sending").update(state="waiting", lease=None, leased_until=None)
    assert claim_next(queue="mail") is not None


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_time_keep_the_limits_together(settings):
    settings.MAIL_PER_DOMAIN_AT_ONCE, settings.MAIL_PER_DOMAIN_PER_HOUR = 3, 100
    for number in range(60):
        owe(outbox.ACCOUNT, str(number), to=f"{number}@{'ab'[number % 2]}.example")
    claimed: list[uuid.UUID] = []

    def claim() -> None:
        try:
            for _ in range(10):
                if mail := claim_next(queue="mail"):
                    claimed.append(mail.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claimed) == len(set(claimed)) == 6
    under_way = OutgoingMail.objects.filter(state="sending").values_list("lane", flat=True)
    assert sorted(list(under_way).count(lane) for lane in set(under_way)) == [3, 3]


def test_mail_that_an_older_program_owed_has_no_lane_and_is_sent(mailbox):
    owe()
    OutgoingMail.objects.update(lane="")

    assert len(mailbox()) == 1


def test_a_lane_that_was_forgotten_is_made_anew(mailbox):
    owe(key="1")
    mailbox()
    Lane.objects.update(paid_until=Now() - timedelta(days=2))

    assert lanes.forget(unused_for=timedelta(days=1)) == 1
    owe(key="2")
    assert len(mailbox()) == 2


def test_a_mail_that_failed_for_now_waits_in_its_lane(relay):
    relay(ConnectionRefusedError())
    owe()
    sending.sweep(queue="mail", seconds=1)

    assert OutgoingMail.objects.get().lane == lanes.name_of("carla@team.example")
    now_due()
    sending.sweep(queue="mail", seconds=1)
    assert OutgoingMail.objects.get().state == "sent"


def test_a_code_goes_before_any_amount_of_news(relay):
    sent = relay().sent
    for number in range(40):
        owe(outbox.NEWS, str(number), to=f"{number}@{number % 8}.example")
    owe(outbox.CODE, "code", to="ana@acme.example")

    sending.sweep(queue="codes", seconds=5)
    sending.sweep(queue="bulk", seconds=20)

    assert sent[0][1].recipient == "ana@acme.example"
    assert len(sent) == 41


@pytest.mark.django_db(transaction=True)
def test_nothing_rings_for_bulk():
    from accounts.shortlived import memory

    owe(outbox.NEWS, "news")
    owe(outbox.REMINDER, "reminder")

    assert (memory().llen("bulk"), memory().llen("mail")) == (0, 1)
