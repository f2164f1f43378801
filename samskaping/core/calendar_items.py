"""What stands in the calendar: apps add to it from `AppConfig.ready()`, so that core imports none of them.

The page, its print and the secret feed ask the same sources. A source gives its question for a span of time
and makes its items of the rows (core/one_query.py); it does its own `visible_to`. Items name no people.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Window
from django.db.models.functions import RowNumber, TruncDate

from samskaping.core.ics import Event
from samskaping.core.one_query import Question, Row
from samskaping.core.registries import Viewer, WrittenForMany
from samskaping.core.working_days import OSLO


@dataclass(frozen=True)
class Span:
    """Whose calendar, from when until when (not with), and whether only what is her own."""

    viewer: Viewer
    starts_at: datetime
    ends_at: datetime
    only_own: bool = False

    def covers(self, rows: Any) -> Any:
        """Of rows with `starts_at` and `ends_at`, those that touch it; what has no time yet is left out."""
        return rows.filter(starts_at__lt=self.ends_at, ends_at__gt=self.starts_at)


class CalendarItem(NamedTuple):
    """`kind` is a word for what it is, `url` a path in the portal; `uid` and `sequence` as in ics.py."""

    starts_at: datetime
    ends_at: datetime
    title: str
    kind: str
    uid: UUID
    changed_at: datetime
    sequence: int = 0
    place: str = ""
    url: str = ""
    is_cancelled: bool = False
    is_own: bool = False

    @property
    def day(self) -> date:
        """On which it begins: what goes on past midnight is the evening's."""
        return self.starts_at.astimezone(OSLO).date()

    def event(self, site: str) -> Event:
        """The same for a calendar programme; `site` is the address of the portal."""
        return Event(
            uid=self.uid,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            title=self.title,
            changed_at=self.changed_at,
            sequence=self.sequence,
            place=self.place,
            url=site + self.url if self.url else "",
            is_cancelled=self.is_cancelled,
        )


@dataclass(frozen=True)
class _Source:
    # None: she can have none of this.
    question: Callable[[Span], Question | None]
    items: Callable[[Span, Sequence[Row]], Iterable[CalendarItem]]


_sources: dict[str, _Source] = {}
_written = WrittenForMany()


def calendar_source(
    name: str,
    question: Callable[[Span], Question | None],
    items: Callable[[Span, Sequence[Row]], Iterable[CalendarItem]],
) -> None:
    """Raises ValueError when the name is taken."""
    if name in _sources:
        message = f"There is a calendar source called {name!r} already."
        raise ValueError(message)
    _sources[name] = _Source(question, items)
    _written.forget()


def calendar_items(span: Span) -> list[CalendarItem]:
    """Everything in the span, the first to begin first."""
    return _in_order(item for name, rows in _ask(span).items() for item in _sources[name].items(span, rows))


class OfDay(NamedTuple):
    items: list[CalendarItem]
    number: int


def calendar_days(span: Span, at_most: int) -> dict[date, OfDay]:
    """The first of each day, and how many there are."""
    found: dict[date, list[CalendarItem]] = defaultdict(list)
    number: dict[date, int] = defaultdict(int)
    for name, rows in _ask(span, at_most).items():
        for row, item in zip(rows, _sources[name].items(span, rows), strict=True):
            day = item.day
            found[day].append(item)
            number[day] += row["of_day"] if row["nth"] == 1 else 0
    return {day: OfDay(_in_order(items)[:at_most], number[day]) for day, items in found.items()}


def _in_order(items: Iterable[CalendarItem]) -> list[CalendarItem]:
    return sorted(items, key=lambda item: (item.starts_at, item.title))


def _ask(span: Span, a_day: int | None = None) -> Mapping[str, list[Row]]:
    """What is written once knows of its viewer's moment that the span begins then, and how long it is."""
    length = span.ends_at - span.starts_at

    def its(viewer: Viewer) -> dict[str, Question]:
        ends_at = viewer.now + length
        return questions(replace(span, viewer=viewer, starts_at=viewer.now, ends_at=ends_at), a_day)

    return _written.ask(replace(span.viewer, now=span.starts_at), its, (length, span.only_own, a_day))


def questions(span: Span, a_day: int | None = None) -> dict[str, Question]:
    asked = {name: source.question(span) for name, source in _sources.items()}
    known = {name: question for name, question in asked.items() if question is not None}
    return {name: _first_of_day(one, a_day) for name, one in known.items()} if a_day else known


def _first_of_day(asked: Question, at_most: int) -> Question:
    starts_at, title = asked.columns["starts_at"], asked.columns["title"]
    day = TruncDate(starts_at, tzinfo=OSLO)
    rows = asked.rows.order_by().annotate(
        nth=Window(RowNumber(), partition_by=day, order_by=(starts_at, title)),
        of_day=Window(Count("pk"), partition_by=day),
    )
    return Question(rows.filter(nth__lte=at_most), **asked.columns, nth="nth", of_day="of_day")
