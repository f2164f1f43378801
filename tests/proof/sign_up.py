"""Two who take the last place at once: tests/volunteers at full numbers."""

from tests.proof.in_pytest import in_pytest
from tests.proof.registry import Tally, proof

FOLDER = "tests/volunteers"


@proof(
    "sign_up_races",
    "300 × two, and four, who confirm their codes for the last place at the same moment, and one who presses "
    "twice: never overbooked, and the others are promised an answer",
    tested_in=FOLDER,
)
def sign_up_races(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_sign_up_races.py", 3 if small else 300)
