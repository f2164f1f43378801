"""The modules of a package, found by being there: what many people add to needs no list to share."""

import pkgutil
from importlib import import_module
from types import ModuleType


def parts_of(package: str) -> list[ModuleType]:
    """Its modules in the order of their names."""
    names = sorted(found.name for found in pkgutil.iter_modules(import_module(package).__path__))
    return [import_module(f"{package}.{name}") for name in names]
