"""Documents on paper, read back with other people's tools: poppler, qpdf and pikepdf."""

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from samskaping.core.pdf import Attachment, PdfRefused, Relationship, render

SAMI = "Čáhci ja ŋuolfi, Đ đ Ŧ ŧ Š š Ž ž"
LINES = ["Ærlig talt, «ørret» på åkeren – 12 % …", SAMI]
HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _templates(settings: Any) -> None:
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [HERE / "templates", *settings.TEMPLATES[0]["DIRS"]]}
    ]


def logo(kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (300, 100), (0, 98, 186)).save(made, kind)
    return made.getvalue()


def made(**more: Any) -> bytes:
    given: dict[str, Any] = {"language": "nb", "title": "Avtale om språkkafé", **more}
    context = {"lines": given.pop("lines", LINES), "sender": "Fjordvik kommune"}
    return render("try", context, **given)


def told(program: str, pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "made.pdf").write_bytes(pdf)
    done = subprocess.run(
        [program, *options, "made.pdf"], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_three_fonts_all_embedded_and_no_other(tmp_path: Path) -> None:
    """Also for letters none of them has: another font of the machine would make another document there."""
    rows = told("pdffonts", made(lines=[*LINES, "漢字 ∮"]), tmp_path).splitlines()[2:]
    assert {row.split("+")[1].split()[0] for row in rows} == {"Inter", "Inter-Bold", "Inter-Italic"}
    assert all(re.search(r"yes yes yes", row) for row in rows)


def test_letters_come_out_as_they_went_in(tmp_path: Path) -> None:
    told("pdftotext", made(), tmp_path)
    text = (tmp_path / "made.txt").read_text()
    for line in LINES:
        assert line in text


def test_tagged_titled_and_in_its_language(tmp_path: Path) -> None:
    pdf = made(language="nn")
    about = told("pdfinfo", pdf, tmp_path)
    assert re.search(r"^Title: +Avtale om språkkafé$", about, re.MULTILINE)
    assert re.search(r"^Tagged: +yes$", about, re.MULTILINE)
    assert re.search(r"^Page size: .*A4", about, re.MULTILINE)
    tags = told("pdfinfo", pdf, tmp_path, "-struct")
    assert {"H1", "H2", "P", "Table", "TH", "TD", "Caption"} <= set(re.findall(r"\w+", tags))
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert str(read.Root.Lang) == "nn"


def test_archivable() -> None:
    with pikepdf.open(io.BytesIO(made())) as read:
        with read.open_metadata() as about:
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("3", "A")
            assert about["dc:title"] == "Avtale om språkkafé"
        assert read.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert read.Root.MarkInfo.Marked
        assert "/JavaScript" not in read.Root.get("/Names", {})


def test_sound_to_qpdf(tmp_path: Path) -> None:
    assert "No syntax or stream encoding errors" in told("qpdf", made(), tmp_path, "--check")


@pytest.mark.parametrize(("language", "words"), [("nb", "Side 2 av"), ("nn", "Side 2 av")])
def test_pages_are_numbered(tmp_path: Path, language: str, words: str) -> None:
    told("pdftotext", made(language=language, lines=LINES * 8), tmp_path)
    text = (tmp_path / "made.txt").read_text()
    assert words in text
    assert "Side 1 av" in text


def test_attachments_say_what_they_are() -> None:
    source = b"<avtale>\xc3\xa6</avtale>"
    pdf = made(attachments=[Attachment("avtale.xml", source, Relationship.SOURCE, "Det avtalen er laget av")])
    with pikepdf.open(io.BytesIO(pdf)) as read:
        (name,) = read.attachments
        found = read.attachments[name]
        assert (name, found.get_file().read_bytes()) == ("avtale.xml", source)
        assert found.relationship == "/Source"
        assert found.description == "Det avtalen er laget av"
        assert len(read.Root.AF) >= 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_logo_comes_along(tmp_path: Path, kind: str) -> None:
    assert len(told("pdfimages", made(images={"logo": logo(kind)}), tmp_path, "-list").splitlines()) >= 3


@pytest.mark.parametrize("name", ["../etc", "a b", "", "A", "x" * 41, "a:b"])
def test_picture_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="A picture's name"):
        made(images={name: logo()})


def test_what_people_typed_is_text(tmp_path: Path) -> None:
    """T16: no tag, no style, no template of theirs is obeyed."""
    typed = [
        '<img src="file:///etc/passwd">', "<style>*{display:none}</style>", "{% load static %}{{ settings }}",
        "<link rel=attachment href='file:///etc/hostname'>", "{{ x.__class__ }}", "]]><svg onload=x>",
    ]  # fmt: skip
    pdf = made(lines=typed)
    told("pdftotext", pdf, tmp_path, "-layout")
    text = re.sub(r"\s+", " ", (tmp_path / "made.txt").read_text())
    for line in typed:
        assert line in text
    with pikepdf.open(io.BytesIO(pdf)) as read:
        assert not read.attachments


def test_too_long_is_refused_in_words() -> None:
    with pytest.raises(PdfRefused, match=r"^Vi klarte ikke") as refusal:
        made(lines=["x" * 3_000_000])
    assert refusal.value.code == "too_large"
