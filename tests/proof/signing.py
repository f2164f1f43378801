"""Signing at the same moment as something else, and locking killed: tests/agreements at full numbers."""

from tests.proof.in_pytest import in_pytest
from tests.proof.registry import Tally, proof

FOLDER = "tests/agreements"


@proof(
    "signing_races",
    "300 × two who sign at once, one who presses four times, the last signature against calling back, a no "
    "and the deadline, and another document: none stale, none stuck, none double",
    tested_in=FOLDER,
)
def signing_races(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_signing_races.py", 3 if small else 300)


@proof(
    "sealing_kills",
    "20 × `kill -9` at each of six points of locking: locked once by the next worker, the file is what its "
    "row says, nothing left about",
    tested_in=FOLDER,
)
def sealing_kills(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_sealing_killed.py", 1 if small else 20)
