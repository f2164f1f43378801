"""The evidence package: what a party needs to show, without the portal, what was signed and that it holds."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements import chain
from agreements.models import Agreement, Anchor, Envelope, Seal, Signature, Timestamp
from agreements.models.envelope import EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.services.anchor import anchors_of
from agreements.services.sign_event import links_of, sign_event_add
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged
from samskaping.core.services.audit import audit_record

_STANDALONE = Path(__file__).resolve().parents[1] / "standalone"


@transaction.atomic
def evidence_package(*, agreement: Agreement, by: User) -> bytes:
    """A ZIP, and a trace of who fetched it. Raises StateChanged before the agreement is locked."""
    envelope = agreement.envelopes.filter(state=EnvelopeState.SEALED).first()
    if envelope is None:
        raise StateChanged(_("Avtalen er ikke låst ennå."))
    locked = Envelope.objects.locked(envelope.pk)
    package = _zip(locked)
    sign_event_add(locked, SignEventKind.DOWNLOADED, by=by, payload={"what": "evidence"})
    audit_record("agreement_evidence_fetched", agreement, by=by, data={"envelope": locked.pk})
    return package


def _zip(envelope: Envelope) -> bytes:
    seal = Seal.objects.select_related("file").get(envelope=envelope)
    document = envelope.document
    anchors = anchors_of(envelope.pk)
    tokens = {"avtale.tsr": bytes(seal.timestamp.token)} if _has_token(seal) else {}
    tokens |= {
        f"anker-{anchor.day}.tsr": bytes(anchor.timestamp.token) for anchor in anchors if _has_token(anchor)
    }
    signatures = Signature.objects.filter(signatory__envelope=envelope).order_by("signed_at", "pk")
    scans = {
        f"skann-{number}.pdf": bytes(each.scan.content)
        for number, each in enumerate(signatures.select_related("scan"), 1)
        if each.scan is not None
    }
    told = {
        "envelope": envelope.pk,
        "control_code": document.control_code,
        "events": [_event(link) for link in links_of(envelope)],
        "consents": [each.consent_text for each in signatures],
        "anchors": [_anchor(anchor) for anchor in anchors],
        "certificate": base64.b64encode(bytes(seal.certificate)).decode(),
        "tokens": sorted(tokens),
    }
    files = {
        "avtale.pdf": bytes(seal.file.content),
        "original.pdf": bytes(document.file.content),
        "bevis.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
        "sertifikat.der": bytes(seal.certificate),
        **scans,
        **tokens,
        **{f"anker-{anchor.day}.p7s": bytes(anchor.signature) for anchor in anchors},
        **{f"anker-{anchor.day}.txt": anchor.root.encode() for anchor in anchors},
        **{name: (_STANDALONE / name).read_bytes() for name in ("VERIFISER.txt", "verifiser.py")},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return made.getvalue()


def _event(link: chain.Link) -> dict[str, Any]:
    return {
        "seq": link.seq,
        "kind": link.kind,
        "at": chain.moment(link.at),
        "actor": link.actor,
        "payload": dict(link.payload),
        "prev_hash": link.prev_hash,
        "hash": link.hash,
    }


def _anchor(anchor: Anchor) -> dict[str, Any]:
    before = Anchor.objects.filter(day__lt=anchor.day).order_by("-day").values_list("root", flat=True).first()
    return {
        "day": anchor.day.isoformat(),
        "before": before or chain.GENESIS,
        "root": anchor.root,
        "heads": anchor.heads,
    }


def _has_token(row: Seal | Anchor) -> bool:
    return isinstance(getattr(row, "timestamp", None), Timestamp)
