"""A bench that cannot fail is worth nothing: here it does."""

import json
from contextlib import nullcontext

import pytest

from tests.bench import __main__ as bench
from tests.bench import rows
from tests.bench.load import click_for
from tests.bench.results import Result, table
from tests.embedded.running import free_port


def measure(*results):
    return {"rows": [lambda portal: iter(results)], "start": lambda seconds: nullcontext(None)}


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (Result("within", 9.9, "ms", target=10), 0),
        (Result("over", 10.1, "ms", target=10), 1),
        (Result("floor", 1e9, "ms"), 0),
        (Result("fast but broken", 0.1, "ms", target=10, errors=1), 1),
        (Result("broken floor", 0.1, "ms", errors=1), 1),
        (Result("nobody answered", float("inf"), "ms", target=10), 1),
    ],
)
def test_a_miss_is_plain_and_ends_with_one(result, status, capsys):
    assert bench.main([], **measure(result)) == status
    said = capsys.readouterr().out
    assert ("MISS" in said) == bool(status)
    assert ("1 missed." in said) == bool(status)


def test_an_impossible_target_is_missed():
    assert bench.main([], **measure(Result("page", 1.0, "ms", target=10))) == 0
    assert bench.main(["--impossible"], **measure(Result("page", 1.0, "ms", target=10))) == 1


def test_nothing_measured_is_no_success():
    assert bench.main([], **measure()) == 1


def test_json_says_what_the_table_says(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "REPORTS", tmp_path)
    bench.main(["--json"], **measure(Result("a", 1.0, "ms", target=10), Result("b", 11.0, "ms", target=10)))
    document = json.loads((tmp_path / "bench.json").read_text())
    assert document["missed"] == 1
    assert [row["passed"] for row in document["rows"]] == [True, False]


def test_the_table_shows_ratio_and_trouble():
    page = Result("page", 12.34, "ms", target=60, ratio=1.5, detail="80 requests/s", errors=3)
    shown = " ".join(table([page]).splitlines()[2].split())
    assert shown == "page ≤ 60.0 ms 12.3 ms 1.50 MISS 3 answers were not 200 · 80 requests/s"


def test_a_portal_that_is_away_counts_as_errors():
    found = click_for(free_port(), "/", seconds=0.05)
    assert found.errors > 0


def test_every_promised_row_is_there():
    names = {row.__name__ for row in rows.ROWS}
    assert {"memory", "start", "floor", "front", "first_visit", "later_visit"} <= names
    assert "partnerships" in names
