"""One connection to the mail server for some seconds' worth of letters.

Connecting, encrypting and signing in take longer than handing over a letter. Each process has one line at
most; a line that does not answer, has done its share or met trouble is left for a new one.
"""

import smtplib
import threading
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

# A server may count letters on a line or dislike one that is silent: we are gone before that.
LETTERS = 20
SECONDS = 10.0


class MailLine:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._backend: EmailBackend | None = None
        self._letters = 0

    def send(self, message: EmailMessage) -> None:
        """Raises smtplib or OS errors when the server does not take it."""
        backend = get_connection()
        if not isinstance(backend, EmailBackend):
            # The demo post, and the tests' own.
            backend.send_messages([message])
            return
        with self._lock:
            line = self._ready(backend) or self._new(backend)
            try:
                line.send_messages([message])
            except BaseException:
                # Whatever was half said belongs to nobody. No farewell: it could take as long as the trouble.
                self._cut()
                raise
            self._letters += 1

    def close(self) -> None:
        with self._lock:
            self._leave()

    def _ready(self, wanted: EmailBackend) -> EmailBackend | None:
        """The line we have, if it still leads to the server we want and somebody answers."""
        kept = self._backend
        if kept is None or kept.connection is None:
            return None
        if self._letters >= LETTERS:
            self._leave()
            return None
        try:
            same = (kept.host, kept.port) == (wanted.host, wanted.port)
            answers = same and kept.connection.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            answers = False
        if not answers:
            self._cut()
        return self._backend

    def _new(self, backend: EmailBackend) -> EmailBackend:
        backend.open()
        self._backend, self._letters = backend, 0
        leave = threading.Timer(SECONDS, self.close)
        leave.daemon = True
        leave.start()
        return backend

    def _leave(self) -> None:
        if self._backend is not None:
            backend, self._backend = self._backend, None
            with suppress(OSError, smtplib.SMTPException):
                backend.close()

    def _cut(self) -> None:
        if self._backend is not None:
            backend, self._backend = self._backend, None
            if backend.connection is not None:
                backend.connection.close()


line = MailLine()
