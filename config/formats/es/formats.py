"""Dates and numbers in Spanish: figures in groups of three, with a space between; fields of forms as HTML has it."""

DATE_FORMAT = r"j \d\e F \d\e Y"
SHORT_DATE_FORMAT = "j M Y"
YEAR_MONTH_FORMAT = r"F \d\e Y"
MONTH_DAY_FORMAT = "j M"
DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i e"
SHORT_DATETIME_FORMAT = r"j \d\e F \d\e Y, H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]
