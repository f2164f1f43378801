"""What can be due to somebody: apps register their sources from `AppConfig.ready()`.

A source answers three questions about its own rows, so that nothing about a notice has to be stored but
whom, what and when: what is due now (`derive`), is the reason still there at the moment of sending
(`about`), and what does it say, in the language that is active (`words`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise

from partnerships.models import Notice, Person, Reply


@dataclass(frozen=True)
class Due:
    """One person is to be told about one row. `due_on` is the day it is about and part of what makes it one
    notice; `tell_on` the day she should hear of it, moved to a working day by the engine."""

    person: Person
    about: models.Model
    due_on: date
    tell_on: date


@dataclass(frozen=True)
class Words:
    """What a notice says. The title stands in subjects and lists and names nobody."""

    title: str
    lines: tuple[str, ...]
    # A path in the portal, and the words of the button; empty where there is nothing to open.
    url: str = ""
    link: str = ""
    # One line; the title and the link when empty.
    sms: str = ""
    # Yes-or-no, asked under the text; answered through a confirm page, on the telephone, or by letter.
    question: str = ""


@dataclass(frozen=True)
class DueSource:
    kind: str
    # What staff call this sort in lists: «Tilgang som går ut».
    label: str | Promise
    # All that is due to be told on or before the day, which is two weeks ahead: today is `localdate()`.
    # Repeats are harmless, and expected.
    derive: Callable[[date], Iterable[Due]]
    # The row while there still is a reason to tell of it, else None.
    about: Callable[[Notice], Any]
    words: Callable[[Notice, Any], Words]
    # What staff read of it, post and say on the telephone, where the whole is not theirs to know.
    shown: Callable[[Notice, Any], Words] | None = None
    # Never waits for a digest.
    urgent: bool = False
    # A mail server took it, or the SMS supplier says that it came through; or nobody is reached there, for
    # good. Called in the transaction that records it.
    arrived: Callable[[Notice], None] | None = None
    bounced: Callable[[Notice], None] | None = None
    # Called in the transaction that keeps the answer to `Words.question`.
    answered: Callable[[Reply], None] | None = None
    # What came of the answer, where that is more than what she said: «det ble fullt, du står på venteliste».
    outcome: Callable[[Reply, Any], str] | None = None


_sources: dict[str, DueSource] = {}


def due_source(source: DueSource) -> None:
    """Raises ValueError when the kind is taken."""
    if source.kind in _sources:
        message = f"There is a due-source called {source.kind!r} already."
        raise ValueError(message)
    _sources[source.kind] = source


def shown_words(source: DueSource, notice: Notice, about: Any) -> Words:
    """For every page and sheet of paper that passes through somebody else's hands."""
    return (source.shown or source.words)(notice, about)


def is_hidden(notice: Notice) -> bool:
    """Whether staff are shown less than it says. Then it is not theirs to stop, either."""
    source = source_of(notice.kind)
    if source is None or source.shown is None:
        return False
    about = source.about(notice)
    return about is not None and source.shown(notice, about) != source.words(notice, about)


def source_of(kind: str) -> DueSource | None:
    """None for a kind an older or newer portal made."""
    return _sources.get(kind)


def due_sources() -> list[DueSource]:
    return list(_sources.values())
