"""Signing at the same moment as something else, and locking killed: tests/agreements at full numbers."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.engines import bare_environment
from tests.proof.registry import Tally, proof

FOLDER = "tests/agreements"


@proof(
    "signing_races",
    "300 × two who sign at once, one who presses four times, the last signature against calling back, a no "
    "and the deadline, and another document: none stale, none stuck, none double",
    tested_in=FOLDER,
)
def signing_races(small: bool) -> Tally:
    return _in_pytest("test_signing_races.py", 3 if small else 300)


@proof(
    "sealing_kills",
    "20 × `kill -9` at each of six points of locking: locked once by the next worker, the file is what its "
    "row says, nothing left about",
    tested_in=FOLDER,
)
def sealing_kills(small: bool) -> Tally:
    return _in_pytest("test_sealing_killed.py", 1 if small else 20)


def _in_pytest(file: str, rounds: int) -> Tally:
    """In a pytest of its own, which makes the database and takes it away."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "tally"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", f"{FOLDER}/{file}"],
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
