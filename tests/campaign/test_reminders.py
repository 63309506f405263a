"""A reply-by date passes: the team is told once, however many clocks and workers there are."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaign import organising, record, reminders
from campaign.models import Reminder
from letters import publishing
from tests.campaign.test_record import say
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(cast) -> Reminder:
    """A reminder whose minute has come."""
    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=3), now=NOW)
    one = Reminder.objects.get()
    assert one.due_at < timezone.now(), "the story lies in the past, so the reminder is due"
    return one


def test_the_team_is_told_who_is_silent(cast, due, mailbox):
    reminders.send_due(now=timezone.now())

    to_carla, to_oskar = mailbox("carla@"), mailbox("oskar@")
    assert (len(to_carla), len(to_oskar), len(mailbox("vera@"))) == (1, 1, 0)
    assert to_carla[0].subject == "Stop the robots: 2 executives have not answered"
    assert "Ada Boss" in to_carla[0].text
    due.refresh_from_db()
    assert (due.state, due.recipients) == ("sent", 2)


@pytest.mark.django_db(transaction=True)
def test_two_schedules_and_many_workers_send_it_once(cast, due, mailbox):
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        reminders.send_due(now=timezone.now())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailbox("carla@")) == 1


def test_it_is_not_sent_before_its_minute(cast, mailbox):
    organising.ask_reply_by(
        campaign_letter=cast.campaign_letter, reply_by=timezone.now() + timedelta(hours=1), now=timezone.now()
    )

    assert reminders.send_due(now=timezone.now()) == 0
    assert mailbox() == []


def test_nobody_is_reminded_once_all_have_answered(cast, due, mailbox):
    record.check(entry=say(cast), by=cast.oskar, now=NOW)
    organising.change_executive(
        executive=cast.bo,
        name="",
        title="Chief executive",
        employer_id=cast.beta,
        addressed=False,
        by=cast.carla,
        now=NOW,
    )

    reminders.send_due(now=timezone.now())

    assert mailbox() == []
    due.refresh_from_db()
    assert (due.state, due.reason) == ("cancelled", "everybody has answered")


def test_another_date_moves_it_and_no_date_or_a_closed_letter_cancels_it(cast, due):
    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=9), now=NOW)
    assert Reminder.objects.get().due_at == NOW + timedelta(days=9)

    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=None, now=NOW)
    assert Reminder.objects.get().state == "cancelled"

    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=NOW + timedelta(days=10), now=NOW)
    organising.close_letter(campaign_letter=cast.campaign_letter, now=NOW)
    assert not Reminder.objects.filter(state="planned").exists()


def test_a_date_that_was_reminded_of_is_not_reminded_of_again(cast, due, mailbox):
    reminders.send_due(now=timezone.now())
    reminders.plan(campaign_letter_id=cast.campaign_letter.pk, now=NOW)
    reminders.send_due(now=timezone.now())

    assert len(mailbox("carla@")) == 1


def test_the_database_refuses_a_second_live_reminder(cast, due):
    with pytest.raises(IntegrityError, match="reminder_one_live_for_each_subject"), transaction.atomic():
        Reminder.objects.create(campaign_letter=due.campaign_letter, kind=due.kind, audience=due.audience, due_at=NOW)


def test_a_moment_that_has_passed_is_refused(cast):
    with pytest.raises(organising.NotPossible, match="still to come"):
        organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=NOW, now=NOW)


def test_a_date_set_again_is_planned_again(cast, due):
    for days in (None, 3, 4, 3):
        reply_by = None if days is None else NOW + timedelta(days=days)
        organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=reply_by, now=NOW)

    assert Reminder.objects.get(state="planned").due_at == NOW + timedelta(days=3)


def test_what_a_person_cancelled_stays_cancelled_until_the_date_is_set_again(cast, due):
    reminders.cancel(reminder=due, by=cast.carla, now=NOW)
    reminders.plan(campaign_letter_id=cast.campaign_letter.pk, now=NOW)
    assert not Reminder.objects.filter(state="planned").exists()

    organising.ask_reply_by(campaign_letter=cast.campaign_letter, reply_by=due.due_at, now=NOW)

    assert Reminder.objects.filter(state="planned").exists()


def test_a_letter_that_closed_otherwise_sends_no_reminder(cast, due, mailbox):
    publishing.close_letter(letter_id=cast.letter.id, now=NOW)

    reminders.send_due(now=timezone.now())

    assert mailbox() == []
    due.refresh_from_db()
    assert (due.state, due.reason) == ("cancelled", "the letter is not open")
