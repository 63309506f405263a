"""A reply-by date passes: the team is told once, however many clocks and workers there are."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from campaign import membership, organising, record
from campaign.models import MemberSettings, Notice, Reminder, ReminderKind, Role
from campaign.reminders import changing, planning, sending, wishes
from letters import publishing
from tests.campaign.reminders.story import YESTERDAY, ask_by, let_go, live
from tests.campaign.test_record import say
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(cast) -> Reminder:
    """A reminder whose minute has come."""
    ask_by(cast, YESTERDAY - timedelta(hours=1))
    return Reminder.objects.get(kind="no_answer")


def test_the_team_is_told_who_is_silent(cast, due, mailbox):
    let_go()

    to_carla, to_oskar = mailbox("carla@"), mailbox("oskar@")
    assert (len(to_carla), len(to_oskar), len(mailbox("vera@"))) == (1, 1, 0)
    assert to_carla[0].subject == "Stop the robots: 2 executives have not answered"
    assert "Ada Boss" in to_carla[0].text
    due.refresh_from_db()
    assert (due.state, due.recipients) == ("sent", 2)
    assert set(Notice.objects.values_list("state", flat=True)) == {"mailed"}


@pytest.mark.django_db(transaction=True)
def test_two_schedules_and_many_workers_send_it_once(cast, due, mailbox):
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        let_go()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(mailbox("carla@")) == 1


def test_it_is_not_sent_before_its_minute(cast, mailbox):
    now = timezone.now()
    ask_by(cast, now + timedelta(hours=1), now=now)

    assert sending.send_due(now=now) == 0
    assert mailbox() == []


def test_nobody_is_reminded_once_all_have_answered(cast, due, mailbox):
    record.check(entry=say(cast), by=cast.oskar, now=YESTERDAY)
    organising.change_executive(
        executive=cast.bo,
        name="",
        title="Chief executive",
        employer_id=cast.beta,
        addressed=False,
        by=cast.carla,
        now=YESTERDAY,
    )

    due.refresh_from_db()
    assert (due.state, due.reason) == ("cancelled", "everybody has answered")
    let_go()
    assert mailbox() == []


def test_a_letter_that_closed_otherwise_sends_no_reminder(cast, due, mailbox):
    publishing.close_letter(letter_id=cast.letter.id, now=YESTERDAY)

    let_go()

    assert mailbox() == []
    due.refresh_from_db()
    assert (due.state, due.reason) == ("cancelled", "the letter is not open")


def test_what_is_due_together_is_one_mail(cast, due, mailbox):
    say(cast, by=cast.oskar)
    planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)

    let_go()

    [mail] = mailbox("carla@")
    assert mail.subject == "Stop the robots: 2 reminders"
    assert "Ada Boss" in mail.text
    assert "waits for a second check" in mail.text
    assert len({notice.mail_key for notice in Notice.objects.filter(user=cast.carla)}) == 1


def test_nobody_is_told_to_check_what_she_recorded_herself(cast, mailbox):
    say(cast, by=cast.oskar)
    planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)

    let_go()

    assert len(mailbox("carla@")) == 1
    assert mailbox("oskar@") == []
    assert Notice.objects.get(user=cast.oskar).state == "dropped"


class TestHerHours:
    def test_in_the_quiet_hours_it_waits_for_the_morning(self, cast, mailbox):
        night = YESTERDAY.replace(hour=1)  # 2 or 3 in Berlin
        ask_by(cast, night)
        let_go(night)

        assert mailbox() == []
        notice = Notice.objects.get(user=cast.carla)
        assert notice.state == "waiting"
        assert 6 <= (notice.due_at - night).total_seconds() / 3600 + 1 <= 8
        let_go()
        assert len(mailbox("carla@")) == 1

    def test_her_own_time_zone_wins_over_the_campaigns(self, cast, due):
        MemberSettings.objects.create(user=cast.carla, time_zone="Pacific/Auckland")

        let_go()  # near midnight there

        assert Notice.objects.get(user=cast.carla).state == "waiting"
        assert Notice.objects.get(user=cast.oskar).state == "mailed"

    def test_all_of_a_day_in_one_mail_comes_in_the_morning(self, cast, due):
        MemberSettings.objects.create(user=cast.carla, once_a_day=True, quiet_until=9)

        let_go()

        notice = Notice.objects.get(user=cast.carla)
        assert (notice.state, notice.due_at.minute, notice.due_at > YESTERDAY) == ("waiting", 0, True)

    def test_more_than_she_wants_waits_for_tomorrow(self, cast, due, mailbox):
        MemberSettings.objects.create(user=cast.carla, most_a_day=1)
        let_go()
        say(cast, by=cast.oskar)
        planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)

        let_go(YESTERDAY + timedelta(hours=1))

        assert len(mailbox("carla@")) == 1
        waiting = Notice.objects.get(user=cast.carla, state="waiting")
        assert timedelta(hours=16) < waiting.due_at - YESTERDAY < timedelta(hours=22)

    def test_what_she_switched_off_does_not_reach_her(self, cast, due, mailbox):
        wishes.stop(user_id=cast.carla.pk, kinds=[ReminderKind.NO_ANSWER])

        let_go()

        assert mailbox("carla@") == []
        assert len(mailbox("oskar@")) == 1

    def test_what_she_switches_off_while_it_waits_does_not_reach_her(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        wishes.stop(user_id=cast.carla.pk, kinds=[ReminderKind.NO_ANSWER])

        sending.mail_notices(now=YESTERDAY)

        assert mailbox("carla@") == []

    def test_quiet_hours_that_she_set_meanwhile_hold(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        MemberSettings.objects.create(user=cast.carla, quiet_from=9, quiet_until=20)

        sending.mail_notices(now=YESTERDAY)

        assert mailbox("carla@") == []


class TestWhoIsTold:
    def test_an_account_that_was_switched_off_is_told_nothing(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        cast.oskar.is_active = False
        cast.oskar.save()

        sending.mail_notices(now=YESTERDAY)

        assert mailbox("oskar@") == []

    def test_mail_that_waits_to_leave_does_not_reach_a_member_who_left(self, cast, due, mailbox):
        let_go()
        membership.remove_member(member=cast.campaign.team.memberships.get(user=cast.oskar), by=cast.carla, now=NOW)

        assert mailbox("oskar@") == []
        assert len(mailbox("carla@")) == 1

    def test_a_member_who_left_is_told_nothing(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        membership.remove_member(member=cast.campaign.team.memberships.get(user=cast.oskar), by=cast.carla, now=NOW)

        sending.mail_notices(now=YESTERDAY)

        assert mailbox("oskar@") == []
        assert Notice.objects.get(user=cast.oskar).state == "dropped"

    def test_a_member_who_only_looks_on_from_now_is_told_nothing(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        membership.change_role(
            member=cast.campaign.team.memberships.get(user=cast.oskar), role=Role.VIEWER, by=cast.carla, now=NOW
        )

        sending.mail_notices(now=YESTERDAY)

        assert mailbox("oskar@") == []

    def test_each_mail_says_why_it_comes_and_can_be_ended_with_one_post(self, cast, due, mailbox, stranger):
        let_go()
        [mail] = mailbox("carla@")
        address = next(line for line in mail.text.splitlines() if "/reminders/stop/" in line).partition("8000")[2]
        path = address or next(line for line in mail.text.splitlines() if "/reminders/stop/" in line)
        path = "/reminders/stop/" + path.partition("/reminders/stop/")[2]

        assert stranger.get(path).status_code == 200
        assert wishes.of(cast.carla).unwanted == [], "looking changes nothing"
        assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert wishes.of(cast.carla).unwanted == ["no_answer"]
        assert stranger.get("/reminders/stop/nonsense/").status_code == 404

    def test_the_mail_carries_the_headers_of_rfc_8058(self, cast, due, mailbox, tmp_path):
        let_go()
        mailbox()

        files = [file.read_text() for file in (tmp_path / "mail").glob("*.eml")]
        assert all("List-Unsubscribe-Post: List-Unsubscribe=One-Click" in file for file in files)


class TestHolding:
    def test_what_waits_in_the_outbox_is_held_too(self, cast, due, mailbox):
        let_go()
        changing.hold_all(campaign=cast.campaign, held=True, by=cast.carla, now=NOW)
        assert mailbox() == []

        changing.hold_all(campaign=cast.campaign, held=False, by=cast.carla, now=NOW)
        assert len(mailbox("carla@")) == 1

    def test_nothing_leaves_while_all_mail_is_held_and_each_thing_once_afterwards(self, cast, due, mailbox):
        changing.hold_all(campaign=cast.campaign, held=True, by=cast.carla, now=NOW)
        let_go()
        assert (mailbox(), live("no_answer") is not None) == ([], True)

        changing.hold_all(campaign=cast.campaign, held=False, by=cast.carla, now=NOW)
        let_go()
        let_go()
        assert len(mailbox("carla@")) == 1

    def test_a_notice_that_waits_is_held_too(self, cast, due, mailbox):
        sending.send_due(now=YESTERDAY)
        changing.hold_all(campaign=cast.campaign, held=True, by=cast.carla, now=NOW)

        assert sending.mail_notices(now=YESTERDAY) == 0
        assert mailbox() == []


def test_a_beat_that_was_dead_for_three_days_sends_each_reminder_once(cast, mailbox):
    organising.remind_every(campaign=cast.campaign, days=1, by=cast.carla, now=NOW)
    began = YESTERDAY - timedelta(days=3)
    ask_by(cast, began, now=began - timedelta(hours=1))

    let_go()
    let_go()

    assert len(mailbox("carla@")) == 1
    following = live("no_answer")
    assert following is not None
    assert (following.times, following.due_at > YESTERDAY) == (2, True), "what the outage overtook is left out"


def test_what_cannot_be_mailed_is_put_off_whole_and_stops_nobody_else(cast, due, mailbox, monkeypatch):
    from campaign import emails

    whole = emails.reminders

    def broken_for_carla(*, user, told) -> str:
        key = whole(user=user, told=told)
        if user == cast.carla:
            raise RuntimeError
        return key

    monkeypatch.setattr(emails, "reminders", broken_for_carla)
    let_go()

    assert mailbox("carla@") == [], "the mail falls with what it tells"
    assert len(mailbox("oskar@")) == 1
    hers = Notice.objects.get(user=cast.carla)
    assert (hers.state, hers.due_at) == ("waiting", YESTERDAY + timedelta(minutes=15))


def test_a_reminder_that_cannot_be_told_stops_no_other(cast, due, mailbox, monkeypatch):
    from campaign.reminders import wording

    say(cast, by=cast.oskar)
    whole = wording.of

    def broken(reminder, **kwargs):
        if reminder.kind == "no_answer":
            raise RuntimeError
        return whole(reminder, **kwargs)

    monkeypatch.setattr(wording, "of", broken)
    let_go()

    assert [mail.subject for mail in mailbox("carla@")] == ["Stop the robots: 1 entry to check"]
    due.refresh_from_db()
    assert (due.state, due.due_at) == ("planned", YESTERDAY + timedelta(minutes=15))


def test_the_database_refuses_a_second_live_reminder(cast, due):
    with pytest.raises(IntegrityError, match="reminder_one_live_for_each_subject"), transaction.atomic():
        Reminder.objects.create(
            campaign=cast.campaign, campaign_letter=due.campaign_letter, kind=due.kind, audience=due.audience,
            due_at=NOW, asked_for=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("reminder_over_has_its_moment", {"state": "sent"}),
        ("reminder_is_about_what_its_kind_says", {"kind": "milestone"}),
        ("reminder_is_about_what_its_kind_says", {"kind": "outreach"}),
    ],
)
def test_the_database_refuses_a_reminder_that_contradicts_itself(cast, due, constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Reminder.objects.filter(pk=due.pk).update(**change)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("notice_mailed_has_its_moment", {"state": "mailed"}),
        ("notice_mailed_has_its_moment", {"mail_key": "reminder:1"}),
    ],
)
def test_the_database_refuses_a_notice_that_contradicts_itself(cast, due, constraint, change):
    sending.send_due(now=YESTERDAY)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Notice.objects.update(**change)


def test_the_database_refuses_a_second_notice_to_the_same_person(cast, due):
    sending.send_due(now=YESTERDAY)

    with pytest.raises(IntegrityError, match="notice_once_for_a_person"), transaction.atomic():
        Notice.objects.create(reminder=due, user=cast.carla, due_at=NOW)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("member_settings_hours_are_hours", {"quiet_from": 24}),
        ("member_settings_allow_a_mail", {"most_a_day": 0}),
    ],
)
def test_the_database_refuses_impossible_settings(cast: Cast, constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MemberSettings.objects.create(user=cast.carla, **change)
