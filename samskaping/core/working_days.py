"""Norwegian working days and the hours in which the portal may disturb somebody.

Reminders do not come on Saturdays, Sundays and public holidays, nor on Christmas Eve and New Year's Eve,
when offices are closed though the calendar says otherwise. All of it is wall clock in Europe/Oslo; none
of the hours is one that summer time repeats or skips.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")

# What can wait: in the daytime of a working day.
DAY_BEGINS, DAY_ENDS = time(8), time(20)
# What cannot wait still lets people sleep. A code somebody asked for is no notice, and comes at any hour.
MORNING, NIGHT = time(7), time(22)
# What is gathered in one e-mail lies there when work begins.
DIGEST_BEGINS = time(7, 30)

_ONE_DAY = timedelta(days=1)
_holidays = holidays.country_holidays("NO")


def is_holiday(day: date) -> bool:
    """A red day, Christmas Eve or New Year's Eve; an ordinary Sunday is none."""
    return (day.month, day.day) in ((12, 24), (12, 31)) or day in _holidays


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def next_working_day(day: date) -> date:
    """The day itself when it is one, else the first that comes."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def working_day_before(day: date) -> date:
    """The last one before the day, never the day itself."""
    day -= _ONE_DAY
    while not is_working_day(day):
        day -= _ONE_DAY
    return day


def working_days_later(day: date, number: int) -> date:
    """That many working days after the day, which itself is not counted."""
    for _each in range(number):
        day = next_working_day(day + _ONE_DAY)
    return day


def week_begins(day: date) -> date:
    """The first working day of the day's week: Monday, or Tuesday after Easter."""
    return next_working_day(day - timedelta(days=day.weekday()))


def next_week_begins(day: date) -> date:
    """The first working day of a week that comes after the day."""
    this_week = week_begins(day)
    return this_week if this_week > day else week_begins(day + timedelta(days=7 - day.weekday()))


def may_send(now: datetime, *, urgent: bool = False) -> bool:
    here = now.astimezone(OSLO)
    if urgent:
        return MORNING <= here.time() < NIGHT
    return is_working_day(here.date()) and DAY_BEGINS <= here.time() < DAY_ENDS


def may_send_digest(now: datetime) -> bool:
    here = now.astimezone(OSLO)
    return is_working_day(here.date()) and DIGEST_BEGINS <= here.time() < DAY_ENDS


def next_sending_time(now: datetime, *, urgent: bool = False) -> datetime:
    """Now when it is allowed, else when the next allowed hours begin."""
    if may_send(now, urgent=urgent):
        return now
    here = now.astimezone(OSLO)
    begins = MORNING if urgent else DAY_BEGINS
    day = here.date() if here.time() < begins else here.date() + _ONE_DAY
    return datetime.combine(day if urgent else next_working_day(day), begins, tzinfo=OSLO)
