"""What a file is, its content says. T19: what may come in as a logo, and what comes out."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from samskaping.core.models import StoredFile
from samskaping.core.services.stored_file import FileRefused, stored_file_add_image
from tests.factories.core import MunicipalityFactory

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(made, format=kind, **more)
    return made.getvalue()


def take(content: bytes, name: str = "logo.png") -> StoredFile:
    return stored_file_add_image(content, name=name, municipality=MunicipalityFactory.create(), by=None)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def wall(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG that says it is enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_are_kept_as_png(kind: str) -> None:
    kept = take(picture(kind))
    assert kept.content_type == "image/png"
    assert bytes(kept.content).startswith(b"\x89PNG")
    assert kept.size == len(kept.content)


REFUSED = {
    "SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "SVG that says it is XML": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,",
    "nothing": b"",
    "zeros": bytes(5000),
    "half a picture": picture("JPEG", (400, 400))[:200],
    "most of a picture": picture("JPEG", (400, 400))[:-400],
    "a PNG with a broken body": wall(10, 10, b"not zlib"),
    "30,000 by 30,000": wall(30_000, 30_000, zlib.compress(bytes(1000))),
    "a bomb: 6,000 by 6,700 of zeros": wall(6000, 6700, zlib.compress(bytes(6000 * 6700 * 3), 9)),
    "a negative side": wall(0xFFFFFFFF, 1),
    "more than 5 MB": picture("PNG", (10, 10)) + bytes(5_000_000),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_refused_in_words(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    # As it is in a process where WeasyPrint has been imported.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(FileRefused, match=r"[A-ZÆØÅ].*\."):
        take(content)
    assert not StoredFile.objects.exists()


def test_what_hides_behind_a_picture_is_gone() -> None:
    """A polyglot: a true picture with a page, a script or an archive glued on."""
    for kind in ("PNG", "JPEG", "WEBP"):
        for hidden in (b"<script>alert(1)</script>", b"PK\x03\x04kanarifugl", b"%PDF-1.7 kanarifugl"):
            kept = bytes(take(picture(kind) + hidden).content)
            assert hidden not in kept
            assert b"kanarifugl" not in kept


def test_metadata_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "kanarifugl hjemme"  # ImageDescription
    exif[0x8825] = {2: (59.0, 54.0, 0.0), 4: (10.0, 44.0, 0.0)}  # GPS
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", "kanarifugl")
    for content in (picture("JPEG", exif=exif), picture("PNG", pnginfo=text), picture("WEBP", exif=exif)):
        kept = bytes(take(content).content)
        assert b"kanarifugl" not in kept
        with Image.open(io.BytesIO(kept)) as image:
            assert not image.getexif()
            assert set(image.info) <= {"srgb", "gamma", "transparency"}


def test_picture_taken_on_its_side_stands_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(take(picture("JPEG", (60, 20), exif=exif)).content)) as image:
        assert image.size == (20, 60)


def test_large_is_made_smaller() -> None:
    with Image.open(io.BytesIO(take(picture("JPEG", (3000, 1000))).content)) as image:
        assert image.size == (640, 213)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot.png"),
        ("logo.png\0.exe", "logopng.png"),
        ("a\r\nContent-Type: text/html", "aContent-Type texthtml.png"),
        ("<script>.svg", "script.png"),
        ("", "fil.png"),
        ("....", "fil.png"),
        ("Fjordvik – våpen.JPG", "Fjordvik  våpen.png"),
        ("x" * 500, "x" * 100 + ".png"),
    ],
)
def test_name_is_only_a_name(given: str, kept: str) -> None:
    name = take(picture(), given).name
    assert name.endswith(".png")
    assert not set(name) & set('/\\\0\r\n<>":')
    assert len(name) <= 104
    assert name == kept or "/" in given or "\r" in given
