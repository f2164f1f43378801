"""«På én side» is a promise: what an ordinary agreement is filled with fits, and the lines for pens."""

import re
from datetime import date
from typing import Any

import pytest

from agreements.freezing import freeze
from agreements.models import Agreement, AgreementSection
from agreements.models.agreement import AgreementOrigin, AgreementState
from agreements.pdf_text import pages_of, words_of
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.draft import with_content
from agreements.services.envelope import Frozen
from agreements.services.sealing import envelope_seal
from samskaping.core.services.reference import _read_texts
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.factories.signed import completed

pytestmark = pytest.mark.django_db

TEXTS = {text["key"]: text for text in _read_texts()}
# What two sides who run a weekly thing together write.
FILLED = {
    "parter": "- Nes omsorgssenter, Prøvevik kommune\n- Nes kystlag, organisasjonsnummer 310 000 035",
    "kontakter": "- Nes omsorgssenter: Ola Prøvesen (vert) 555 01 006\n- Laget: Kari Prøvesen 55 50 22 03",
    "skal": "- Møtes hver torsdag i stua\n- Ha minst to verter hver gang\n- Spørre gjestene hva de vil synge",
    "skal_ikke": "- Gi medisiner eller stelle\n- Være alene om kvelden",
}
ORDINARY = "Sang og kaffe hver torsdag kl. 17.00–19.00 i stua på Nes, også for dem som ikke synger."


def on_paper(key: str, language: str, sides: int) -> Frozen:
    agreement = AgreementFactory.create(
        origin=AgreementOrigin.PORTAL, state=AgreementState.DRAFT, language=language,
        title=f"{TEXTS[key]['texts'][language]['title']}: Sangstund på Nes",
        starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
    )  # fmt: skip
    for _ in range(sides):
        AgreementPartyFactory.create(agreement=agreement)
    text: dict[str, Any] = TEXTS[key]["texts"][language]
    for number, clause in enumerate(re.split(r"^## ", text["body"], flags=re.MULTILINE), 1):
        heading, _break, body = clause.partition("\n") if number > 1 else ("", "", clause)
        for name in PLACEHOLDERS:
            # What is one line stands after what leads up to it, as when the portal fills it in.
            body = body.replace(f":\n{{{name}}}", f":\n{FILLED[name]}" if name in FILLED else f": {ORDINARY}")
            body = body.replace(f"{{{name}}}", "Nes")
        AgreementSection.objects.create(
            municipality=agreement.municipality,
            agreement=agreement,
            number=number,
            heading=heading,
            text=body,
        )
    return freeze(with_content(Agreement.objects.all()).get(pk=agreement.pk))


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_light_agreement_between_two_is_on_one_page(language):
    made = on_paper("avtale-samarbeid-lett", language, sides=2)
    assert made.pages == 1, words_of(made.pdf)


@pytest.mark.parametrize(
    ("key", "language"),
    [
        (key, language)
        for key, text in TEXTS.items()
        if key.startswith("taushet-")
        for language in text["texts"]
    ],
)
def test_a_declaration_is_on_one_page(key, language):
    assert on_paper(key, language, sides=1).pages == 1


def test_a_longer_one_takes_the_pages_it_needs():
    assert on_paper("avtale-samarbeid", "nb", sides=2).pages > 1


def test_two_signatures_take_one_page_of_their_own(reference):
    envelope = completed()
    assert envelope_seal(envelope)
    assert pages_of(bytes(envelope.seal.file.content)) == envelope.document.pages + 1
