"""What is handed to the municipality's archive: the PDF and what stands about it, as one ZIP.

The same agreement makes the same bytes, so that a package is known by its hash.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agreements import chain
from agreements.models import Agreement, Seal, Withdrawal
from agreements.models.agreement import AgreementState
from agreements.selectors.agreement import party_names
from samskaping.core.errors import DomainError
from samskaping.core.models import StoredFile

# The first day a ZIP can tell of: a package made twice is the same.
_MADE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Package:
    name: str
    content: bytes
    sha256: str


def archive_package(agreement: Agreement) -> Package:
    """Raises DomainError for what is not signed by all, being sealed, or has no PDF."""
    document = document_of(agreement)
    if document is None:
        raise DomainError(_("Avtalen har ingen PDF å arkivere ennå."))
    parts = {"avtale.pdf": bytes(document.content)}
    withdrawal = Withdrawal.objects.filter(agreement=agreement).select_related("file").first()
    if withdrawal is not None:
        parts["trukket-tilbake.pdf"] = bytes(withdrawal.file.content)
    parts["metadata.json"] = _json(_metadata(agreement, parts, withdrawal))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _MADE), content, zipfile.ZIP_DEFLATED)
    content = packed.getvalue()
    return Package(f"avtale-{agreement.pk}.zip", content, chain.digest(content))


def document_of(agreement: Agreement) -> StoredFile | None:
    """The sealed PDF; the scan of one from outside the portal."""
    seal = Seal.objects.filter(envelope__agreement=agreement).select_related("file").first()
    if seal is not None:
        sealed: StoredFile = seal.file
        return sealed
    return agreement.file


def _metadata(agreement: Agreement, parts: dict[str, bytes], withdrawal: Withdrawal | None) -> dict[str, Any]:
    """In the words the archive's own form uses; values as they are in the portal."""
    seal = Seal.objects.filter(envelope__agreement=agreement).select_related("envelope__document").first()
    return {
        "tittel": agreement.title,
        "slag": agreement.kind,
        "kommunenummer": agreement.municipality.number,
        "parter": party_names(agreement),
        "signert": _day(agreement.signed_on),
        "gjelder_fra": _day(agreement.starts_on),
        "gjelder_til": _day(agreement.ends_on),
        "avsluttet": _day(agreement.ended_on),
        "status": AgreementState(agreement.state).value,
        "trukket_tilbake": withdrawal is not None,
        "saksnummer": agreement.case_number,
        "tilgangskode": agreement.access_code,
        "hjemmel": agreement.legal_basis,
        "kontrollkode": seal.envelope.document.shown_code if seal else "",
        "erstatter": agreement.replaces_id,
        "filer": {name: chain.digest(content) for name, content in parts.items()},
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
