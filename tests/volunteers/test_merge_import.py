"""Two records of one human become one; and a spreadsheet is taken in and undone as one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Person
from partnerships.models.person import Channel
from partnerships.services.privacy import person_change
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.models import Outbox, StoredFile
from tests.factories import partnerships as made
from tests.factories.accounts import UserFactory
from tests.factories.agreements import AgreementFactory
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import (
    AssignmentFactory,
    CareStepFactory,
    CourseFactory,
    CrewFactory,
    ShiftFactory,
    VolunteerFactory,
)
from tests.factories.work import PartnershipFactory, RequirementKindFactory
from volunteers.models import (
    Assignment,
    Course,
    CourseSeat,
    HourEntry,
    HoursMonth,
    PoliceFact,
    Volunteer,
    VolunteerImport,
)
from volunteers.models.assignment import AssignmentState
from volunteers.models.requirement import MetBy, PoliceBasis, PoliceOutcome
from volunteers.models.shift import HoursFrom, ShiftState
from volunteers.models.volunteer import CameBy, VolunteerState
from volunteers.selectors.volunteer_import import untouched
from volunteers.services import volunteer_import as imports
from volunteers.services.merge import merge_plan, volunteers_merge
from volunteers.services.requirement import requirement_met

SHEET = """Liste over våre frivillige;;;
Fornavn;Etternavn;E-post;Mobil
Kari;Prøve;kari@prove.example;90000001
=cmd;Prøve;formel@prove.example;
Ola;Prøve;;
Per;Prøve;per@prove.example;12
Kari;Prøve;KARI@prove.example;
Anne;Prøve;;22 00 00 01
"""


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def two(town: Any) -> tuple[Volunteer, Volunteer]:
    one = VolunteerFactory.create(person__municipality=town.municipality, person__phone="", languages=["no"])
    other = VolunteerFactory.create(
        person__municipality=town.municipality,
        person__phone="+4790000009",
        languages=["so"],
        motive="Vil hjelpe",
    )
    return one, other


def test_merge_moves_everything(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    stays, goes = two
    by, today = town.coordinator.user, timezone.localdate()
    partnership = PartnershipFactory.create(municipality=town.municipality)
    both, hers = (OfferFactory.create(partnership=partnership, unit=town.unit) for _number in range(2))
    AssignmentFactory.create(offer=both, volunteer=stays)
    AssignmentFactory.create(offer=both, volunteer=goes)
    AssignmentFactory.create(offer=hers, volunteer=goes)
    CareStepFactory.create(volunteer=goes)
    occurrence = OccurrenceFactory.create(offer=both)
    for volunteer in two:
        ShiftFactory.create(occurrence=occurrence, volunteer=volunteer)
        HourEntry.objects.create(
            municipality=town.municipality, volunteer=volunteer, offer=both, occurrence=occurrence, day=today,
            minutes=60, source=HoursFrom.ATTENDANCE,
        )  # fmt: skip
    HoursMonth.objects.create(
        municipality=town.municipality, offer=both, month=today.replace(day=1), minutes=120, entries=2
    )
    kind = RequirementKindFactory.create(municipality=town.municipality, key="forerkort")
    for volunteer, ago in ((stays, 700), (goes, 5)):
        requirement_met(
            volunteer=volunteer, kind=kind, how=MetBy.SHOWN, on=today - timedelta(days=ago),
            holds_to=today - timedelta(days=ago) + timedelta(days=365), by=by,
        )  # fmt: skip
    boss = client_of(by)
    page = boss.get(reverse("volunteer_merge_with", args=[stays.pk, goes.pk])).content.decode()
    assert "Oppdrag: 2" in page
    assert Volunteer.objects.count() == 2
    answer = boss.post(reverse("volunteer_merge_with", args=[stays.pk, goes.pk]))
    assert answer["Location"] == reverse("volunteer", args=[stays.pk])
    merged = Volunteer.objects.get()
    assert merged == stays
    assert set(merged.assignments.values_list("offer", flat=True)) == {both.pk, hers.pk}
    assert (merged.languages, merged.motive) == (["no", "so"], "Vil hjelpe")
    assert merged.care_steps.count() == merged.shifts.count() == merged.hours.count() == 1
    assert HoursMonth.objects.get().minutes == 60
    assert merged.requirements.get().holds_to == today - timedelta(days=5) + timedelta(days=365)
    merged.person.refresh_from_db()
    assert merged.person.phone == "+4790000009"
    assert not Person.objects.filter(pk=goes.person_id, erased_at=None).exists()


def test_only_one_controllers_and_one_account(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    stays, _goes = two
    by = town.coordinator.user
    club = OrganisationFactory.create(municipality=town.municipality)
    theirs = VolunteerFactory.create(
        person=PersonFactory.create(municipality=town.municipality, controller_organisation=club)
    )
    for other in (theirs, stays):
        with pytest.raises(DomainError):
            volunteers_merge(stays=stays, goes=other, by=by)
    assert client_of(by).get(reverse("volunteer_merge_with", args=[stays.pk, theirs.pk])).status_code == 404
    for volunteer in two:
        Person.objects.filter(pk=volunteer.person_id).update(user=UserFactory.create())
    one, other = (Volunteer.objects.select_related("person").get(pk=volunteer.pk) for volunteer in two)
    with pytest.raises(DomainError, match="innlogging"):
        merge_plan(stays=one, goes=other)


def test_an_account_comes_along(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    stays, goes = two
    user = UserFactory.create()
    Person.objects.filter(pk=goes.person_id).update(user=user)
    volunteers_merge(stays=stays, goes=goes, by=town.coordinator.user)
    assert Person.objects.get(user=user) == stays.person


def test_of_two_the_better_stays(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    """What is worth most, whichever record it was on; a place that had both goes to the line."""
    stays, goes = two
    partnership = PartnershipFactory.create(municipality=town.municipality)
    asked, both = (OfferFactory.create(partnership=partnership, unit=town.unit) for _number in range(2))
    CrewFactory.create(offer=both, places=2)
    AssignmentFactory.create(offer=asked, volunteer=stays, state=AssignmentState.ASKED)
    AssignmentFactory.create(offer=asked, volunteer=goes, every_time=True)
    AssignmentFactory.create(offer=both, volunteer=stays)
    AssignmentFactory.create(offer=both, volunteer=goes, state=AssignmentState.PAUSED)
    cannot, comes = (
        OccurrenceFactory.create(offer=both, starts_at=timezone.now() + timedelta(days=day)) for day in (1, 2)
    )
    ShiftFactory.create(occurrence=cannot, volunteer=stays, state=ShiftState.CANNOT)
    for time, volunteer in ((cannot, goes), (comes, stays), (comes, goes)):
        ShiftFactory.create(occurrence=time, volunteer=volunteer)
    waits = ShiftFactory.create(occurrence=comes, state=ShiftState.WAITING)
    for volunteer, outcome, day in (
        (stays, PoliceOutcome.ASKED, None),
        (goes, PoliceOutcome.SHOWN, timezone.localdate()),
    ):
        PoliceFact.objects.create(
            municipality=town.municipality, volunteer=volunteer, outcome=outcome, basis=PoliceBasis.SCHOOL,
            shown_on=day,
        )  # fmt: skip
    line, full = (CourseFactory.create(municipality=town.municipality, places=2) for _number in range(2))

    def sits(course: Course, volunteer: Volunteer, **fields: Any) -> CourseSeat:
        return CourseSeat.objects.create(
            municipality=town.municipality, course=course, person=volunteer.person, **fields
        )

    sits(line, stays, waiting=True)
    for course, volunteer in ((line, goes), (full, stays), (full, goes)):
        sits(course, volunteer)
    seat = sits(full, waits.volunteer, waiting=True)
    volunteers_merge(stays=stays, goes=goes, by=town.coordinator.user)
    hers = Assignment.objects.filter(volunteer=stays)
    assert set(hers.values_list("offer", "state", "every_time")) == {
        (asked.pk, AssignmentState.ACTIVE, True),
        (both.pk, AssignmentState.ACTIVE, False),
    }
    assert set(stays.shifts.values_list("state", flat=True)) == {ShiftState.COMING}
    assert PoliceFact.objects.get().volunteer == stays
    assert PoliceFact.objects.get().outcome == PoliceOutcome.SHOWN
    seats = CourseSeat.objects.filter(person=stays.person)
    assert set(seats.values_list("course", "waiting")) == {(line.pk, False), (full.pk, False)}
    for row in (waits, seat):
        row.refresh_from_db()
    assert (waits.state, seat.waiting) == (ShiftState.COMING, False)


def test_whoever_has_papers_is_the_one_that_stays(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    """Papers are with the row that signed them. Where both have some, her sign-in comes along."""
    stays, goes = two
    user, boss = UserFactory.create(), client_of(town.coordinator.user)
    Person.objects.filter(pk=goes.person_id).update(user=user)

    def signed(volunteer: Volunteer) -> None:
        AgreementFactory.create(
            municipality=town.municipality, kind="volunteer", person=volunteer.person, state="active",
            signed_on=timezone.localdate(),
        )  # fmt: skip

    signed(goes)
    url = reverse("volunteer_merge_with", args=[stays.pk, goes.pk])
    other_way = reverse("volunteer_merge_with", args=[goes.pk, stays.pk])
    page = boss.get(url).content.decode()
    assert "har avtaler" in page
    assert other_way in page
    assert "har avtaler" in boss.post(url).content.decode()
    assert Volunteer.objects.count() == 2
    assert "har avtaler" not in boss.get(other_way).content.decode()
    signed(stays)
    assert boss.post(url).status_code == 302
    assert Person.objects.get(user=user) == stays.person
    assert Person.objects.filter(pk=goes.person_id, erased_at=None).exists()


def test_a_role_keeps_its_sign_in(town: Any, two: tuple[Volunteer, Volunteer]) -> None:
    stays, _goes = two
    person = made.member(town.municipality, Role.STAFF, unit=town.unit).person
    assert person is not None
    goes = VolunteerFactory.create(person=person)
    volunteers_merge(stays=stays, goes=goes, by=town.coordinator.user)
    person.refresh_from_db()
    stays.person.refresh_from_db()
    assert (person.user is None, stays.person.user) == (False, None)


# --- From a spreadsheet ----------------------------------------------------------------------------------
def upload(client: Client, text: str = SHEET) -> VolunteerImport:
    file = SimpleUploadedFile("frivillige.csv", text.encode())
    answer = client.post(reverse("volunteer_imports"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    return VolunteerImport.objects.latest("pk")


def work(found: VolunteerImport) -> bool:
    return imports.save_promised(Outbox.objects.get(kind=imports.KIND, key=str(found.pk)))


def test_looked_through_saved_and_undone(town: Any) -> None:
    boss = client_of(town.coordinator.user)
    found = upload(boss)
    url = reverse("volunteer_import", args=[found.pk])
    page = boss.get(url).content.decode()
    assert "6 rader er lest" in page
    assert "3 legges inn" in page
    assert "Ingen vei fram" in page
    assert "Samme som rad 3" in page
    assert Volunteer.objects.count() == 0
    boss.post(url)
    assert "0 av 6 rader" in boss.get(url).content.decode()
    assert work(found)
    found.refresh_from_db()
    assert (found.made_count, found.left_count, found.file) == (3, 3, None)
    assert StoredFile.objects.count() == 0
    # Twice is once.
    assert not work(found)
    volunteers = Volunteer.objects.filter(imported_in=found)
    assert set(volunteers.values_list("came_by", "state")) == {(CameBy.IMPORT, VolunteerState.ACTIVE)}
    people = {person.name: person.channel for person in Person.objects.filter(volunteer__in=volunteers)}
    assert people == {"Kari Prøve": Channel.EMAIL, "=cmd Prøve": Channel.EMAIL, "Anne Prøve": Channel.PHONE}
    # Those who are here from before are left alone.
    assert "er her fra før" in boss.get(reverse("volunteer_import", args=[upload(boss).pk])).content.decode()
    touched = volunteers.get(person__name="Anne Prøve")
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(partnership=partnership, unit=town.unit)
    AssignmentFactory.create(offer=offer, volunteer=touched)
    undo = reverse("volunteer_import_undo", args=[found.pk])
    page = boss.get(undo).content.decode()
    assert "2 blir borte igjen" in page
    assert "1 er endret eller tatt i bruk" in page
    boss.post(undo)
    assert set(Volunteer.objects.filter(imported_in=found)) == {touched}
    assert not Person.objects.filter(email="kari@prove.example").exists()


def test_a_worker_that_is_stopped_goes_on(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from samskaping.core.services.outbox import NotYet

    boss = client_of(town.coordinator.user)
    rows = "\n".join(f"Navn {number};n{number}@prove.example" for number in range(7))
    found = upload(boss, f"Navn;E-post\n{rows}\n")
    boss.post(reverse("volunteer_import", args=[found.pk]))
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    monkeypatch.setattr(imports, "AT_IT", 0.0)
    turns = 0
    while True:
        turns += 1
        try:
            assert work(found)
            break
        except NotYet:
            found.refresh_from_db()
            assert found.saved_at is None
    assert turns == 3
    found.refresh_from_db()
    assert (found.done, found.made_count, found.left_count) == (7, 7, 0)


def imported(town: Any, number: int) -> VolunteerImport:
    boss = client_of(town.coordinator.user)
    rows = "\n".join(f"Navn {one};n{one}@prove.example" for one in range(number))
    found = upload(boss, f"Navn;E-post\n{rows}\n")
    boss.post(reverse("volunteer_import", args=[found.pk]))
    work(found)
    found.refresh_from_db()
    return found


def test_whoever_was_put_right_stays(town: Any) -> None:
    """Her name and address are the person's row, and are changed from more than one page."""
    found, by = imported(town, 2), town.coordinator.user
    right = found.made.select_related("person").get(person__name="Navn 1")
    person_change(person=right.person, changes={"name": "Navnet Prøve"}, by=by)
    assert imports.volunteer_import_undo(made=found, by=by) == 1
    assert set(found.made.all()) == {right}


def test_undoing_goes_on_past_whoever_was_touched_meanwhile(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = imported(town, 7)
    monkeypatch.setattr(imports, "AT_ONCE", 3)
    imports.volunteer_import_undo(made=found, by=town.coordinator.user)
    touched, asked = found.made.order_by("pk")[0], []

    def meanwhile(made: VolunteerImport) -> Any:
        """Between the first look at the lot and the one under the lock."""
        asked.append(made)
        if len(asked) == 2:
            Volunteer.objects.filter(pk=touched.pk).update(version=1)
        return untouched(made)

    monkeypatch.setattr(imports, "untouched", meanwhile)
    assert imports.undo_promised(Outbox.objects.get(kind=imports.UNDO, key=str(found.pk)))
    assert set(found.made.all()) == {touched}


def test_no_national_identity_number(town: Any) -> None:
    boss = client_of(town.coordinator.user)
    for number in ("01017012345", "410170 12345", "01417012345"):
        file = SimpleUploadedFile("a.csv", f"Navn;Nr\nKari Prøve;{number}\n".encode())
        page = boss.post(reverse("volunteer_imports"), {"file": file}).content.decode()
        assert "fødselsnummer" in page
    assert VolunteerImport.objects.count() == StoredFile.objects.count() == 0


def test_a_clubs_sheet_is_the_clubs(town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    rep = client_of(made.member(town.municipality, Role.ORGANISATION_REP, organisation=club).user)
    found = upload(rep)
    boss = client_of(town.coordinator.user)
    for name in ("volunteer_import", "volunteer_import_columns"):
        assert boss.get(reverse(name, args=[found.pk])).status_code == 404
    rep.post(reverse("volunteer_import", args=[found.pk]))
    work(found)
    assert set(
        Person.objects.filter(volunteer__imported_in=found).values_list("controller_organisation", flat=True)
    ) == {club.pk}
    assert set(found.made.values_list("organisation", flat=True)) == {club.pk}


def test_columns_are_chosen(town: Any) -> None:
    boss = client_of(town.coordinator.user)
    found = upload(boss, "Hvem;Hvor\nKari Prøve;kari@prove.example\n")
    url = reverse("volunteer_import_columns", args=[found.pk])
    assert "Hvem" in boss.get(url).content.decode()
    assert boss.post(url, {"column_0": "email", "column_1": "email"}).status_code == 200
    boss.post(url, {"column_0": "name", "column_1": "email"})
    assert "1 legges inn" in boss.get(reverse("volunteer_import", args=[found.pk])).content.decode()
    boss.post(reverse("volunteer_import_discard", args=[found.pk]))
    assert VolunteerImport.objects.count() == StoredFile.objects.count() == 0
