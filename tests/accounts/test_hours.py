"""Hours of somebody's day, wherever she lives: clock changes, month ends and leap years are no exception."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import hours

ZONES = st.sampled_from(
    [
        "UTC", "Europe/Berlin", "Europe/Lisbon", "Atlantic/Azores", "America/New_York", "America/Sao_Paulo",
        "America/St_Johns", "America/Santiago", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia",
        "Pacific/Kiritimati", "Australia/Lord_Howe", "Antarctica/Troll", "Asia/Kathmandu", "Asia/Tehran",
        "Asia/Gaza", "Africa/Casablanca", "Africa/Cairo", "Asia/Kolkata",
    ]
)  # fmt: skip
MOMENTS = st.integers(0, 32 * 365 * 86400).map(
    lambda seconds: datetime(2008, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
HOURS = st.integers(0, 23)
SHIFT = timedelta(hours=24)  # a whole day was skipped once, at Apia


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zoneinfo.ZoneInfo(zone))


def exists(moment: datetime, zone: str, hour: int) -> bool:
    """Whether the day of `moment` there has such an hour, or else a gap explains another one."""
    there = zoneinfo.ZoneInfo(zone)
    before, after = (moment - SHIFT).astimezone(there).utcoffset(), (moment + SHIFT).astimezone(there).utcoffset()
    return before == after


@settings(max_examples=200, deadline=None)
@given(MOMENTS, ZONES, HOURS)
def test_the_next_daily_hour_comes_within_a_day_and_is_the_hour_asked_for(moment, zone, hour):
    due = hours.next_daily(moment, zone, hour)

    assert moment < due <= moment + timedelta(hours=50)
    assert local(due, zone).hour == hour or not exists(due, zone, hour)
    if exists(due, zone, hour) and exists(moment, zone, hour):
        assert due <= moment + timedelta(hours=24)
        assert local(due, zone).minute == 0


@settings(max_examples=200, deadline=None)
@given(MOMENTS, ZONES, st.integers(0, 6), HOURS)
def test_the_next_weekly_hour_comes_within_eight_days_and_on_its_weekday(moment, zone, weekday, hour):
    due = hours.next_weekly(moment, zone, weekday, hour)

    assert moment < due <= moment + timedelta(days=8)
    if exists(due, zone, hour):
        assert (local(due, zone).weekday(), local(due, zone).hour) == (weekday, hour)


@settings(max_examples=200, deadline=None)
@given(MOMENTS, ZONES, HOURS, HOURS)
def test_what_leaves_the_quiet_hours_is_never_in_them_and_never_earlier(moment, zone, quiet_from, quiet_until):
    due = hours.out_of_quiet_hours(moment, zone, quiet_from, quiet_until)

    assert due >= moment
    assert not hours.is_quiet(due, zone, quiet_from, quiet_until)
    assert due <= moment + timedelta(hours=50)
    if not hours.is_quiet(moment, zone, quiet_from, quiet_until):
        assert due == moment
    else:
        # Nothing between was outside the quiet hours: the end is not overslept.
        just_before = due - timedelta(seconds=1)
        assert hours.is_quiet(just_before, zone, quiet_from, quiet_until)


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=10)), ZONES, HOURS, HOURS)
def test_what_comes_later_is_never_due_earlier(moment, later_by, zone, one, other):
    later = moment + later_by

    assert hours.next_daily(later, zone, one) >= hours.next_daily(moment, zone, one)
    assert hours.next_weekly(later, zone, one % 7, other) >= hours.next_weekly(moment, zone, one % 7, other)
    assert hours.out_of_quiet_hours(later, zone, one, other) >= hours.out_of_quiet_hours(moment, zone, one, other)


@settings(max_examples=50, deadline=None)
@given(MOMENTS, ZONES, HOURS)
def test_daily_mail_comes_once_on_each_day(moment, zone, hour):
    due, days = moment, []
    for _ in range(400):
        due = hours.next_daily(due, zone, hour)
        days.append(local(due, zone).date())

    assert len(days) == len(set(days))
    assert (days[-1] - days[0]).days <= 400


@pytest.mark.parametrize(
    ("zone", "moment", "hour", "expected"),
    [
        # The clock goes from 2:00 to 3:00: an hour that is not there is taken right after the gap.
        ("Europe/Berlin", datetime(2026, 3, 28, 20, tzinfo=UTC), 2, datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 20, tzinfo=UTC), 8, datetime(2026, 3, 29, 6, tzinfo=UTC)),
        # The clock goes from 3:00 to 2:00: an hour that comes twice is taken once.
        ("Europe/Berlin", datetime(2026, 10, 24, 20, tzinfo=UTC), 2, datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, tzinfo=UTC), 2, datetime(2026, 10, 26, 1, tzinfo=UTC)),
        ("UTC", datetime(2028, 2, 28, 9, tzinfo=UTC), 8, datetime(2028, 2, 29, 8, tzinfo=UTC)),
        ("UTC", datetime(2026, 12, 31, 8, tzinfo=UTC), 8, datetime(2027, 1, 1, 8, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 2, 1, 12, tzinfo=UTC), 8, datetime(2026, 2, 1, 19, tzinfo=UTC)),
        # Apia had no 30 December 2011.
        ("Pacific/Apia", datetime(2011, 12, 30, 0, tzinfo=UTC), 8, datetime(2011, 12, 30, 18, tzinfo=UTC)),
        ("Nowhere/Land", datetime(2026, 2, 1, 12, tzinfo=UTC), 8, datetime(2026, 2, 2, 8, tzinfo=UTC)),
    ],
)
def test_the_next_eight_o_clock_is_right_where_calendars_are_not(zone, moment, hour, expected):
    assert hours.next_daily(moment, zone, hour) == expected


def test_quiet_hours_that_come_twice_in_one_night_end_twice():
    # Troll sets the clock from 3:00 back to 1:00; quiet until 2:00.
    second_half_past_one = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert local(second_half_past_one, "Antarctica/Troll").hour == 1

    assert hours.out_of_quiet_hours(second_half_past_one, "Antarctica/Troll", 21, 2) == datetime(
        2026, 10, 25, 2, tzinfo=UTC
    )


def test_monday_at_eight_is_monday_at_eight_on_the_other_side_of_the_world():
    due = hours.next_weekly(datetime(2026, 2, 1, 12, tzinfo=UTC), "Pacific/Auckland", 0, 8)

    assert due == datetime(2026, 2, 1, 19, tzinfo=UTC)
    assert local(due, "Pacific/Auckland").strftime("%A %H:%M") == "Monday 08:00"
