"""python -m tests.bench [--json] [--seconds N] [--impossible]"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from tests.bench import (  # noqa: F401 - their rows; the nation last
    bulk,
    by_link,
    documents,
    locking,
    messages,
    nation,
)
from tests.bench.portal import Measured, started
from tests.bench.results import Result, table
from tests.bench.rows import ROWS, Row
from tests.proof.reports import REPORTS, commit


class Starter(Protocol):
    def __call__(self, seconds: float) -> AbstractContextManager[Measured]: ...


def main(arguments: list[str], *, rows: Sequence[Row] = ROWS, start: Starter = started) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measures the portal.")
    parser.add_argument("--json", action="store_true", help="also write reports/bench.json")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each page is loaded")
    parser.add_argument(
        "--impossible", action="store_true", help="every target 0: shows that the bench can fail"
    )
    given = parser.parse_args(arguments)
    with start(given.seconds) as portal:
        results = [result for measure in rows for result in measure(portal)]
    if given.impossible:
        results = [replace(r, target=0.0) if r.target is not None else r for r in results]
    print(table(results), end="")
    missed = sum(not result.passed for result in results)
    print(f"{missed} missed." if missed else "All within their targets.")
    if given.json:
        _write(results)
    return 1 if missed or not results else 0


def _write(results: Sequence[Result]) -> None:
    REPORTS.mkdir(exist_ok=True)
    document = {
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "missed": sum(not result.passed for result in results),
        "rows": [result.as_json() for result in results],
    }
    (REPORTS / "bench.json").write_text(
        json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
