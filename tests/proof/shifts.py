"""Two who press at the same moment, at full numbers: tests/volunteers/test_shift_races.py."""

from tests.proof.in_pytest import in_pytest
from tests.proof.registry import Tally, proof

FOLDER = "tests/volunteers"


@proof(
    "shift_races",
    "300 × two who take the last place of a time at once, one who leaves as another comes, two who take over "
    "the same shift, and two who take the same errand: never overbooked, each told what is so",
    tested_in=FOLDER,
)
def shift_races(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_shift_races.py", 3 if small else 300)
