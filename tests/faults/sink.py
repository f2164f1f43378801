"""A mail server that keeps what it took, and can be as bad as mail servers are."""

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from typing import Any

import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# It would write a line for each line it hears.
logging.getLogger("mail.log").setLevel(logging.ERROR)
_PARSER = BytesHeaderParser()


@dataclass(frozen=True)
class Letter:
    at: float  # time.monotonic, when it was taken
    message_id: str
    to: str


class MailSink:
    """`mode`: yes, busy (421), later (451), never (550), hang, cut (no answer), took (took it, no answer).

    `strike` names a moment at which the next client is killed, once: before_data, or after_yes, when the
    answer is on its way and the client is stopped before it can read it.
    """

    def __init__(self) -> None:
        self.mode = "yes"
        self.strike = ""
        self.pause = 0.0
        self.struck: list[float] = []
        self.letters: list[Letter] = []
        self.at_once = 0
        self.most_at_once = 0
        self.connections = 0
        self.on_letter: Callable[[], None] | None = None
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port: int = found.getsockname()[1]
        self._controller: Controller | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self._controller is None:
            self._controller = _Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def stop(self) -> None:
        """From now on connections are refused."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def reset(self) -> None:
        self.start()
        self.mode, self.strike, self.pause, self.on_letter = "yes", "", 0.0, None
        self.letters, self.struck = [], []
        self.most_at_once, self.connections = self.at_once, 0

    def came(self) -> None:
        with self._lock:
            self.connections += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)

    def left(self) -> None:
        with self._lock:
            self.at_once -= 1

    # --- aiosmtpd's questions ---------------------------------------------------------------------
    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mode == "busy":
            return "421 Too busy"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.mode == "never":
            return "550 5.1.1 Nobody here"
        envelope.rcpt_tos.append(address)
        if self.strike == "before_data":
            self.strike = ""
            self._kill(_client(session))
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.mode == "later":
            return "451 Try again"
        if self.mode == "hang":
            await asyncio.sleep(120)
        if self.mode == "cut":
            server.transport.abort()
            return "451 Nobody hears this"
        if self.pause:
            await asyncio.sleep(self.pause)
        head = _PARSER.parsebytes(envelope.content)
        self.letters.append(Letter(time.monotonic(), head["Message-ID"].strip("<>"), envelope.rcpt_tos[0]))
        if self.mode == "took":
            server.transport.abort()
            return "250 Nobody hears this"
        if self.strike == "after_yes":
            self.strike = ""
            client = _client(session)
            os.kill(client, signal.SIGSTOP)
            asyncio.get_running_loop().call_later(0.2, self._kill, client)
        if self.on_letter:
            self.on_letter()
        return "250 OK"

    def _kill(self, pid: int) -> None:
        self.struck.append(time.monotonic())
        os.kill(pid, signal.SIGKILL)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Counting(self.handler, ident="sink", enable_SMTPUTF8=True)


class _Counting(SMTP):
    def connection_made(self, transport: Any) -> None:
        self.event_handler.came()
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.left()
        super().connection_lost(error)


def _client(session: Any) -> int:
    """The process at the other end of the line."""
    port = session.peer[1]
    return next(
        found.pid
        for found in psutil.net_connections("tcp4")
        if found.laddr and found.laddr.port == port and found.pid and found.pid != os.getpid()
    )
