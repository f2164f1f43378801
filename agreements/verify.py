"""Whether a PDF is one we sealed, byte for byte.

Three things must hold, since each alone is too little: the stored hash (finds every changed bit), the seal
(tells whose it is without our database), and that it covers the whole file (a library may call a signature
valid in a file somebody has added to).
"""

import io
from dataclasses import dataclass
from enum import StrEnum

from agreements.chain import digest

# Larger than anything the portal makes.
MAX_SIZE = 50_000_000


class Verdict(StrEnum):
    GENUINE = "genuine"
    # Not one of ours, or one of ours that was changed: the two cannot be told apart from the file alone.
    UNKNOWN = "unknown"
    # Ours by its hash, yet its seal does not hold: something is wrong with us, and somebody is told.
    BROKEN = "broken"


@dataclass(frozen=True)
class SealCheck:
    """What the seal in the file says, without asking any row."""

    signatures: int
    intact: bool
    whole: bool
    trusted: bool

    @property
    def holds(self) -> bool:
        return self.signatures == 1 and self.intact and self.whole and self.trusted


NO_SEAL = SealCheck(signatures=0, intact=False, whole=False, trusted=False)


def verdict(content: bytes, *, known_sha256: str, certificate: bytes) -> Verdict:
    """Of a file and the row found for it (empty: none was)."""
    if not known_sha256 or digest(content) != known_sha256:
        return Verdict.UNKNOWN
    return Verdict.GENUINE if check_seal(content, certificate).holds else Verdict.BROKEN


def check_seal(content: bytes, certificate: bytes) -> SealCheck:
    """`certificate` (DER) is the one the seal was made with. Never raises for what is in the file."""
    if len(content) > MAX_SIZE:
        return NO_SEAL
    try:
        return _check(content, certificate)
    except Exception:
        # Whatever somebody made of the file, it is no seal of ours.
        return NO_SEAL


def _check(content: bytes, certificate: bytes) -> SealCheck:
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = x509.Certificate.load(certificate)
    reader = PdfFileReader(io.BytesIO(content))
    found = list(reader.embedded_signatures)
    if len(found) != 1:
        return SealCheck(signatures=len(found), intact=False, whole=False, trusted=False)
    (signature,) = found
    status = validate_pdf_signature(
        signature,
        signer_validation_context=ValidationContext(trust_roots=[root], allow_fetching=False),
    )
    whole = (
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level == ModificationLevel.NONE
    )
    return SealCheck(
        signatures=1,
        intact=bool(status.intact and status.valid and status.docmdp_ok),
        whole=whole,
        trusted=status.signing_cert.dump() == certificate,
    )
