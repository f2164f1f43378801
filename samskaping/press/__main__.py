"""The press itself: `python -m samskaping.press <socket> <seconds> <bytes>`, started by keeper.py.

It loads everything once and says so. After that each message is a document to make: it forks, the fork works
under limits and writes through a pipe, and the press passes on what came, or how the fork ended.
"""

import gc
import logging
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from samskaping.press import line
from samskaping.press.clean import clean
from samskaping.press.refused import Refused
from samskaping.press.typeset import Typesetter

# The first part of a message says what is wanted, the rest is for whoever does it.
Work = Mapping[bytes, Callable[..., bytes]]
LARGEST = 50_000_000


class Limits(NamedTuple):
    """What one document may use."""

    seconds: int
    memory: int


def serve(requests: socket.socket, work: Work, limits: Limits) -> None:
    """Until the portal's side of the line is closed: also while we load, or hand over a document."""
    with suppress(EOFError, ConnectionError):
        line.send(requests, b"ready")
        while (answer := _in_a_fork(requests, work, limits, line.receive(requests))) is not None:
            line.send(requests, *answer)


def _in_a_fork(
    requests: socket.socket, work: Work, limits: Limits, request: list[bytes]
) -> tuple[bytes, bytes] | None:
    """What the fork made, as a code and a PDF; None when nobody waits for it any more."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _work_and_leave(work, limits, request, writer)
    os.close(writer)
    made = bytearray()
    wanted = True
    while True:
        ready, _, _ = select.select([reader, requests.fileno()], [], [])
        # Nothing is asked while one is being made, so this is the end of the line.
        if requests.fileno() in ready:
            os.kill(child, signal.SIGKILL)
            wanted = False
            break
        more = os.read(reader, 1_000_000)
        if not more:
            break
        made += more
    os.close(reader)
    _pid, status = os.waitpid(child, 0)
    if not wanted:
        return None
    if os.WIFSIGNALED(status):
        slow = os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU)
        return (b"too_slow" if slow else b"died"), b""
    code, _, pdf = bytes(made).partition(b"\n")
    return code or b"died", pdf


def _work_and_leave(work: Work, limits: Limits, request: list[bytes], writer: int) -> None:
    """In the fork. Leaves without cleaning up: what is loaded belongs to the press."""
    try:
        _limit(limits)
        # It lives for one document: to look for rubbish costs a tenth of it, and the memory limit stands.
        gc.disable()
        answer = _answer(work, request)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _limit(limits: Limits) -> None:
    """The timer ends the fork wherever it is, in C code too. Not enforced on macOS: the memory limit."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    # Were both limits the same, the kernel would kill before it says why.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        loaded = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (loaded + limits.memory, loaded + limits.memory))


def _answer(work: Work, request: list[bytes]) -> bytes:
    kind, *parts = request
    try:
        made = work[kind](*parts)
    except Refused as refused:
        return refused.code.encode() + b"\n"
    except MemoryError:
        return b"too_large\n"
    except Exception:  # what it says may hold the document's words, so it is not passed on
        return b"broken\n"
    return b"too_large\n" if len(made) > LARGEST else b"ok\n" + made


def step_back() -> None:
    """Pages come first. Where the system shares its time by session, nice counts only inside one: the press
    has a session of its own, and that steps back as a whole. Not there on macOS, nor in some containers."""
    os.nice(5)
    with suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text("5", encoding="ascii")


def main() -> None:
    # The portal's end of the line says when to stop; Ctrl-C and a stop of the group are for the portal, which
    # may still be waiting for its document.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    step_back()
    # WeasyPrint's warnings quote the document.
    logging.disable(logging.CRITICAL)
    work: Work = {b"typeset": Typesetter(Path("document.css")).typeset, b"clean": clean}
    # What is loaded stays as it is, so that forks share it.
    gc.collect()
    gc.freeze()
    line_number, seconds, memory = map(int, sys.argv[1:])
    serve(socket.socket(fileno=line_number), work, Limits(seconds, memory))


if __name__ == "__main__":
    main()
