"""What locking an agreement costs, beside WeasyPrint by itself on the same HTML and CSS."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from samskaping.press.keeper import ROOT
from tests.bench.documents import naive
from tests.bench.portal import Measured
from tests.bench.results import Result
from tests.bench.rows import row


@row
def locking(_portal: Measured) -> Iterator[Result]:
    """By turns, and the fastest of each, as in documents.py."""
    tries = [_once()]
    alone = naive(tries[0]["html"])
    for _turn in range(2):
        tries.append(_once())
        alone = min(alone, naive(tries[0]["html"]))
    render, final, seal = (min(each[what] for each in tries) for what in ("render", "final", "seal"))
    beside = f"WeasyPrint by itself, without tags: {alone:.0f} ms"
    yield Result("agreement with its map, tagged PDF/A-3a", render, "ms", target=1.1 * alone, detail=beside)
    yield Result(
        "the same with signature pages and the original inside", final, "ms", target=1.4 * 1.1 * alone,
        detail=f"{final / render:.2f} of the agreement",
    )  # fmt: skip
    yield Result("seal, without timestamp", seal, "ms", target=0.2 * render)


def _once() -> dict[str, Any]:
    """In a process of its own, as a worker: with Django, the templates and the key, and no database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.locking_times"],
        cwd=ROOT, capture_output=True, text=True, check=True,
        env={
            **os.environ, "SECRET_KEY": "only-the-bench-uses-this-key-and-nothing-real-is-locked-with-it",
            "MAIL_URL": "smtp://127.0.0.1:9", "DJANGO_SETTINGS_MODULE": "samskaping.settings",
        },
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found
