"""Taking in files. What a file is, its content says; its name and the browser are not asked."""

import hashlib
import io
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.services.audit import audit_record

MAX_UPLOAD = 5_000_000
MAX_PIXELS = 40_000_000
LOGO_SIDE = 640


class FileRefused(DomainError):
    """The file is not what it must be; the sentence says what would do."""


def stored_file_add_image(
    content: bytes, *, name: str, municipality: Municipality, by: Any, side: int = LOGO_SIDE
) -> StoredFile:
    """Keeps a picture, made anew: no metadata, no place, no script, nothing hidden behind it.

    Raises FileRefused for what is too large, no picture, or a picture that unfolds to too much.
    """
    if len(content) > MAX_UPLOAD:
        raise FileRefused(_("Bildet er for stort. Det kan være på høyst 5 MB."))
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            # Before a single pixel is unpacked: a small file can claim to be a wall.
            if image.width * image.height > MAX_PIXELS:
                raise FileRefused(_("Bildet har for mange punkter. Lagre det mindre, og prøv igjen."))
            upright = ImageOps.exif_transpose(image)
            picture = upright.convert(
                "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
            )
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise FileRefused(_("Vi kjenner ikke igjen bildet. Bruk PNG, JPEG eller WebP.")) from None
    picture.thumbnail((side, side))
    made = io.BytesIO()
    picture.save(made, format="PNG", optimize=True)
    return _keep(
        made.getvalue(),
        name=_plain_name(name, "png"),
        content_type="image/png",
        municipality=municipality,
        by=by,
    )


def _keep(content: bytes, *, name: str, content_type: str, municipality: Municipality, by: Any) -> StoredFile:
    file = StoredFile.objects.create(
        municipality=municipality,
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    audit_record("file_stored", file, by=by, data={"content_type": content_type, "size": len(content)})
    return file


def _plain_name(name: str, suffix: str) -> str:
    """A name without folders, control characters or a second opinion about what the file is."""
    stem = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    clean = "".join(char for char in stem if char.isalnum() or char in " -_").strip()
    return f"{clean[:100] or 'fil'}.{suffix}"
