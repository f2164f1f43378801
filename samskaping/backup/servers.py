"""The database server while a command works: the one that runs, or the embedded one meanwhile."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import Error as DatabaseError
from django.db import connections

from samskaping import env
from samskaping.backup.errors import BackupError
from samskaping.embedded import datadir, paths
from samskaping.embedded.errors import StartError


@contextmanager
def running() -> Iterator[None]:
    """Raises BackupError when there is no server and none can be started."""
    data = paths.data_dir()
    if env.is_set("DATABASE_URL") or datadir.held_by(data, "engines") is not None:
        yield from _reached()
        return
    try:
        from samskaping.embedded import engines
    except ModuleNotFoundError:
        message = "There is no database: set DATABASE_URL and DATABASE_OWNER_URL."
        raise BackupError(message) from None
    # Asked to stop, the server stops first; Python would else leave it running.
    signal.signal(signal.SIGTERM, _leave)
    try:
        with engines.start(data, with_redis=False):
            try:
                yield from _reached()
            finally:
                connections.close_all()
    except StartError as error:
        raise BackupError(str(error)) from None


def _reached() -> Iterator[None]:
    try:
        connections["owner"].ensure_connection()
    except DatabaseError:
        message = "The database does not answer. Check DATABASE_OWNER_URL, and that the server is up."
        raise BackupError(message) from None
    yield


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
