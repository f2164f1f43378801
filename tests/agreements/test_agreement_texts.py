"""The texts people sign: the same points in every language, no word we do not use, and short sentences."""

import re
from typing import Any

import pytest

from agreements.models.agreement import AgreementKind
from agreements.models.envelope import Assurance
from agreements.placeholders import PLACEHOLDERS
from samskaping.core import catalogues
from samskaping.core.models.content_template import ContentKind
from samskaping.core.services import reference

# These stand in a sentence. The rest may be lists or tables, and stand on a line of their own.
IN_A_SENTENCE = {
    "dato",
    "enhet",
    "kommune",
    "navn",
    "organisasjon",
    "rolle",
    "samarbeid",
    "slutt",
    "start",
    "varsel_dager",
}
NORWEGIAN_ONLY = {"avtale-samarbeid", "avtale-samarbeid-lett", "avtale-intensjon"}
# What they ask of signing: filled by the page she signs on, not from the partnership.
OF_SIGNING = {"samtykke-signering": {"sider", "kode"}, "signaturside": set()}
# Helsedirektoratet's ten.
ASKED_FOR = {
    "anchoring",
    "description",
    "economy",
    "evaluation",
    "follow_up",
    "guidance",
    "roles",
    "tasks",
    "time",
    "whistleblowing",
}
LONGEST = 35
# Of our own words; what is filled in takes the rest of the page.
WORDS_ON_ONE_PAGE = 230
NOT_OURS = {
    "nb": r"\b(?:sluttbruker|bruker|attest|forsegl|bevisside|verifiser|kvalifisert|avansert)\w*",
    "nn": r"\b(?:sluttbrukar|brukar|attest|forsegl|bevisside|verifiser|kvalifisert|avansert)\w*",
    "en": r"\b(?:user|attest|qualified|advanced|verif)\w*",
}
# Beside what the catalogues look for.
BOKMAL = re.compile(
    r"\b(?:taushet\w*|tilbud\w*|fra|mer|selv|gjør|uk(?:e|er|a)|skole\w*|sykehjem\w*|løfte\w*|begynn\w*)\b",
    re.IGNORECASE,
)


def _ours(kind: ContentKind) -> dict[str, dict[str, Any]]:
    return {found["key"]: found for found in reference._read_texts() if found["kind"] == kind}


AGREEMENTS = _ours(ContentKind.AGREEMENT)
SIGNING = {key: text for key, text in _ours(ContentKind.PAGE).items() if key in OF_SIGNING}
WRITTEN = [
    (key, language)
    for key, text in sorted((AGREEMENTS | SIGNING).items())
    for language in sorted(text["texts"])
]


def _body(key: str, language: str) -> str:
    body: str = (AGREEMENTS | SIGNING)[key]["texts"][language]["body"]
    return body


def _sections(body: str) -> list[tuple[str, str]]:
    """Heading and text; the introduction has no heading."""
    opening, *parts = re.split(r"^## (.+)$", body, flags=re.MULTILINE)
    return [("", opening), *zip(parts[::2], parts[1::2], strict=True)]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\{([^}]*)\}", text)))


def _not_ours(text: str, language: str) -> list[str]:
    said = re.sub(r"\{\w+\}", "", text)
    found = re.findall(NOT_OURS[language], said, re.IGNORECASE)
    if language == "nn":
        found += BOKMAL.findall(said) + catalogues._BOKMAL.findall(said)
    return found


def _sentences(body: str) -> list[str]:
    lines = [line.lstrip("#- ").strip() for line in body.splitlines() if line.strip()]
    return [said for line in lines for said in re.split(r"(?<=[.?!:])[»”]? +(?=[A-ZÆØÅ«“{])", line)]


def test_every_kind_has_a_text() -> None:
    assert {text["data"]["agreement_kind"] for text in AGREEMENTS.values()} == set(AgreementKind.values)
    assert set(SIGNING) == set(OF_SIGNING)


@pytest.mark.parametrize("key", sorted(AGREEMENTS | SIGNING))
def test_who_signs_can_read_it(key: str) -> None:
    expected = {"nb", "nn"} if key in NORWEGIAN_ONLY else {"nb", "nn", "en"}
    assert set((AGREEMENTS | SIGNING)[key]["texts"]) == expected


@pytest.mark.parametrize("key", sorted(AGREEMENTS))
def test_same_sections_in_each_language(key: str) -> None:
    text = AGREEMENTS[key]
    sections, opening = text["data"]["sections"], text["data"]["opening"]
    keys = [section["key"] for section in sections]
    assert len(keys) == len(set(keys))
    for language in text["texts"]:
        (_none, introduction), *written = _sections(_body(key, language))
        assert _names(introduction) == opening
        assert [_names(said) for _heading, said in written] == [section["sources"] for section in sections]
        assert all(said.strip() for _heading, said in written)
        assert all(len(heading) <= 120 for heading, _said in written)
    used = {name for section in sections for name in section["sources"]} | set(opening)
    assert set(text["data"]["placeholders"]) == used


@pytest.mark.parametrize("key", sorted(AGREEMENTS))
def test_each_section_has_a_hint_of_one_sentence(key: str) -> None:
    for section in AGREEMENTS[key]["data"]["sections"]:
        assert set(section) == {"key", "required", "sources", "hint"}
        assert set(section["hint"]) == {"nb", "nn", "en"}
        for language, hint in section["hint"].items():
            assert hint.endswith("."), (section["key"], language)
            assert len(_sentences(hint)) == 1 or ": " in hint, (section["key"], language)
            assert _not_ours(hint, language) == []


@pytest.mark.parametrize(("key", "language"), WRITTEN)
def test_only_names_the_portal_can_fill(key: str, language: str) -> None:
    body = _body(key, language)
    assert set(_names(body)) <= OF_SIGNING.get(key, set(PLACEHOLDERS))
    assert not re.search(r"\[|\]|_{2,}|\.{3,}|xxx", body)
    if key in AGREEMENTS:
        for name in _names(body):
            if name not in IN_A_SENTENCE:
                assert re.search(rf":\n\{{{name}\}}\n", body + "\n"), name


@pytest.mark.parametrize(("key", "language"), WRITTEN)
def test_no_word_we_do_not_use(key: str, language: str) -> None:
    assert _not_ours(_body(key, language), language) == []


@pytest.mark.parametrize(("key", "language"), WRITTEN)
def test_no_long_sentence(key: str, language: str) -> None:
    assert [said for said in _sentences(_body(key, language)) if len(said.split()) > LONGEST] == []


def test_health_agreement_has_all_that_is_asked_for() -> None:
    data = AGREEMENTS["avtale-samarbeid"]["data"]
    keys = {section["key"] for section in data["sections"]}
    assert len(keys) == 16
    assert set(data["asked_for"]) == ASKED_FOR
    assert set(data["asked_for"].values()) <= keys
    assert all(section["required"] for section in data["sections"])


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_small_agreement_is_small(language: str) -> None:
    assert len(_body("avtale-samarbeid-lett", language).split()) <= WORDS_ON_ONE_PAGE


def test_each_way_to_be_confirmed_is_explained() -> None:
    explained = SIGNING["signaturside"]["data"]["assurances"]
    assert list(explained) == Assurance.values
    for words in explained.values():
        assert set(words) == {"nb", "nn", "en"}
        for language, said in words.items():
            assert _not_ours(said, language) == []


def test_consent_says_pages_and_code_in_each_language() -> None:
    consent = SIGNING["samtykke-signering"]
    for language in ("nb", "nn", "en"):
        assert _names(_body("samtykke-signering", language)) == ["sider", "kode"]
        assert len(consent["data"]["pages"][language]) == 2


def test_the_words_are_looked_for() -> None:
    assert _not_ours("Brukeren viser politiattesten og får en attest.", "nb") == ["Brukeren", "attest"]
    assert _not_ours("{tilbud} gis av ansatte med taushetsplikt.", "nn") == ["taushetsplikt", "ansatte"]
