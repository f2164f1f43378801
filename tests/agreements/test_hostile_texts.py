"""What people paste into an agreement: it becomes a PDF that says just that, or is refused in plain words."""

import http.server
import io
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from agreements.freezing import MARKER, NotReady, freeze
from agreements.models import Agreement
from agreements.pdf_text import words_of
from agreements.selectors.draft import with_content
from agreements.services.envelope import Frozen
from samskaping.core.pdf import PdfRefused
from tests.factories.signed import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What somebody asked for from a server that only a document could know of; its address comes first."""
    found: list[str] = []

    class Notes(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.append(self.path)
            self.send_error(404)

        def log_message(self, *_given: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Notes) as server:
        found.append(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()


def frozen(text: str, *, heading: str = "", sections: int = 1) -> Frozen:
    agreement = draft(sections=sections, text=text)
    if heading:
        agreement.sections.update(heading=heading)
    return freeze(with_content(Agreement.objects.all()).get(pk=agreement.pk))


def _followed(pdf: pikepdf.Pdf) -> list[str]:
    """Where its links lead."""
    every = [each for page in pdf.pages for each in page.obj.get("/Annots", [])]
    return [str(each.A.URI) for each in every if "/A" in each and "/URI" in each.A]


def said(made: Frozen) -> str:
    """Without spaces: where a line ends decides about those."""
    return "".join("".join(words_of(made.pdf)).split())


HOSTILE = {
    "script": "<script>fetch('{url}/a')</script><h1 onclick=\"x\">Hei</h1>",
    "pictures": '<img src="{url}/b"> ![se]({url}/c) ![se](file:///etc/passwd) <svg onload=x>',
    "frames": '<iframe src="file:///etc/passwd"></iframe><object data="{url}/d"></object>',
    "styles": "<style>@import url({url}/e); body {{ background: url({url}/f) }}</style>",
    "sheet": '<link rel=stylesheet href="{url}/g"> </main></body></html><body data-mark="">',
    "template": "{{{{ settings.SECRET_KEY }}}} {{% load static %}}{{% debug %}} {{navn.__class__}} ${{7*7}}",
    "marker": f"{MARKER} <!-- --> &lt;!-- signatures --&gt;",
    "entities": "&lt;b&gt; &amp;amp; &#x3c;script&#x3e; ]]> <![CDATA[ x",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_only_words(name: str, asked: list[str], settings: Any) -> None:
    text = HOSTILE[name].format(url=asked[0])
    made = frozen(text, heading=text[:100])
    shown = said(made)
    assert asked[1:] == [], "nothing is fetched"
    assert settings.SECRET_KEY not in shown
    assert "root:" not in shown
    assert made.html.count(MARKER) == 1, "the place for signatures is the template's own"
    assert "".join(text[:20].split())[:12] in shown, "what was written is what stands there"
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert not [url for url in _followed(pdf) if not url.startswith(("http:", "https:"))]


def test_a_link_to_a_file_or_a_program_is_no_link() -> None:
    made = frozen(
        "[a](file:///etc/passwd) [b](javascript:alert(1)) [c](data:text/html,x) [d](https://x.example/)"
    )
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert _followed(pdf) == ["https://x.example/"]


@pytest.mark.parametrize(
    "text",
    [
        "Šárá Čáhppesoaivi, Ŋ đ ŧ ž – «guovttegielat»",
        "Łukasz Ğöç Űrsåßẞ ø Ð þ",
        "x" * 3000,
    ],
    ids=["Sámi", "neighbours", "one long word"],
)
def test_letters_of_the_country_and_its_neighbours_stand_there(text: str) -> None:
    assert "".join(text.split()) in said(frozen(text)).replace("-", "")


def test_marks_on_their_own_become_the_letter() -> None:
    """As a Mac pastes them: the letter and its mark are two."""
    shown = said(frozen("Bla\u030abærsyltetøy og c\u030c"))
    assert "Blåbærsyltetøyogč" in unicodedata.normalize("NFC", shown)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Vi er glade 😀 i dag 👩🏽‍🚒", "😀"),
        ("Договор", "Д"),
        ("x\u0301 og y\u20dd", "\u20dd"),
        # Would turn what follows the other way round on paper.
        ("Betal 100\u202e000 kroner", "U+202E"),
        ("漢字", "漢"),
    ],
    ids=["emoji", "Cyrillic", "marks", "turned", "Chinese"],
)
def test_letters_no_font_of_ours_has_are_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(NotReady) as refused:
        frozen(text)
    assert named in str(refused.value.sentence)


def test_more_than_anybody_signs_is_refused() -> None:
    """Over five hundred pages, or more than the press has time for: both are said in words."""
    with pytest.raises((NotReady, PdfRefused)) as refused:
        frozen("Avtale om alt.\n\n" * 1200, sections=60)
    assert any(word in str(refused.value.sentence) for word in ("sider", "for stort"))


def test_the_texts_we_ship_can_be_shown() -> None:
    from agreements.letters import not_shown

    texts = list(Path("samskaping/core/data/content/agreement").glob("*.md"))
    assert texts
    for text in texts:
        assert not_shown(text.read_text(encoding="utf-8")) == [], text.name
