"""Dates that are known as far as they are known."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    """How far a date can be trusted."""

    DAY = "day", _("on the day")
    BY = "by", _("on or before the day")
    MONTH = "month", _("in the month")
    YEAR = "year", _("in the year")


def date_and_precision(date: str, precision: str) -> Q:
    """A date comes with its precision; months and years are kept as their first day."""
    return (
        Q(**{f"{date}__isnull": True, precision: ""})
        | Q(**{f"{date}__isnull": False, f"{precision}__in": ["day", "by"]})
        | Q(**{f"{date}__isnull": False, precision: "month", f"{date}__day": 1})
        | Q(**{f"{date}__isnull": False, precision: "year", f"{date}__day": 1, f"{date}__month": 1})
    )
