"""A file of tests run at full numbers, in a pytest of its own, which makes the database and takes it away."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.engines import bare_environment
from tests.proof.registry import Tally


def in_pytest(path: str, rounds: int) -> Tally:
    """The tests of `path` ask tests/agreements/tally.py how many times, and tell it what went wrong."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "tally"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", path],
            env={**bare_environment(), "PROOF_ROUNDS": str(rounds), "PROOF_TALLY": str(kept)},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    for found in map(json.loads, lines):
        tally.tried += found["tried"]
        tally.failures += found["failures"]
    if run.returncode and not tally.failures:
        tally.failures.append(run.stdout[-600:])
    return tally
