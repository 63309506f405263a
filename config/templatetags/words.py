"""Words for numbers, dates and states, the same everywhere."""

from datetime import date, datetime

from django import template
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _

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
            return dateformat.format(day, "F Y")
        case "by":
            return _("on or before %(day)s") % {"day": dateformat.format(day, "j F Y")}
    return dateformat.format(day, "j F Y")


@register.filter
def day(moment: datetime | date | None) -> str:
    """A day in words, without a time: "28 January 2026"."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return dateformat.format(moment, "j F Y")


@register.filter
def moment(at: datetime | None) -> str:
    """A moment with its time zone: "28 January 2026, 14:05 UTC"."""
    return "" if at is None else dateformat.format(timezone.localtime(at), "j F Y, H:i e")


@register.filter
def short_hash(sha256: str) -> str:
    """The first twelve characters of a version's name."""
    return sha256[:12]
