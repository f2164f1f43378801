"""After it is signed: found, put off, renewed, replaced, withdrawn, archived, listed, and gone in time."""

import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import chain
from agreements.archive_package import archive_package
from agreements.certificate import NoCertificate
from agreements.decisions import _sources, decisions_from
from agreements.due_sources import _ending, _ending_again, _still_ending, _withdrawn
from agreements.models import (
    Agreement,
    ArchiveDelivery,
    Envelope,
    FrozenDocument,
    Seal,
    SignatureEvidence,
    SignEvent,
    Withdrawal,
)
from agreements.models.agreement import AgreementState
from agreements.retention import (
    _drafts,
    _erase_evidence,
    _evidence,
    _forget,
    _over,
    _personal,
    _signs_or_is_bound,
)
from agreements.seal import NotSealed
from agreements.selectors.agreement import State, in_state, state_tag
from agreements.selectors.check import known_by_code
from agreements.services import sign_event
from agreements.services.agreement import agreement_change, agreement_end, agreement_remind
from agreements.services.archive import agreement_archive, hand_over
from agreements.services.forget import agreement_forget
from agreements.services.renewal import agreement_renew, next_days
from agreements.services.sign_event import links_of
from agreements.services.withdrawal import agreement_withdraw
from partnerships.models import Notice, Person
from partnerships.services.notice import notices_derive
from partnerships.services.privacy import person_erase
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox, StoredFile
from samskaping.core.privacy import erase_rows, export_of
from samskaping.press.keeper import PressAway
from tests.agreements.signed import sent, sign_all, signed
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory, draft, found_text
from tests.factories.partnerships import PersonFactory, member
from tests.partnerships.conftest import Town, make_town

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def shown(client: Client, query: str = "") -> list[str]:
    return [row["title"] for row in client.get(reverse("agreements") + query).context["rows"]]


def holds(town: Town, **fields: Any) -> Agreement:
    agreement = AgreementFactory.create(municipality=town.municipality, **fields)
    AgreementPartyFactory.create(agreement=agreement, organisation=town.organisation)
    AgreementPartyFactory.create(agreement=agreement, unit=town.unit, organisation=None)
    return agreement


# --- The register ---------------------------------------------------------------------------------------
def test_each_state_stands_where_it_belongs(town: Town, boss: Client) -> None:
    day = {"ended_on": TODAY}
    for state, more in (
        ("draft", {"origin": "portal"}),
        ("sent", {"origin": "portal"}),
        ("declined", {"origin": "portal"}),
        ("active", {}),
        ("ended", day),
        ("replaced", {"ended_on": TODAY - timedelta(days=1)}),
        ("withdrawn", day),
    ):
        holds(town, title=state, state=state, **more)
    assert shown(boss) == ["active"]
    assert set(shown(boss, "?vis=underveis")) == {"draft", "sent", "declined"}
    assert set(shown(boss, "?vis=over")) == {"ended", "replaced", "withdrawn"}
    assert shown(boss, "?vis=alle")[0] == "active"
    assert len(shown(boss, "?vis=alle")) == 7
    assert shown(boss, "?vis=snart") == []


def test_it_is_found_by_what_it_says_in_either_written_form(town: Town, boss: Client) -> None:
    agreement = draft(town)
    section = agreement.sections.get(key="penger")
    section.text = "Kommunen betaler kaffen på sykehjemmet."
    section.save()
    assert shown(boss, "?vis=alle&q=kaffe+sjukeheimen") == []
    assert shown(boss, "?vis=alle&q=KAFFEN+sjukehjem") == [agreement.title]
    assert shown(boss, "?vis=alle&q=sjukeheim") == [agreement.title]
    section.left_out_because = "Prøve"
    section.save()
    assert shown(boss, "?vis=alle&q=sjukeheim") == []


def test_a_volunteers_agreement_is_for_who_keeps_her(town: Town, client: Client) -> None:
    hers = PersonFactory.create(municipality=town.municipality)
    theirs = PersonFactory.create(municipality=town.municipality, controller_organisation=town.organisation)
    for title, person in (("Kommunens", hers), ("Lagets", theirs)):
        holds(town, title=title, kind="confidentiality", person=person)
    holds(town, title="Uten navn", kind="volunteer")
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    chief = member(town.municipality, Role.CHIEF)
    for who, seen in (
        (town.coordinator, {"Kommunens", "Uten navn"}),
        (rep, {"Lagets", "Uten navn"}),
        (chief, set()),
    ):
        client.force_login(who.user)
        assert set(shown(client)) == seen
    assert not list(_ending(TODAY))
    Agreement.objects.update(ends_on=TODAY)
    told: dict[str, set[Any]] = {}
    for one in _ending(TODAY):
        told.setdefault(str(one.about), set()).add(one.person)
    assert told == {
        "Kommunens": {town.coordinator.person},
        "Lagets": {rep.person},
        "Uten navn": {town.coordinator.person, rep.person},
    }


def test_the_list_as_a_file_runs_nothing(town: Town, boss: Client) -> None:
    holds(town, title="=1+1", ends_on=date(2030, 1, 2))
    draft(town)
    csv = boss.post(reverse("agreements_csv")).content.decode("utf-8-sig").splitlines()
    assert len(csv) == 2
    assert csv[1].startswith("'=1+1;")
    assert "02.01.2030" in csv[1]
    book = openpyxl.load_workbook(io.BytesIO(boss.post(reverse("agreements_xlsx") + "?vis=alle").content))
    cells = [row[0] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    boss.force_login(leader.user)
    assert boss.post(reverse("agreements_csv")).status_code == 403


# --- Reminded -------------------------------------------------------------------------------------------
def test_put_off_for_a_week_and_told_again(town: Town, boss: Client) -> None:
    agreement = holds(town, ends_on=TODAY + timedelta(days=60), notice_days=60)
    notices_derive(TODAY)
    first = Notice.objects.get(kind="agreement_ends", person=town.coordinator.person)
    assert boss.post(reverse("agreement_put_off", args=[agreement.pk])).status_code == 302
    agreement.refresh_from_db()
    assert agreement.remind_on == TODAY + timedelta(days=7)
    assert _still_ending(first) is None
    assert not list(_ending(TODAY + timedelta(days=14)))
    again = list(_ending_again(TODAY + timedelta(days=14)))
    assert {(one.due_on, one.tell_on) for one in again} == {(agreement.remind_on, agreement.remind_on)}
    # A new last day is another matter: what they put off is gone.
    facts = {"title": agreement.title, "ends_on": TODAY + timedelta(days=400)}
    changed = agreement_change(
        agreement=agreement, version=1, changes=facts, parties=[town.unit], by=town.coordinator.user
    )
    assert changed.remind_on is None
    Agreement.objects.update(ends_on=None)
    with pytest.raises(DomainError, match="ingen sluttdato"):
        agreement_remind(agreement=agreement, today=TODAY, by=town.coordinator.user)


# --- Renewed --------------------------------------------------------------------------------------------
def test_from_the_day_after_and_as_long_as_it_was() -> None:
    old = Agreement(starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31))
    assert next_days(old, date(2026, 11, 1)) == (date(2027, 1, 1), date(2028, 12, 31))
    assert next_days(old, date(2027, 2, 1))[0] == date(2027, 2, 1)
    assert next_days(Agreement(), date(2026, 2, 1)) == (date(2026, 2, 1), date(2027, 1, 31))


def test_a_renewal_has_its_words_and_what_was_decided(
    town: Town, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = signed(town)
    old = agreement.sections.get(key="penger")
    old.text = "Som avtalt i fjor, fra {start}."
    old.save()
    monkeypatch.setattr("agreements.decisions._sources", dict(_sources))
    decisions_from("try", lambda _agreement: ["Vi møtes *to* ganger."])
    address = reverse("agreement_renew", args=[agreement.pk])
    starts, ends = next_days(agreement, TODAY)
    answer = boss.post(
        address, {"starts_on": starts.isoformat(), "ends_on": ends.isoformat() if ends else ""}
    )
    new = Agreement.objects.get(replaces=agreement)
    assert answer.headers["Location"] == reverse("agreement_draft", args=[new.pk])
    assert new.sections.get(key="penger").text == "Som avtalt i fjor, fra {start}."
    assert r"Vi møtes \*to\* ganger\." in new.sections.get(key="endret").text
    assert {p.actor for p in new.parties.all()} == {p.actor for p in agreement.parties.all()}
    assert boss.get(reverse("agreement", args=[agreement.pk])).status_code == 200
    again = boss.post(address, {"starts_on": starts.isoformat()}).content.decode()
    assert "alt begynt" in again
    assert Agreement.objects.filter(replaces=agreement).count() == 1


def test_one_from_outside_begins_with_a_text(town: Town) -> None:
    agreement = holds(town, kind="intent", ends_on=TODAY)
    by = town.coordinator.user
    with pytest.raises(DomainError, match="Velg hvilken tekst"):
        agreement_renew(agreement=agreement, starts_on=TODAY, ends_on=None, by=by)
    text = found_text("avtale-intensjon")
    new = agreement_renew(agreement=agreement, starts_on=TODAY, ends_on=None, template=text, by=by)
    assert new.sections.exists()
    assert (new.state, new.replaces) == (AgreementState.DRAFT, agreement)
    agreement_end(agreement=agreement, on=TODAY, by=by)
    with pytest.raises(StateChanged):
        agreement_renew(agreement=agreement, starts_on=TODAY, ends_on=None, template=text, by=by)


def test_when_all_have_signed_the_new_one_the_old_one_is_replaced(town: Town) -> None:
    old = signed(town)
    Agreement.objects.filter(pk=old.pk).update(ends_on=TODAY + timedelta(days=30))
    envelope = sent(town, replaces=old, starts_on=TODAY + timedelta(days=20))
    old.refresh_from_db()
    assert old.state == AgreementState.ACTIVE
    sign_all(envelope)
    old.refresh_from_db()
    last = TODAY + timedelta(days=19)
    assert (old.state, old.ended_on) == (AgreementState.REPLACED, last)
    # It holds until the new one begins, and is over the day after.
    assert old in Agreement.objects.holding(last)
    assert old not in Agreement.objects.holding(last + timedelta(days=1))
    for day, color in ((last, "success"), (last + timedelta(days=1), "neutral")):
        known = known_by_code(old.envelopes.get().document.control_code, day)
        assert known is not None
        assert known.state.color == state_tag(old, day)["color"] == color
        listed = in_state(Agreement.objects.all(), State.PAST, day)
        assert (old in listed) is (color == "neutral")
    first = old.envelopes.get()
    assert first.events.last().kind == "replaced"  # type: ignore[union-attr]
    assert chain.broken_at(links_of(first), envelope=first.pk) is None


# --- Withdrawn ------------------------------------------------------------------------------------------
def test_withdrawn_is_said_beside_what_was_signed(town: Town, boss: Client) -> None:
    agreement = signed(town, seal=True)
    original = Seal.objects.get().file
    address = reverse("agreement_withdraw", args=[agreement.pk])
    assert boss.post(address, {"because": " "}).status_code == 200
    assert boss.post(address, {"because": "Gruppa er lagt ned."}).status_code == 302
    agreement.refresh_from_db()
    found = Withdrawal.objects.get()
    assert (agreement.state, agreement.ended_on) == (AgreementState.WITHDRAWN, TODAY)
    assert found.original_sha256 == original.sha256
    assert StoredFile.objects.filter(pk=original.pk).exists()
    told = {one.person for one in _withdrawn(TODAY)}
    signers = {each.person for each in Envelope.objects.get().signatories.all()}
    assert signers <= told
    assert town.coordinator.person not in told
    page = boss.get(reverse("agreement", args=[agreement.pk])).content.decode()
    assert "Gruppa er lagt ned." in page
    assert boss.get(reverse("stored_file", args=[found.file_id])).status_code == 200
    with pytest.raises(StateChanged):
        agreement_withdraw(agreement=agreement, because="Igjen", by=town.coordinator.user)


@pytest.mark.parametrize("fault", [NoCertificate("of operators"), NotSealed(), PressAway()])
def test_a_notice_that_cannot_be_locked_now_is_no_fault_of_hers(
    town: Town, boss: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    agreement = signed(town, seal=True)
    monkeypatch.setattr("agreements.services.withdrawal.withdrawal_notice", Mock(side_effect=fault))
    answer = boss.post(reverse("agreement_withdraw", args=[agreement.pk]), {"because": "Lagt ned."})
    assert answer.status_code == 200
    assert "Prøv igjen om litt" in answer.content.decode()
    assert "of operators" not in answer.content.decode()
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ACTIVE


def test_one_from_outside_is_ended_instead(town: Town) -> None:
    with pytest.raises(DomainError, match="Avslutt den"):
        agreement_withdraw(agreement=holds(town), because="Prøve", by=town.coordinator.user)


# --- The archive ----------------------------------------------------------------------------------------
def test_a_package_lies_whole_in_the_folder_once(town: Town, settings: Any, tmp_path: Path) -> None:
    settings.ARCHIVE_FOLDER = str(tmp_path)
    agreement = signed(town, seal=True)
    agreement.case_number = "26/123"
    agreement.save()
    by = town.coordinator.user
    delivery = agreement_archive(agreement=agreement, by=by)
    row = Outbox.objects.get(kind="agreement_archive")
    assert hand_over(row)
    assert not hand_over(row), "once"
    delivery.refresh_from_db()
    laid = tmp_path / delivery.receipt
    assert [path.name for path in laid.parent.iterdir()] == [laid.name]
    assert chain.digest(laid.read_bytes()) == delivery.sha256
    with zipfile.ZipFile(laid) as package:
        said = json.loads(package.read("metadata.json"))
        assert (
            chain.digest(package.read("avtale.pdf"))
            == Seal.objects.get().sha256
            == said["filer"]["avtale.pdf"]
        )
    assert (said["saksnummer"], said["tittel"]) == ("26/123", agreement.title)
    with pytest.raises(StateChanged):
        agreement_archive(agreement=agreement, by=by)
    # What is written about it makes another package.
    agreement.legal_basis = "Prøveloven § 1"
    agreement.save()
    assert agreement_archive(agreement=agreement, by=by).sha256 != delivery.sha256
    assert ArchiveDelivery.objects.count() == 2


def test_without_an_archive_staff_fetch_the_package(town: Town, boss: Client) -> None:
    agreement = signed(town, seal=True)
    address = reverse("agreement_archive", args=[agreement.pk])
    boss.post(address)
    assert not ArchiveDelivery.objects.exists()
    got = boss.post(reverse("agreement_archive_file", args=[agreement.pk])).content
    assert got == archive_package(agreement).content
    # The archive is the municipality's, and no other party's.
    club = agreement.parties.get(organisation__isnull=False).organisation
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=club)
    boss.force_login(rep.user)
    assert boss.get(reverse("agreement", args=[agreement.pk])).status_code == 200
    for name in ("agreement_archive", "agreement_archive_file"):
        assert boss.post(reverse(name, args=[agreement.pk])).status_code == 403


# --- How long it is kept --------------------------------------------------------------------------------
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens in a signing from now on happened then."""
    then = timezone.now() - timedelta(days=2000)
    last = sign_event._last
    monkeypatch.setattr(sign_event, "_last", lambda envelope: (*last(envelope)[:2], then))


def test_what_was_signed_lately_goes_on_no_word_of_the_apps(town: Town) -> None:
    agreement = signed(town, seal=True)
    rows = Agreement.objects.filter(pk=agreement.pk)
    Envelope.objects.update(completed_at=None, state="open")
    for fields in (
        {"starts_on": None, "ends_on": date(2020, 1, 1)},
        {"state": "ended", "ended_on": date(2020, 1, 1)},
        {"state": "draft", "ended_on": None},
    ):
        rows.update(**fields)
        with pytest.raises(DatabaseError, match=r"kept for a year|is no draft"), transaction.atomic():
            agreement_forget(rows.get())
    assert Seal.objects.exists()
    # The clock does not ask for what would be refused.
    rows.update(state="ended", ended_on=date(2020, 1, 1))
    assert not _over(town.municipality, timezone.now() - timedelta(days=366)).exists()


def test_an_agreement_goes_whole_when_its_time_is_over(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago(monkeypatch)
    agreement = signed(town, seal=True)
    with pytest.raises(DatabaseError, match="kept for a year"), transaction.atomic():
        agreement_forget(agreement)
    ended = TODAY - timedelta(days=2000)
    Agreement.objects.filter(pk=agreement.pk).update(starts_on=None, ends_on=ended)
    before = timezone.now() - timedelta(days=1825)
    evidence = _evidence(town.municipality, before)
    assert _erase_evidence(evidence) == 2
    kept = SignatureEvidence.objects.first()
    assert kept is not None
    assert (kept.address, kept.salts) == ("", {})
    envelope = Envelope.objects.get()
    assert chain.broken_at(links_of(envelope), envelope=envelope.pk) is None
    assert _forget(_over(town.municipality, before)) == 1
    for model in (Agreement, Envelope, FrozenDocument, Seal, SignEvent, SignatureEvidence):
        assert not model.objects.exists(), model._meta.label
    assert not StoredFile.objects.filter(content_type="application/pdf").exists()


def test_a_draft_nobody_touches_goes_also_when_it_was_sent_once(town: Town) -> None:
    from agreements.services.envelope import envelope_void

    agreement = sent(town).agreement
    envelope_void(envelope=Envelope.objects.get(), because="Prøve", by=town.coordinator.user)
    other = draft(town)
    Agreement.objects.filter(pk=agreement.pk).update(updated_at=timezone.now() - timedelta(days=100))
    before = timezone.now() - timedelta(days=90)
    assert _forget(_drafts(town.municipality, before)) == 1
    assert list(Agreement.objects.all()) == [other]
    assert not SignEvent.objects.exists()


def test_a_person_is_told_what_stays_and_loses_what_does_not(town: Town) -> None:
    person = PersonFactory.create(municipality=town.municipality, name="Prøve Person")
    facts: dict[str, Any] = {"key": "taushet-kommune", "parties": [town.unit], "person": person}
    agreement = signed(town, **facts)
    draft(town, **facts)
    said = {section.key: section.rows for section in export_of(person, herself=True)}
    assert {"agreements", "agreements_under_way", "signs", "signatures", "signature_evidence"} <= set(said)
    gone = erase_rows(person)
    assert gone["agreements_under_way"] == 1
    assert "agreements" not in gone
    assert list(Agreement.objects.all()) == [agreement]
    Agreement.objects.update(ends_on=TODAY - timedelta(days=2000), starts_on=None)
    assert _personal(town.municipality, timezone.now() + timedelta(hours=1)).get() == agreement


def test_a_declaration_without_an_end_keeps_nobodys_profile(town: Town) -> None:
    person = PersonFactory.create(municipality=town.municipality)
    signed(town, key="taushet-kommune", parties=[town.unit], person=person)
    Agreement.objects.update(ends_on=None)
    new, old = timezone.now() - timedelta(days=180), timezone.now() + timedelta(days=180)
    assert Person.objects.filter(_signs_or_is_bound(new)).get() == person
    assert not Person.objects.filter(_signs_or_is_bound(old)).exists()
    assert not _evidence(town.municipality, old).exists()
    # Addresses and devices go some time after she did.
    person_erase(person=person, by=None)
    assert _erase_evidence(_evidence(town.municipality, old)) == 1
    assert not _evidence(town.municipality, old).exists()
