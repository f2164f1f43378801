"""Times an agreement frozen, typeset with its signature pages, and sealed.

    python -m tests.bench.locking_times

Prints the fastest of some of each in milliseconds, and the HTML, as JSON.
"""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import django

_WORDS = """Partene er enige om **hvem som gjør hva**, og om at ingen tar på seg mer enn de vil.

- Kari låser opp og koker kaffe
- Ola henter dem som trenger følge

Den som er i tvil, spør kontakten. *Avtalen kan alltid sies opp.*"""
_DUTIES = [
    {"text": f"Oppgave {n} som noen har ansvar for", "holder": "Ola Prøve", "deputy": ""} for n in range(6)
]
_CODE = "ABCD-EFGH-JKMN-PQRS-TVWX"


def main() -> None:
    django.setup()
    from django.template.loader import render_to_string
    from django.utils import translation

    from agreements.freezing import Line, final_of
    from agreements.seal import seal_pdf
    from agreements.signature_page import Signed
    from samskaping.core.markdown import clause_to_html
    from samskaping.core.pdf import Attachment, Relationship, current_sheet, page_of, typeset

    words = clause_to_html(_WORDS)
    context = {
        "content": {"sections": [(f"Punkt {number}", words) for number in range(1, 17)]},
        "sender": "Fjordvik kommune",
        "mark": "TEST",
        "code": _CODE,
        "lines": [Line("Fjordvik sykehjem", "leder"), Line("Fjordvik turlag", "leder")],
        "map": {"title": "Kafé", "day": "22.11.2026", "groups": [{"label": "Ledere", "duties": _DUTIES}] * 3},
    }
    page = page_of("agreement", context, language="nb", title="Samarbeidsavtale")
    original = typeset(page)
    person = Signed("Kari Prøve", "leder", "Fjordvik turlag", "i dag", "", "Skrev en kode.", "k•••@x", "Ja.")
    about = {
        "title": "Signaturside", "opening": words, "signed": [person, person], "parties": ["A", "B"],
        "document": {"title": "Samarbeidsavtale", "shown_code": _CODE, "sha256": "ab" * 32},
        "chain_head": "cd" * 32, "issuer": "TEST", "url": "https://samskaping.example/ekte/", "words": words,
    }  # fmt: skip
    with translation.override("nb"):
        signatures = render_to_string("pdf/_signature_page.html", {"page": about})
    frozen = SimpleNamespace(
        html=page.html, language="nb", stylesheet=current_sheet(), assets=SimpleNamespace(all=list)
    )
    final = final_of(cast(Any, frozen), signatures, qr=_picture(), for_trying=True)
    source = Attachment("original.pdf", original, Relationship.SOURCE, "")
    pdf = typeset(final, attachments=[source])
    seal_pdf(pdf, reason="TEST")
    found = {
        "render": _fastest(lambda: typeset(page)),
        "final": _fastest(lambda: typeset(final, attachments=[source])),
        "seal": _fastest(lambda: seal_pdf(pdf, reason="TEST")),
        "html": page.html,
    }
    print(json.dumps(found))


def _picture() -> bytes:
    from samskaping.core.qr import qr

    return qr("https://samskaping.example/ekte/")


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times) * 1000


if __name__ == "__main__":
    main()
