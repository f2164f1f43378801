"""English words, Norwegian habits: the day before the month, twenty-four hours."""

from samskaping.formats.nb.formats import *  # noqa: F403

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i"
MONTH_DAY_FORMAT = "j F"
DECIMAL_SEPARATOR = "."
