"""A synthetic nation to measure the portal with: of each part a module with an `ORDER` and `load(nation)`.

Every municipality of the register is in use, and everything in it is invented. Parts are found by being
there; a lower ORDER comes first. A part writes nothing where `nation.has(...)` its rows, so one that is added
later fills its own into a nation that is there. An app that builds on this one has a package of its own, and
says so with `national_from`.
"""

from partnerships.national.nation import Nation
from samskaping.core.parts import parts_of

_packages = ["partnerships.national.parts"]


def national_from(package: str) -> None:
    if package not in _packages:
        _packages.append(package)


def load(scale: float) -> Nation:
    nation = Nation(scale)
    parts = [part for package in _packages for part in parts_of(package)]
    for part in sorted(parts, key=lambda part: part.ORDER):
        part.load(nation)
    return nation
