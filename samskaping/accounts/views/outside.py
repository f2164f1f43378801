"""Views that count tries run outside the request's transaction.

A try must count also when the request fails, and a password hash that takes its time must not hold the
row that counts for everybody behind the same address. The services inside have transactions of their own.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.transaction import non_atomic_requests

View = TypeVar("View", bound=Callable[..., Any])


def outside_transaction(view: View) -> View:
    return non_atomic_requests(view)
