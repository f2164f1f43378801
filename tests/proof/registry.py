"""The list of proofs, and what each one hands back."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

# Imported for their @proof lines, in the order of the table.
MODULES = (
    *("environment", "lifecycle", "sign_in", "restore", "signing", "jobs", "seals"),
    *("sign_up", "courses", "shifts", "volunteer_import"),
)


@dataclass
class Tally:
    """How many were tried, and what went wrong, in words."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0  # seconds, where the proof is about time

    def check(self, held: bool, what: str) -> None:
        """One thing tried. `what` names it in a way that lets somebody try it again."""
        self.tried += 1
        if not held:
            self.failures.append(what)

    @property
    def failed(self) -> int:
        return len(self.failures)


Run = Callable[[bool], Tally]


@dataclass(frozen=True)
class Proof:
    name: str
    what: str
    run: Run
    # The folder whose tests are this at small numbers; test_small.py runs the others.
    tested_in: str = ""


_proofs: dict[str, Proof] = {}


def proof(name: str, what: str, *, tested_in: str = "") -> Callable[[Run], Run]:
    """Puts a function on the list. It takes `small` and counts what it tried in a Tally."""

    def add(run: Run) -> Run:
        if name in _proofs:
            message = f"two proofs are called {name}"
            raise ValueError(message)
        _proofs[name] = Proof(name, what, run, tested_in)
        return run

    return add


def proofs() -> dict[str, Proof]:
    for module in MODULES:
        importlib.import_module(f"tests.proof.{module}")
    return _proofs
