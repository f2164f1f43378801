"""What the page of one process is made of: parts of the portal add to it from `AppConfig.ready()`.

Everybody who sits at a process has the same page, staff and participants alike; what each is shown follows
her seat (partnerships/seat.py). Two things can be added: sections, and useful next steps. Each is asked with
the seat. What a part asks of the database it names with `process_asks`: all of it is asked in one query,
however many parts there are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from partnerships.page import NextStep, ShownSection
from partnerships.process_asked import OfSeat, answers

if TYPE_CHECKING:
    from partnerships.seat import Seat


@dataclass(frozen=True)
class Later:
    """What a seat may begin when it is time for it. Until then it is one line, and no empty box."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class ProcessSection:
    """A part of the page: its template, and what it is given; None when this seat has nothing to see.

    `Later` in its place: there is nothing of it yet, and a line at the end of the page says how to begin.

    The template is given `seat` and `process` too, and begins with a heading of level 2. What is `aside`
    stands in the narrow column. Orders: 10 what it is about, 20 meetings, 30 proposals, 40 tasks, 50 results,
    60 wins; aside 10 facts, 20 participants, 90 what one can do with the whole of it.
    """

    key: str
    order: int
    template: str
    context: "Callable[[Seat], Mapping[str, Any] | Later | None]"
    aside: bool = False


@dataclass(frozen=True)
class Columns:
    """What each part has to show, in the wide column and the narrow one; and what there is none of yet."""

    main: list[ShownSection]
    aside: list[ShownSection]
    later: list[Later]


StepProvider = Callable[["Seat"], Iterable[NextStep]]

_steps: dict[str, StepProvider] = {}
_sections: dict[str, ProcessSection] = {}
_asked: list[OfSeat] = []


def process_asks(*questions: OfSeat) -> None:
    """To be answered before the part is: then `question.of(seat)` is at hand."""
    _asked.extend(question for question in questions if question not in _asked)


def ask_all(seat: "Seat") -> None:
    answers(seat, _asked)


def process_section(made: ProcessSection) -> None:
    _add(_sections, made.key, made)


def process_steps_from(name: str, provider: StepProvider) -> None:
    _add(_steps, name, provider)


def process_sections() -> list[ProcessSection]:
    return sorted(_sections.values(), key=lambda made: made.order)


def columns(seat: "Seat") -> Columns:
    found = Columns([], [], [])
    for made in process_sections():
        context = made.context(seat)
        if isinstance(context, Later):
            found.later.append(context)
        elif context is not None:
            (found.aside if made.aside else found.main).append(ShownSection(made.template, context))
    return found


def process_steps(seat: "Seat") -> list[NextStep]:
    """The three most useful are shown; none of what is over."""
    found = [step for provider in _steps.values() for step in provider(seat)]
    return sorted(found, key=lambda step: step.order)


def _add(registry: dict[str, Any], name: str, item: Any) -> None:
    """Raises ValueError when the name is taken: two parts would overwrite each other."""
    if name in registry:
        message = f"There already is a {name!r} on the page of a process."
        raise ValueError(message)
    registry[name] = item
