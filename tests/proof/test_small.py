"""The proofs at small numbers, so that `make test` notices a broken promise before `make proof` does."""

import pytest

from tests.proof import reports
from tests.proof.registry import Proof, Tally, proofs

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("name", [name for name, found in proofs().items() if not found.tested_in])
def test_promise_holds(name):
    tally = proofs()[name].run(True)
    assert tally.tried
    assert not tally.failures, "\n".join(tally.failures[:20])


def test_what_is_tested_elsewhere_is():
    for found in proofs().values():
        assert not found.tested_in or list((reports.ROOT / found.tested_in).glob("test_*.py")), found.name


def test_the_table_is_what_the_reports_say():
    """When this fails: python -m tests.proof --table."""
    assert reports.TABLE.read_text(encoding="utf-8") == reports.table(proofs())


def test_no_report_without_a_proof():
    assert {path.stem for path in reports.REPORTS.glob("*.json")} - {"bench"} <= set(proofs())


def test_a_failure_is_counted_and_shown(tmp_path, monkeypatch):
    monkeypatch.setattr(reports, "REPORTS", tmp_path)

    def run(small):
        tally = Tally(slowest=1.23)
        tally.check(True, "first")
        tally.check(False, "second")
        return tally

    invented = Proof("invented", "What it says", run)
    assert "**not run**" in reports.table({"invented": invented})
    found = reports.measure(invented, small=True)
    reports.write(found)
    assert (found["tried"], found["failed"], found["failures"]) == (2, 1, ["second"])
    row = reports.table({"invented": invented}).splitlines()[-1]
    assert row.startswith("| `invented` | What it says | 2 | **1** | 1.2 s |")


def test_a_proof_that_tries_nothing_fails():
    found = reports.measure(Proof("empty", "Nothing", lambda small: Tally()), small=True)
    assert found["failed"] == 1
