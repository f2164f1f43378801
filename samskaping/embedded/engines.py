"""PostgreSQL and Redis for one DATA_DIR. Needs no Django, so pytest's conftest can start them too:

with engines.start(tmp_path / "data", fsync=False) as servers:
    os.environ.update(servers.environment())
"""

import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from samskaping.embedded import accounts, datadir, paths, postgres, redis, sockets


class Engines:
    """The running servers. Made by `start`; `stop` may be called twice."""

    def __init__(self, data_dir: Path, stack: ExitStack) -> None:
        self.data_dir = data_dir
        self.database_url = paths.database_url(data_dir)
        self.database_owner_url = paths.database_owner_url(data_dir)
        self.redis_url = paths.redis_url(data_dir)
        self._stack = stack

    def environment(self) -> dict[str, str]:
        """What settings read to use these servers."""
        return {
            "DATA_DIR": str(self.data_dir),
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
        }

    def stop(self) -> None:
        self._stack.close()

    def __enter__(self) -> "Engines":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    data_dir: Path, *, with_postgres: bool = True, with_redis: bool = True, fsync: bool | None = None
) -> Engines:
    """Starts the servers on `data_dir`, which is made if need be, after stopping leftovers there.

    `fsync=False` (or EMBEDDED_FSYNC=0) trades safety at power loss for speed: for tests.
    Raises StartError with one sentence; what had been started is stopped again.
    """
    data_dir = data_dir.resolve()
    if fsync is None:
        fsync = os.environ.get("EMBEDDED_FSYNC", "1") != "0"
    datadir.prepare(data_dir)
    socket_dir = paths.socket_dir(data_dir)
    with ExitStack() as stack:
        taken = "PostgreSQL and Redis already run on {folder} (process {pid})."
        stack.enter_context(datadir.locked(data_dir, "engines", taken))
        stop_leftovers(data_dir)
        account = accounts.choose(data_dir, postgres.binaries()) if with_postgres else None
        sockets.prepare(socket_dir, owner=account.uid if account else None)
        stack.callback(sockets.remove, socket_dir)
        if account is not None:
            stack.callback(postgres.start(data_dir, socket_dir, account, fsync=fsync).stop)
        if with_redis:
            stack.callback(redis.start(data_dir, paths.redis_socket(data_dir)).stop)
        return Engines(data_dir, stack.pop_all())


def stop_leftovers(data_dir: Path) -> bool:
    """Stops servers that a killed parent left on this data. Only for whoever holds its lock."""
    socket_dir = paths.socket_dir(data_dir)
    stopped = postgres.stop_leftovers(data_dir, socket_dir)
    return redis.stop_leftovers(data_dir, paths.redis_socket(data_dir)) or stopped
