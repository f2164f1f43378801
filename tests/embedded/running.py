"""Runs `manage.py up` as its users do: another process, a folder of its own, signals."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

from samskaping.embedded import accounts, paths, processes

# The test run has servers and settings of its own in the environment; the portal must not see them.
_OURS = (
    "DATABASE_",
    "REDIS_URL",
    "DJANGO_",
    "DATA_DIR",
    "SECRET_KEY",
    "PYTEST_",
    "DEBUG",
    "DEMO",
    "MAIL_",
    "SITE_URL",
)


def environment(data_dir: Path, **extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {
        **kept,
        "DATA_DIR": str(data_dir),
        "DEBUG": "1",
        "SECRET_KEY": "only-this-test-signs-with-this-key-and-nobody-else",
        "EMBEDDED_FSYNC": "0",
        "WEB_WORKERS": "1",
        "WORKER_CONCURRENCY": "1",
        **extra,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """One `manage.py up`, from start to end."""

    def __init__(self, data_dir: Path, output: Path, port: int | None = None, **extra: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self._output = output
        with output.open("wb") as file:
            self.child = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=paths.REPOSITORY,
                env=environment(data_dir, **{"PORT": str(self.port), **extra}),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def wait_for(self, words: str, patience: float = 40) -> None:
        end = time.monotonic() + patience
        while words not in self.said:
            ended = self.child.poll()
            assert ended is None, f"ended with {ended} before saying «{words}»:\n{self.said}"
            assert time.monotonic() < end, f"never said «{words}»:\n{self.said}"
            time.sleep(0.05)

    def wait_ready(self) -> None:
        # How long a start takes is measured by tests/bench; here other tests have the machine too.
        self.wait_for("Samskaping is ready", patience=120)

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return int(answer.status)

    def end(self, sign: signal.Signals = signal.SIGTERM, patience: float = 10) -> int:
        """Signals the parent only and gives its exit code; fails when it takes longer than promised."""
        self.child.send_signal(sign)
        return self.child.wait(patience)

    def ended(self, patience: float = 20) -> int:
        return self.child.wait(patience)


def alive(data_dir: Path) -> list[psutil.Process]:
    """Everything of the portal on this DATA_DIR that still runs, zombies not counted."""
    found = [*processes.marked(data_dir), *processes.working_in(data_dir / "redis", "redis-server")]
    for home in accounts.homes(data_dir):
        found += processes.working_in(home, "postgres")
    return [process for process in found if _runs(process)]


def _runs(process: psutil.Process) -> bool:
    """Not ended, also not in the moment since it was found."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill_all(data_dir: Path) -> None:
    found = alive(data_dir)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    while alive(data_dir):
        time.sleep(0.02)
