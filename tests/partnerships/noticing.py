"""What tests of notices share: a clock that stands still, a source of their own, and rounds of the engine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from partnerships import due
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Person
from partnerships.services.notice import notices_derive, notices_queue
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import outbox_deliver_row
from samskaping.core.working_days import OSLO

KIND = "try"
# A Thursday and a Monday with nothing special about them.
THURSDAY, MONDAY = date(2026, 11, 26), date(2026, 11, 30)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO)


class Clock:
    """`timezone.now()` of the code under test; the database's own clock goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def set(self, now: datetime) -> datetime:
        # In UTC as Django's own, so that a day read off it by mistake is yesterday's after midnight.
        self._monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(UTC))
        return now


class Source:
    """Tells people about themselves, for as long as they are in `people`."""

    def __init__(self) -> None:
        self.dues: list[Due] = []
        self.gone: set[int] = set()

    def tell(self, person: Person, *, tell_on: date, due_on: date | None = None) -> None:
        self.dues.append(Due(person, person, due_on=due_on or date(2027, 12, 1), tell_on=tell_on))

    def register(self, kind: str = KIND, **fields: Any) -> None:
        due_source(
            DueSource(
                kind=kind,
                label="Prøve",
                derive=lambda day: [d for d in self.dues if d.tell_on <= day],
                about=self._about,
                words=lambda _notice, _person: Words(
                    title="Noe å huske", lines=("Første linje.",), url="/min-side/", link="Se"
                ),
                **fields,
            )
        )

    def _about(self, notice: Notice) -> Any:
        person = int(notice.object_id)
        return None if person in self.gone else Person.objects.filter(pk=person).first()


@contextmanager
def only(make: Callable[[], Any]) -> Iterator[Any]:
    """The sources of a test alone, and the portal's own afterwards."""
    before = dict(due._sources)
    due._sources.clear()
    try:
        yield make()
    finally:
        due._sources.clear()
        due._sources.update(before)


def round_of(now: datetime) -> None:
    """What beat asks for every ten minutes."""
    notices_derive(now.astimezone(OSLO).date())
    notices_queue(now)


def deliver() -> list[str]:
    """Everything promised that may leave, in the order it was promised."""
    waiting = Outbox.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True)
    return [str(outbox_deliver_row(pk)) for pk in list(waiting)]


def states() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("state", flat=True))
