"""The press: what a document can reach, what it can use up, and what happens when the press dies. T17."""

import http.server
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import psutil
import pytest

from samskaping.press import keeper, line
from samskaping.press.__main__ import Limits, serve
from samskaping.press.keeper import Enclosed, Keeper, PressAway
from tests.core.test_stored_file import picture, wall

CANARY = "kanarifugl-i-fila"


@pytest.fixture(scope="module")
def press() -> Iterator[Keeper]:
    kept = Keeper()
    yield kept
    kept.stop()


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that notes who asks, and sends everybody on to itself."""
    asked: list[str] = []

    class Notes(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302 if self.path.endswith("redirect") else 200)
            self.send_header("Location", "/after")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("hemmelig") / "secret.txt"
    file.write_text(CANARY)
    return file.as_uri()


# --- Fetching: nothing, by any way in ---------------------------------------------------------------
WAYS = {
    "picture": '<img src="{url}">',
    "picture set": '<img srcset="{url} 2x" src="{url}">',
    "object": '<object data="{url}"></object>',
    "embed": '<embed src="{url}">',
    "sheet": '<link rel="stylesheet" href="{url}">',
    "import": '<style>@import "{url}";</style>',
    "import by url": "<style>@import url({url});</style>",
    "font": "<style>@font-face{{font-family:x;src:url({url})}}p{{font-family:x}}</style><p>x",
    "background": '<p style="background:url({url})">x',
    "list": '<ul style="list-style-image:url({url})"><li>x</ul>',
    "content": "<style>p::before{{content:url({url})}}</style><p>x",
    "border": '<p style="border:9px solid;border-image:url({url}) 1">x',
    "page": "<style>@page{{background:url({url})}}</style><p>x",
    "colour profile": "<style>@color-profile --x{{src:url({url})}}p{{color:color(--x 1 1 1)}}</style><p>x",
    "attachment by link": '<link rel="attachment" href="{url}">',
    "attachment by a": '<a rel="attachment" href="{url}">x</a>',
    "base": '<base href="{url}/"><img src="x.png">',
    "SVG picture": '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    "SVG use": '<svg width="9" height="9"><use href="{url}#x"/></svg>',
    "SVG fill": '<svg width="9" height="9"><rect width="9" height="9" fill="url({url}#x)"/></svg>',
    "SVG style": '<svg width="9" height="9"><style>@import "{url}";</style><rect width="9"/></svg>',
    "SVG entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "{url}">]><svg><text>&x;</text></svg>',
}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_fetched(press: Keeper, listener: tuple[str, list[str]], secret: str, way: str) -> None:
    address, asked = listener
    smuggled = (
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='" + secret + "'/></svg>"
    )
    for url in (
        f"{address}/x",
        f"{address}/redirect",
        secret,
        "file:///etc/passwd",
        smuggled,
        "app:other",
        "x",
    ):
        code, pdf = press.typeset(WAYS[way].format(url=url), {}, [])
        assert code in ("ok", "fetched")
        assert not asked
        assert CANARY not in readable(pdf)
        assert "root:" not in readable(pdf)


@pytest.mark.parametrize("way", ["picture", "sheet", "import", "font", "background", "attachment by link"])
def test_who_tries_is_told(press: Keeper, secret: str, way: str) -> None:
    """Not passed over in silence: a document without its picture would look as if all were well."""
    assert press.typeset(WAYS[way].format(url=secret), {}, []) == ("fetched", b"")


@pytest.mark.parametrize(
    "content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"GIF89a", b"%PDF-1.7"]
)
def test_what_came_along_is_a_picture_or_nothing(press: Keeper, content: bytes) -> None:
    assert press.typeset('<img src="app:a">', {"a": content}, [])[0] == "fetched"


def test_its_own_picture_is_there(press: Keeper) -> None:
    code, pdf = press.typeset(
        '<img src="app:a" alt="a">', {"a": picture()}, [Enclosed("a.txt", b"x", "Data", "")]
    )
    assert code == "ok"
    assert b"/Image" in pdf


def readable(pdf: bytes) -> str:
    """The file with every stream unpacked."""
    if not pdf:
        return ""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        streams = [o.read_bytes() for o in read.objects if isinstance(o, pikepdf.Stream)]
    return (pdf + b"".join(streams)).decode("latin-1")


# --- Explosions: only the document itself goes ----------------------------------------------------------
@pytest.fixture(scope="module")
def impatient() -> Iterator[Keeper]:
    kept = Keeper(seconds=5)
    yield kept
    kept.stop()


def unrolled(side: int) -> bytes:
    """A small picture of an enormous white wall."""
    packer = zlib.compressobj(9)
    row = bytes(side * 3 + 1)
    return wall(side, side, b"".join(packer.compress(row) for _ in range(side)) + packer.flush())


BOMBS = {
    "tags inside tags": ("<p>x" + "<b>" * 300_000, "too_slow"),
    "a hundred thousand pages": ("<p style='break-after:page'>x" * 100_000, "too_slow"),
    "columns": ("<style>p{columns:500}</style><p>" + "x " * 400_000, "too_slow"),
    "boxes inside boxes": ("<div>" * 3000, "broken"),
    "a wall": ("<img src='app:wall'>", "too_large"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_explosion_takes_only_itself_along(press: Keeper, impatient: Keeper, bomb: str) -> None:
    html, expected = BOMBS[bomb]
    # A busy machine must not take the time limit for the others.
    kept = impatient if expected == "too_slow" else press
    pictures = {"wall": unrolled(13_000)} if "app:wall" in html else {}
    assert kept.typeset(html, pictures, []) == (expected, b"")
    process = pid(kept)
    assert kept.typeset("<p>Neste", {}, [])[0] == "ok"
    assert pid(kept) == process  # the same press: only the fork ended
    assert not psutil.Process(process).children()


def test_memory_has_an_end() -> None:
    # A busy machine must not take the time limit for the other.
    narrow = Keeper(seconds=60, memory=30_000_000)
    try:
        assert narrow.typeset("<p>Æ " * 40_000, {}, [])[0] in ("too_large", "died")
        assert narrow.typeset("<p>Æ", {}, [])[0] == "ok"
    finally:
        narrow.stop()


# --- The press itself -----------------------------------------------------------------------------------
def pid(kept: Keeper) -> int:
    kept.start()
    assert kept._running is not None
    return kept._running.process.pid


def test_killed_press_is_replaced(press: Keeper) -> None:
    for number in (signal.SIGKILL, signal.SIGSEGV):
        before = pid(press)
        assert press.typeset("<p>Før", {}, [])[0] == "ok"
        os.kill(before, number)
        assert press.typeset("<p>Etter", {}, [])[0] == "ok"
        assert pid(press) != before
        assert not psutil.pid_exists(before)  # not even as a zombie


def test_killed_while_it_works_is_tried_once_more(impatient: Keeper) -> None:
    before = pid(impatient)
    impatient.typeset("<p>Varm", {}, [])
    threading.Timer(0.5, os.kill, (before, signal.SIGKILL)).start()
    assert impatient.typeset(BOMBS["columns"][0], {}, []) == ("too_slow", b"")
    assert pid(impatient) != before


def test_fork_ends_when_nobody_waits_for_it() -> None:
    """A worker that is killed in the middle of a document leaves nothing running."""
    kept = Keeper()
    process = psutil.Process(pid(kept))
    kept.typeset("<p>Varm", {}, [])
    assert kept._running is not None
    head = b'{"sheet": false, "pictures": [], "attachments": []}'
    line.send(kept._running.line, b"typeset", head, b"<p>" + b"x " * 3_000_000)
    wait_for(lambda: bool(process.children()))
    (fork,) = process.children()
    kept._running.line.close()
    wait_for(lambda: not fork.is_running())
    assert kept._running.process.wait(timeout=10) == 0


def test_portal_that_is_gone_before_the_press_is_ready_ends_it_without_a_word() -> None:
    """A portal stopped while it starts; a traceback in its log would be the last thing an operator reads."""
    ours, its = socket.socketpair()
    ours.close()
    with its:
        serve(its, {}, Limits(1, 1))


def test_stop_of_the_group_is_not_for_the_press(press: Keeper) -> None:
    """Ctrl-C and a warm stop reach the whole group; the document at hand is finished first."""
    before = pid(press)
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(before, number)
    assert press.typeset("<p>Ferdig", {}, [])[0] == "ok"
    assert pid(press) == before


def test_fork_of_the_portal_has_a_press_of_its_own(press: Keeper) -> None:
    before = pid(press)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            code, _pdf = press.typeset("<p>Barn", {}, [])
            os.write(writer, f"{code} {pid(press)}".encode())
            press.stop()
        finally:
            os._exit(0)
    os.close(writer)
    code, its_own = os.read(reader, 100).decode().split()
    os.close(reader)
    os.waitpid(child, 0)
    assert (code, int(its_own) != before) == ("ok", True)
    assert press.typeset("<p>Far", {}, [])[0] == "ok"
    assert pid(press) == before


def test_time_limit_of_a_job_leaves_nothing_on_the_line(press: Keeper) -> None:
    class SoftLimit(Exception): ...

    def ring(*_: object) -> None:
        raise SoftLimit

    press.typeset("<p>Varm", {}, [])
    old = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(SoftLimit):
            press.typeset(BOMBS["columns"][0], {}, [])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    code, pdf = press.typeset("<title>Etter</title><p>x", {}, [])
    assert (code, "Etter" in readable(pdf)) == ("ok", True)


def test_silent_press_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "GRACE", 0)
    kept = Keeper(seconds=5)
    kept.typeset("<p>Varm", {}, [])
    os.kill(pid(kept), signal.SIGSTOP)
    assert kept.typeset("<p>x", {}, []) == ("too_slow", b"")
    assert kept.typeset("<p>Neste", {}, [])[0] == "ok"
    kept.stop()


def test_press_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(keeper, "FOLDER", tmp_path / "gone")
    with pytest.raises(PressAway):
        Keeper().typeset("<p>x", {}, [])
    (tmp_path / "gone").mkdir()  # there, but without the sheet
    with pytest.raises(PressAway):
        Keeper().typeset("<p>x", {}, [])


def test_press_does_not_hold_the_portals_keys(press: Keeper) -> None:
    known = psutil.Process(pid(press)).environ()
    assert set(known) <= {*keeper.KEPT, "LANG", "PYTHONPATH", "FONTCONFIG_FILE"}
    kinds = {c.type for c in psutil.Process(pid(press)).net_connections("all") if c.family != socket.AF_UNIX}
    assert kinds == set()


def wait_for(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_another_sheet_than_its_own_is_used_for_that_document_alone(press: Keeper) -> None:
    def height(**own: str) -> float:
        code, pdf = press.typeset("<p>Æ", {}, [], **own)
        assert code == "ok"
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return float(opened.pages[0].mediabox[3])

    ordinary = height()
    assert height(sheet="@page { size: A5 }") < ordinary
    assert height() == ordinary


def test_a_document_loads_nothing_the_press_has_not_loaded() -> None:
    """Each is made in a fork: what one loads is gone with it, and the next would load it again."""
    code = """
import sys
from pathlib import Path
from samskaping.press.typeset import PIXEL, Typesetter
press = Typesetter(Path("document.css"))
before = set(sys.modules)
inside = {"name": "original.pdf", "description": "", "relationship": "Source"}
head = '{"sheet": false, "pictures": ["logo"], "attachments": [%s]}' % str(inside).replace("'", '"')
page = b'<title>A</title><img src="app:logo" alt="A"><table><tr><th>a</th><td>a</td></tr></table>'
assert press.typeset(head.encode(), page, PIXEL, b"%PDF-1.7").startswith(b"%PDF-")
print(*sorted(set(sys.modules) - before))
"""
    made = subprocess.run(
        [sys.executable, "-c", code],
        cwd=keeper.FOLDER, env=keeper._environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert made.stdout.split() == []
