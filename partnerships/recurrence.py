"""The days of what repeats, by the calendar on the wall; and the same in words.

A rule is an RRULE (RFC 5545) of the few kinds people ask for. It gives days, never moments: the clock is put
on each day by itself, so that ten o'clock stays ten o'clock on both sides of summer time (docs/adr/0038).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr
from django.db import models
from django.utils import formats
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samskaping.core.working_days import OSLO, is_holiday

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = -1


class Every(models.TextChoices):
    ONCE = "once", gettext_lazy("Bare én gang")
    WEEK = "week", gettext_lazy("Hver uke")
    TWO_WEEKS = "two_weeks", gettext_lazy("Annenhver uke")
    MONTH = "month", gettext_lazy("Én gang i måneden, samme ukedag")


@dataclass(frozen=True)
class Repeats:
    """What somebody chose. Weekdays count from Monday, 0; in a month it is the weekday of the first day."""

    every: Every = Every.ONCE
    weekdays: tuple[int, ...] = ()
    until: date | None = None
    # Which of the month's: 1 to 4, or the last.
    nth: int = 1

    def rule(self, first_on: date) -> str:
        if self.every == Every.ONCE:
            return ""
        until = f";UNTIL={self.until:%Y%m%d}" if self.until else ""
        if self.every == Every.MONTH:
            nth = (first_on.day - 1) // 7 + 1
            # Not every month has a fifth one.
            day = f"{nth if nth < 5 else _LAST}{_CODES[first_on.weekday()]}"
            return f"FREQ=MONTHLY;BYDAY={day}{until}"
        days = ",".join(_CODES[day] for day in sorted(self.weekdays or (first_on.weekday(),)))
        apart = ";INTERVAL=2" if self.every == Every.TWO_WEEKS else ""
        return f"FREQ=WEEKLY{apart};BYDAY={days}{until}"


def repeats_of(rule: str) -> Repeats:
    """What was chosen, read from the rule it became."""
    if not rule:
        return Repeats()
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    until = datetime.strptime(parts["UNTIL"], "%Y%m%d").date() if "UNTIL" in parts else None  # noqa: DTZ007 - a day
    days = parts["BYDAY"].split(",")
    if parts["FREQ"] == "MONTHLY":
        return Repeats(Every.MONTH, (_CODES.index(days[0][-2:]),), until, nth=int(days[0][:-2]))
    every = Every.TWO_WEEKS if parts.get("INTERVAL") == "2" else Every.WEEK
    return Repeats(every, tuple(_CODES.index(day) for day in days), until)


@dataclass(frozen=True)
class Times:
    """When something is: the first day, the clock, and how it goes on."""

    first_on: date
    from_time: time
    to_time: time
    rule: str = ""
    skips_holidays: bool = True

    def days(self, first: date, last: date) -> list[date]:
        """Those between, both included."""
        if self.rule:
            begins = datetime.combine(self.first_on, time())
            found = rrulestr(self.rule, dtstart=begins).between(
                datetime.combine(first, time()), datetime.combine(last, time()), inc=True
            )
            days = [moment.date() for moment in found]
        else:
            days = [self.first_on] if first <= self.first_on <= last else []
        # Whoever names one single day means it.
        skips = self.skips_holidays and bool(self.rule)
        return [day for day in days if not (skips and is_holiday(day))]

    def moments(self, day: date) -> tuple[datetime, datetime]:
        return moments(day, self.from_time, self.to_time)

    def in_words(self) -> str:
        """«hver tirsdag kl. 10.00–12.00»"""
        clock = _("kl. %(from)s–%(to)s") % {"from": _clock(self.from_time), "to": _clock(self.to_time)}
        return f"{self._days_in_words()} {clock}"

    def _days_in_words(self) -> str:
        repeats = repeats_of(self.rule)
        if repeats.every == Every.ONCE:
            return formats.date_format(self.first_on, "l j. F Y")
        names = [str(WEEKDAYS[day]) for day in repeats.weekdays]
        days = names[0]
        if len(names) > 1:
            days = _("%(days)s og %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}
        if repeats.every == Every.MONTH:
            said = _nth_in_words(repeats.nth)
        else:
            said = _("hver %(days)s") if repeats.every == Every.WEEK else _("annenhver %(days)s")
        said %= {"days": days}
        if repeats.until:
            last = formats.date_format(repeats.until, "SHORT_DATE_FORMAT")
            said = _("%(days)s til og med %(last)s") % {"days": said, "last": last}
        return said


def moments(day: date, from_time: time, to_time: time) -> tuple[datetime, datetime]:
    """That clock on that day in Norway; what ends before it begins ends on the next day."""
    ends_on = day if to_time > from_time else day + timedelta(days=1)
    return datetime.combine(day, from_time, tzinfo=OSLO), datetime.combine(ends_on, to_time, tzinfo=OSLO)


def _clock(at: time) -> str:
    return f"{at:%H.%M}"


def _nth_in_words(nth: int) -> str:
    return {
        1: _("første %(days)s i måneden"),
        2: _("andre %(days)s i måneden"),
        3: _("tredje %(days)s i måneden"),
        4: _("fjerde %(days)s i måneden"),
    }.get(nth, _("siste %(days)s i måneden"))
