"""Givers of values (agreements/facts.py): each module has a `register()`, found by being there."""

from samskaping.core.parts import parts_of


def register() -> None:
    for part in parts_of(__name__):
        part.register()
