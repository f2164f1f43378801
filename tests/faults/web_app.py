"""What the web process of tests/faults serves: the portal, which may be made to die or to lack a defence."""

import os
import signal
from pathlib import Path
from typing import Any

from samskaping.wsgi import application

# isort: split
from django.db import transaction

from samskaping.core.services import outbox

__all__ = ["application"]

# Between the commit and the doorbell: when this file is there, the process that removes it is killed.
_die = Path(os.environ["DATA_DIR"]) / "die at ring"
_ring = outbox._ring


def _dying_ring(outbox_id: int) -> None:
    if _die.exists():
        _die.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
    _ring(outbox_id)


outbox._ring = _dying_ring

if os.environ.get("FAULT_WITHOUT") == "robust":
    _on_commit = transaction.on_commit

    def _not_robust(func: Any, using: str | None = None, robust: bool = False) -> None:
        _on_commit(func, using)

    transaction.on_commit = _not_robust
