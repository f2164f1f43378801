"""Documents, each figure beside another of the same run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from samskaping.press.keeper import FOLDER, ROOT, Keeper
from tests.bench.portal import Measured
from tests.bench.results import Result
from tests.bench.rows import row

_ROW = (
    '<tr><th>Hente og bringe {n}</th><td>Frivillig</td><td>Tjenestestedet</td><td class="number">12</td></tr>'
)
_PART = """<h2>{n}. Ansvar og oppgaver</h2><p>Partene er enige om <strong>hvem som gjør hva</strong>, og om at
ingen tar på seg mer enn de vil. <em>Avtalen kan alltid sies opp.</em> Den som er i tvil, spør kontakten.</p>
<table><caption>Ansvarskart {n}</caption>
<thead><tr><th>Hva</th><th>Hvem</th><th>Hvor</th><th>Timer</th></tr></thead><tbody>{rows}</tbody></table>"""
# Three pages of text and tables, as an agreement with its map of duties.
DOCUMENT = (
    '<html lang="nb"><head><title>Samarbeidsavtale</title></head>'
    '<body data-title="Samarbeidsavtale" data-page="Side" data-of="av"><h1>Samarbeidsavtale</h1>'
    + "".join(_PART.format(n=n, rows="".join(_ROW.format(n=m) for m in range(7))) for n in range(1, 7))
    + "</body></html>"
)


@row
def documents(_portal: Measured) -> Iterator[Result]:
    """In a press of this process, as in a worker. By turns, and the fastest of each: what a document costs,
    and not what else the machine was doing."""
    firsts, laters, naives = [], [], []
    for _ in range(3):
        times = _ours()
        firsts.append(times[0])
        laters += times[1:]
        naives.append(naive(DOCUMENT))
    first, later, alone = min(firsts), min(laters), min(naives)
    yield Result(
        "document, first in a worker", first, "ms", target=1.5 * later, detail=f"later {later:.0f} ms"
    )
    yield Result(
        "document, tagged PDF/A-3a", later, "ms", target=1.1 * alone,
        detail=f"WeasyPrint by itself, without tags: {alone:.0f} ms",
    )  # fmt: skip


def _ours() -> list[float]:
    press = Keeper()
    try:
        press.clean(b"")  # refused, but the press is loaded: as a worker's, before anybody asks
        return [_one(press) for _ in range(5)]
    finally:
        press.stop()


def _one(press: Keeper) -> float:
    began = time.perf_counter()
    code, pdf = press.typeset(DOCUMENT, {}, [])
    took = (time.perf_counter() - began) * 1000
    return took if code == "ok" and pdf.startswith(b"%PDF-") else float("inf")


def naive(html: str) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.naive_pdf"],
        cwd=FOLDER, input=html, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FONTCONFIG_FILE": str(FOLDER / "fonts.conf")},
    )  # fmt: skip
    return float(done.stdout)
