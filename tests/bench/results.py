"""A row of the bench, and the table of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure. Without a target it is there to compare with; with errors it misses in any case."""

    what: str
    measured: float
    unit: str
    target: float | None = None  # at most; the unit is the same
    ratio: float | None = None  # to the login page's p95 in the same run
    detail: str = ""
    errors: int = 0

    @property
    def passed(self) -> bool:
        return not self.errors and (self.target is None or self.measured <= self.target)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "passed": self.passed}


def table(results: Iterable[Result]) -> str:
    rows = [("What", "Target", "Measured", "× login", "", "")]
    for result in results:
        verdict = "floor" if result.target is None and result.passed else "pass" if result.passed else "MISS"
        trouble = f"{result.errors} answers were not 200" if result.errors else ""
        rows.append(
            (
                result.what,
                "" if result.target is None else f"≤ {_number(result.target)} {result.unit}",
                f"{_number(result.measured)} {result.unit}",
                "" if result.ratio is None else f"{result.ratio:.2f}",
                verdict,
                " · ".join(part for part in (trouble, result.detail) if part),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]]) + "\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
