"""What is kept of those agreements are with and those who sign: what a copy shows, what goes with a profile.

What is signed is not profile. It stays as long as the agreement is kept, and says so to her.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agreements.models import (
    Agreement,
    BatchRow,
    Envelope,
    Signatory,
    Signature,
    SignatureEvidence,
    SigningQuestion,
)
from agreements.models.agreement import NOT_YET, AgreementState
from agreements.models.envelope import OPEN, EnvelopeState
from agreements.services.envelope import envelope_void
from agreements.services.forget import agreement_forget
from partnerships.models import Person
from samskaping.core.privacy import PersonalRows, personal_rows

SIGNED_STAYS = _(
    "En avtale som er signert, blir stående slik den ble signert, så lenge noen kan få bruk for å vise hva "
    "som var avtalt. Kommunens lagringstider sier hvor lenge."
)


def register() -> None:
    for rows in ROWS:
        personal_rows(rows)


def _under_way(person: Person) -> QuerySet[Agreement]:
    return Agreement.objects.filter(person=person, state__in=NOT_YET)


def _forget_under_way(person: Person) -> None:
    """What is out to be signed is called back first, so that whoever else was asked hears of it."""
    for agreement in _under_way(person):
        if agreement.state == AgreementState.SENT:
            for envelope in agreement.envelopes.filter(state__in=OPEN):
                envelope_void(envelope=envelope, because=str(_("Avtalen er ikke aktuell lenger.")), by=None)
            agreement.refresh_from_db()
        agreement_forget(agreement)


def _stands_in_the_way(person: Person) -> QuerySet[Signatory]:
    rows = Signatory.objects.filter(person=person, envelope__state__in=OPEN, copy_only=False)
    return rows.filter(signature=None)


def _call_back(person: Person) -> None:
    """Nobody reaches her any more, so what waits for her would wait for ever: all who were asked are told."""
    for envelope in Envelope.objects.filter(signatories__in=_stands_in_the_way(person)).distinct():
        envelope_void(envelope=envelope, because=str(_("Avtalen er ikke aktuell lenger.")), by=None)


def _not_sent(person: Person) -> QuerySet[Signatory]:
    return Signatory.objects.filter(person=person, envelope__state=EnvelopeState.DRAFT)


ROWS = (
    PersonalRows(
        "agreement_batches",
        _("Med i en bunke avtaler som ble sendt ut"),
        lambda person: BatchRow.objects.filter(person=person).select_related("batch"),
        ("batch__title", "sent_at", "failed_because"),
        erase=lambda person: BatchRow.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "agreements_under_way",
        _("Egne avtaler som ikke er signert av alle"),
        _under_way,
        ("title", "kind", "state", "starts_on", "ends_on"),
        erase=_forget_under_way,
    ),
    PersonalRows(
        "agreements",
        _("Egne avtaler"),
        lambda person: Agreement.objects.filter(person=person).exclude(state__in=NOT_YET),
        ("title", "kind", "state", "signed_on", "starts_on", "ends_on", "ended_on"),
        why_kept=SIGNED_STAYS,
    ),
    PersonalRows(
        "signs_not_sent",
        _("Skal spørres om å signere"),
        _not_sent,
        ("envelope__agreement__title", "role"),
        erase=lambda person: _not_sent(person).delete(),
    ),
    PersonalRows(
        "signs_now",
        _("Venter på signatur"),
        _stands_in_the_way,
        ("envelope__agreement__title", "role"),
        erase=_call_back,
    ),
    PersonalRows(
        "signing_questions",
        _("Spørsmål før signering"),
        lambda person: SigningQuestion.objects.filter(person=person).select_related(
            "signatory__envelope__agreement"
        ),
        ("signatory__envelope__agreement__title", "text", "asked_at"),
        erase=lambda person: SigningQuestion.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "signs",
        _("Spurt om å signere"),
        lambda person: Signatory.objects.filter(person=person).exclude(envelope__state=EnvelopeState.DRAFT),
        ("envelope__agreement__title", "role", "opened_at", "declined_at"),
        why_kept=SIGNED_STAYS,
    ),
    PersonalRows(
        "signs_sent_on",
        _("Sendt videre til en annen å signere"),
        lambda person: Signatory.objects.filter(forwarded_by=person),
        ("envelope__agreement__title", "role"),
        why_kept=SIGNED_STAYS,
    ),
    PersonalRows(
        "signatures",
        _("Signaturer"),
        lambda person: Signature.objects.filter(signatory__person=person).select_related(
            "signatory__envelope__agreement"
        ),
        ("signatory__envelope__agreement__title", "typed_name", "signed_at", "assurance", "consent_text"),
        why_kept=SIGNED_STAYS,
    ),
    PersonalRows(
        "signature_evidence",
        _("Bevis for signaturer"),
        lambda person: SignatureEvidence.objects.filter(
            Q(signatory__person=person, erased_at=None)
        ).select_related("signatory__envelope__agreement"),
        (
            "signatory__envelope__agreement__title",
            *("address", "ip", "user_agent", "oidc", "salts", "opened_at", "pages_shown"),
        ),
        why_kept=_(
            "Viser hvem som signerte hvis noen bestrider det. Det slettes når avtalen har vært over en tid."
        ),
    ),
)
