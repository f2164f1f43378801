"""Ten thousand volunteers from a spreadsheet: tests/volunteers/test_import_of_many.py."""

from tests.proof.in_pytest import in_pytest
from tests.proof.registry import Tally, proof

FOLDER = "tests/volunteers"


@proof(
    "volunteer_import",
    "10,000 rows of a spreadsheet taken in lot by lot, each with the same few questions and seen as it goes,"
    " and undone as one: nobody of them is left, and nobody else is gone",
    tested_in=FOLDER,
)
def volunteer_import(small: bool) -> Tally:
    return in_pytest(f"{FOLDER}/test_import_of_many.py", 600 if small else 10_000)
