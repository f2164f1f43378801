"""A copy of what is kept about somebody, its end, and what holds it back."""

import io
import json
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Absence,
    CallNote,
    Contact,
    Duty,
    DutyHolder,
    ErasureRequest,
    Invitation,
    LogEntry,
    Membership,
    Notice,
    Person,
    PersonExport,
    PrintRun,
    Reply,
    Signal,
)
from partnerships.services.privacy import (
    MayNotErase,
    erasure_ask,
    erasure_refuse,
    person_change,
    person_erase,
    person_export_ask,
    person_hold,
)
from samskaping.accounts.models import SignIn, User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, DemoPost, Outbox, StoredFile
from samskaping.core.privacy import erasure_plan
from samskaping.core.services.outbox import outbox_deliver_row
from samskaping.core.services.reference import reference_load
from tests.factories import partnerships as made
from tests.factories import work
from tests.factories.accounts import UserFactory

CANARY = "kanarifugl"
PHONE = "+4790912345"


@pytest.fixture
def known(town: Any) -> Person:
    """Somebody the municipality keeps something of every kind about, and who has left."""
    user = UserFactory.create(email=f"{CANARY}@prove.example", phone=PHONE)
    membership = made.member(town.municipality, Role.STAFF, unit=town.unit, user=user, name=f"{CANARY} Prøve")
    person = membership.person
    assert person is not None
    Person.objects.filter(pk=person.pk).update(
        street=f"{CANARY}veien 1", postal_code="9901", post_town=CANARY
    )
    colleague = made.member(town.municipality, Role.STAFF, unit=town.unit)
    today = timezone.localdate()
    for whose, deputy in ((membership, None), (colleague, person)):
        Absence.objects.create(
            municipality=town.municipality, membership=whose, deputy=deputy, away_from=today, away_to=today
        )
    Invitation.objects.create(
        municipality=town.municipality,
        person=person,
        role=Role.STAFF,
        unit=town.unit,
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
        membership=membership,
    )
    notice = Notice.objects.create(
        municipality=town.municipality,
        person=person,
        kind="access_ends",
        object_type="partnerships.membership",
        object_id=str(membership.pk),
        due_on=today,
        tell_on=today,
        channel="phone",
        state="sent",
        done_at=timezone.now(),
    )
    Reply.objects.create(municipality=town.municipality, notice=notice, answer="yes")
    CallNote.objects.create(
        municipality=town.municipality, notice=notice, outcome="reached", line=f"{CANARY} ringer tilbake"
    )
    DemoPost.objects.create(
        channel="email", recipient=f"{CANARY}@prove.example", text=f"Hei {CANARY}", message_id="1"
    )
    work.ContactFactory.create(person=person, unit=town.unit, title=f"{CANARY} leder")
    work.hold(work.DutyFactory.create(map=work.MapFactory.create(municipality=town.municipality)), person)
    partnership = work.PartnershipFactory.create(municipality=town.municipality)
    work.LogEntryFactory.create(partnership=partnership, person=person, line=f"{CANARY} kommer torsdag")
    for part in ("raised_by", "receiver", "answered_by"):
        work.SignalFactory.create(municipality=town.municipality, **{part: person})
    Client().force_login(user)
    Membership.objects.filter(pk=membership.pk).update(ended_at=timezone.now())
    person.refresh_from_db()
    return person


def found_anywhere(word: str) -> list[str]:
    """Every table that holds the word in any column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        holding = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                holding.append(table)
    return holding


def test_nothing_of_her_is_left(known: Person, town: Any) -> None:
    assert "partnerships_person" in found_anywhere(CANARY)
    person_erase(person=known, by=town.coordinator.user)
    assert found_anywhere(CANARY) == []
    assert found_anywhere(PHONE) == []
    assert not Person.objects.filter(pk=known.pk).exists()
    assert not User.objects.filter(phone=PHONE).exists()
    assert not SignIn.objects.filter(user=known.user_id).exists()


def test_what_was_hers_in_what_is_done_together(known: Person, town: Any) -> None:
    """The question stays, without her; the duty stays, and stands without a holder."""
    person_erase(person=known, by=town.coordinator.user)
    assert not Contact.objects.exists()
    assert not DutyHolder.objects.exists()
    assert Duty.objects.count() == 1
    assert not LogEntry.objects.exists()
    for signal in Signal.objects.all():
        assert (signal.raised_by_id, signal.receiver_id, signal.answered_by_id) == (None, None, None)
    assert Signal.objects.count() == 3


def test_a_colleague_keeps_her_absence(known: Person, town: Any) -> None:
    person_erase(person=known, by=town.coordinator.user)
    assert Absence.objects.get().deputy is None


def test_what_will_happen_is_what_happens(known: Person, town: Any) -> None:
    person_change(person=known, changes={"post_town": "Fjordvik"}, by=town.coordinator.user)
    plan = {fate.label: fate for fate in erasure_plan(known)}
    gone = person_erase(person=known, by=town.coordinator.user)
    assert gone["notices"] == plan["Beskjeder"].count == 1
    assert gone["memberships"] == plan["Roller"].count == 1
    assert plan["Historikken: hva som er gjort, og når"].stays_because
    event = AuditEvent.objects.get(verb="person_erased")
    assert event.data == gone
    assert event.actor_id == town.coordinator.user_id


def test_another_controllers_row_keeps_the_account(known: Person, town: Any) -> None:
    other = made.PersonFactory.create(
        municipality=town.municipality, user=known.user, controller_organisation=town.organisation
    )
    person_erase(person=known, by=town.coordinator.user)
    other.refresh_from_db()
    assert other.user_id == known.user_id
    assert User.objects.filter(people=other).exists()


def test_held_back_is_not_erased(known: Person, town: Any) -> None:
    person_hold(person=known, hold=True, by=town.coordinator.user)
    with pytest.raises(MayNotErase, match="holdes tilbake"):
        person_erase(person=known, by=town.coordinator.user)
    person_hold(person=known, hold=False, by=town.coordinator.user)
    person_erase(person=known, by=town.coordinator.user)
    assert not Person.objects.filter(pk=known.pk).exists()


def test_a_role_ends_first(town: Any) -> None:
    with pytest.raises(MayNotErase, match="Avslutt rollen"):
        person_erase(person=town.coordinator.person, by=town.coordinator.user)


def test_what_must_point_to_her_points_to_nobody(known: Person, town: Any, monkeypatch: Any) -> None:
    """A later part protects the row; here the membership does, as an agreement will."""
    made.member(town.municipality, Role.STAFF, unit=town.unit, user=UserFactory.create())
    held = made.PersonFactory.create(
        municipality=town.municipality, name=CANARY, email=f"{CANARY}2@prove.example"
    )
    Absence.objects.update(deputy=held)
    from partnerships import personal_rows

    monkeypatch.setattr(personal_rows, "_forget_absences", lambda person: None)
    from samskaping.core import privacy

    monkeypatch.setitem(privacy._kept, "absences", privacy._kept["notices"])
    person_erase(person=held, by=town.coordinator.user)
    held.refresh_from_db()
    assert (held.name, held.email, held.user) == ("", "", None)
    assert held.erased_at is not None
    assert not Person.objects.visible_to(town.coordinator.user).filter(pk=held.pk).exists()


def test_a_letter_to_her_goes_with_the_pdf_it_lay_in(known: Person, town: Any) -> None:
    file = StoredFile.objects.create(
        municipality=town.municipality,
        name="brev.pdf",
        content_type="application/pdf",
        size=4,
        sha256="0" * 64,
        content=b"bits",
    )
    run = PrintRun.objects.create(municipality=town.municipality, made_by=town.coordinator.user, file=file)
    Notice.objects.filter(person=known).update(print_run=run)
    person_erase(person=known, by=town.coordinator.user)
    run.refresh_from_db()
    assert run.file is None
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_a_message_on_its_way_makes_it_wait(known: Person, town: Any) -> None:
    """Leased by a worker: refused. Waiting: its worker will find nobody."""
    row = Outbox.objects.create(kind="digest", key=f"user-{known.user_id}:2026-11-23", payload={})
    Outbox.objects.filter(pk=row.pk).update(
        state="leased", lease_token=uuid.uuid4(), lease_until=timezone.now() + timedelta(minutes=1)
    )
    with pytest.raises(MayNotErase, match="på vei akkurat nå"):
        person_erase(person=known, by=town.coordinator.user)
    Outbox.objects.filter(pk=row.pk).update(state="waiting", lease_token=None, lease_until=None)
    person_erase(person=known, by=town.coordinator.user)
    assert not Person.objects.filter(pk=known.pk).exists()


def test_erased_while_the_copy_is_made(known: Person, town: Any, monkeypatch: Any) -> None:
    """The zip is nobody's, and is not kept."""
    from partnerships import person_export

    def render_and_erase(*args: Any, **kwargs: Any) -> bytes:
        person_erase(person=known, by=town.coordinator.user)
        return b"%PDF"

    export = person_export_ask(person=known, by=town.coordinator.user)
    monkeypatch.setattr(person_export, "render", render_and_erase)
    outbox_deliver_row(Outbox.objects.get(kind="person_export", key=str(export.pk)).pk)
    assert not StoredFile.objects.exists()


# --- The copy -----------------------------------------------------------------------------------------
def make_copy(person: Person, by: Any) -> dict[str, bytes]:
    export = person_export_ask(person=person, by=by)
    outbox_deliver_row(Outbox.objects.get(kind="person_export", key=str(export.pk)).pk)
    export.refresh_from_db()
    assert export.file is not None
    with zipfile.ZipFile(io.BytesIO(bytes(export.file.content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_holds_all_of_it(known: Person, town: Any) -> None:
    files = make_copy(known, town.coordinator.user)
    assert set(files) == {"opplysninger.json", "opplysninger.html", "opplysninger.pdf"}
    data = json.loads(files["opplysninger.json"])
    assert {"person", "replies", "calls", "notices", "invitations", "absences", "memberships"} <= set(data)
    assert [len(data[key]) for key in ("contacts", "duties", "log", "signals")] == [1, 1, 1, 3]
    assert data["contacts"][0] == {"Rolle": f"{CANARY} leder", "Enhet": town.unit.name}
    assert data["duties"][0]["Oppgave"] == "Ringe rundt før helga"
    assert data["log"][0]["Notat"] == f"{CANARY} kommer torsdag"
    assert data["signals"][0]["Spørsmål"] == "Hvem kan låse opp når vaktmesteren er borte?"
    assert data["person"][0]["Navn"] == f"{CANARY} Prøve"
    assert "account" not in data, "how she signs in is hers alone"
    assert f"{CANARY} ringer tilbake" in files["opplysninger.html"].decode()
    assert files["opplysninger.pdf"].startswith(b"%PDF")


def test_she_herself_sees_her_account(known: Person) -> None:
    data = json.loads(make_copy(known, known.user)["opplysninger.json"])
    assert f"{CANARY}@prove.example" in data["account"][0].values()
    assert data["sign_ins"]


def test_a_copy_made_twice_is_one(known: Person, town: Any) -> None:
    make_copy(known, town.coordinator.user)
    row = Outbox.objects.get(kind="person_export")
    Outbox.objects.filter(pk=row.pk).update(state="waiting", finished_at=None)
    outbox_deliver_row(row.pk)
    assert StoredFile.objects.filter(content_type="application/zip").count() == 1


def test_only_who_asked_opens_it(known: Person, town: Any) -> None:
    make_copy(known, town.coordinator.user)
    file = PersonExport.objects.get().file
    url = reverse("stored_file", args=[file.pk]) if file else ""
    chief = made.member(town.municipality, Role.CHIEF)
    assert known.user is not None
    other = made.member(town.municipality, Role.COORDINATOR)
    PersonExport.objects.update(asked_by=other.user)
    assert opened(other.user, url) == 200
    Membership.objects.filter(pk=other.pk).update(ended_at=timezone.now())
    assert opened(other.user, url) == 404, "whoever no longer answers for her has no copy either"
    PersonExport.objects.update(asked_by=town.coordinator.user)
    for user, status in ((town.coordinator.user, 200), (chief.user, 404), (known.user, 404)):
        assert opened(user, url) == status


def opened(user: User, url: str) -> int:
    client = Client()
    client.force_login(user)
    return client.get(url).status_code


# --- Her own wish -------------------------------------------------------------------------------------
def test_a_wish_is_answered_with_a_reason(known: Person, town: Any) -> None:
    from partnerships.services.notice import notices_derive

    reference_load()
    asked = erasure_ask(person=known, by=known.user)  # type: ignore[arg-type]
    assert asked.answer_by == timezone.localdate() + timedelta(days=30)
    with pytest.raises(StateChanged):
        erasure_ask(person=known, by=known.user)  # type: ignore[arg-type]
    with pytest.raises(DomainError):
        erasure_refuse(request=asked, because="  ", by=town.coordinator.user)
    erasure_refuse(request=asked, because="Saken er ikke avsluttet.", by=town.coordinator.user)
    with pytest.raises(StateChanged):
        erasure_refuse(request=asked, because="Igjen", by=town.coordinator.user)
    notices_derive(timezone.localdate())
    notices_derive(timezone.localdate())
    assert Notice.objects.filter(kind="erasure_answer", person=known).count() == 1


def test_she_may_wish_again_after_an_answer(known: Person, town: Any) -> None:
    asked = erasure_ask(person=known, by=known.user)  # type: ignore[arg-type]
    erasure_refuse(request=asked, because="Ikke nå.", by=town.coordinator.user)
    erasure_ask(person=known, by=known.user)  # type: ignore[arg-type]
    assert ErasureRequest.objects.count() == 2


# --- Staff put right what they keep ---------------------------------------------------------------------
def test_a_new_address_is_tried_again(town: Any) -> None:
    person = made.PersonFactory.create(
        municipality=town.municipality, email="feil@prove.example", email_failed_at=timezone.now()
    )
    person_change(person=person, changes={"email": "rett@prove.example"}, by=town.coordinator.user)
    person.refresh_from_db()
    assert person.email_failed_at is None
    assert AuditEvent.objects.get(verb="person_changed").data == {"fields": ["email"]}


def test_a_second_press_does_not_let_go(known: Person, town: Any) -> None:
    client = Client()
    client.force_login(town.coordinator.user)
    for _press in range(2):
        client.post(reverse("person_hold", args=[known.pk]), {"hold": "1"})
        known.refresh_from_db()
        assert known.held_since is not None
    client.post(reverse("person_hold", args=[known.pk]), {"hold": "0"})
    known.refresh_from_db()
    assert known.held_since is None


def test_the_address_she_signs_in_with_is_hers(known: Person, town: Any) -> None:
    with pytest.raises(DomainError, match="bytte den selv"):
        person_change(person=known, changes={"email": "ny@prove.example"}, by=town.coordinator.user)


def test_the_pages(known: Person, town: Any) -> None:
    """Hidden details are shown to who answers for them, and it is noted; nothing is erased by looking."""
    Person.objects.filter(pk=known.pk).update(hide_contact=True)
    client = Client()
    client.force_login(town.coordinator.user)
    page = client.get(reverse("person", args=[known.pk])).content.decode()
    assert f"{CANARY}@prove.example" not in page
    shown = client.post(reverse("contact_show", args=[known.pk])).content.decode()
    assert f"{CANARY}@prove.example" in shown
    assert AuditEvent.objects.filter(verb="contact_shown", object_id=str(known.pk)).count() == 1
    assert client.get(reverse("person_edit", args=[known.pk])).status_code == 200
    assert AuditEvent.objects.filter(verb="contact_shown", object_id=str(known.pk)).count() == 1, (
        "once an hour"
    )
    assert client.get(reverse("person_erase", args=[known.pk])).status_code == 200
    assert Person.objects.filter(pk=known.pk).exists()
    assert client.post(reverse("person_erase", args=[known.pk])).status_code == 302
    assert not Person.objects.filter(pk=known.pk).exists()
