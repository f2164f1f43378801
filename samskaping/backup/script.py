"""Plays what pg_restore writes into an open transaction.

pg_restore itself would open a connection of its own and commit before anybody could look. This way the
restored rows can be compared with the manifest first, and until then a kill or an error changes nothing.
"""

from typing import IO

from django.db.backends.utils import CursorWrapper

# Words to psql, and a setting that older servers do not know and that is off anyhow.
_NOT_FOR_US = (b"\\restrict ", b"\\unrestrict ", b"SET transaction_timeout ")
_COPY, _FROM = b"COPY ", b" FROM stdin;\n"
_END = b"\\.\n"


class _Rows:
    """The rows after a COPY line, up to the line that ends them. A row may be larger than memory likes."""

    def __init__(self, script: IO[bytes]) -> None:
        self._script = script
        self._at_line_start = True
        self._over = False

    def read(self, size: int = 65536) -> bytes:
        if self._over:
            return b""
        part = self._script.readline(size)
        if part == b"" or (self._at_line_start and part == _END):
            self._over = True
            return b""
        self._at_line_start = part.endswith(b"\n")
        return part


def play(script: IO[bytes], cursor: CursorWrapper) -> None:
    """Raises django.db.Error when the server refuses something."""
    statements: list[bytes] = []
    for line in iter(script.readline, b""):
        if line.startswith(_COPY) and line.endswith(_FROM):
            _execute(statements, cursor)
            cursor.copy_expert(line.decode(), _Rows(script), 65536)
        elif not line.startswith(_NOT_FOR_US):
            statements.append(line)
    _execute(statements, cursor)


def _execute(statements: list[bytes], cursor: CursorWrapper) -> None:
    if any(line.strip() and not line.startswith(b"--") for line in statements):
        cursor.execute(b"".join(statements).decode())
    statements.clear()
