"""How long things are kept: rules the apps register, periods as rows (`RetentionRule`).

A rule knows its own rows and how they go; how many days is data, ours from `data/retention.csv` or the
municipality's own, within what the rule allows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from samskaping.core.models import Municipality

Words = str | Promise


@dataclass(frozen=True)
class Rule:
    key: str
    # What goes, and on what ground so long and no longer: sentences for the one who decides.
    label: Words
    why: Words
    # Bounds on what a municipality may choose.
    least_days: int
    most_days: int
    # What is older than the moment there; those that somebody holds back are left out, and counted apart.
    find: Callable[[Municipality, datetime], "QuerySet[Any]"]
    # Takes a handful away, in a transaction of its own; gives how many.
    erase: Callable[["QuerySet[Any]"], int]
    held: Callable[[Municipality, datetime], int] = lambda _municipality, _before: 0


_rules: dict[str, Rule] = {}


def retention_rule(rule: Rule) -> None:
    """Raises ValueError when the key is taken."""
    if rule.key in _rules:
        message = f"There is a retention rule called {rule.key!r} already."
        raise ValueError(message)
    _rules[rule.key] = rule


def retention_rules() -> list[Rule]:
    return list(_rules.values())


def rule_of(key: str) -> Rule | None:
    return _rules.get(key)
