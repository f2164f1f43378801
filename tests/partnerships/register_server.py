"""A register on this machine that speaks the documented shapes, and answers badly when told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

VALID = ("123456785", "912660680", "974760673")


def unit(number: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": "FLI", "beskrivelse": "Forening/lag/innretning"},
        "forretningsadresse": {"adresse": ["Prøveveien 1"], "postnummer": "9901", "poststed": "PRØVE"},
        "maalform": "Nynorsk",
        "hjemmeside": "prove.example",
        "telefon": "90 21 23 45",
        "registrertIFrivillighetsregisteret": True,
        **more,
    }


@dataclass
class Register:
    url: str = ""
    # Path → (status, body, headers); what is not here is 404.
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    is_down: bool = False
    # Nothing is answered before this is set; or the answer comes a byte at a time, with so long between.
    silent_until: threading.Event | None = None
    drips: float = 0
    dripped: int = 0

    def says(self, number: str, row: Any, status: int = 200, **headers: str) -> None:
        body = row if isinstance(row, bytes) else json.dumps(row).encode()
        self.answers[f"/enhetsregisteret/api/enheter/{number}"] = (status, body, headers)

    def says_voluntary(self, number: str, row: Any) -> None:
        path = f"/frivillighetsregisteret/api/frivillige-organisasjoner/{number}"
        self.answers[path] = (200, json.dumps(row).encode(), {})

    def answer(self, asked: str) -> tuple[int, bytes, dict[str, str]]:
        parts = urlsplit(asked)
        if self.is_down:
            return 503, b"", {}
        if parts.path == "/enhetsregisteret/api/enheter":
            return 200, json.dumps(self._page(parse_qs(parts.query))).encode(), {}
        return self.answers.get(parts.path, (404, b"", {}))

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        size, number = int(query["size"][0]), int(query["page"][0])
        rows = self.rows[number * size : (number + 1) * size]
        page = {"size": size, "totalElements": len(self.rows), "totalPages": -(-len(self.rows) // size)}
        return {**({"_embedded": {"enheter": rows}} if rows else {}), "page": {**page, "number": number}}


@contextmanager
def register_server() -> Iterator[Register]:
    register = Register()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            register.asked.append(self.path)
            register.agents.add(self.headers.get("User-Agent", ""))
            if register.silent_until is not None:
                register.silent_until.wait(30)
            status, body, headers = register.answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # Whoever asked may have gone.
            with suppress(OSError):
                self._write(body)

        def _write(self, body: bytes) -> None:
            if not register.drips:
                self.wfile.write(body)
                return
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                register.dripped += 1
                time.sleep(register.drips)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    register.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield register
    finally:
        server.shutdown()
        server.server_close()
