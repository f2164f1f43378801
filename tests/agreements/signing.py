"""A signing: sent as agreements/freezing.py would, without a press, and signed by whoever the test says."""

import time
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.test import Client
from django.utils import timezone

from agreements.control_code import new_control_code
from agreements.models import Agreement, Envelope, Signatory, Signature
from agreements.models.envelope import Assurance
from agreements.selectors.signing import CONSENT, consent_to
from agreements.services.envelope import Asked, Frozen, envelope_prepare, envelope_send
from agreements.services.signatory import signing_proof
from agreements.services.signature import Confirmed, Consent, Refused, signature_add
from agreements.sitting import SITTING
from partnerships.models import Organisation
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory, our_text
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.partnerships.conftest import Town


def frozen(title: str = "Prøveavtale") -> Frozen:
    """As agreements/freezing.py makes it, but for the PDF: no press is needed."""
    code = new_control_code()
    return Frozen(
        version=0,
        control_code=code,
        html=f"<html><body><main><h1>{title}</h1><p>Vi går tur sammen.</p></main></body></html>",
        stylesheet="",
        assets={},
        snapshot="{}",
        made_with={"weasyprint": "0"},
        # Two agreements that say the same have different codes, and so different files.
        pdf=b"%PDF-1.7 " + code.encode(),
        pages=2,
    )


def sent(
    agreement: Agreement,
    asked: list[Asked],
    *,
    by: User,
    in_order: bool = False,
    deadline: date | None = None,
) -> Envelope:
    """Sent to be signed."""
    envelope_prepare(
        agreement=agreement, asked=asked, in_order=in_order, deadline=deadline, message="", by=by
    )
    made = frozen(agreement.title)
    version = Agreement.objects.values_list("version", flat=True).get(pk=agreement.pk)
    return envelope_send(
        envelope=agreement.envelopes.get(state="draft"), frozen=replace(made, version=version), by=by
    )


def draft_between(municipality: Municipality, *organisations: Organisation, **fields: Any) -> Agreement:
    """A draft in the portal between these, shared."""
    agreement = AgreementFactory.create(
        municipality=municipality, origin="portal", state="draft", shared_at=timezone.now(), **fields
    )
    for organisation in organisations:
        AgreementPartyFactory.create(agreement=agreement, organisation=organisation)
    return agreement


def consent(envelope: Envelope) -> Consent:
    """Our own words, as the page shows them."""
    return consent_to(envelope.document, language="nb")


def sign(signatory: Signatory, **changes: Any) -> Signature | Refused:
    """With a code a moment ago, unless `changes` say otherwise."""
    envelope = signatory.envelope
    given: dict[str, Any] = {
        "signatory": signatory,
        "document_sha256": envelope.document.sha256,
        "typed_name": "Prøve Signerer",
        "consent": consent(envelope),
        "confirmed": Confirmed(how=Assurance.CODE_EMAIL, at=timezone.now(), address="kari@prove.example"),
        "idempotency_key": uuid.uuid4(),
    }
    return signature_add(**{**given, **changes})


@dataclass
class Signing:
    """An agreement between two clubs, sent: Kari signs for the first, Ola for the second."""

    town: Town
    agreement: Agreement
    envelope: Envelope
    kari: Signatory
    ola: Signatory


def signing(town: Town, *, in_order: bool = False, deadline: date | None = None, **fields: Any) -> Signing:
    if not ContentTemplate.objects.filter(key=CONSENT).exists():
        our_text(CONSENT)
    one, two = OrganisationFactory.create_batch(2, municipality=town.municipality)
    agreement = draft_between(town.municipality, one, two, **fields)
    first, second = agreement.parties.order_by("pk")
    kari = PersonFactory.create(
        municipality=town.municipality, name="Kari Prøvesen", email="kari@prove.example"
    )
    ola = PersonFactory.create(municipality=town.municipality, name="Ola Prøvesen", email="ola@prove.example")
    asked = [Asked(kari, "leder", first, number=1), Asked(ola, "leder", second, number=2)]
    envelope = sent(agreement, asked, by=town.coordinator.user, in_order=in_order, deadline=deadline)
    return Signing(
        town=town,
        agreement=Agreement.objects.get(pk=agreement.pk),
        envelope=envelope,
        kari=envelope.signatories.get(person=kari),
        ola=envelope.signatories.get(person=ola),
    )


def by_code(signatory: Signatory, *, ago: float = 0) -> Client:
    """Somebody who has opened her link and written her code, so many seconds ago."""
    client = Client()
    session, now = client.session, time.time()
    session[SITTING.key] = {
        "id": signatory.person_id, "proof": signing_proof(signatory.person), "since": now - ago, "seen": now,
        "coded": now - ago,
    }  # fmt: skip
    session.save()
    return client
