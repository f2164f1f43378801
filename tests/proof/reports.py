"""Reports as files, and the table in docs/proofs.md made of them."""

import json
import subprocess
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.proof.registry import Proof, Tally

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "reports"
TABLE = ROOT / "docs" / "proofs.md"
SHOWN_FAILURES = 10

Report = Mapping[str, Any]

_HEAD = """\
# Proofs

Made by `make proof` out of `reports/*.json`; do not edit by hand. A row without a fresh number is a
promise nobody has tested lately: look at the date and the commit.

| Proof | What was tried | Tried | Failed | Slowest | Took | Date | Commit |
|---|---|---:|---:|---:|---:|---|---|
"""


def measure(proof: Proof, *, small: bool) -> Report:
    begun = time.monotonic()
    tally = proof.run(small)
    return report(proof, tally, seconds=time.monotonic() - begun)


def report(proof: Proof, tally: Tally, *, seconds: float) -> Report:
    if tally.tried == 0:
        tally.check(False, "nothing was tried")
    return {
        "name": proof.name,
        "what": proof.what,
        "tried": tally.tried,
        "failed": tally.failed,
        "slowest_seconds": round(tally.slowest, 1) or None,
        "seconds": round(seconds, 1),
        "commit": commit(),
        "date": datetime.now(UTC).date().isoformat(),
        "failures": tally.failures[:SHOWN_FAILURES],
    }


def write(found: Report) -> Path:
    REPORTS.mkdir(exist_ok=True)
    path = REPORTS / f"{found['name']}.json"
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def commit() -> str:
    """The commit the tree stands on, with a plus when something in it is not committed."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if git("status", "--porcelain") else "")


def table(proofs: Mapping[str, Proof]) -> str:
    return _HEAD + "".join(_row(proof) for proof in proofs.values())


def _row(proof: Proof) -> str:
    path = REPORTS / f"{proof.name}.json"
    if not path.exists():
        return f"| `{proof.name}` | {proof.what} | **not run** | | | | | |\n"
    found = json.loads(path.read_text(encoding="utf-8"))
    failed = f"**{found['failed']}**" if found["failed"] else "0"
    slowest = f"{found['slowest_seconds']} s" if found["slowest_seconds"] else ""
    cells = (
        f"`{proof.name}`", found["what"], f"{found['tried']:,}", failed, slowest,
        f"{found['seconds']:.0f} s", found["date"], f"`{found['commit']}`",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"
