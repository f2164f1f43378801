"""What the browser gets is made once, from what npm gave, and is small enough."""

import gzip
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from samskaping import assets, assets_pdf

ROOT = Path(assets.ROOT)
NORWEGIAN = "ABCÆØÅabcæøå0123456789éü«»–—“”…·€"
SAMI = "ČčĐđŊŋŠšŦŧŽžǨǩƷʒ"
VIETNAMESE = "ẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹƠơƯư"
# Yoruba, Arabic and Chinese names in latin letters.
ON_PAPER = "ṢṣḤḥṬṭẀẁǍǎǏǐǒǔǜ"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the same inputs as the repository, built once."""
    root = tmp_path_factory.mktemp("med mellomrom")
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    (root / "samskaping/press").mkdir(parents=True)
    for sheet in (ROOT / "samskaping/press").glob("*.css"):
        shutil.copy(sheet, root / "samskaping/press")
    shutil.copytree(ROOT / "locale", root / "locale", ignore=shutil.ignore_patterns("*.mo"))
    assets.build(root)
    return root


def test_second_build_writes_nothing(checkout):
    assert assets.build(checkout) == []


def test_a_result_that_is_gone_or_cut_short_is_made_again(checkout):
    font = checkout / "build/static/vendor/inter-latin.woff2"
    font.write_bytes(b"half")
    assert assets.build(checkout)
    assert font.stat().st_size > 10_000


def test_a_changed_catalogue_is_compiled_again(checkout):
    po = checkout / "locale/nn/LC_MESSAGES/django.po"
    po.write_text(po.read_text().replace("Hopp til hovudinnhaldet", "Hopp dit"))
    assert assets.build(checkout)
    assert b"Hopp dit" in po.with_suffix(".mo").read_bytes()


def test_same_input_gives_the_same_bytes(checkout, tmp_path):
    source = assets._sources(checkout)[assets.SUBSETS[0].name]
    assert assets._cut_font(source, assets.SUBSETS[0]) == assets._cut_font(source, assets.SUBSETS[0])


@pytest.mark.parametrize(
    ("file", "letters"),
    [
        ("inter-latin.woff2", NORWEGIAN),
        ("inter-sami.woff2", SAMI),
        ("inter-vietnamese.woff2", VIETNAMESE),
    ],
)
def test_font_has_the_letters_and_our_weights(checkout, file, letters):
    font = TTFont(checkout / "build/static/vendor" / file)
    assert {ord(letter) for letter in letters} <= set(font.getBestCmap())
    axis = font["fvar"].axes[0]
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", *assets.WEIGHTS)


def test_what_every_page_loads_fits_the_budget(checkout):
    """First visit ≤ 120 kB with everything; 10 kB of it is for the page's own HTML."""
    vendor = checkout / "build/static/vendor"
    texts = [vendor / "designsystemet.css", vendor / "inter.css", vendor / "htmx.min.js"]
    texts += sorted((ROOT / "static/css").rglob("*.css"))
    size = sum(len(gzip.compress(path.read_bytes())) for path in texts)
    assert size + (vendor / "inter-latin.woff2").stat().st_size < 110_000


def test_letters_of_a_few_names_are_fetched_by_pages_that_show_them(checkout):
    """None of the files has a letter another has: the browser fetches one for each name, not all three."""
    assert (checkout / "build/static/vendor/inter-vietnamese.woff2").stat().st_size < 12_000
    ranges = [set(assets._code_points(subset.unicode_range)) for subset in assets.SUBSETS]
    assert sum(map(len, ranges)) == len(set.union(*ranges))


def test_without_node_modules_one_sentence_says_what_to_do(tmp_path):
    with pytest.raises(assets.AssetsError, match="npm ci"):
        assets.build(tmp_path)
    assert not (tmp_path / "build").exists()


def test_nothing_to_do_takes_no_time():
    command = [sys.executable, "-m", "samskaping.assets"]
    subprocess.run(command, cwd=ROOT, check=True)
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True)
    assert time.perf_counter() - started < 1.0, "0.05 s on a quiet machine; a second is a rebuild"


# --- What documents are typeset with ----------------------------------------------------------------
def test_documents_have_three_plain_fonts_with_all_letters(checkout):
    fonts = sorted((checkout / "build/pdf/fonts").iterdir())
    assert [font.name for font in fonts] == ["Inter-Bold.ttf", "Inter-Italic.ttf", "Inter-Regular.ttf"]
    for file in fonts:
        font = TTFont(file)
        letters = NORWEGIAN + SAMI + VIETNAMESE + ON_PAPER
        assert {ord(letter) for letter in letters} <= set(font.getBestCmap())
        assert "fvar" not in font


def test_documents_sheet_has_the_themes_light_values(checkout):
    sheet = (checkout / "build/pdf/document.css").read_text()
    assert "var(" not in sheet
    theme = "{--a: #fff;--b: var(--a)}@media (prefers-color-scheme: dark){--a: #000}"
    assert assets_pdf.written_out("p{color:var(--b)}", theme) == "p{color:#fff}"


def test_a_variable_the_theme_lacks_is_named(checkout):
    sheet = checkout / "samskaping/press/document.css"
    before = sheet.read_text()
    sheet.write_text("p{color:var(--ds-nothing)}")
    with pytest.raises(assets.AssetsError, match="--ds-nothing"):
        assets.build(checkout)
    sheet.write_text(before)
