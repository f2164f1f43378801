"""A month of the calendar, and whose it is."""

from calendar import Calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby

from django.utils import timezone
from django.utils.dates import MONTHS, WEEKDAYS

from partnerships.access import access_of
from partnerships.models import CalendarFeed
from samskaping.core.calendar_items import CalendarItem, OfDay, Span
from samskaping.core.registries import Viewer
from samskaping.core.working_days import OSLO

# Further than anything is planned, and further back than anybody looks; a date has to be sayable too.
_YEARS = 5
# In a square of the month; the list has them all.
SHOWN_A_DAY = 6
# What a feed holds: enough to see what just was, and everything that is planned.
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=400)
_NOTHING = OfDay([], 0)


@dataclass(frozen=True)
class Day:
    day: date
    items: list[CalendarItem]
    # How many there are beside these.
    more: int
    in_month: bool
    is_today: bool

    @cached_property
    def words(self) -> str:
        """«mandag 2. november»; as the template filter would, which a month asks for forty times."""
        return f"{WEEKDAYS[self.day.weekday()]} {self.day.day}. {MONTHS[self.day.month]}"


@dataclass(frozen=True)
class Month:
    first: date

    @property
    def key(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks, from Monday."""
        return Calendar().monthdatescalendar(self.first.year, self.first.month)

    def span(self, viewer: Viewer, *, only_own: bool) -> Span:
        """All the days that are shown, those of the months beside it too."""
        days = [day for week in self.weeks for day in week]
        return Span(viewer, _midnight(days[0]), _midnight(days[-1] + timedelta(days=1)), only_own)


def month_of(asked: str, today: date) -> Month:
    """«2026-11», or this month for anything else."""
    try:
        first = datetime.strptime(asked, "%Y-%m").date()  # noqa: DTZ007 - a month
    except ValueError:
        return Month(today.replace(day=1))
    near = abs(first.year - today.year) <= _YEARS
    return Month(first if near else today.replace(day=1))


def in_weeks(month: Month, days: Mapping[date, OfDay], today: date) -> list[list[Day]]:
    def square(day: date) -> Day:
        items, number = days.get(day, _NOTHING)
        return Day(day, items, number - len(items), day.month == month.first.month, day == today)

    return [[square(day) for day in week] for week in month.weeks]


def as_list(month: Month, items: Iterable[CalendarItem], today: date) -> list[Day]:
    """The month's own days, those there is something on."""
    by_day = groupby(items, key=lambda item: item.day)
    return [
        Day(day, list(there), 0, True, day == today)
        for day, there in by_day
        if (day.year, day.month) == (month.first.year, month.first.month)
    ]


def feed_viewer(feed: CalendarFeed) -> Viewer | None:
    """Whose calendar a feed shows now; None when the role it was made in has ended, or she has no account."""
    user = feed.person.user
    if user is None or not user.is_active or feed.person.erased_at is not None:
        return None
    membership = None
    if feed.membership_id is not None:
        membership = next((m for m in access_of(user).memberships if m.pk == feed.membership_id), None)
        if membership is None:
            return None
    return Viewer(user=user, membership=membership, today=timezone.localdate())


def feed_span(feed: CalendarFeed, viewer: Viewer) -> Span:
    now = timezone.now()
    return Span(viewer, now - FEED_BACK, now + FEED_AHEAD, feed.only_own)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OSLO)
