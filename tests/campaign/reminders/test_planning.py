"""Reminders follow the facts: what changes re-plans or cancels what was planned from it, in the same transaction."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign import organising, record
from campaign.models import Reminder, Said
from campaign.reminders import changing, planning
from campaign.reminders.planning import days_later
from campaign.writing import saving
from tests.campaign.reminders.story import YESTERDAY, ask_by, let_go, live
from tests.campaign.test_record import say
from tests.cast import NOW, Cast

ZONES = ["UTC", "Europe/Berlin", "America/Santiago", "Pacific/Auckland", "Asia/Kathmandu", "Australia/Lord_Howe"]


class TestAReplyByDate:
    pytestmark = pytest.mark.django_db

    def test_another_date_moves_it_and_no_date_or_a_closed_letter_cancels_it(self, cast):
        for days in (3, 9):
            ask_by(cast, NOW + timedelta(days=days), now=NOW)
            assert live("no_answer").due_at == NOW + timedelta(days=days)

        ask_by(cast, None, now=NOW)
        assert live("no_answer") is None

        ask_by(cast, NOW + timedelta(days=10), now=NOW)
        organising.close_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=NOW)
        assert live("no_answer") is None

    def test_what_was_told_is_told_again_at_the_campaigns_spacing(self, cast, mailbox):
        organising.remind_every(campaign=cast.campaign, days=3, by=cast.carla, now=NOW)
        ask_by(cast, YESTERDAY)

        let_go()

        following = live("no_answer")
        assert (following.times, following.due_at) == (2, days_later(YESTERDAY, 3, "Europe/Berlin"))

    def test_a_campaign_that_wants_it_once_is_told_once(self, cast, mailbox):
        organising.remind_every(campaign=cast.campaign, days=None, by=cast.carla, now=NOW)
        ask_by(cast, YESTERDAY)

        let_go()

        assert live("no_answer") is None
        assert len(mailbox("carla@")) == 1

    def test_a_changed_spacing_moves_the_next_one(self, cast, mailbox):
        ask_by(cast, YESTERDAY)
        let_go()

        organising.remind_every(campaign=cast.campaign, days=30, by=cast.carla, now=YESTERDAY)
        assert live("no_answer").due_at == days_later(YESTERDAY, 30, "Europe/Berlin")
        organising.remind_every(campaign=cast.campaign, days=None, by=cast.carla, now=YESTERDAY)
        assert live("no_answer") is None

    def test_a_date_that_was_reminded_of_is_not_reminded_of_again(self, cast, mailbox):
        ask_by(cast, YESTERDAY)
        let_go()
        planning.plan_letter(campaign_letter_id=cast.campaign_letter.pk, now=YESTERDAY)
        let_go()

        assert len(mailbox("carla@")) == 1

    def test_what_a_person_cancelled_stays_cancelled_until_the_date_is_set_again(self, cast):
        ask_by(cast, NOW + timedelta(days=3), now=NOW)
        one = live("no_answer")
        changing.cancel(reminder=one, by=cast.carla, now=NOW)
        planning.plan_everything(now=NOW)
        assert live("no_answer") is None

        ask_by(cast, one.due_at, now=NOW)

        assert live("no_answer") is not None

    def test_a_date_set_again_is_planned_again(self, cast):
        for days in (3, None, 3, 4, 3):
            ask_by(cast, None if days is None else NOW + timedelta(days=days), now=NOW)

        assert live("no_answer").due_at == NOW + timedelta(days=3)

    def test_what_a_person_moved_stays_moved_until_the_rule_itself_changes(self, cast):
        ask_by(cast, NOW + timedelta(days=3), now=NOW)
        changing.move(reminder=live("no_answer"), due_at=NOW + timedelta(days=5), by=cast.carla, now=NOW)

        planning.plan_everything(now=NOW)
        assert live("no_answer").due_at == NOW + timedelta(days=5)
        ask_by(cast, NOW + timedelta(days=4), now=NOW)
        assert (live("no_answer").due_at, live("no_answer").moved_by) == (NOW + timedelta(days=4), None)

    def test_an_answer_cancels_it_and_a_withdrawn_answer_plans_it_again(self, cast):
        organising.change_executive(
            executive=cast.bo, name="", title="Chief executive", employer_id=cast.beta, addressed=False,
            by=cast.carla, now=NOW,
        )  # fmt: skip
        ask_by(cast, NOW + timedelta(days=3), now=NOW)
        entry = say(cast, bearings={cast.act.pk: Said.ACKNOWLEDGED})
        record.check(entry=entry, by=cast.oskar, now=NOW)
        assert live("no_answer") is None

        organising.change_demand(demand=cast.act, text="Stop them all", must_be_public=False, by=cast.carla, now=NOW)

        assert live("no_answer") is not None

    def test_a_moment_that_has_passed_is_refused(self, cast):
        with pytest.raises(organising.NotPossible, match="still to come"):
            ask_by(cast, NOW, now=NOW)


class TestASeries:
    pytestmark = pytest.mark.django_db

    @pytest.fixture
    def second(self, cast, mailbox) -> Reminder:
        """The second of a series whose first went out twenty days ago."""
        first = YESTERDAY - timedelta(days=20)
        ask_by(cast, first, now=first - timedelta(days=1))
        let_go(first)
        one = live("no_answer")
        assert one.times == 2
        return one

    def test_one_that_a_person_moved_later_stays_moved_past_its_own_moment(self, cast, second):
        wanted = second.due_at + timedelta(days=3)
        changing.move(reminder=second, due_at=wanted, by=cast.carla, now=second.due_at - timedelta(days=1))

        planning.plan_everything(now=second.asked_for + timedelta(hours=1))

        assert live("no_answer").due_at == wanted

    def test_one_that_came_due_while_all_was_held_goes_once_mail_goes_on(self, cast, second, mailbox):
        changing.hold_all(campaign=cast.campaign, held=True, by=cast.carla, now=NOW)
        planning.plan_everything(now=second.asked_for + timedelta(hours=1))
        changing.hold_all(campaign=cast.campaign, held=False, by=cast.carla, now=NOW)

        let_go(second.asked_for + timedelta(hours=2))

        assert Reminder.objects.filter(kind="no_answer", state="sent").count() == 2

    def test_one_that_came_due_while_no_worker_ran_is_not_planned_away(self, cast, second):
        planning.plan_record(campaign_id=cast.campaign.pk, now=second.asked_for + timedelta(hours=3))

        assert live("no_answer").due_at == second.due_at

    @pytest.mark.parametrize("days", [4, 5])
    def test_a_date_that_was_set_anew_holds_from_then_on(self, cast, days):
        ask_by(cast, YESTERDAY + timedelta(days=5))
        changing.cancel(reminder=live("no_answer"), by=cast.carla, now=YESTERDAY)
        ask_by(cast, YESTERDAY + timedelta(days=days))

        planning.plan_everything(now=YESTERDAY + timedelta(hours=1))

        assert live("no_answer") is not None

    def test_whoever_stopped_the_reminders_of_checks_stopped_them_for_what_waited_then(self, cast):
        say(cast, by=cast.oskar)
        changing.cancel(reminder=live("second_check"), by=cast.carla, now=NOW + timedelta(days=1))
        planning.plan_everything(now=NOW + timedelta(days=1))
        assert live("second_check") is None
        later = say(cast, by=cast.oskar)
        cast.campaign.entries.filter(pk=later.pk).update(recorded_at=NOW + timedelta(days=2))

        planning.plan_everything(now=NOW + timedelta(days=2))

        assert live("second_check").due_at == days_later(NOW + timedelta(days=2), 2, "Europe/Berlin")

    def test_what_somebody_stopped_stays_stopped_when_her_account_goes(self, cast, second):
        changing.cancel(reminder=second, by=cast.carla, now=YESTERDAY)
        Reminder.objects.update(cancelled_by=None)

        planning.plan_everything(now=YESTERDAY)

        assert live("no_answer") is None


class TestTheOthers:
    pytestmark = pytest.mark.django_db

    def test_a_statement_that_waits_for_its_check_is_told_after_two_days_and_then_weekly(self, cast, mailbox):
        entry = say(cast, by=cast.oskar)
        first = live("second_check")
        assert first.due_at == days_later(entry.recorded_at, 2, "Europe/Berlin")

        let_go()
        assert live("second_check").times == 2
        record.check(entry=entry, by=cast.carla, now=NOW)

        assert live("second_check") is None

    def test_a_letter_that_closes_by_itself_is_told_three_days_before(self, cast, mailbox):
        closes_at = YESTERDAY + timedelta(days=2)
        organising.close_at(campaign_letter=cast.campaign_letter, closes_at=closes_at, by=cast.carla, now=NOW)
        assert live("closing_soon").due_at == days_later(closes_at, -3, "Europe/Berlin")

        let_go()

        assert "closes" in mailbox("carla@")[0].subject
        assert live("closing_soon") is None
        assert mailbox("oskar@") == [], "trackers do not close letters"

    def test_a_closing_that_is_set_for_so_soon_needs_no_reminder(self, cast):
        organising.close_at(
            campaign_letter=cast.campaign_letter, closes_at=NOW + timedelta(days=1), by=cast.carla, now=NOW
        )

        assert live("closing_soon") is None

    def test_a_letter_closes_by_itself_at_its_moment(self, cast):
        organising.close_at(campaign_letter=cast.campaign_letter, closes_at=YESTERDAY, by=cast.carla, now=NOW)

        assert organising.close_due(now=YESTERDAY) == 1

        assert cast.letter.is_closed
        assert organising.close_due(now=YESTERDAY) == 0

    def test_a_letter_does_not_close_before_its_moment(self, cast):
        organising.close_at(
            campaign_letter=cast.campaign_letter, closes_at=YESTERDAY + timedelta(days=9), by=cast.carla, now=YESTERDAY
        )

        assert organising.close_due(now=YESTERDAY) == 0

    @pytest.mark.django_db
    def test_a_draft_that_does_not_move_is_told_of_three_times(self, mailbox):
        cast = Cast.assemble(opened=False)
        for times in (1, 2, 3):
            one = live("idle_draft")
            assert one.times == times
            assert one.due_at == days_later(NOW, 14 * times, "Europe/Berlin")
            Reminder.objects.filter(pk=one.pk).update(state="sent", over_at=NOW)
            planning.plan_letter(campaign_letter_id=cast.campaign_letter.pk, now=NOW)
        assert live("idle_draft") is None

    def test_writing_on_a_draft_puts_it_off_and_opening_it_ends_it(self):
        cast = Cast.assemble(opened=False)
        later = NOW + timedelta(days=5)
        words = saving.Words(title="T", body="More.")
        saving.save(
            campaign_letter=cast.campaign_letter, language="en", words=words, began_from=1, by=cast.carla, now=later
        )
        assert live("idle_draft").due_at == days_later(later, 14, "Europe/Berlin")

        organising.open_letter(campaign_letter=cast.campaign_letter, by=cast.carla, now=later)

        assert live("idle_draft") is None


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=4400)).map(lambda after: datetime(2020, 1, 1, tzinfo=UTC) + after)


@given(moment=MOMENTS, days=st.integers(1, 400), zone=st.sampled_from(ZONES))
def test_so_many_days_later_is_the_same_time_of_day_by_the_calendar(moment, days, zone):
    there = zoneinfo.ZoneInfo(zone)

    later = days_later(moment, days, zone).astimezone(there)

    before = moment.astimezone(there)
    assert (later.date() - before.date()).days in {days, days + 1 if before.hour == 23 else days}
    skipped = abs((later.hour * 60 + later.minute) - (before.hour * 60 + before.minute))
    assert skipped in {0, 30, 60}, "only an hour that a clock change skips is moved"


@given(
    first=MOMENTS,
    every=st.integers(1, 60),
    ahead=st.timedeltas(timedelta(0), timedelta(days=900)),
    zone=st.sampled_from(ZONES),
)
def test_the_next_of_a_series_is_the_first_after_now_on_its_grid(first, every, ahead, zone):
    moment = first + ahead

    found = planning._first_after(first, every, moment, zone)

    assert found > moment
    steps = [days_later(first, every * count, zone) for count in range(1, ahead.days // every + 4)]
    assert found == next(step for step in steps if step > moment)
