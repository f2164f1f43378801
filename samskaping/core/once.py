"""Words and addresses that are the same for everybody, worked out once for each process and language.

A row of a list shows a few of each, and Django would translate and turn routes around anew each time.
"""

from collections.abc import Callable, Mapping
from functools import cache

from django.db.models import Choices
from django.urls import reverse
from django.utils.translation import get_language

_NUMBER = 987654321


def labels_of(choices: type[Choices]) -> Mapping[str, str]:
    """What each value is called, in the language of the page."""
    return _labels(choices, get_language())


@cache
def _labels(choices: type[Choices], _language: str | None) -> Mapping[str, str]:
    return {value: str(label) for value, label in choices.choices}


@cache
def address_of(url_name: str, *before: str) -> Callable[[int], str]:
    """The page of a row, by its key: `address_of("partnership")(row.pk)`. `before` comes before the key."""
    start, end = reverse(url_name, args=[*before, _NUMBER]).split(str(_NUMBER))
    return lambda pk: f"{start}{pk}{end}"


def address_under(url_name: str, above: int) -> Callable[[int], str]:
    """The same for rows under one row, by both keys: `address_under("proposal", process.pk)(row.pk)`."""
    start, middle, end = _around(url_name)
    return lambda pk: f"{start}{above}{middle}{pk}{end}"


@cache
def _around(url_name: str) -> list[str]:
    return reverse(url_name, args=[_NUMBER, _NUMBER]).split(str(_NUMBER))
