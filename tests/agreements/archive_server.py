"""An archive of our own: takes packages over HTTP and answers what it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Archive:
    url: str = ""
    # What it answers next: status, the Location header, the body.
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    # What came: the headers and the package.
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def archive() -> Iterator[Archive]:
    found = Archive()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((dict(self.headers), content))
            status, location, body = found.answers.pop(0)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_given: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/pakker"
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()
