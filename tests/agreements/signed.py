"""Agreements all the way to signed and locked, by the services."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agreements.freezing import freeze
from agreements.models import Agreement, Envelope, Signature
from agreements.models.envelope import Assurance
from agreements.selectors.draft import with_content
from agreements.services.draft import gap_skip
from agreements.services.envelope import Asked, envelope_prepare, envelope_send
from agreements.services.sealing import envelope_seal
from agreements.services.signature import Confirmed, Consent, signature_add
from tests.factories.agreements import draft, found_text
from tests.factories.partnerships import PersonFactory


def ready(agreement: Agreement, by: Any) -> Agreement:
    """With everything that stands empty left out, for a reason."""
    from agreements.document import content_of

    read = with_content(Agreement.objects.all()).get(pk=agreement.pk)
    for gap in content_of(read).gaps:
        gap_skip(agreement=agreement, name=gap.name, because="Prøve", by=by)
    return with_content(Agreement.objects.all()).get(pk=agreement.pk)


def sent(town: Any, **facts: Any) -> Envelope:
    """To one person for each party; to her alone where it is hers."""
    by = town.coordinator.user
    agreement = ready(draft(town, **facts), by)
    people = [
        Asked(PersonFactory.create(municipality=town.municipality, name=f"Prøve Person {n}"), "leder", party)
        for n, party in enumerate(agreement.parties.all())
    ]
    if agreement.person is not None:
        people = [Asked(agreement.person, "For seg selv")]
    envelope = envelope_prepare(
        agreement=agreement, asked=people, in_order=False, deadline=None, message="", by=by
    )
    read = with_content(Agreement.objects.all()).get(pk=agreement.pk)
    return envelope_send(envelope=envelope, frozen=freeze(read), by=by)


def sign_all(envelope: Envelope) -> Agreement:
    consent = Consent(found_text("samtykke-signering"), "nb", "Jeg godtar den.")
    for signatory in envelope.signatories.order_by("pk"):
        made = signature_add(
            signatory=signatory,
            document_sha256=envelope.document.sha256,
            typed_name=signatory.person.name,
            consent=consent,
            confirmed=Confirmed(
                Assurance.CODE_EMAIL, timezone.now() - timedelta(seconds=2), address="prove@lag.example"
            ),
            idempotency_key=uuid.uuid4(),
        )
        assert isinstance(made, Signature), made
    return Agreement.objects.get(pk=envelope.agreement_id)


def signed(town: Any, *, seal: bool = False, **facts: Any) -> Agreement:
    envelope = sent(town, **facts)
    agreement = sign_all(envelope)
    if seal:
        read = Envelope.objects.select_related("agreement", "municipality", "document__file")
        found_text("signaturside")
        assert envelope_seal(read.get(pk=envelope.pk))
    return agreement
