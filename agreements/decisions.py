"""What the parties decided since they signed, for the next agreement: the parts that know say it here.

A source is asked for one agreement, and gives what was decided in the latest evaluation of what it is about,
in its own words. What is given stands in the renewed draft as a section of its own.
"""

from collections.abc import Callable, Iterable

from agreements.models import Agreement

Source = Callable[[Agreement], Iterable[str]]
_sources: dict[str, Source] = {}


def decisions_from(name: str, source: Source) -> None:
    """Raises ValueError when the name is taken."""
    if name in _sources:
        message = f"Decisions come from {name!r} already."
        raise ValueError(message)
    _sources[name] = source


def decisions_for(agreement: Agreement) -> list[str]:
    return [said for source in _sources.values() for said in source(agreement)]
