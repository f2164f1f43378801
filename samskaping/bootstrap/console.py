"""What set-up says, and how it runs programs that say too much."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class SetupError(Exception):
    """Set-up cannot go on; the message is the one sentence to read."""


class ProgramFailed(Exception):
    """A program ended badly; `output` is what it said."""

    def __init__(self, output: str, code: int) -> None:
        super().__init__(f"ended with {code}")
        self.output = output
        self.code = code

    @property
    def last_line(self) -> str:
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        return lines[-1] if lines else str(self)


class Console:
    """Numbered steps on the terminal, everything else in the log."""

    def __init__(self, log: Path, steps: int) -> None:
        self.log = log
        self._steps = steps
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Prints `2/5 Title … 12 s`. The time is left out when there was nothing to do."""
        self._number += 1
        print(f"{self._number}/{self._steps} {title} … ", end="", flush=True)
        begun = time.monotonic()
        try:
            yield
        except BaseException:
            print(flush=True)
            raise
        spent = time.monotonic() - begun
        print(f"{spent:.0f} s" if spent >= 1 else "ready", flush=True)

    def run(self, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        """Runs a program with its output in the log. Raises ProgramFailed with that output."""
        with self.log.open("ab") as log:
            log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
            log.flush()
            begun = log.tell()
            done = subprocess.run(
                command,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            with self.log.open("rb") as log:
                log.seek(begun)
                raise ProgramFailed(log.read().decode(errors="replace"), done.returncode)


def complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
