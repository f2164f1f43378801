"""The portal under measurement: `manage.py up` as people start it, on data of its own, without debug."""

import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psutil

from samskaping.embedded import paths, sockets
from tests.bench.load import Load, click_for
from tests.embedded import running

LOGIN = "/logg-inn/"
MEGABYTE = 1024 * 1024


class Measured:
    """A running portal and what is known about it so far. Rows take one of these."""

    def __init__(
        self,
        running_portal: running.Portal,
        first_start: float,
        second_start: float,
        seconds: float,
        values: dict[str, str],
    ) -> None:
        self.port = running_portal.port
        self.first_start = first_start
        self.second_start = second_start
        self._portal = running_portal
        self._seconds = seconds
        self._values = values

    def load(self, path: str, headers: dict[str, str] | None = None) -> Load:
        return click_for(self.port, path, seconds=self._seconds, headers=headers)

    def manage(self, *arguments: str) -> str:
        """A command beside the running portal, as an operator gives it; what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=paths.REPOSITORY, env=running.environment(self._portal.data_dir, **self._values),
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout

    @cached_property
    def login(self) -> Load:
        """The floor every page is compared with: base layout and a form, no data."""
        return self.load(LOGIN)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body as they go over the wire, compressed."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
        response = line.getresponse()
        return response.status, response.read()

    def memory(self) -> dict[str, float]:
        """Megabytes by program. Shared pages are counted once: PSS, or USS where the system has no PSS."""
        found: dict[str, float] = {}
        for process in {*running.alive(self._portal.data_dir), psutil.Process(self._portal.child.pid)}:
            full = process.memory_full_info()
            name = process.name() if process.name() in ("postgres", "redis-server") else "python"
            found[name] = found.get(name, 0) + getattr(full, "pss", full.uss) / MEGABYTE
        return found


@contextmanager
def started(seconds: float) -> Iterator[Measured]:
    """Starts the portal twice: once with nothing there, then again on what the first start made."""
    with tempfile.TemporaryDirectory(prefix="samskaping bench ", ignore_cleanup_errors=True) as folder:
        data, output = Path(folder) / "data", Path(folder) / "output.log"
        values = {
            "DEBUG": "0",
            "WEB_WORKERS": "2",
            "WORKER_CONCURRENCY": "2",
            "EMBEDDED_FSYNC": "1",
            "LOG_LEVEL": "WARNING",
            "MAIL_URL": "smtp://127.0.0.1:9",  # nobody is written to
        }
        try:
            _, first = _start(data, output, values, stop=True)
            portal, second = _start(data, output, values, stop=False)
            yield Measured(portal, first, second, seconds, values)
            portal.end()
        finally:
            running.kill_all(data)
            sockets.remove(paths.socket_dir(data))


def _start(data: Path, output: Path, values: dict[str, str], *, stop: bool) -> tuple[running.Portal, float]:
    begun = time.perf_counter()
    portal = running.Portal(data, output, None, **values)
    portal.wait_ready()
    took = time.perf_counter() - begun
    if stop:
        portal.end()
    return portal, took
