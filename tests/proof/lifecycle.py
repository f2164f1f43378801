"""manage.py up: killed at any moment it comes back, and a stop stops."""

import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

from samskaping.embedded import paths, sockets
from tests.embedded import running
from tests.proof.registry import Tally, proof

STOP_WITHIN = 10.0
# From the first line of Python to a little past «ready»; half of the kills come when all is running.
LATEST_KILL = 4.0


@proof(
    "up_kill",
    "`manage.py up` killed with -9 at any moment: the next start answers, its stop leaves nothing running",
)
def up_kill(small: bool) -> Tally:
    tally = Tally()
    chance = random.Random("up_kill")  # noqa: S311 - the same moments at every run
    with _place() as (data, output):
        for turn in range(2 if small else 20):
            portal = running.Portal(data, output)
            if turn % 2:
                moment = f"after {(wait := chance.uniform(0.1, LATEST_KILL)):.2f} s"
                time.sleep(wait)
            else:
                moment = "when ready"
                _ready(portal)
            portal.end(signal.SIGKILL)
            begun = time.monotonic()
            again = running.Portal(data, output)
            trouble = _ready(again)
            tally.slowest = max(tally.slowest, time.monotonic() - begun)
            trouble = trouble or _stopped(again, data)[1]
            tally.check(not trouble, f"kill {turn + 1}, {moment}: {trouble}")
            _clear(again, data)
    return tally


@proof(
    "start_stop",
    f"`manage.py up` stopped with SIGTERM or Ctrl-C: gone within {STOP_WITHIN:.0f} s, nothing left",
)
def start_stop(small: bool) -> Tally:
    tally = Tally()
    with _place() as (data, output):
        for turn in range(2 if small else 20):
            sign = (signal.SIGTERM, signal.SIGINT)[turn % 2]
            portal = running.Portal(data, output)
            trouble = _ready(portal)
            seconds, left = _stopped(portal, data, sign)
            tally.slowest = max(tally.slowest, seconds)
            if not trouble and not left and seconds > STOP_WITHIN:
                left = f"took {seconds:.1f} s"
            tally.check(not (trouble or left), f"cycle {turn + 1}, {sign.name}: {trouble or left}")
            _clear(portal, data)
    return tally


def _ready(portal: running.Portal) -> str:
    """What went wrong on the way to a page that answers; empty when one does."""
    try:
        portal.wait_ready()
        status = portal.status("/healthz")
    except (AssertionError, OSError) as error:
        return str(error)[-600:]
    return "" if status == HTTPStatus.OK else f"/healthz answered {status}"


def _stopped(portal: running.Portal, data: Path, sign: signal.Signals = signal.SIGTERM) -> tuple[float, str]:
    """The seconds a stop took, and what was wrong with it."""
    begun = time.monotonic()
    try:
        code = portal.end(sign, patience=STOP_WITHIN * 3)
    except subprocess.TimeoutExpired:
        return time.monotonic() - begun, "did not stop"
    seconds = time.monotonic() - begun
    left = [process.name() for process in running.alive(data)]
    if left:
        return seconds, f"still running: {', '.join(left)}"
    return seconds, f"ended with {code}:\n{portal.said[-600:]}" if code else ""


def _clear(portal: running.Portal, data: Path) -> None:
    """So that one failure is counted once."""
    if portal.child.poll() is None:
        portal.child.kill()
        portal.child.wait()
    running.kill_all(data)


@contextmanager
def _place() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory(prefix="samskaping proof ", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        try:
            yield data, Path(folder) / "output.log"
        finally:
            running.kill_all(data)
            sockets.remove(paths.socket_dir(data))
