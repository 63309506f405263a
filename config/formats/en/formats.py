"""Dates in English; fields of forms are filled in as HTML has it."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j M"
DATETIME_FORMAT = "j F Y, H:i e"
SHORT_DATETIME_FORMAT = "j F Y, H:i"
