"""The press itself. `python -m samskaping.press <socket>`, started by keeper.py in build/pdf/.

It loads everything once and says so. After that each message is a document: it forks, the fork typesets
under limits and writes through a pipe, and the press passes on what came, or how the fork ended.
"""

import gc
import io
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from samskaping.press import line
from samskaping.press.fetcher import AssetFetcher

SECONDS = 20
MEMORY = 400_000_000
LARGEST = 50_000_000
# Loads what WeasyPrint loads late: each font's tables, tags, the colour profile, the archive's metadata.
FIRST = (
    '<html lang="nb"><head><title>Prøve</title></head><body data-title="Prøve" data-page="Side" data-of="av">'
    "<h1>Prøve</h1><p>Æ <b>Ø</b> <em>Å</em> č</p><table><tr><th>a</th><td>1</td></tr></table></body>"
)


class Press:
    """WeasyPrint, the sheet and the fonts, loaded and used."""

    def __init__(self, sheet: Path) -> None:
        self._fonts = FontConfiguration()
        self._sheet = weasyprint.CSS(
            string=sheet.read_text(), url_fetcher=AssetFetcher({}), font_config=self._fonts
        )

    def typeset(
        self, html: str, pictures: Mapping[str, bytes], attachments: Sequence[weasyprint.Attachment] = ()
    ) -> bytes:
        """Raises FatalURLFetchingError when the document asks for anything but its pictures."""
        document = weasyprint.HTML(string=html, base_url="app:", url_fetcher=AssetFetcher(pictures))
        made = document.write_pdf(
            stylesheets=[self._sheet],
            font_config=self._fonts,
            pdf_variant="pdf/a-3a",
            attachments=list(attachments) or None,
        )
        return bytes(made)


def serve(requests: socket.socket, press: Press) -> None:
    """Until the portal's side of the line is closed."""
    line.send(requests, b"ready")
    while True:
        try:
            request = line.receive(requests)
        except EOFError:
            return
        answer = _in_a_fork(requests, press, request)
        if answer is None:
            return
        line.send(requests, *answer)


def _in_a_fork(requests: socket.socket, press: Press, request: list[bytes]) -> tuple[bytes, bytes] | None:
    """What the fork made, as a code and a PDF; None when nobody waits for it any more."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _typeset_and_leave(press, request, writer)
    os.close(writer)
    made = bytearray()
    wanted = True
    while True:
        ready, _, _ = select.select([reader, requests.fileno()], [], [])
        if (
            requests.fileno() in ready
        ):  # nothing is asked while one is being made, so this is the end of the line
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


def _typeset_and_leave(press: Press, request: list[bytes], writer: int) -> None:
    """In the fork. Leaves without cleaning up: what is loaded belongs to the press."""
    try:
        _limit()
        answer = _answer(press, request)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(answer)
    finally:
        os._exit(0)


def _limit() -> None:
    """The timer ends the fork wherever it is, in C code too. Not enforced on macOS: the memory limit."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        loaded = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (loaded + MEMORY, loaded + MEMORY))


def _answer(press: Press, request: list[bytes]) -> bytes:
    try:
        pdf = press.typeset(*_read(request))
    except FatalURLFetchingError:
        return b"fetched\n"
    except MemoryError:
        return b"too_large\n"
    except Exception:  # what it says may hold the document's words, so it is not passed on
        return b"broken\n"
    return b"too_large\n" if len(pdf) > LARGEST else b"ok\n" + pdf


def _read(request: list[bytes]) -> tuple[str, dict[str, bytes], list[weasyprint.Attachment]]:
    head: dict[str, Any] = json.loads(request[0])
    blobs = iter(request[2:])
    pictures = {name: next(blobs) for name in head["pictures"]}
    attachments = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(next(blobs)),
            name=each["name"],
            description=each["description"],
            relationship=each["relationship"],
        )
        for each in head["attachments"]
    ]
    return request[1].decode(), pictures, attachments


def main() -> None:
    # The portal's end of the line says when to stop; Ctrl-C and a stop of the group are for the portal, which
    # may still be waiting for its document.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Pages come first.
    os.nice(5)
    # WeasyPrint's warnings quote the document.
    logging.disable(logging.CRITICAL)
    press = Press(Path("document.css"))
    press.typeset(FIRST, {})
    # What is loaded stays as it is, so that forks share it.
    gc.collect()
    gc.freeze()
    serve(socket.socket(fileno=int(sys.argv[1])), press)


if __name__ == "__main__":
    main()
