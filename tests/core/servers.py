"""Real servers for the outbox tests: a mail server that can refuse, and the worker itself."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connections

from samskaping.embedded.paths import REPOSITORY


class MailServer:
    """Keeps what it was given. `answer` may be set to an SMTP refusal, or to None for yes."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.answer: str | None = None
        with socket.socket() as found:  # aiosmtpd cannot take any free port by itself
            found.bind(("127.0.0.1", 0))
            self.address: tuple[str, int] = found.getsockname()
        self._controller = Controller(self, hostname=self.address[0], port=self.address[1])

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        self.got.append(message_from_bytes(envelope.content))
        return "250 OK"

    @contextlib.contextmanager
    def running(self) -> Iterator["MailServer"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()


@contextlib.contextmanager
def worker(log: Path, queue: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """`celery worker` as in production, on the test's database. Ended with its children, whatever happens."""
    name = connections["default"].settings_dict["NAME"]
    addresses = {
        key: f"{os.environ[key].rsplit('/', 1)[0]}/{name}" for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "tests.core.worker_app", "worker", "-Q", queue,
             "--concurrency=1", "--loglevel=INFO", "--without-gossip", "--without-mingle"],
            cwd=REPOSITORY, env={**os.environ, **addresses, **environment},
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            yield process  # what is sent before it is ready waits for it
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(what: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true answer. Raises AssertionError when none comes in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    message = f"nothing came within {seconds} seconds"
    raise AssertionError(message)
