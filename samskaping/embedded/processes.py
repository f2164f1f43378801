"""Finds and stops processes, among them what a killed parent left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import psutil

# In the environment of web, worker and beat: names the DATA_DIR they belong to. Unlike a list of
# process ids in a file it also names their own children, and it cannot be out of date.
MARK = "SAMSKAPING_UP"


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """Processes called `name` whose current folder is `folder`; both servers go to their data first."""

    def works_there(process: psutil.Process) -> bool:
        return process.name() == name and process.cwd() == str(folder)

    return _all(works_there)


def marked(data: Path) -> list[psutil.Process]:
    def is_marked(process: psutil.Process) -> bool:
        return process.environ().get(MARK) == str(data)

    return _all(is_marked)


def stop(processes: Sequence[psutil.Process], patience: float, sign: signal.Signals = signal.SIGTERM) -> None:
    """Asks them to stop, waits `patience` seconds, then does not ask.

    Only the heads of families are asked: they know best how to stop their own.
    """
    pids = {process.pid for process in processes}
    _signal([process for process in processes if _parent(process) not in pids], sign)
    alive = _wait(processes, patience)
    _signal(alive, signal.SIGKILL)
    _wait(alive, 3)


def stop_child(child: subprocess.Popen[bytes], patience: float, sign: int = signal.SIGTERM) -> None:
    if child.poll() is None:
        child.send_signal(sign)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _all(matches: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and matches(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or another user's
    return found


def _wait(processes: Iterable[psutil.Process], patience: float) -> list[psutil.Process]:
    """Those still running after `patience` seconds.

    A zombie is gone, which psutil's own wait does not think: orphans belong to process 1, and in a
    container that is often a program that never buries them.
    """
    end = time.monotonic() + patience
    alive = [process for process in processes if _runs(process)]
    while alive and time.monotonic() < end:
        time.sleep(0.05)
        alive = [process for process in alive if _runs(process)]
    return alive


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _parent(process: psutil.Process) -> int:
    try:
        return int(process.ppid())
    except psutil.Error:
        return 0


def _signal(processes: Iterable[psutil.Process], sign: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(sign)
        except psutil.Error:
            continue
