"""A year of the demo, one module for each part: its data, an `ORDER`, and `load()`, which may run again.

Found by being there; a lower ORDER comes first, so that a partnership finds its parties. An app that builds
on this one has a package of its own, and says so with `demo_year_from`.
"""

from samskaping.core.parts import parts_of

_packages = [__name__]


def demo_year_from(package: str) -> None:
    if package not in _packages:
        _packages.append(package)


def load() -> None:
    parts = [part for package in _packages for part in parts_of(package)]
    for part in sorted(parts, key=lambda part: part.ORDER):
        part.load()
