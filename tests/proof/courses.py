"""The last place on a course, at full numbers: tests/volunteers/test_course_races.py."""

from tests.proof.in_pytest import in_pytest
from tests.proof.registry import Tally, proof

FOLDER = "tests/volunteers"


@proof(
    "course_races",
    "300 × two who take the last place on a course at once, and one who leaves as another comes: never "
    "overbooked, and the place is the first waiter's",
    tested_in=FOLDER,
)
def course_races(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_course_races.py", 3 if small else 300)
