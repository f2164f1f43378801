"""A PDF somebody sent becomes something that can only be looked at. T19."""

import io
from collections.abc import Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from samskaping.press import clean as module
from samskaping.press.keeper import Keeper
from tests.press import pdfs
from tests.press.pdfs import CANARY, EVIL, plain
from tests.press.test_press import readable


@pytest.fixture(scope="module")
def press() -> Iterator[Keeper]:
    kept = Keeper()
    yield kept
    kept.stop()


@pytest.mark.parametrize("kind", EVIL)
def test_nothing_that_runs_is_left(press: Keeper, kind: str) -> None:
    sent = pdfs.evil(kind)
    assert CANARY in whole(sent)
    code, made = press.clean(sent)
    assert code == "ok"
    assert CANARY not in whole(made)


def whole(pdf: bytes) -> str:
    """All objects and streams, written out."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        out = io.BytesIO()
        read.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return readable(out.getvalue())


def test_what_is_looked_at_stays(press: Keeper) -> None:
    pdf = pikepdf.open(io.BytesIO(plain(3)))
    pdf.pages[0].obj.Annots = Array(
        [
            pdfs.annotation(
                Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://fjordvik.example"))
            ),
            pdfs.annotation(
                Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([pdf.pages[1].obj, Name.Fit]))
            ),
            pdfs.annotation(Subtype=Name.Highlight, Contents=String("viktig")),
        ]
    )
    pdf.docinfo["/Title"] = "Avtale"
    code, made = press.clean(pdfs.saved(pdf))
    assert code == "ok"
    with pikepdf.open(io.BytesIO(made)) as read:
        assert len(read.pages) == 3
        first, second, third = read.pages[0].obj.Annots
        assert first.A.URI == "https://fjordvik.example"
        assert second.A.S == "/GoTo"
        assert third.Contents == "viktig"
        assert read.pages[2].obj.Contents.read_bytes() == b"BT (Hei) Tj ET"


def test_what_can_only_be_looked_at_is_kept_to_the_byte(press: Keeper) -> None:
    sent = pdfs.signed()
    assert press.clean(sent) == ("ok", sent)
    assert press.clean(plain(3)) == ("ok", plain(3))


@pytest.mark.parametrize("kind", EVIL)
def test_a_signature_saves_nothing_that_runs(press: Keeper, kind: str) -> None:
    sent = pdfs.evil(kind, pdfs.signed())
    code, made = press.clean(sent)
    assert code == "ok"
    assert made != sent
    assert CANARY not in whole(made)


def test_broken_table_is_written_again(press: Keeper) -> None:
    """Programs repair a broken file each in its way: what we saw may not be what the next one sees."""
    sent = plain().replace(b"startxref\n", b"startxref\n9")
    code, made = press.clean(sent)
    assert code == "ok"
    assert made != sent


def test_what_is_glued_on_is_gone(press: Keeper) -> None:
    """Polyglots: a page before it, an archive after it."""
    sent = b"<script>" + CANARY.encode() + b"</script>\n" + plain() + b"PK\x03\x04" + CANARY.encode()
    code, made = press.clean(sent)
    assert code == "ok"
    assert made.startswith(b"%PDF-")
    assert CANARY.encode() not in made


REFUSED = {
    "encrypted": (plain(encryption=pikepdf.Encryption(owner="a", user="b")), "encrypted"),
    "encrypted without a word": (plain(encryption=pikepdf.Encryption(owner="a", user="")), "encrypted"),
    "a tenth": (plain()[:60], "broken"),
    "only a head": (b"%PDF-1.7\n", "broken"),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 50, "broken"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "broken"),
    "a page": (b"<html>%PDX-1.7", "broken"),
    "nothing": (b"", "broken"),
    "no pages": (pdfs.saved(pikepdf.Pdf.new()), "broken"),
    "PDF late in the file": (bytes(2000) + plain(), "broken"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_refused(press: Keeper, kind: str) -> None:
    sent, expected = REFUSED[kind]
    assert press.clean(sent) == (expected, b"")


def test_too_many_pages(press: Keeper) -> None:
    assert press.clean(plain(module.MOST_PAGES))[0] == "ok"
    assert press.clean(plain(module.MOST_PAGES + 1)) == ("too_many", b"")


def test_too_many_objects(press: Keeper) -> None:
    pdf = pikepdf.open(io.BytesIO(plain()))
    pdf.Root.Outlines = Dictionary(
        X=Array([pdf.make_indirect(Array([])) for _ in range(module.MOST_OBJECTS)])
    )
    sent = pdfs.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert len(sent) < 20_000_000
    assert press.clean(sent) == ("too_many", b"")


def test_bomb_takes_only_itself_along(press: Keeper) -> None:
    sent = pdfs.bomb()
    assert len(sent) < 20_000_000
    code, made = press.clean(sent)
    assert code in ("too_large", "too_slow", "died", "broken")
    assert made == b""
    assert press.clean(plain())[0] == "ok"
