"""Filling in names, without ever running what people wrote."""

import pytest

from agreements.clauses import Clause, Value, body_of, clauses_of, escaped, filled, names_in
from samskaping.core.markdown import clause_to_html

MISSING = {"start": "mangler: start", "skal": "mangler: skal"}


def fill(text: str, *skipped: str, **values: Value | None) -> str:
    return clause_to_html(filled(text, values, skipped=skipped, missing=MISSING)).strip()


def test_a_value_in_a_sentence_and_one_on_its_own() -> None:
    html = fill(
        "Fra {start}.\n\nDette skal vi:\n{skal}\n\nHver uke.",
        start=Value(("1. mai 2027",)),
        skal=Value(("gå tur", "drikke kaffe")),
    )
    assert '<p class="ds-paragraph">Fra 1. mai 2027.</p>' in html
    assert 'Dette skal vi:</p>\n<ul class="ds-list">\n<li>gå tur</li>\n<li>drikke kaffe</li>\n</ul>' in html
    assert html.endswith("Hver uke.</p>")


def test_a_table_keeps_its_headings_whatever_stands_in_it() -> None:
    value = Value((), ("Oppgave", "Hvem"), (("Åpne | lukke", "Kari\nNes"), ("*Koke*", "")))
    html = fill("Slik:\n{skal}", skal=value)
    assert html.count('<th scope="col">') == 2
    for cell in ("Åpne | lukke", "Kari Nes", "*Koke*"):
        assert f"<td>{cell}</td>" in html


def test_what_is_skipped_takes_its_paragraph_and_no_more() -> None:
    text = "Fra {start}.\n\nDette skal vi:\n{skal}\n\n- én\n- til {start}\n- tre"
    html = fill(text, "start", "skal", start=None, skal=None)
    assert "Fra" not in html
    assert "skal vi" not in html
    assert "<li>én</li>\n<li>tre</li>" in html


def test_what_is_skipped_and_came_after_all_stands_there() -> None:
    assert "Fra 1. mai." in fill("Fra {start}.", "start", start=Value(("1. mai",)))


def test_what_is_missing_is_said_on_its_place() -> None:
    assert "Fra <strong>[mangler: start]</strong>." in fill("Fra {start}.", start=None)


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{skal}",
        "${start}",
        "![x](http://ondt.example/x.png)", "[x](javascript:alert(1))", "# Stor", "- punkt", "1. først",
        "> sitat", "`kode`", "a\\b", "| a |", "&lt;b&gt;", "***", "_a_ ~b~", "<http://ondt.example>",
        "Čáhppes šuvvá 👋 é",
    ],
)  # fmt: skip
def test_what_people_wrote_elsewhere_is_only_text(typed: str) -> None:
    from html import unescape

    html = fill("Vi: {skal}!", skal=Value((typed,)))
    inner = html.removeprefix('<p class="ds-paragraph">').removesuffix("</p>")
    assert "<" not in inner
    assert unescape(inner) == f"Vi: {typed}!"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("![x](https://ondt.example/x.png)", "!<a href="),
        ("[x](file:///etc/passwd)", "[x](file:///etc/passwd)"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("# Overskrift", "# Overskrift"),
        ("    innrykk", ">innrykk<"),
        ("{{ x }} {% y %} {ukjent}", "{{ x }} {% y %} {ukjent}"),
    ],
)
def test_a_section_has_no_more_than_it_needs(typed: str, shown: str) -> None:
    html = fill(typed)
    assert shown in html
    assert not any(
        mark in html for mark in ("<img", "<h1", "<code", "<script", 'href="javascript', 'href="file')
    )


def test_lines_of_a_value_stay_lines() -> None:
    assert escaped("a\n\n\nb\nc") == "a\n\nb\\\nc"
    html = fill("{skal}", skal=Value(("En linje\nto\n\nNytt avsnitt",)))
    assert html.count("<p ") == 2
    assert "<br" in html


def test_names_are_found_once_and_only_known_ones() -> None:
    assert names_in("{skal} {start} {skal} {ukjent} {Skal} { skal }", MISSING) == ["skal", "start"]


def test_a_text_is_taken_apart_and_put_together() -> None:
    body = "Innledning.\n\n## Én\n\nFørste.\n\nMer.\n\n## To\n\n- a\n- b"
    data = {"sections": [{"key": "en", "required": True}, {"key": "to"}]}
    found = clauses_of(body, data)
    assert found[1] == Clause("en", "Én", "Første.\n\nMer.", required=True)
    assert body_of(found) == body
    with pytest.raises(ValueError, match="1 are named"):
        clauses_of(body, {"sections": data["sections"][:1]})
