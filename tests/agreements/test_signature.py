"""The signing itself: one transaction that looks whether all holds, and the ways it comes to nothing."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from agreements import chain
from agreements.models import Agreement, Envelope, Signatory, Signature, SignatureEvidence, SigningRule
from agreements.models.agreement import AgreementState
from agreements.models.envelope import Assurance, EnvelopeState, Floor
from agreements.models.signature import SignEventKind
from agreements.services.envelope import (
    Asked,
    agreement_redraft,
    envelope_expire,
    envelope_prepare,
    envelope_send,
    envelope_void,
    envelopes_expire,
    signatory_decline,
    signatory_forward,
    signature_retract,
)
from agreements.services.sign_event import links_of
from agreements.services.signatory import signatory_read
from agreements.services.signature import Confirmed, Refused
from partnerships.services.editing import ChangedMeanwhile
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Outbox
from tests.agreements.signing import by_code, draft_between, frozen, sent, sign, signing
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return make_town()


def kinds(envelope: Envelope) -> list[str]:
    return list(envelope.events.order_by("seq").values_list("kind", flat=True))


def refused(outcome: Any) -> str:
    assert isinstance(outcome, Refused)
    return outcome.code


def test_both_sign_and_it_holds(town: Town) -> None:
    it = signing(town)
    first = sign(it.kari)
    assert isinstance(first, Signature)
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.PARTLY_SIGNED
    assert isinstance(sign(it.ola), Signature)
    envelope = Envelope.objects.select_related("agreement").get(pk=it.envelope.pk)
    assert envelope.state == EnvelopeState.COMPLETED
    assert (envelope.agreement.state, envelope.agreement.signed_on) == (AgreementState.ACTIVE, TODAY)
    assert kinds(envelope) == [
        "frozen", "sent", "consented", "signed", "consented", "signed", "completed",
    ]  # fmt: skip
    assert Outbox.objects.filter(kind="agreement_seal", payload={"envelope": envelope.pk}).count() == 1
    assert chain.broken_at(links_of(envelope), envelope=envelope.pk) is None
    # Its words are fixed from now on.
    assert ContentTemplate.objects.get(pk=first.consent_id).first_used_at is not None
    assert "2 sider" in first.consent_text


def test_the_chain_holds_no_personal_value_but_commitments_that_fit(town: Town) -> None:
    it = signing(town)
    sign(it.kari, typed_name="Kari Prøvesen")
    told = it.envelope.events.get(kind=SignEventKind.SIGNED)
    evidence = SignatureEvidence.objects.get(signatory=it.kari)
    assert "kari" not in str(told.payload).lower()
    for what, value in (("name", "Kari Prøvesen"), ("address", "kari@prove.example")):
        assert told.payload[f"{what}_sealed"] == chain.commitment(evidence.salts[what], value)


def test_the_same_press_twice_is_one_signature(town: Town) -> None:
    it, key = signing(town), uuid.uuid4()
    first = sign(it.kari, idempotency_key=key)
    assert sign(it.kari, idempotency_key=key) == first
    assert refused(sign(it.kari)) == "signed"
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"document_sha256": "0" * 64}, "other_document"),
        ({"typed_name": "Kari"}, "no_name"),
        (
            {"confirmed": Confirmed(how=Assurance.CODE_SMS, at=timezone.now() - timedelta(minutes=16))},
            "not_confirmed",
        ),
        (
            {"confirmed": Confirmed(how=Assurance.CODE_SMS, at=timezone.now() + timedelta(days=1))},
            "not_confirmed",
        ),
    ],
)
def test_what_does_not_hold_leaves_an_event_and_nothing_else(
    town: Town, changes: dict[str, Any], code: str
) -> None:
    it = signing(town)
    assert refused(sign(it.kari, **changes)) == code
    assert not Signature.objects.exists()
    assert kinds(it.envelope)[-1] == "refused"
    assert it.envelope.events.last().payload == {"because": code}  # type: ignore[union-attr]
    assert Envelope.objects.get(pk=it.envelope.pk).state == EnvelopeState.SENT


def test_a_press_that_is_refused_again_and_again_is_noted_once(town: Town) -> None:
    it = signing(town)
    for _press in range(3):
        assert refused(sign(it.kari, document_sha256="0" * 64)) == "other_document"
    assert kinds(it.envelope).count("refused") == 1
    # What comes after it is over changes no chain, and keeps no agreement for longer.
    sign(it.kari)
    sign(it.ola)
    before = kinds(it.envelope)
    assert refused(sign(it.kari)) == "signed"
    assert kinds(it.envelope) == before


def test_a_page_made_for_another_document_signs_nothing_here(town: Town) -> None:
    """Its key is used: the answer is in words, and no fault of the database's."""
    it, key = signing(town), uuid.uuid4()
    other = draft_between(town.municipality, kind="confidentiality", person=it.kari.person)
    envelope = sent(other, [Asked(it.kari.person, "frivillig")], by=town.coordinator.user)
    assert isinstance(sign(it.kari, idempotency_key=key), Signature)
    assert refused(sign(envelope.signatories.get(), idempotency_key=key)) == "other_document"
    assert Signature.objects.count() == 1


def test_nobody_signs_before_her_turn(town: Town) -> None:
    it = signing(town, in_order=True)
    assert refused(sign(it.ola)) == "not_your_turn"
    sign(it.kari)
    assert isinstance(sign(it.ola), Signature)


def test_a_deadline_counts_to_its_end(town: Town) -> None:
    it = signing(town, deadline=TODAY)
    assert not envelope_expire(envelope=it.envelope, today=TODAY)
    assert isinstance(sign(it.kari), Signature)
    Envelope.objects.filter(pk=it.envelope.pk).update(deadline=TODAY - timedelta(days=1))
    assert refused(sign(it.ola)) == "too_late"
    assert envelopes_expire(TODAY) == 1
    assert envelopes_expire(TODAY) == 0
    envelope = Envelope.objects.select_related("agreement").get(pk=it.envelope.pk)
    assert (envelope.state, envelope.agreement.state) == (EnvelopeState.EXPIRED, AgreementState.DRAFT)
    assert refused(sign(it.ola)) == "closed"


@pytest.mark.parametrize(
    ("floor", "enough", "weak"),
    [
        (Floor.LOGGED_IN, Assurance.LOGGED_IN, Assurance.CODE_EMAIL),
        (Floor.IDPORTEN_SUBSTANTIAL, Assurance.IDPORTEN_HIGH, Assurance.LOGGED_IN),
        (Floor.IDPORTEN_HIGH, Assurance.IDPORTEN_HIGH, Assurance.IDPORTEN_SUBSTANTIAL),
    ],
)
def test_a_municipality_raises_the_floor_and_nobody_lowers_it(
    town: Town, floor: Floor, enough: Assurance, weak: Assurance
) -> None:
    SigningRule.objects.create(municipality=town.municipality, kind="cooperation", floor=floor)
    it = signing(town)
    assert it.kari.floor == floor
    assert refused(sign(it.kari, confirmed=Confirmed(how=weak, at=timezone.now()))) == "too_weak"
    assert isinstance(sign(it.kari, confirmed=Confirmed(how=enough, at=timezone.now())), Signature)


def test_a_no_is_told_and_can_be_made_a_draft_again(town: Town) -> None:
    it = signing(town)
    with pytest.raises(DomainError):
        signatory_decline(signatory=it.kari, because="  ")
    signatory_decline(signatory=it.kari, because="Punkt 3 er ikke riktig.")
    envelope = Envelope.objects.select_related("agreement").get(pk=it.envelope.pk)
    assert (envelope.state, envelope.closed_because) == (EnvelopeState.DECLINED, "Punkt 3 er ikke riktig.")
    assert envelope.agreement.state == AgreementState.DECLINED
    assert refused(sign(it.ola)) == "closed"
    assert refused(sign(it.kari)) == "declined"
    by = town.coordinator.user
    assert agreement_redraft(agreement=it.agreement, by=by).state == AgreementState.DRAFT
    with pytest.raises(StateChanged):
        agreement_redraft(agreement=it.agreement, by=by)


def test_a_signature_is_taken_back_until_all_have_signed(town: Town) -> None:
    it = signing(town)
    with pytest.raises(StateChanged, match="ikke signert"):
        signature_retract(signatory=it.kari, because="Angrer")
    sign(it.kari)
    with pytest.raises(StateChanged):
        signature_retract(signatory=it.ola, because="Ikke min å angre")
    with pytest.raises(DomainError, match="hvorfor"):
        signature_retract(signatory=Signatory.objects.get(pk=it.kari.pk), because=" ")
    signature_retract(signatory=Signatory.objects.get(pk=it.kari.pk), because="Feil beløp i punkt 4.")
    envelope = Envelope.objects.select_related("agreement").get(pk=it.envelope.pk)
    assert (envelope.state, envelope.closed_because) == (EnvelopeState.VOIDED, "Feil beløp i punkt 4.")
    assert envelope.agreement.state == AgreementState.DRAFT
    story = list(envelope.events.order_by("seq").values_list("kind", "actor"))
    hers = f"signatory:{it.kari.pk}"
    assert story[-2:] == [("withdrawn", hers), ("voided", hers)]
    assert chain.broken_at(links_of(envelope), envelope=envelope.pk) is None
    assert refused(sign(it.ola)) == "closed"
    with pytest.raises(StateChanged, match="avsluttet"):
        signature_retract(signatory=Signatory.objects.get(pk=it.kari.pk), because="Igjen")
    # What she signed stays in the chain, and nothing holds.
    assert Signature.objects.filter(signatory=it.kari).exists()


def test_nobody_takes_back_what_all_have_signed(town: Town) -> None:
    it = signing(town)
    sign(it.kari)
    sign(it.ola)
    with pytest.raises(StateChanged, match="avtalen gjelder"):
        signature_retract(signatory=Signatory.objects.get(pk=it.kari.pk), because="For sent")
    assert Agreement.objects.get(pk=it.agreement.pk).state == AgreementState.ACTIVE


def test_called_back_voids_what_was_signed(town: Town) -> None:
    it = signing(town)
    sign(it.kari)
    envelope_void(envelope=it.envelope, because="Feil dato", by=town.coordinator.user)
    assert Agreement.objects.get(pk=it.agreement.pk).state == AgreementState.DRAFT
    assert refused(sign(it.ola)) == "closed"
    with pytest.raises(StateChanged):
        envelope_void(envelope=it.envelope, because="Igjen", by=town.coordinator.user)
    # It can be sent anew, and the new one is another document.
    again = sent(
        it.agreement,
        [Asked(one.person, one.role, one.party) for one in (it.kari, it.ola)],
        by=town.coordinator.user,
    )
    assert again.number == 2
    assert again.document.control_code != it.envelope.document.control_code


def test_what_one_signs_for_herself_cannot_be_sent_on(town: Town) -> None:
    it = signing(town)
    agreement = draft_between(town.municipality, kind="confidentiality", person=it.kari.person)
    envelope = sent(agreement, [Asked(it.kari.person, "frivillig")], by=town.coordinator.user)
    hers = envelope.signatories.get()
    with pytest.raises(DomainError):
        signatory_forward(signatory=hers, to=it.ola.person, by=None)
    assert Signatory.objects.get(pk=hers.pk).person == it.kari.person
    assert (
        reverse("signing_forward", args=[hers.pk])
        not in by_code(hers).get(reverse("signing_read", args=[hers.pk])).content.decode()
    )


def test_sent_on_she_can_sign_no_more(town: Town) -> None:
    it = signing(town)
    other = PersonFactory.create(municipality=town.municipality, email="ny@prove.example")
    before = it.kari.nonce
    moved = signatory_forward(signatory=it.kari, to=other, by=None)
    assert (moved.person, moved.forwarded_by) == (other, it.kari.person)
    assert moved.nonce != before
    with pytest.raises(StateChanged):
        signatory_forward(signatory=it.kari, to=other, by=None)
    # The page she had open answers for nobody: it is the other's row now.
    assert refused(sign(it.kari)) == "another"
    with pytest.raises(StateChanged):
        signatory_decline(signatory=it.kari, because="Nei")
    signatory_read(signatory=it.kari)
    assert Signatory.objects.get(pk=moved.pk).opened_at is None
    assert isinstance(sign(moved), Signature)
    with pytest.raises(StateChanged):
        signatory_forward(signatory=moved, to=it.kari.person, by=None)


def test_every_side_must_be_asked(town: Town) -> None:
    one, two = OrganisationFactory.create_batch(2, municipality=town.municipality)
    agreement = draft_between(town.municipality, one, two)
    first = agreement.parties.order_by("pk")[0]
    person = PersonFactory.create(municipality=town.municipality)
    by = town.coordinator.user
    with pytest.raises(DomainError, match=two.name):
        sent(agreement, [Asked(person, "leder", first)], by=by)
    with pytest.raises(DomainError, match="Velg hvem"):
        sent(agreement, [Asked(person, "leder", first, copy_only=True)], by=by)
    with pytest.raises(DomainError, match="to ganger"):
        sent(agreement, [Asked(person, "leder", first), Asked(person, " leder ", first)], by=by)


def test_the_one_a_personal_agreement_is_with_must_sign(town: Town) -> None:
    person, other = PersonFactory.create_batch(2, municipality=town.municipality)
    agreement = draft_between(town.municipality, kind="confidentiality", person=person)
    with pytest.raises(DomainError, match="selv"):
        sent(agreement, [Asked(other, "")], by=town.coordinator.user)
    assert sent(agreement, [Asked(person, "")], by=town.coordinator.user).state == EnvelopeState.SENT


def test_what_was_frozen_is_the_draft_as_it_is(town: Town) -> None:
    person = PersonFactory.create(municipality=town.municipality)
    agreement = draft_between(town.municipality)
    envelope = envelope_prepare(
        agreement=agreement, asked=[Asked(person, "")], in_order=False, deadline=None, message="",
        by=town.coordinator.user,
    )  # fmt: skip
    made = frozen()
    Agreement.objects.filter(pk=agreement.pk).update(version=made.version + 1)
    with pytest.raises(ChangedMeanwhile):
        envelope_send(envelope=envelope, frozen=made, by=town.coordinator.user)
    assert Agreement.objects.get(pk=agreement.pk).state == AgreementState.DRAFT


@pytest.mark.parametrize("table", ["agreements_signature", "agreements_signevent"])
def test_the_portal_cannot_rewrite_what_was_signed(town: Town, table: str) -> None:
    it = signing(town)
    sign(it.kari)
    update, delete = f"UPDATE {table} SET municipality_id = 1", f"DELETE FROM {table}"  # noqa: S608
    for statement in (update, delete):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_copy_signs_nothing(town: Town) -> None:
    it = signing(town)
    reader = PersonFactory.create(municipality=town.municipality)
    copy = Signatory.objects.create(
        municipality=town.municipality, envelope=it.envelope, person=reader, role="", copy_only=True
    )
    assert refused(sign(copy)) == "copy_only"
    with pytest.raises(StateChanged):
        signatory_decline(signatory=copy, because="Nei")
