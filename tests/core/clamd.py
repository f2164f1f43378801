"""A virus scanner that speaks clamd's protocol: real sockets, chosen behaviour."""

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BAD = b"PROVE-VIRUS-ER-IKKE-FARLIG"
LIMIT = 1_000_000


class _Talk(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        way = self.server.way  # type: ignore[attr-defined]
        if way == "hang":
            time.sleep(30)
        if way == "cut at once":
            return
        command = self._until_nul()
        if command == b"zPING":
            self.request.sendall(b"PONG\0")
        elif command == b"zINSTREAM":
            self._scan(way)

    def _scan(self, way: str) -> None:
        content = b""
        while length := struct.unpack("!I", self._exactly(4))[0]:
            if len(content) + length > LIMIT:
                self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += self._exactly(length)
            if way == "cut":
                return
        self.server.seen.append(content)  # type: ignore[attr-defined]
        if way == "half an answer":
            self.request.sendall(b"stream: ")
        elif way == "babble":
            self.request.sendall(b"x" * 100_000)
        else:
            self.request.sendall(b"stream: Prove.Virus FOUND\0" if BAD in content else b"stream: OK\0")

    def _until_nul(self) -> bytes:
        read = b""
        while not read.endswith(b"\0"):
            read += self._exactly(1)
        return read[:-1]

    def _exactly(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            more: bytes = self.request.recv(length - len(read))
            if not more:
                raise ConnectionError
            read += more
        return read


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    block_on_close = False
    way = ""
    seen: list[bytes]

    def handle_error(self, *_: Any) -> None: ...


@contextmanager
def clamd(way: str = "", path: Path | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Its CLAMAV_URL, and the files it has been shown. On a Unix socket when `path` is given."""
    server_class = type("_UnixServer", (_Server,), {"address_family": socket.AF_UNIX}) if path else _Server
    server = server_class(str(path) if path else ("127.0.0.1", 0), _Talk)
    server.way, server.seen = way, []
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield (f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"), server.seen
    finally:
        server.shutdown()
        server.server_close()
