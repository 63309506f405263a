"""Words for numbers, dates and states, the same everywhere."""

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts import speaking

register = template.Library()


@register.filter
def known_date(day: date | None, precision: str) -> str:
    """A date as far as it can be trusted: "28 January 2026", "on or before 28 January 2026", "January 2026", "2026"."""
    if day is None:
        return _("date not reported")
    match precision:
        case "year":
            return str(day.year)
        case "month":
            return formats.date_format(day, "YEAR_MONTH_FORMAT")
        case "by":
            return _("on or before %(day)s") % {"day": formats.date_format(day)}
    return formats.date_format(day)


@register.filter
def day(moment: datetime | date | None) -> str:
    """A day in words, without a time: "28 January 2026"."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return formats.date_format(moment)


@register.filter
def moment(at: datetime | None) -> str:
    """A moment with its time zone: "28 January 2026, 14:05 UTC"."""
    return "" if at is None else formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


@register.filter
def again(kept: str) -> str:
    """What was kept in English, in the reader's language where it is a sentence of ours."""
    return speaking.again(kept)


@register.filter
def short_hash(sha256: str) -> str:
    """The first twelve characters of a version's name."""
    return sha256[:12]
