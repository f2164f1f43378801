"""What stands in the calendar: apps add to it from `AppConfig.ready()`, so that core imports none of them.

The page, its print and the secret feed ask the same sources. A source gives its question for a span of time
and makes its items of the rows (core/one_query.py); it does its own `visible_to`. Items name no people.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from samskaping.core.ics import Event
from samskaping.core.one_query import Question, Row, ask
from samskaping.core.registries import Viewer


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


@dataclass(frozen=True)
class CalendarItem:
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


def calendar_items(span: Span) -> list[CalendarItem]:
    """Everything in the span, the first to begin first."""
    questions = {name: source.question(span) for name, source in _sources.items()}
    answers = ask({name: question for name, question in questions.items() if question is not None})
    found = [item for name, rows in answers.items() for item in _sources[name].items(span, rows)]
    return sorted(found, key=lambda item: (item.starts_at, item.title))
