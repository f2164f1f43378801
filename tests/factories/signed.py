"""An agreement on its way through signing, through the services that people's own go through."""

import uuid
from typing import Any

from django.utils import timezone

from agreements.freezing import freeze
from agreements.models import Agreement, AgreementSection, Envelope, Signatory, Signature
from agreements.models.agreement import AgreementOrigin, AgreementState
from agreements.models.envelope import Assurance
from agreements.selectors.draft import with_content
from agreements.services.envelope import Asked, envelope_prepare, envelope_send
from agreements.services.signature import Confirmed, Consent, signature_add
from samskaping.core.selectors.content_template import content_template_current
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.factories.partnerships import PersonFactory

WORDS = """Partene møtes hver torsdag.

- Kari låser opp
- Šárá koker kaffe

| Hva | Hvem |
|---|---|
| Kaffe | Laget |"""


def draft(*, sections: int = 3, text: str = WORDS, **fields: Any) -> Agreement:
    """Written by two sides, with nothing left empty. Needs the fixture `reference` to be sent."""
    agreement = AgreementFactory.create(
        origin=AgreementOrigin.PORTAL, state=AgreementState.DRAFT, language="nb", **fields
    )
    for _ in range(2):
        AgreementPartyFactory.create(agreement=agreement)
    AgreementSection.objects.bulk_create(
        AgreementSection(
            municipality=agreement.municipality,
            agreement=agreement,
            number=number,
            heading=f"Punkt {number}",
            text=text,
        )
        for number in range(1, sections + 1)
    )
    return agreement


def sent(agreement: Agreement | None = None, **fields: Any) -> Envelope:
    """Frozen, and asked of one person for each party."""
    agreement = agreement or draft()
    by = UserFactory.create()
    asked = [
        Asked(PersonFactory.create(municipality=agreement.municipality), role="leder", party=party)
        for party in agreement.parties.all()
    ]
    envelope = envelope_prepare(
        agreement=agreement, asked=asked, in_order=False, deadline=None, message="", by=by, **fields
    )
    at_hand = with_content(Agreement.objects.all()).get(pk=agreement.pk)
    return envelope_send(envelope=envelope, frozen=freeze(at_hand), by=by)


def sign(signatory: Signatory, **changes: Any) -> Any:
    document = signatory.envelope.document
    consent = content_template_current("samtykke-signering")
    words = f"Avtalen har kontrollkode {document.shown_code[:9]} … Jeg godtar den."
    return signature_add(
        **{
            "signatory": signatory,
            "document_sha256": document.sha256,
            "typed_name": "Prøve Person",
            "consent": Consent(consent, "nb", words),
            "confirmed": Confirmed(Assurance.CODE_EMAIL, timezone.now(), address="prove@prove.example"),
            "idempotency_key": uuid.uuid4(),
            **changes,
        }
    )


def completed(**fields: Any) -> Envelope:
    """Signed by all, and not locked yet."""
    envelope = sent(draft(**fields))
    for signatory in envelope.signatories.all():
        assert isinstance(sign(signatory), Signature)
    return Envelope.objects.get(pk=envelope.pk)
