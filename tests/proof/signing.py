"""Signing at the same moment as something else: the races of tests/agreements at full numbers."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.engines import bare_environment
from tests.proof.registry import Tally, proof

FOLDER = "tests/agreements"
ROUNDS = 300


@proof(
    "signing_races",
    "300 × two who sign at once, one who presses four times, the last signature against calling back, a no "
    "and the deadline, and another document: none stale, none stuck, none double",
    tested_in=FOLDER,
)
def signing_races(small: bool) -> Tally:
    """In a pytest of its own, which makes the database and takes it away."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "tally"
        more = {"SIGNING_ROUNDS": str(3 if small else ROUNDS), "SIGNING_TALLY": str(kept)}
        run = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n0",
                "-p",
                "no:cacheprovider",
                f"{FOLDER}/test_signing_races.py",
            ],
            env={**bare_environment(), **more},
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
