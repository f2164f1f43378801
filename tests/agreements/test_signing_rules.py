"""What a municipality asks of whoever signs, and the day's anchor in its own archive."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Anchor, Signatory, SigningRule
from agreements.models.agreement import AgreementKind
from agreements.models.envelope import Floor
from agreements.services.anchor import KIND, anchor_make
from agreements.services.envelope import Asked, envelope_prepare
from agreements.services.signing_rule import rules_of, signing_rules_set
from partnerships.models import MunicipalitySettings
from samskaping.core.models import AuditEvent, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row
from tests.agreements.signing import draft_between, sign, signing
from tests.factories.partnerships import PersonFactory
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def asked_floor(town: Town, floor: Floor) -> str:
    """What is asked in the end, of somebody the sender asks this of."""
    agreement = draft_between(town.municipality, town.organisation)
    person = PersonFactory.create(municipality=town.municipality)
    asked = [Asked(person, "leder", agreement.parties.get(), floor=floor)]
    envelope = envelope_prepare(
        agreement=agreement, asked=asked, in_order=False, deadline=None, message="", by=town.coordinator.user
    )
    return str(envelope.signatories.get().floor)


def test_a_municipality_raises_the_floor_and_the_sender_cannot_go_below(town: Town, client: Client) -> None:
    assert asked_floor(town, Floor.CODE) == Floor.CODE
    client.force_login(town.coordinator.user)
    assert reverse("signing_rules") in client.get(reverse("agreements")).content.decode()
    page = client.get(reverse("signing_rules")).content.decode()
    assert "ID-porten" not in page, "nobody can sign with it here"
    asked = {**dict.fromkeys(AgreementKind, "code"), AgreementKind.COOPERATION: "logged_in"}
    assert client.post(reverse("signing_rules"), asked).status_code == 302
    assert rules_of(town.municipality)[AgreementKind.COOPERATION] == Floor.LOGGED_IN
    assert SigningRule.objects.count() == 1, "only what was changed"
    assert asked_floor(town, Floor.CODE) == Floor.LOGGED_IN
    assert rules_of(make_town().municipality)[AgreementKind.COOPERATION] == Floor.CODE
    by = town.coordinator.user
    same = rules_of(town.municipality)
    assert signing_rules_set(municipality=town.municipality, floors=same, by=by) == []
    assert AuditEvent.objects.filter(verb="signing_rules_changed").count() == 1


def test_what_waits_for_her_name_stands_on_her_week_until_she_has_signed(town: Town, client: Client) -> None:
    it = signing(town, deadline=timezone.localdate() + timedelta(days=5))
    Signatory.objects.filter(pk=it.kari.pk).update(person=town.coordinator.person)
    it.kari.refresh_from_db()
    client.force_login(town.coordinator.user)
    address = reverse("signing_read", args=[it.kari.pk])
    page = client.get("/denne-uka/").content.decode()
    assert address in page
    assert it.envelope.document.title in page
    assert reverse("signing_read", args=[it.ola.pk]) not in page
    sign(it.kari)
    assert address not in client.get("/denne-uka/").content.decode()


@pytest.mark.parametrize("wrong", ["", "none", "idporten_high"])
def test_nothing_below_ours_and_nothing_nobody_can_meet(town: Town, client: Client, wrong: str) -> None:
    client.force_login(town.coordinator.user)
    asked = {**dict.fromkeys(AgreementKind, "code"), AgreementKind.COOPERATION: wrong}
    assert client.post(reverse("signing_rules"), asked).status_code == 200
    assert not SigningRule.objects.exists()


def test_the_days_anchor_goes_to_the_archive_that_wants_it_once(town: Town, settings: Any) -> None:
    other = make_town()
    wants = MunicipalitySettings.objects.filter(municipality=town.municipality)
    wants.update(archive_email="arkiv@prove.example", language="nn")
    today = timezone.localdate()
    anchor = anchor_make(today)
    assert anchor is not None
    assert anchor_make(today) is None
    [row] = Outbox.objects.filter(kind=KIND)
    assert row.municipality == town.municipality != other.municipality
    assert outbox_deliver_row(row.pk) == OutboxState.SENT
    [letter] = mail.outbox
    assert letter.to == ["arkiv@prove.example"]
    assert anchor.root in letter.body
    assert anchor.root not in letter.subject
    # Taken away before the next one leaves.
    anchor_make(today + timedelta(days=1))
    wants.update(archive_email="")
    assert outbox_deliver_row(Outbox.objects.filter(kind=KIND).latest("pk").pk) == OutboxState.DROPPED
    assert len(mail.outbox) == 1
    assert Anchor.objects.count() == 2
