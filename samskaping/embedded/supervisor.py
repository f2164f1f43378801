"""Runs web, worker and beat with one prefixed log: honcho's Manager, with three things of our own."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer


class _Tidy(Printer):  # type: ignore[misc]
    """A line each, and none for nothing: celery paints with empty lines."""

    def write(self, message: Message) -> None:
        if message.data.strip():
            super().write(message)


class Supervisor(Manager):
    """Stops everything when asked or when one process ends. After `loop`:

    `asked` tells whether a signal asked for it, `first_to_end` which process ended by itself.

    Our own: the stop signal goes to each program and not to its children, so that a worker may
    finish its task; a signal while processes are being started is heard too; `when_started` runs in
    a thread once all are started (not before: honcho forks, and threads and forks do not mix).
    """

    def __init__(self, when_started: Callable[["Supervisor"], None]) -> None:
        super().__init__(_Tidy(sys.stdout))
        self.asked = False
        self.first_to_end: str | None = None
        self._when_started = when_started

    def add(self, name: str, command: str, env: dict[str, str], cwd: Path) -> None:
        # exec: the process we know is then the program itself, not a shell around it.
        self.add_process(name, f"exec {command}", env=env, cwd=str(cwd))

    def say(self, text: str) -> None:
        """Puts lines in the log; safe from any thread."""
        self.events.put(Message("line", text, datetime.now().astimezone(), SYSTEM_PRINTER_NAME, None))

    @property
    def stopping(self) -> bool:
        return bool(self._terminating)

    def terminate(self) -> None:
        if self._terminating:
            return
        self._terminating = True
        ended = [name for name, process in self._processes.items() if "returncode" in process]
        self.asked = not ended
        self.first_to_end = next(iter(ended), None)
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, sign: signal.Signals) -> None:
        for process in self._processes.values():
            if "pid" in process and "returncode" not in process:
                try:
                    # To the whole family only when it would not listen.
                    (os.killpg if sign == signal.SIGKILL else os.kill)(process["pid"], sign)
                except ProcessLookupError:
                    continue

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and self._terminating and not self._told_late:
            # Asked to stop before every process had told its number: tell the late ones now.
            self._told_late = True
            self._signal(signal.SIGTERM)
        return started

    _told_late = False

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self._when_started, args=(self,), daemon=True).start()
