"""Klarspråk: advice that is worth having, and none where there is nothing to say."""

import pytest

from partnerships.selectors.plain_words import AT_MOST, WORDS_IN_A_SENTENCE, hints


def about(text: str) -> list[str]:
    return [hint.about for hint in hints(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Brukeren skal tas imot.", ["Brukeren"]),
        ("Alle brukerne og en bruker til", ["brukerne", "en bruker"]),
        ("Vi møtast i høve til planen, med brukarane.", ["brukarane", "i høve til"]),
        ("Kommunen vil i henhold til vedtaket iverksette tiltak", ["i henhold til", "iverksette"]),
        ("Vi bruker kjøkkenet på torsdager", []),
        ("Enkelte bruker kjøkkenet", []),
        ("Den enkelte bruker skal høres", ["Den enkelte bruker"]),
        ("Me brukar kjøkenet", []),
        ("Innbyggeren får nøkkel. Vi rydder sammen.", []),
        ("Samtidig og samtykke", []),
        ("", []),
    ],
)
def test_finds_what_is_heavy_and_nothing_else(text: str, found: list[str]) -> None:
    assert about(text) == found


def test_says_what_to_write_instead() -> None:
    (hint,) = hints("vedrørende nøkkelen")
    assert "«om»" in hint.advice
    (hint,) = hints("brukerne")
    assert "innbygger, deltaker eller mottaker" in hint.advice


def test_long_sentence_is_seen_by_its_beginning_and_a_list_is_not() -> None:
    long = " ".join(["ord"] * (WORDS_IN_A_SENTENCE + 1))
    assert about(f"Først dette. {long}.") == ["ord ord ord ord …"]
    assert about("\n".join(["tre korte ord"] * 30)) == []
    assert about(" ".join(["ord"] * WORDS_IN_A_SENTENCE)) == []


def test_a_few_at_a_time() -> None:
    assert len(hints("samt, angående, herunder, hvorvidt, således, såfremt")) == AT_MOST


def test_what_people_are_called_is_said_before_the_few_are_full() -> None:
    """As a letter from an office is written: the advice fits in, and is not cut off by what stands first."""
    text = """I henhold til vedtak vedrørende møteplassen skal det iverksettes tiltak, samt tilses at brukerne
    blir ivaretatt på en hensiktsmessig måte, herunder hvorvidt brukergruppen har behov for bistand."""
    assert about(text)[:2] == ["brukerne", "brukergruppen"]
    assert len(about(text)) == AT_MOST


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "a." * 10_000, "🎈 " * 5_000, "مرحبا " * 3_000, "<b>samt</b>" * 2_000]
)
def test_any_text_is_read_through(text: str) -> None:
    assert len(hints(text)) <= AT_MOST
