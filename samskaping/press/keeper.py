"""The portal's side: keeps a press running, asks it, and starts a new one when it is gone."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from samskaping.press import line

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "pdf"
# For one document, beyond what is loaded. The fork ends itself; no document of ours comes near.
SECONDS = 20
MEMORY = 400_000_000
# For a press that has stopped altogether.
GRACE = 10
READY_WITHIN = 60
KEPT = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "TMPDIR"),
    "SAMSKAPING_UP",  # by which `manage.py up` knows its own
)


class PressAway(Exception):
    """There is no press and none can be started: Pango or build/pdf is missing, or the machine is full."""


@dataclass(frozen=True)
class Enclosed:
    """A file that goes inside a document."""

    name: str
    content: bytes
    relationship: str
    description: str


class _Running:
    """A press that was started. It loads while we go on; the first document waits for the rest of that."""

    def __init__(self, seconds: int, memory: int) -> None:
        self._answer_within = seconds + GRACE
        self.line, its = socket.socketpair()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "samskaping.press", *map(str, (its.fileno(), seconds, memory))],
                cwd=FOLDER,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(its.fileno(),),
            )
        except OSError as error:
            self.line.close()
            raise PressAway from error
        finally:
            its.close()
        self._ready = False

    def ask(self, message: Sequence[bytes]) -> tuple[str, bytes]:
        """Raises TimeoutError when there is no answer, EOFError or ConnectionError when the press is gone."""
        if not self._ready:
            self.line.settimeout(READY_WITHIN)
            line.receive(self.line)
            self._ready = True
        self.line.settimeout(self._answer_within)
        line.send(self.line, *message)
        code, pdf = line.receive(self.line)
        return code.decode(), pdf

    def stop(self) -> None:
        """At once, and without leaving a zombie. Its fork ends when it finds the line closed."""
        self.line.close()
        self.process.kill()
        self.process.wait()


class Keeper:
    """One press for this process. Documents are made one at a time."""

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._limits = (seconds, memory)
        self._lock = threading.Lock()
        self._running: _Running | None = None
        os.register_at_fork(after_in_child=self._forget)

    def start(self) -> None:
        """Begins loading. Raises PressAway."""
        with self._lock:
            self._start()

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def typeset(
        self,
        html: str,
        pictures: Mapping[str, bytes],
        attachments: Sequence[Enclosed],
        *,
        sheet: str = "",
    ) -> tuple[str, bytes]:
        """A code («ok» or why not) and the PDF. `sheet` is another than the press's own. Raises PressAway."""
        head = {
            "sheet": bool(sheet),
            "pictures": list(pictures),
            "attachments": [
                {"name": each.name, "relationship": each.relationship, "description": each.description}
                for each in attachments
            ],
        }
        contents = [
            *([sheet.encode()] if sheet else []),
            *pictures.values(),
            *(each.content for each in attachments),
        ]
        return self._ask([b"typeset", json.dumps(head).encode(), html.encode(), *contents])

    def clean(self, content: bytes) -> tuple[str, bytes]:
        """A code and a PDF somebody sent, made anew without anything that runs. Raises PressAway."""
        return self._ask([b"clean", content])

    def _ask(self, message: Sequence[bytes]) -> tuple[str, bytes]:
        with self._lock:
            # A press may have been killed since the last document; a document never kills it.
            for _ in range(2):
                try:
                    return self._start().ask(message)
                except TimeoutError:
                    self._stop()
                    return "too_slow", b""
                except (EOFError, ConnectionError):
                    self._stop()
                except BaseException:
                    # Celery's time limit among them: what is still on the line belongs to nobody.
                    self._stop()
                    raise
        raise PressAway

    def _start(self) -> _Running:
        if self._running is None:
            self._running = _Running(*self._limits)
        return self._running

    def _stop(self) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = None

    def _forget(self) -> None:
        """In a fork of this process, which must neither talk on its parent's line nor hold it open."""
        self._lock = threading.Lock()
        if self._running is not None:
            self._running.line.close()
            self._running.process.returncode = 0  # somebody else's child: nothing to wait for
            self._running = None


def _environment() -> dict[str, str]:
    """What a press needs and no more: it typesets what people wrote, and shall not hold the portal's keys."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "FONTCONFIG_FILE": str(FOLDER / "fonts.conf"),
    }


press = Keeper()
