"""Taking in files, and keeping what the portal made. What a file is, its content says; its name and the
browser are not asked. Pictures are made anew, and so are PDFs that hold more than what can be looked at.
"""

import hashlib
import io
import logging
import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.services.audit import audit_record
from samskaping.core.virus import ScannerAway, VirusFound, scanner
from samskaping.press.keeper import PressAway, press

logger = logging.getLogger(__name__)

MAX_UPLOAD = 5_000_000
MAX_PDF = 20_000_000
MAX_MADE = 50_000_000
MAX_PIXELS = 40_000_000
LOGO_SIDE = 640
# The only type that is shown inside a page, so only stored_file_add_image gives it.
PICTURE = "image/png"
PDF = "application/pdf"
# What the portal makes itself: the type, and how the file's name ends.
MADE = {
    PDF: "pdf",
    "text/csv": "csv",
    "text/plain": "txt",
    "application/json": "json",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
_PDF_REFUSED = {
    "encrypted": _("PDF-en er låst med passord eller kryptering. Lagre den uten, og prøv igjen."),
    "too_many": _("PDF-en er for omfattende. Del den i mindre deler, og prøv igjen."),
    "broken": _("Vi klarer ikke å lese filen som PDF. Lagre eller skann den på nytt, og prøv igjen."),
}


class FileRefused(DomainError):
    """The file is not what it must be; the sentence says what would do."""


def stored_file_keep(
    content: bytes,
    *,
    name: str,
    content_type: str,
    municipality: Municipality,
    by: Any,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Keeps what the portal itself made: a document, an export, a print list.

    Raises FileRefused over 50 MB, and ValueError for a type the portal does not make.
    """
    if content_type not in MADE:
        message = f"The portal makes no {content_type}."
        raise ValueError(message)
    if len(content) > MAX_MADE:
        raise FileRefused(_("Filen ble for stor. Velg mindre om gangen."))
    return _keep(
        content,
        name=_plain_name(name, MADE[content_type]),
        content_type=content_type,
        municipality=municipality,
        by=by,
        expires_at=expires_at,
    )


def stored_file_add_pdf(content: bytes, *, name: str, municipality: Municipality, by: Any) -> StoredFile:
    """Keeps a PDF somebody sent, without scripts, actions, files inside, media or forms that run.

    One that had none of those is kept to the byte, so that a digital signature in it still holds. Raises
    FileRefused for what is too large, locked, broken or no PDF, and when no PDF can be looked through here.
    """
    if len(content) > MAX_PDF:
        raise FileRefused(_("Filen er for stor. Den kan være på høyst 20 MB."))
    checked_by = _checked(content)
    try:
        code, made = press.clean(content)
    except PressAway as error:
        logger.exception("no PDF can be taken in")
        raise FileRefused(_("Vi kan ikke ta imot PDF-er akkurat nå. Prøv igjen om litt.")) from error
    if code != "ok":
        raise FileRefused(_PDF_REFUSED.get(code, _PDF_REFUSED["too_many"]))
    return _keep(
        made,
        name=_plain_name(name, "pdf"),
        content_type=PDF,
        municipality=municipality,
        by=by,
        checked_by=checked_by,
    )


def stored_file_add_image(
    content: bytes, *, name: str, municipality: Municipality, by: Any, side: int = LOGO_SIDE
) -> StoredFile:
    """Keeps a picture, made anew: no metadata, no place, no script, nothing hidden behind it.

    Raises FileRefused for what is too large, no picture, or a picture that unfolds to too much.
    """
    if len(content) > MAX_UPLOAD:
        raise FileRefused(_("Bildet er for stort. Det kan være på høyst 5 MB."))
    checked_by = _checked(content)
    # Pillow has one switch for the whole process, and WeasyPrint turns it on where it is imported: what is
    # broken or cut off would be filled with black, and kept.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
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
        content_type=PICTURE,
        municipality=municipality,
        by=by,
        checked_by=checked_by,
    )


def stored_file_delete_expired() -> int:
    """Deletes what was kept for one errand and whose time is over; gives back how many.

    One at a time: a file that cannot go does not keep the others.
    """
    # Without the content, which may be 50 MB each.
    expired = StoredFile.objects.filter(expires_at__lte=Now()).select_related("municipality").defer("content")
    count = 0
    for file in expired:
        with transaction.atomic():
            audit_record("file_expired", file, by=None)
            file.delete()
        count += 1
    return count


def _checked(content: bytes) -> str:
    """The scanner that looked at it; empty where none is set up. Raises FileRefused."""
    found = scanner()
    if found is None:
        return ""
    try:
        found.check(content)
    except VirusFound:
        raise FileRefused(_("Virusprogrammet fant noe farlig i filen, så den er ikke lagret.")) from None
    except ScannerAway:
        raise FileRefused(
            _("Vi får ikke sjekket filen for virus akkurat nå, så den er ikke lagret. Prøv igjen om litt.")
        ) from None
    return found.name


def _keep(
    content: bytes,
    *,
    name: str,
    content_type: str,
    municipality: Municipality,
    by: Any,
    checked_by: str = "",
    expires_at: datetime | None = None,
) -> StoredFile:
    # The file and its trace together, whoever asks.
    with transaction.atomic():
        file = StoredFile.objects.create(
            municipality=municipality,
            name=name,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            checked_by=checked_by,
            expires_at=expires_at,
        )
        audit_record("file_stored", file, by=by, data={"content_type": content_type, "size": len(content)})
    return file


def _plain_name(name: str, suffix: str) -> str:
    """A name without folders, control characters or a second opinion about what the file is."""
    stem = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    clean = "".join(char for char in stem if char.isalnum() or char in " -_").strip()
    return f"{clean[:100] or 'fil'}.{suffix}"
