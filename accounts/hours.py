"""The hours of a recipient's day: when her quiet hours end, and when the next daily or weekly mail is due.

All answers are UTC. An hour that a clock change skips is taken right after the gap; one that comes twice is taken the
first time. A zone that this machine does not know counts as UTC, because a mail must not be stuck for that.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)


def zone_of(zone: str | ZoneInfo) -> ZoneInfo:
    """The time zone of this name."""
    if isinstance(zone, ZoneInfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_quiet(moment: datetime, zone: str | ZoneInfo, quiet_from: int, quiet_until: int) -> bool:
    """Whether it is between these hours there; two equal hours mean that it never is."""
    hour = moment.astimezone(zone_of(zone)).hour
    if quiet_from <= quiet_until:
        return quiet_from <= hour < quiet_until
    return hour >= quiet_from or hour < quiet_until


def out_of_quiet_hours(moment: datetime, zone: str | ZoneInfo, quiet_from: int, quiet_until: int) -> datetime:
    """`moment` itself, or the end of the quiet hours that it falls into."""
    moment = moment.astimezone(UTC)
    while is_quiet(moment, zone, quiet_from, quiet_until):
        moment = next_quiet_end(moment, zone, quiet_until)
    return moment


def next_quiet_end(moment: datetime, zone: str | ZoneInfo, quiet_until: int) -> datetime:
    """The next time after `moment` that the clock there comes to this hour, be it for the second time."""
    there = zone_of(zone)
    ends = (
        end
        for day in _days_from(moment, there)
        for end in (_at(day, quiet_until, there), _at(day, quiet_until, there, fold=1))
        if end > moment and (end == _at(day, quiet_until, there) or end.astimezone(there).hour == quiet_until)
    )
    return next(ends)


def next_daily(moment: datetime, zone: str | ZoneInfo, hour: int) -> datetime:
    """The next `hour` o’clock there after `moment`, once a day."""
    return _next(moment, zone, hour, lambda day: True)


def next_weekly(moment: datetime, zone: str | ZoneInfo, weekday: int, hour: int) -> datetime:
    """The next `hour` o’clock there after `moment` on this day of the week; Monday is 0."""
    return _next(moment, zone, hour, lambda day: day.weekday() == weekday)


def _next(moment: datetime, zone: str | ZoneInfo, hour: int, is_a_day: Callable[[date], bool]) -> datetime:
    there = zone_of(zone)
    days = (day for day in _days_from(moment, there) if is_a_day(day))
    return next(at for day in days if (at := _at(day, hour, there)) > moment)


def _days_from(moment: datetime, there: ZoneInfo) -> Iterator[date]:
    """The days there from yesterday on: a clock that is set back over midnight comes to a day twice."""
    day = moment.astimezone(there).date() - _DAY
    while True:
        yield day
        day += _DAY


def _at(day: date, hour: int, there: ZoneInfo, *, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=there, fold=fold).astimezone(UTC)
