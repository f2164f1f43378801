"""What the page of one partnership is made of: parts of the portal add to it from `AppConfig.ready()`.

Three things can be added: facts on the line (level 1 → 2 → 3 → how the recipients find it), useful next
steps, and sections of the page. Each is asked with the partnership and who looks. What a part asks of the
database it names with `asks`: all of it is asked in one query, however many parts there are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from partnerships.asked import Asked, answers
from partnerships.models import Partnership
from samskaping.core.registries import Viewer


class Stage(IntEnum):
    """The four boxes of the line."""

    ANCHORING = 1
    DEVELOPMENT = 2
    OPERATION = 3
    RECIPIENTS = 4


@dataclass(frozen=True)
class Fact:
    """One line in a box: «Punkt 4 i frivilligstrategien». `done` puts a tick beside the box's title."""

    stage: Stage
    text: str
    order: int = 50
    muted: bool = False
    done: bool = False
    url: str = ""


@dataclass(frozen=True)
class Between:
    """What is open between a box and the next one: questions on their way up or down."""

    after: Stage
    open: int
    answered: int = 0


@dataclass(frozen=True)
class NextStep:
    """Something useful to do now, one click away. Advice; the three most useful are shown."""

    tag: str
    title: str
    url: str
    note: str = ""
    color: str = "neutral"
    order: int = 50


@dataclass(frozen=True)
class Section:
    """A part of the page: its template, and what it is given; None when this viewer has nothing to see.

    The template is given `partnership` and `viewer` too, and begins with a heading of level 2. What is
    `aside` stands in the narrow column.
    """

    key: str
    order: int
    template: str
    context: Callable[[Partnership, Viewer], Mapping[str, Any] | None]
    aside: bool = False


@dataclass(frozen=True)
class ShownSection:
    """What `{% section %}` shows."""

    template: str
    context: Mapping[str, Any]


LineProvider = Callable[[Partnership, Viewer], Iterable[Fact | Between]]
StepProvider = Callable[[Partnership, Viewer], Iterable[NextStep]]

_line: dict[str, LineProvider] = {}
_steps: dict[str, StepProvider] = {}
_sections: dict[str, Section] = {}
_asked: list[Asked] = []


def asks(*questions: Asked) -> None:
    """To be answered before the part is: then `question.of(partnership, viewer)` is at hand."""
    _asked.extend(question for question in questions if question not in _asked)


def ask_all(partnership: Partnership, viewer: Viewer) -> None:
    answers(partnership, _asked, viewer)


def line_from(name: str, provider: LineProvider) -> None:
    _add(_line, name, provider)


def next_steps_from(name: str, provider: StepProvider) -> None:
    _add(_steps, name, provider)


def section(made: Section) -> None:
    _add(_sections, made.key, made)


def line_of(partnership: Partnership, viewer: Viewer) -> list[Fact | Between]:
    return [item for provider in _line.values() for item in provider(partnership, viewer)]


def next_steps(partnership: Partnership, viewer: Viewer) -> list[NextStep]:
    found = [step for provider in _steps.values() for step in provider(partnership, viewer)]
    return sorted(found, key=lambda step: step.order)


def sections() -> list[Section]:
    return sorted(_sections.values(), key=lambda made: made.order)


def columns(partnership: Partnership, viewer: Viewer) -> tuple[list[ShownSection], list[ShownSection]]:
    """What each part of the portal has to show of it, for the wide column and the narrow one."""
    found: tuple[list[ShownSection], list[ShownSection]] = ([], [])
    for made in sections():
        context = made.context(partnership, viewer)
        if context is not None:
            found[made.aside].append(ShownSection(made.template, {"viewer": viewer, **context}))
    return found


def _add(registry: dict[str, Any], name: str, item: Any) -> None:
    """Raises ValueError when the name is taken: two parts would overwrite each other."""
    if name in registry:
        message = f"There already is a {name!r} on the page."
        raise ValueError(message)
    registry[name] = item
