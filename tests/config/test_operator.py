"""The operator sees whether mail moves; nobody else sees that there is such a page."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts import breaker, operations, outbox, pulse, relay, sending
from accounts.models import OutgoingMail, User
from tests.accounts.owing import Relay, owe
from tests.cast import browser_of, organiser

pytestmark = pytest.mark.django_db
PAGE = "/organise/operator/"


@pytest.fixture
def operator() -> User:
    user = organiser("Olga")
    user.is_staff = True
    user.save()
    return user


def numbers(queue: str) -> operations.QueueNumbers:
    [found] = [one for one in operations.queues() if one.queue == queue]
    return found


def test_the_page_is_there_for_staff_alone(operator, stranger):
    carla = browser_of(organiser("Carla"))

    assert browser_of(operator).get(PAGE).status_code == 200
    assert (stranger.get(PAGE).status_code, carla.get(PAGE).status_code) == (404, 404)


def test_staff_needs_a_second_factor_too(operator, settings):
    settings.SECOND_FACTOR_REQUIRED = True

    assert browser_of(operator).get(PAGE).headers["Location"].endswith("/2fa/totp/activate/")


def test_mail_is_counted_by_what_became_of_it(mailbox, monkeypatch):
    owe(outbox.REMINDER, "sent")
    mailbox()
    for key in ("due", "later", "dead", "uncertain", "long ago"):
        owe(outbox.REMINDER, key)
    row = OutgoingMail.objects.filter
    row(key="reminder:due").update(due_at=Now() - timedelta(hours=2))
    row(key="reminder:later").update(due_at=Now() + timedelta(hours=2))
    row(key="reminder:dead").update(state="dead", over_at=Now())
    row(key="reminder:uncertain").update(state="uncertain", over_at=Now() - timedelta(hours=2))
    row(key="reminder:long ago").update(state="sent", sealed=None, sealing_key="", over_at=Now() - timedelta(days=2))

    found = numbers("mail")

    assert (found.due, found.later, found.dead, found.uncertain) == (1, 1, 1, 1)
    assert (found.sent_hour, found.sent_day, found.failed_hour, found.failed_day) == (1, 1, 1, 2)
    assert found.oldest_due_at == row(key="reminder:due").get().due_at
    assert numbers("bulk") == operations.QueueNumbers(queue="bulk")


def test_the_page_says_what_is_wrong_and_which_command_helps(operator, monkeypatch):
    monkeypatch.setattr(relay, "hand_over", Relay(ValueError("not a mail")))
    owe(outbox.REMINDER, "dead")
    owe(outbox.REMINDER, "old")
    sending.sweep(queue="mail", seconds=0.01)
    OutgoingMail.objects.filter(state="waiting").update(due_at=Now() - timedelta(hours=3))
    pulse.mark("schedule")
    for _ in range(5):
        breaker.failed()

    page = browser_of(operator).get(PAGE).content.decode()

    assert "manage.py dead_letters" in page
    assert "The mail server keeps failing" in page
    assert page.count("not heard within an hour") == 3
    assert "carla@team.example" not in page


def test_the_page_asks_few_questions(operator, django_assert_max_num_queries):
    client = browser_of(operator)
    client.get(PAGE)

    with django_assert_max_num_queries(9):
        client.get(PAGE)
