"""Processes as a list: of the place she works at now, and those she takes part in, that match."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from partnerships.models import CodesignProcess, Membership
from partnerships.models.codesign import (
    Duration,
    ProcessQuerySet,
    ProcessState,
    process_keys_seen,
    ways_to_processes,
)
from partnerships.models.reach import written
from partnerships.selectors.partnership_search import FindsAll
from partnerships.selectors.process import STATE_COLORS, in_town
from partnerships.selectors.words import municipality_name_at
from samskaping.accounts.models import User
from samskaping.core.listing import numbered, page_of
from samskaping.core.once import address_of, labels_of
from samskaping.core.text import sort_key
from samskaping.core.written import Given, Written

PER_PAGE = 30


def processes_page(
    user: User,
    membership: Membership | None,
    number: str | None,
    *,
    q: str = "",
    state: str = "",
    duration: str = "",
) -> "Page[ProcessRow]":
    """Every word of `q` stands somewhere in the name."""
    town = membership.municipality_id if membership is not None else None
    words = [re.escape(word) for word in sort_key(q).split()]
    wanted = {"q": words, "state": state, "duration": duration, "town": town}
    given = {**ways_to_processes(user), **{name: value for name, value in wanted.items() if value}}
    question = written(_found, frozenset(given))

    def read(after: int) -> list[dict[str, Any]]:
        return question.rows(**given, after=after, until=after + PER_PAGE)

    page = page_of(read, PER_PAGE, number)
    page.object_list = _rows([one["pk"] for one in page.object_list])
    return page


def _found(having: frozenset[str]) -> QuerySet[Any, Any]:
    found: Any = CodesignProcess.objects.filter(pk__in=process_keys_seen(having))
    shown: QuerySet[Any, Any] = numbered(_matching(found, having), "title_key", "pk").values("pk", "number")
    return shown


def _matching(found: ProcessQuerySet, having: frozenset[str]) -> ProcessQuerySet:
    if "town" in having:
        found = in_town(found, Given("town"))
    if "q" in having:
        found = found.filter(FindsAll(F("title_key"), Given("q")))
    if "state" in having:
        found = found.filter(state=Given("state"))
    return found.filter(duration=Given("duration")) if "duration" in having else found


@dataclass(frozen=True)
class ProcessRow:
    url: str
    title: str
    state_label: str
    color: str
    duration: str
    target_group: str
    invites: str
    partnership: str
    changed: datetime


def _columns() -> QuerySet[Any, Any]:
    """Names are worked out by the database."""
    side = ("unit__name", "centre__name", "organisation__name")
    return (
        CodesignProcess.objects.filter(pk__in=Given("keys"))
        .order_by("title_key", "pk")
        .values(
            "pk",
            "title",
            "state",
            "duration",
            "target_group",
            "updated_at",
            invites=Coalesce(*side, municipality_name_at("municipality")),
            of=F("partnership__title"),
        )
    )


_COLUMNS = Written(_columns)


def _rows(keys: list[int]) -> list[ProcessRow]:
    states, durations, url = labels_of(ProcessState), labels_of(Duration), address_of("process")
    return [
        ProcessRow(
            url=url(one["pk"]),
            title=one["title"],
            state_label=states[one["state"]],
            color=STATE_COLORS[ProcessState(one["state"])],
            duration=durations[one["duration"]],
            target_group=one["target_group"],
            invites=one["invites"],
            partnership=one["of"] or "",
            changed=one["updated_at"],
        )
        for one in _COLUMNS.rows(keys=keys)
    ]
