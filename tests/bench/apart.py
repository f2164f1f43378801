"""Two rows of the bench make people in one database, each in a process that begins to count anew."""

import pkgutil
from importlib import import_module

from factory.django import DjangoModelFactory

from tests import factories


def begin_at(number: int) -> None:
    """What factories make from here on has other numbers, names and addresses than another row's."""
    for module in pkgutil.iter_modules(factories.__path__):
        for found in vars(import_module(f"{factories.__name__}.{module.name}")).values():
            if isinstance(found, type) and issubclass(found, DjangoModelFactory) and not found._meta.abstract:
                found.reset_sequence(number, force=True)
