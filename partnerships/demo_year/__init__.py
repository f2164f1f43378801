"""A year of the demo, one module for each part: its data, an `ORDER`, and `load()`, which may run again.

Found by being there; a lower ORDER comes first, so that a partnership finds its parties.
"""

from samskaping.core.parts import parts_of


def load() -> None:
    for part in sorted(parts_of(__name__), key=lambda part: part.ORDER):
        part.load()
