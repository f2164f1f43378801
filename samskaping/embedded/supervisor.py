"""Runs web, worker and beat with one prefixed log: honcho's Manager, with three things of our own."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psutil
from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer


class _Tidy(Printer):
    """A line each, and none for nothing: celery paints with empty lines."""

    def write(self, message: Message) -> None:
        if message.data.strip():
            super().write(message)


class Supervisor(Manager):
    """Stops everything when asked or when one process ends. After `loop`:

    `asked` tells whether a signal asked for it, `first_to_end` which process ended by itself.

    Our own: the stop signal goes to each program and not to its children, so that a worker may
    finish its task; a signal while processes are being started is heard too; a program that dies
    takes its children with it, which would else keep its output open and so hide that it is gone;
    `when_started` runs in a thread once all are started (honcho forks, and threads do not mix with that).
    """

    def __init__(self, when_started: Callable[["Supervisor"], None]) -> None:
        super().__init__(_Tidy(sys.stdout))
        self.asked = False
        self.first_to_end: str | None = None
        self._told: set[int] = set()
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
        if self.stopping:
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
                if sign == signal.SIGKILL:
                    _kill_family(process["pid"])
                elif process["pid"] not in self._told:
                    # Once: a second one would cut into what a program does at its end.
                    self._told.add(process["pid"])
                    with suppress(ProcessLookupError):
                        os.kill(process["pid"], sign)

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and self._terminating:
            # Asked to stop before every process had told its number: tell the late ones now.
            self._signal(signal.SIGTERM)
        return started

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self._when_started, args=(self,), daemon=True).start()
        threading.Thread(target=self._end_orphans, daemon=True).start()

    def _end_orphans(self) -> None:
        while True:
            time.sleep(0.5)
            for process in list(self._processes.values()):
                if "pid" in process and "returncode" not in process and _is_dead(process["pid"]):
                    _kill_family(process["pid"])


def _kill_family(leader: int) -> None:
    """honcho makes each program the leader of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _is_dead(pid: int) -> bool:
    """Ended, and waiting for honcho, which first waits for the end of the output."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
