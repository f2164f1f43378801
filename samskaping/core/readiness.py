"""What `/readyz` says beside what core knows: apps add theirs from `AppConfig.ready()`.

A part tells how something is in a word or a number, asks only the database and memory, and names nobody.
"""

from collections.abc import Callable

Part = Callable[[], str | int]

_parts: dict[str, Part] = {}


def ready_part(name: str, part: Part) -> None:
    """Raises ValueError when the name is taken."""
    if name in _parts:
        message = f"There is a part called {name!r} already."
        raise ValueError(message)
    _parts[name] = part


def ready_parts() -> dict[str, str | int]:
    return {name: part() for name, part in _parts.items()}
