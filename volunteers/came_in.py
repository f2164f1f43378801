"""Somebody has become a volunteer, or is back: told to the apps that may know something of her already."""

from collections.abc import Callable

from volunteers.models import Volunteer

_heard: list[Callable[[Volunteer], None]] = []


def when_somebody_comes_in(hear: Callable[[Volunteer], None]) -> None:
    """`hear` runs in the transaction in which she comes in."""
    _heard.append(hear)


def somebody_came_in(volunteer: Volunteer) -> None:
    for hear in _heard:
        hear(volunteer)
