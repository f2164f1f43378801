"""What home pages are made of. Apps add to these from `AppConfig.ready()`, so that core imports none of them.

A provider is asked for one viewer and answers with what she may see; it does its own `visible_to`. It
is given no request, so that Monday's e-mail can ask the same providers as the page.

What stands in the database is asked for together: a source gives its question, and makes its items of the
rows (core/one_query.py). So a page costs as many queries with thirty sources as with three. The question is
written for a stand-in, once for all who are like her (core/stand_in.py): it may know of its viewer what the
viewer holds, and no other day or moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from samskaping.core.one_query import Kept, Question, Row, ask
from samskaping.core.stand_in import StandIn

Item = TypeVar("Item")
# As many kinds of viewers as are kept written; then one begins anew.
_KEPT_AT_MOST = 200


@dataclass(frozen=True)
class Viewer:
    """Whose page it is: the user, and the role she is in now (None: as herself only)."""

    user: Any
    membership: Any
    today: date
    # Looked up when it is asked, so that a clock that is set in a test is the viewer's too.
    now: datetime = field(default_factory=lambda: timezone.now())


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for somebody, one click away. Shown by components/work_row.html."""

    tag: str
    title: str
    url: str
    note: str = ""
    color: str = "neutral"
    due_on: date | None = None
    due: str = ""
    late: bool = False

    def seen_on(self, today: date) -> "WorkItem":
        """The same with its day in words: «i dag», «12.12.», and «over tiden» where it has passed."""
        if self.due_on is None or self.due:
            return self
        late = self.due_on < today
        return WorkItem(
            tag=self.tag,
            title=self.title,
            url=self.url,
            note=self.note,
            color=self.color,
            due_on=self.due_on,
            due=_("over tiden") if late else _in_words(self.due_on, today),
            late=late,
        )


@dataclass(frozen=True)
class OverviewCard:
    """One number that leads to what is behind it. Shown by components/number_card.html."""

    label: str
    number: str
    order: int
    of: str = ""
    note: str = ""
    url: str = ""
    link: str = ""
    tag: str = ""
    color: str = ""


@dataclass(frozen=True)
class MyPageItem:
    """One thing about herself, with what she can do about it."""

    title: str
    order: int
    lines: tuple[str, ...] = ()
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Source(Generic[Item]):
    """What to ask for a viewer (None: she can have none of this), and the items of the rows."""

    question: Callable[[Viewer], Question | None]
    items: Callable[[Viewer, Sequence[Row]], Iterable[Item]]


class WrittenForMany:
    """Questions that are written once for all viewers who are alike. Django builds and writes thirty of them
    for longer than they take to answer."""

    def __init__(self) -> None:
        self._kept: dict[Any, Kept] = {}

    def ask(
        self, viewer: Viewer, questions: Callable[[Viewer], Mapping[str, Question]], beside: Any = None
    ) -> Mapping[str, list[Row]]:
        """`beside`: what the questions know beside their viewer."""
        like_her = _stand_in_of(viewer)
        if like_her is None:
            return ask(questions(viewer))
        key = (like_her.key, beside)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _KEPT_AT_MOST:
                self._kept.clear()
            kept = self._kept[key] = Kept(questions(like_her.make()), like_her.is_hers)
        return kept.ask(like_her.hers)

    def forget(self) -> None:
        self._kept.clear()


class Registry(Generic[Item]):
    """Named sources and providers of one kind of thing."""

    def __init__(self) -> None:
        self._sources: dict[str, Source[Item]] = {}
        self._providers: dict[str, Callable[[Viewer], Iterable[Item]]] = {}
        self._written = WrittenForMany()

    def source(
        self,
        name: str,
        question: Callable[[Viewer], Question | None],
        items: Callable[[Viewer, Sequence[Row]], Iterable[Item]],
    ) -> None:
        """Raises ValueError when the name is taken: two apps would overwrite each other."""
        self._refuse_taken(name)
        self._sources[name] = Source(question, items)
        self._written.forget()

    def register(self, name: str, provider: Callable[[Viewer], Iterable[Item]]) -> None:
        """For what is known without asking. Raises ValueError when the name is taken."""
        self._refuse_taken(name)
        self._providers[name] = provider

    def collect(self, viewer: Viewer) -> list[Item]:
        found = [
            item
            for name, rows in self._written.ask(viewer, self.questions).items()
            for item in self._sources[name].items(viewer, rows)
        ]
        return found + [item for provider in self._providers.values() for item in provider(viewer)]

    def questions(self, viewer: Viewer) -> dict[str, Question]:
        asked = {name: source.question(viewer) for name, source in self._sources.items()}
        return {name: question for name, question in asked.items() if question is not None}

    def _refuse_taken(self, name: str) -> None:
        if name in self._sources or name in self._providers:
            message = f"There is a provider called {name!r} already."
            raise ValueError(message)


def _nobody(_viewer: Viewer) -> StandIn | None:
    return None


_stand_in_of: Callable[[Viewer], StandIn | None] = _nobody


def stand_in_from(make: Callable[[Viewer], StandIn | None]) -> None:
    """Whoever knows what a viewer is made of (partnerships/stand_in.py)."""
    global _stand_in_of
    _stand_in_of = make


_work: Registry[WorkItem] = Registry()
_cards: Registry[OverviewCard] = Registry()
_my_page: Registry[MyPageItem] = Registry()

work_source = _work.source
work_items_from = _work.register
card_source = _cards.source
my_page_items_from = _my_page.register


def work_items(viewer: Viewer) -> list[WorkItem]:
    """What waits for her, the most pressing first; what has no day comes last."""
    found = [item.seen_on(viewer.today) for item in _work.collect(viewer)]
    return sorted(found, key=lambda item: (item.due_on or date.max, item.title))


def overview_cards(viewer: Viewer) -> list[OverviewCard]:
    return sorted(_cards.collect(viewer), key=lambda card: card.order)


def my_page_items(viewer: Viewer) -> list[MyPageItem]:
    return sorted(_my_page.collect(viewer), key=lambda item: item.order)


def _in_words(day: date, today: date) -> str:
    distance = (day - today).days
    if distance < 2:
        return [_("i dag"), _("i morgen")][distance]
    # The year only where it is another one: most of what waits is near.
    return formats.date_format(day, "j.n." if day.year == today.year else "j.n.Y")
