"""What a municipality can switch on: apps put their module here from `AppConfig.ready()`."""

from dataclasses import dataclass, field

from django.utils.functional import Promise


@dataclass(frozen=True)
class Module:
    key: str
    label: str | Promise
    # One sentence about what changes for those who work there.
    about: str | Promise
    on_from_start: bool = False


@dataclass
class Modules:
    _all: dict[str, Module] = field(default_factory=dict)

    def register(self, module: Module) -> None:
        """Raises ValueError when the key is taken."""
        if module.key in self._all:
            message = f"There already is a module {module.key!r}."
            raise ValueError(message)
        self._all[module.key] = module

    def all(self) -> list[Module]:
        return list(self._all.values())


modules = Modules()
