"""Locks a PDF: one signature (PAdES), certified so that no change is allowed, with a timestamp inside when
the timestamp service answers. The document's own bytes stay as they were, in front.

Pure of rows: bytes in, bytes out. `services/sealing.py` says when.
"""

import io
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from agreements.certificate import Sealer, sealer_now

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import HTTPTimeStamper

logger = logging.getLogger(__name__)

FIELD = "Samskaping"
_PATIENCE = 5


class NotSealed(Exception):
    """The document is no PDF that can be sealed, or something in sealing it failed."""


@dataclass(frozen=True)
class Sealed:
    content: bytes
    by: Sealer
    timestamped: bool


def seal_pdf(pdf: bytes, *, reason: str) -> Sealed:
    """Raises NoCertificate when there is none to seal with, NotSealed for a PDF that cannot be sealed."""
    from pyhanko.sign.timestamps import HTTPTimeStamper

    key = sealer_now()
    if settings.TIMESTAMP_URL:
        stamper = HTTPTimeStamper(settings.TIMESTAMP_URL, timeout=_PATIENCE)
        try:
            return Sealed(_signed(pdf, key, reason, stamper), key, timestamped=True)
        except (OSError, ValueError) as error:
            # Away, or it answers what is no timestamp. It comes beside the file later (`Timestamp`); nobody
            # waits for another's server.
            logger.warning("No timestamp for a seal: %s", type(error).__name__)
    return Sealed(_signed(pdf, key, reason, None), key, timestamped=False)


def _signed(pdf: bytes, key: Sealer, reason: str, stamper: "HTTPTimeStamper | None") -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    about = PdfSignatureMetadata(
        field_name=FIELD,
        name=FIELD,
        reason=reason,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    made = io.BytesIO()
    try:
        PdfSigner(about, key.signer, timestamper=stamper).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)), output=made
        )
    except (PdfError, SigningError) as error:
        raise NotSealed("The document cannot be sealed.") from error
    return made.getvalue()
