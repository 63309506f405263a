"""The queue as a team sees it: everything can be read, moved, held, sent and stopped before it goes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingMail
from campaign import organising
from campaign.models import MemberSettings, Reminder
from campaign.reminders import planning, schedule, wishes
from tests.campaign.reminders.story import YESTERDAY, ask_by, let_go, live
from tests.campaign.test_record import say
from tests.cast import NOW, browser_of
from tests.people import plain

pytestmark = pytest.mark.django_db

QUEUE = "/organise/campaigns/robots/reminders/"


@pytest.fixture
def planned(cast) -> Reminder:
    """A reminder of tomorrow."""
    ask_by(cast, timezone.now() + timedelta(days=1), now=timezone.now())
    one = live("no_answer")
    assert one is not None
    return one


def page(client, address: str = QUEUE) -> str:
    return plain(client.get(address).content.decode())


def test_an_empty_queue_says_how_something_gets_into_it(cast):
    text = page(browser_of(cast.carla))

    assert "Nothing is planned" in text
    assert "To the letters" in text


def test_the_queue_says_what_when_to_whom_and_never_an_address(cast, planned):
    text = browser_of(cast.vera).get(QUEUE).content.decode()

    assert "The reply-by date has passed without an answer (Stop the robots)" in plain(text)
    assert "To the team (2 people)" in plain(text)
    assert "@team.example" not in text


def test_only_the_list_is_sent_to_a_page_that_updates_itself(cast, planned):
    part = browser_of(cast.carla).get(QUEUE, headers={"HX-Request": "true"}).content.decode()

    assert "The reply-by date" in part
    assert "<html" not in part


def test_the_mail_is_shown_as_it_would_look_now(cast, planned):
    text = page(browser_of(cast.vera), f"{QUEUE}{planned.pk}/")

    assert "Stop the robots: 2 executives have not answered" in text
    assert "Ada Boss" in text


def test_what_would_not_be_sent_says_why(cast, planned):
    Reminder.objects.filter(pk=planned.pk).update(kind="second_check", campaign_letter=None)

    assert "Nothing would be sent: nothing waits for a check." in page(browser_of(cast.carla), f"{QUEUE}{planned.pk}/")


class TestChanging:
    def act(self, cast, planned, **form: str):
        return browser_of(cast.carla).post(f"{QUEUE}{planned.pk}/", form, follow=True)

    def test_it_is_moved_in_the_campaigns_time_zone(self, cast, planned):
        day = (timezone.now() + timedelta(days=40)).strftime("%Y-%m-%d")

        self.act(cast, planned, move="1", due_at=f"{day}T09:30")

        planned.refresh_from_db()
        assert planned.due_at.astimezone(timezone.get_fixed_timezone(60)).strftime("%Y-%m-%d") == day
        assert planned.moved_by == cast.carla
        assert "moved by Carla" in page(browser_of(cast.vera))

    @pytest.mark.parametrize(
        ("typed", "error"),
        [
            ("2020-01-01T10:00", "has passed"),
            ("2999-01-01T10:00", "ten years"),
            ("soon", "valid"),
            ("", "Give the day"),
        ],
    )
    def test_a_moment_that_cannot_be_is_refused_at_its_field(self, cast, planned, typed, error):
        response = self.act(cast, planned, move="1", due_at=typed)

        assert response.status_code == 422
        assert error in response.content.decode()
        assert typed in response.content.decode()

    def test_it_is_held_and_goes_on(self, cast, planned, mailbox):
        Reminder.objects.update(due_at=YESTERDAY)
        self.act(cast, planned, hold="1")
        let_go()
        assert mailbox() == []

        self.act(cast, planned, go_on="1")
        let_go()
        assert len(mailbox("carla@")) == 1

    def test_it_is_sent_now(self, cast, planned, mailbox):
        self.act(cast, planned, send="1")
        MemberSettings.objects.create(user=cast.carla, quiet_from=0, quiet_until=0)

        let_go(timezone.now())

        assert len(mailbox("carla@")) == 1

    def test_it_is_cancelled_and_the_cancelling_is_taken_back(self, cast, planned):
        self.act(cast, planned, cancel="1")
        planned.refresh_from_db()
        assert (planned.state, planned.reason) == ("cancelled", "cancelled by Carla")
        assert "Cancelled: cancelled by Carla." in page(browser_of(cast.vera))

        self.act(cast, planned, restore="1")

        planned.refresh_from_db()
        assert planned.state == "planned"

    def test_a_cancelling_is_not_taken_back_over_another_in_its_place(self, cast, planned):
        self.act(cast, planned, cancel="1")
        ask_by(cast, planned.due_at, now=timezone.now())

        response = self.act(cast, planned, restore="1")

        assert "Another one is planned in its place already." in response.content.decode()

    def test_what_went_out_a_moment_ago_is_not_changed(self, cast, planned):
        Reminder.objects.update(state="sent", over_at=NOW)

        for action in ("hold", "send", "cancel", "go_on"):
            assert "This changed a moment ago" in self.act(cast, planned, **{action: "1"}).content.decode()

    def test_a_button_that_does_not_exist_changes_nothing(self, cast, planned):
        assert "Choose what to do with it." in self.act(cast, planned, explode="1").content.decode()

    @pytest.mark.parametrize("who", ["oskar", "vera", "mallory"])
    def test_others_change_nothing(self, cast, planned, who):
        client = browser_of(getattr(cast, who))

        assert client.post(f"{QUEUE}{planned.pk}/", {"cancel": "1"}).status_code == 404
        assert client.post(f"{QUEUE}hold/", {"hold": "1"}).status_code == 404
        assert client.post(f"{QUEUE}spacing/", {"remind_every": "1"}).status_code == 404
        planned.refresh_from_db()
        assert planned.state == "planned"

    def test_a_reminder_of_another_campaign_is_not_reached_through_ones_own(self, cast, planned):
        response = browser_of(cast.mallory).get(f"/organise/campaigns/elsewhere/reminders/{planned.pk}/")

        assert response.status_code == 404

    def test_looking_changes_nothing(self, cast, planned):
        client = browser_of(cast.carla)

        for address in (QUEUE, f"{QUEUE}{planned.pk}/?cancel=1", f"{QUEUE}forecast/"):
            client.get(address)
        assert client.get(f"{QUEUE}hold/").status_code == 405

        planned.refresh_from_db()
        assert planned.state == "planned"

    def test_everything_is_held_with_one_button(self, cast, planned):
        client = browser_of(cast.carla)

        client.post(f"{QUEUE}hold/", {"hold": "1"})
        assert "All mail of this campaign is held." in page(client)
        client.post(f"{QUEUE}hold/", {"go_on": "1"})
        assert "All mail of this campaign is held." not in page(client)

    def test_the_spacing_is_changed(self, cast, planned):
        client = browser_of(cast.carla)

        client.post(f"{QUEUE}spacing/", {"remind_every": "7"})
        cast.campaign.refresh_from_db()
        assert cast.campaign.remind_every == 7
        client.post(f"{QUEUE}spacing/", {"remind_every": "never"})
        cast.campaign.refresh_from_db()
        assert cast.campaign.remind_every is None
        client.post(f"{QUEUE}spacing/", {"remind_every": "99"})
        cast.campaign.refresh_from_db()
        assert cast.campaign.remind_every is None


class TestForecast:
    def test_it_says_what_would_go_out_and_sends_nothing(self, cast, planned, mailbox):
        organising.remind_every(campaign=cast.campaign, days=3, by=cast.carla, now=timezone.now())

        days = schedule.forecast(cast.campaign, now=timezone.now())

        expected = [one for _day, some in days for one in some]
        assert [one.is_repeat for one in expected] == [False, True, True, True, True]
        assert all(one.at <= timezone.now() + timedelta(days=14) for one in expected)
        assert mailbox() == []
        assert "again, if nothing changes" in page(browser_of(cast.carla), f"{QUEUE}forecast/")

    def test_what_is_held_is_not_expected(self, cast, planned):
        organising.remind_every(campaign=cast.campaign, days=None, by=cast.carla, now=timezone.now())
        Reminder.objects.filter(pk=planned.pk).update(state="held")

        assert schedule.forecast(cast.campaign, now=timezone.now()) == []
        assert "Nothing in the next 14 days" in page(browser_of(cast.carla), f"{QUEUE}forecast/")


class TestHistory:
    def test_it_says_what_became_of_the_mails(self, cast, mailbox):
        ask_by(cast, YESTERDAY)
        wishes.stop(user_id=cast.oskar.pk, kinds=[])
        let_go()
        mailbox()

        assert "Mailed to 2 people." in page(browser_of(cast.carla))

    def test_an_uncertain_mail_is_listed_with_a_button(self, cast, mailbox):
        ask_by(cast, YESTERDAY)
        let_go()
        OutgoingMail.objects.filter(kind="reminder").update(state="uncertain", over_at=NOW, failure="worker lost")
        client = browser_of(cast.carla)
        assert "2 perhaps delivered" in page(client)
        [one] = Reminder.objects.filter(kind="no_answer", state="sent")

        response = client.post(f"{QUEUE}{one.pk}/again/", follow=True)

        assert "Sent again." in response.content.decode()
        assert len(mailbox("carla@")) == 1
        assert "nothing to send again" in client.post(f"{QUEUE}{one.pk}/again/", follow=True).content.decode()

    def test_it_is_paged(self, cast):
        ask_by(cast, YESTERDAY)
        first = Reminder.objects.get(kind="no_answer")
        Reminder.objects.bulk_create(
            Reminder(
                campaign=cast.campaign, campaign_letter=cast.campaign_letter, kind="no_answer", audience="team",
                state="sent", due_at=NOW, asked_for=NOW, over_at=NOW + timedelta(minutes=minute), recipients=0,
            )
            for minute in range(70)
        )  # fmt: skip
        client = browser_of(cast.carla)

        past, older = schedule.history(cast.campaign, page=3)
        assert (len(past), older) == (10, False)
        assert "Older" in page(client)
        assert "There is nothing older" in page(client, f"{QUEUE}?page=9")
        for typed in ("-1", "0", "x", "00000000199999999999999999999", "٣"):
            assert client.get(f"{QUEUE}?page={typed}").status_code == 200, typed
        assert first.state == "planned"

    def test_a_check_that_was_made_leaves_no_trace_of_its_reminder(self, cast):
        say(cast)
        planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)
        cast.campaign.entries.all().delete()
        planning.plan_record(campaign_id=cast.campaign.pk, now=NOW)

        assert schedule.history(cast.campaign, page=1) == ([], False)


class TestMySettings:
    FORM = {
        "kinds": ["milestone"],
        "time_zone": "Asia/Kathmandu",
        "quiet_from": "22",
        "quiet_until": "7",
        "most_a_day": "2",
    }

    def test_they_are_kept(self, cast):
        client = browser_of(cast.carla)

        client.post("/organise/settings/", self.FORM)

        hers = wishes.of(cast.carla)
        assert "no_answer" in hers.unwanted
        assert "milestone" not in hers.unwanted
        assert (hers.time_zone, hers.quiet_from, hers.quiet_until, hers.most_a_day) == ("Asia/Kathmandu", 22, 7, 2)
        assert "Asia/Kathmandu" in client.get("/organise/settings/").content.decode()

    @pytest.mark.parametrize(
        ("field", "typed"),
        [("time_zone", "Mars/Base"), ("quiet_from", "24"), ("most_a_day", "0"), ("kinds", "everything")],
    )
    def test_what_cannot_be_is_refused_and_nothing_changes(self, cast, field, typed):
        response = browser_of(cast.carla).post("/organise/settings/", {**self.FORM, field: typed})

        assert response.status_code == 422
        assert not MemberSettings.objects.exists()

    def test_they_open_only_for_who_signed_in(self, stranger):
        assert stranger.get("/organise/settings/").status_code == 302


def test_the_queue_costs_the_same_whatever_is_in_it(cast, planned, django_assert_max_num_queries):
    for number in range(30):
        Reminder.objects.create(
            campaign=cast.campaign, executive=cast.ada if number % 2 else cast.bo, kind="outreach_ready",
            audience="team", state="sent", due_at=NOW, asked_for=NOW, over_at=NOW,
        )  # fmt: skip
    client = browser_of(cast.carla)

    with django_assert_max_num_queries(22):
        client.get(QUEUE)
