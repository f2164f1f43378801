"""The trace in words: what changed, from what to what, when and by whom, as far as the reader may know."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.access import forget_access
from partnerships.models import Membership, Person, PrintRun, Unit
from partnerships.models.person import Channel
from partnerships.selectors.history import Entry, history_of
from partnerships.services.membership import membership_change, membership_end
from partnerships.services.settings import settings_change
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.history import TRACKED
from samskaping.core.models import AuditEvent
from samskaping.core.services.audit import audit_record
from tests.factories import notices
from tests.factories import partnerships as made
from tests.partnerships.conftest import Town, make_town
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(town: Town) -> Membership:
    return made.member(town.municipality, Role.STAFF, name="Ola Prøve", unit=town.unit)


@pytest.fixture(autouse=True)
def bokmal() -> Iterator[None]:
    from django.utils import translation

    with translation.override("nb"):
        yield


def told(obj: Any, viewer: User, **options: Any) -> list[Entry]:
    forget_access([viewer])
    return history_of(obj, viewer, **options).entries


def until(membership: Membership, day: date | None, by: User) -> None:
    membership_change(membership=membership, valid_to=day, by=by)


DAY, LATER = date(2036, 12, 1), date(2037, 3, 1)


def test_one_change_is_one_sentence(town: Town, staff: Membership) -> None:
    by = town.coordinator.user
    until(staff, DAY, by)
    until(staff, LATER, by)
    until(staff, None, by)
    assert [entry.sentence for entry in told(staff, by)][:3] == [
        "Ingrid Koordinator tok bort «til», som var 1. mars 2037",
        "Ingrid Koordinator endret «til» fra 1. desember 2036 til 1. mars 2037",
        "Ingrid Koordinator satte «til» til 1. desember 2036",
    ]
    assert all(entry.changes == [] for entry in told(staff, by))


def test_the_sentence_says_what_the_stamps_say(town: Town, staff: Membership) -> None:
    membership_end(membership=staff, by=town.coordinator.user)
    first = told(staff, town.coordinator.user)[0]
    assert first.sentence == "Ingrid Koordinator avsluttet rollen ansatt"
    assert first.changes == []


def test_several_fields_are_lines_and_a_contact_has_no_values(town: Town) -> None:
    by = town.coordinator.user
    changes = {
        "deviation_url": "https://avvik.example",
        "contact_phone": "+4790000001",
        "words": {"role.staff": "medarbeider"},
        "language": "nn",
    }
    settings_change(municipality=town.municipality, version=town.settings.version, changes=changes, by=by)
    town.settings.refresh_from_db()
    entry = told(town.settings, by)[0]
    assert entry.sentence == "Ingrid Koordinator endret innstillingene"
    assert {str(change) for change in entry.changes} == {
        "«lenke til avvik» satt til https://avvik.example",
        "«ansatt» satt til medarbeider",
        "«språk i brev og meldinger» fra Bokmål til Nynorsk",
        "«telefon» er endret",
    }
    event = TRACKED[type(town.settings)].objects.first()
    assert "90000001" not in str({f.attname: getattr(event, f.attname) for f in event._meta.fields})


def test_bulk_update_and_sql_leave_their_trace(town: Town) -> None:
    under = made.UnitFactory.create(municipality=town.municipality, name="Under")
    Unit.objects.filter(pk=town.unit.pk).update(parent=under)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_unit SET name = 'Nytt navn' WHERE id = %s", [town.unit.pk])
    kept = list(TRACKED[Unit].objects.filter(pgh_obj=town.unit.pk).values_list("pgh_label", "name", "parent"))
    assert kept[0] == ("update", "Nytt navn", under.pk)
    assert [label for label, *_rest in kept] == ["update", "update", "insert"]
    (entry,) = told(town.unit, town.coordinator.user)
    # This test is one transaction, so what nobody put a name to is one line.
    assert entry.sentence == "Dette ble lagt inn, ukjent av hvem"
    assert {c.label: c.after for c in entry.changes} == {"navn": "Nytt navn", "under": "Under"}


def test_deleting_is_kept(town: Town) -> None:
    unit = made.UnitFactory.create(municipality=town.municipality)
    pk = unit.pk
    Unit.objects.filter(pk=pk).delete()
    assert TRACKED[Unit].objects.filter(pgh_obj=pk).first().pgh_label == "delete"


@pytest.mark.django_db(transaction=True)
def test_a_change_nobody_noted_says_so_and_shows_it(town: Town) -> None:
    Unit.objects.filter(pk=town.unit.pk).update(name="Nytt navn")
    entry = told(town.unit, town.coordinator.user)[0]
    assert entry.sentence == "Dette ble endret, ukjent av hvem"
    assert [str(change) for change in entry.changes] == [f"«navn» fra {town.unit.name} til Nytt navn"]


def test_who_it_was_is_said_as_the_reader_may_know(town: Town, staff: Membership) -> None:
    coordinator = town.coordinator.user
    rep = made.member(
        town.municipality, Role.ORGANISATION_REP, name="Frode Lag", organisation=town.organisation
    )
    Person.objects.filter(memberships=rep).update(controller_organisation=town.organisation)
    for actor in (coordinator, rep.user, None):
        audit_record("organisation_added", town.organisation, by=actor)
    to_rep = [entry.who for entry in told(town.organisation, rep.user)][:3]
    assert to_rep == ["Portalen", "Frode Lag", "En frivillighetskoordinator"]
    to_coordinator = [entry.who for entry in told(town.organisation, coordinator)][:3]
    assert to_coordinator == ["Portalen", "Laget", "Ingrid Koordinator"]


def test_somebody_who_was_erased_is_no_longer_here(town: Town, staff: Membership) -> None:
    """Erasing is not stopped by what is kept, and nothing kept names her afterwards."""
    user = staff.user
    audit_record("unit_added", town.unit, by=user)
    user_pk = user.pk
    user.delete()
    Person.objects.filter(user=None, name="Ola Prøve").delete()
    assert told(town.unit, town.coordinator.user)[0].who == "En som ikke lenger er her"
    kept = TRACKED[Membership].objects.filter(user=user_pk).first()
    assert kept.pgh_label == "delete"
    assert "Ola" not in str(list(TRACKED[Membership].objects.values()))


def test_somebody_from_outside(town: Town, neighbour: Town) -> None:
    audit_record("unit_added", town.unit, by=neighbour.coordinator.user)
    assert told(town.unit, town.coordinator.user)[0].who == "Noen utenfor kommunen"


def test_on_behalf_of_is_said(town: Town, staff: Membership) -> None:
    by = town.coordinator.user
    audit_record("invitation_accepted", staff, by=by, on_behalf_of=staff.person)
    audit_record("invitation_accepted", staff, by=by, on_behalf_of=town.organisation)
    latest, earlier = told(staff, by)[:2]
    assert latest.who == f"Ingrid Koordinator på vegne av {town.organisation.name}"
    assert earlier.who == "Ingrid Koordinator på vegne av Ola Prøve"
    other = made.member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    assert told(staff, other.user)[1].who == "En frivillighetskoordinator på vegne av en person"


def test_names_behind_the_wall_are_not_told(town: Town, neighbour: Town) -> None:
    Unit.objects.filter(pk=town.unit.pk).update(parent=neighbour.unit)
    (entry,) = told(town.unit, town.coordinator.user)
    assert [change.after for change in entry.changes] == ["noe du ikke har tilgang til"]


def test_five_queries_however_long(town: Town, staff: Membership) -> None:
    by = town.coordinator.user

    def asked() -> int:
        list(Membership.objects.visible_to(by)[:1])  # rights are read once per request
        with CaptureQueriesContext(connection) as queries:
            history_of(staff, by)
        return len(queries)

    until(staff, DAY, by)
    few = asked()
    for days in range(12):
        until(staff, DAY + timedelta(days=days + 1), by)
        audit_record("invitation_accepted", staff, by=by, on_behalf_of=town.organisation)
    assert few <= 5
    assert asked() <= 5


def test_twenty_and_then_all(town: Town, staff: Membership) -> None:
    by = town.coordinator.user
    for days in range(25):
        until(staff, DAY + timedelta(days=days), by)
    entries, more = history_of(staff, by)
    assert (len(entries), more) == (20, True)
    assert "«til» fra 6. desember 2036 til 7. desember 2036" in entries[-2].sentence
    everything, more = history_of(staff, by, limit=None)
    assert (len(everything), more) == (25, False)
    client = Client()
    client.force_login(by)
    page = client.get(reverse("membership_change", args=[staff.pk])).content.decode()
    assert reverse("object_history", args=["rolle", staff.pk]) in page


# --- The page ---------------------------------------------------------------------------------------
def page_of(user: User, **query: Any) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("history"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_page_tells_and_links(town: Town, staff: Membership) -> None:
    until(staff, DAY, town.coordinator.user)
    page = page_of(town.coordinator.user)
    assert "Ingrid Koordinator satte «til» til 1. desember 2036" in page
    assert reverse("object_history", args=["rolle", staff.pk]) in page
    assert "Ola Prøve, ansatt" in page


def test_own_reach_is_the_reach(town: Town, staff: Membership) -> None:
    other = made.UnitFactory.create(municipality=town.municipality, name="En annen enhet")
    elsewhere = make_town()
    for row in (town.unit, other, town.centre, town.organisation, elsewhere.unit):
        audit_record(f"{row._meta.model_name}_added", row, by=None)
    readers = {
        made.member(town.municipality, Role.UNIT_LEADER, unit=town.unit): town.unit,
        made.member(town.municipality, Role.CENTRE_LEADER, centre=town.centre): town.centre,
        made.member(
            town.municipality, Role.ORGANISATION_REP, organisation=town.organisation
        ): town.organisation,
    }
    places = {town.unit, other, town.centre, town.organisation, elsewhere.unit}
    for reader, own in readers.items():
        page = page_of(reader.user)
        assert {place for place in places if f">{place.name}<" in page} == {own}
    page = page_of(town.coordinator.user)
    assert {place for place in places if f">{place.name}<" in page} == places - {elsewhere.unit}


def test_a_coordinator_reads_nothing_of_an_organisations_people(town: Town) -> None:
    kept_there = made.PersonFactory.create(
        municipality=town.municipality, name="Kjell Lagets", controller_organisation=town.organisation
    )
    ours = made.PersonFactory.create(municipality=town.municipality, name="Vår Egen")
    for person in (kept_there, ours):
        audit_record("profile_changed", person, by=None, data={"fields": ["street"]})
    page = page_of(town.coordinator.user)
    assert "Vår Egen" in page
    assert "«gateadresse»" in page
    assert "Lagets" not in page
    client = Client()
    client.force_login(town.coordinator.user)
    assert client.get(reverse("object_history", args=["person", kept_there.pk])).status_code == 404
    assert client.get(reverse("object_history", args=["person", ours.pk])).status_code == 200
    assert client.get("/historikk/finnesikke/1/").status_code == 404


def test_messages_are_told_behind_the_same_wall(town: Town) -> None:
    """Who answered for whom, and who posted letters; nothing of an organisation's own people."""
    by = town.coordinator.user
    here = {"municipality": town.municipality}
    ours = made.PersonFactory.create(name="Vår Egen", **here)
    theirs = made.PersonFactory.create(name="Kjell Lagets", controller_organisation=town.organisation, **here)
    runs = []
    for person in (ours, theirs):
        run = PrintRun.objects.create(made_by=by, **here)
        letter = notices.notice(person, channel=Channel.LETTER, print_run=run)
        audit_record("reply_given", letter, by=by, on_behalf_of=person, data={"answer": "no"})
        audit_record("letters_posted", run, by=by, data={"letters": 1})
        runs += [("beskjed", letter.pk), ("brev", run.pk)]
    page = page_of(by)
    assert "Ingrid Koordinator på vegne av Vår Egen svarte på et spørsmål" in page
    assert "Beskjeden til Vår Egen" in page
    assert page.count("merket brev som postlagt") == 1
    assert "Lagets" not in page
    assert [answer_of(by, *each) for each in runs] == [200, 200, 404, 404]
    rep = made.member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation).user
    assert [answer_of(rep, *each) for each in runs] == [404, 404, 200, 404]


def answer_of(user: User, kind: str, pk: int) -> int:
    client = Client()
    client.force_login(user)
    return client.get(reverse("object_history", args=[kind, pk])).status_code


def test_filters(town: Town, staff: Membership) -> None:
    by = town.coordinator.user
    until(staff, DAY, by)
    audit_record("unit_added", town.unit, by=None)
    assert "la inn enheten" not in page_of(by, kind="rolle")
    assert "satte «til»" not in page_of(by, kind="enhet")
    assert "la inn enheten" not in page_of(by, who=town.coordinator.person_id)
    assert "satte «til»" in page_of(by, who=town.coordinator.person_id)
    today = timezone.localdate()
    assert "satte «til»" in page_of(by, since=today.isoformat(), until=today.isoformat())
    assert "Ingenting passer" in page_of(by, since=(today + timedelta(days=1)).isoformat())
    assert "Ingenting passer" in page_of(by, until=(today - timedelta(days=1)).isoformat())


def test_page_costs_the_same_however_much_has_happened(town: Town, staff: Membership) -> None:
    client = Client()
    client.force_login(town.coordinator.user)
    days = iter(range(1, 100))

    def one_more() -> None:
        until(staff, DAY + timedelta(days=next(days)), town.coordinator.user)
        audit_record("unit_added", made.UnitFactory.create(municipality=town.municipality), by=None)

    assert_constant_queries(client, reverse("history"), one_more)


def test_reading_leaves_no_trace_of_its_own(town: Town) -> None:
    before = AuditEvent.objects.count()
    page_of(town.coordinator.user)
    assert AuditEvent.objects.count() == before + 1  # signing in
