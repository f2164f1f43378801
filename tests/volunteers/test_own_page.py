"""Min side of a volunteer: what she sees, what she decides, and how she comes in without an account."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import OneTimeCode, Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_deliver_row
from tests.factories.accounts import UserFactory
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import AssignmentFactory, CareStepFactory, CourseFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.queries import assert_constant_queries
from volunteers.models import HourEntry, Volunteer
from volunteers.models.care import CareKind
from volunteers.models.shift import HoursFrom
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.confirmation import confirmation_of
from volunteers.selectors.own_page import month_rows
from volunteers.services.care import care_talk_set
from volunteers.services.course import course_sign_up
from volunteers.services.own_page import own_page_tell
from volunteers.services.thanks import thanks_give

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(town: Any) -> Volunteer:
    user = UserFactory.create(email="kari@prove.example", password=None)
    person = PersonFactory.create(municipality=town.municipality, user=user, name="Kari Prøve")
    return VolunteerFactory.create(person=person)


@pytest.fixture
def hers(client: Client, her: Volunteer) -> Client:
    assert her.person.user is not None
    client.force_login(her.person.user)
    return client


def page(client: Client) -> str:
    answer = client.get("/min-side/")
    assert answer.status_code == 200
    return answer.content.decode()


# --- What she sees ----------------------------------------------------------------------------------------
def test_where_she_helps_and_what_people_ask(hers: Client, her: Volunteer, town: Any) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(
        partnership=partnership, unit=town.unit, title="Sangstund", insurance="Ja, hos oss",
        contact=town.coordinator.person, ring="+4790000001",
    )  # fmt: skip
    AssignmentFactory.create(offer=offer, volunteer=her)
    thanks_give(volunteer=her, words="Alle sang med", by=town.coordinator.user, offer=offer)
    shown = page(hers)
    for text in ("Sangstund", "Ja, hos oss", "900 00 001", "Ingrid Koordinator", "Alle sang med"):
        assert text in shown


def test_all_who_keep_her_stand_there_by_name(hers: Client, her: Volunteer, town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality, name="Prøve turlag")
    row = PersonFactory.create(
        municipality=town.municipality, user=her.person.user, controller_organisation=club, name="Kari Prøve"
    )
    VolunteerFactory.create(person=row)
    shown = page(hers)
    assert shown.count("Frivillig hos") == 2
    assert "Prøve turlag" in shown


def test_nobody_elses(hers: Client, her: Volunteer, town: Any) -> None:
    other = VolunteerFactory.create(person__municipality=town.municipality)
    for path in ("om-meg", "pause", "slutt", "takk", "bekreftelse"):
        assert hers.get(f"/min-side/frivillig/{other.pk}/{path}/").status_code == 404
    step = CareStepFactory.create(volunteer=other, kind=CareKind.START_TALK)
    step = care_talk_set(step=step, at=timezone.now() + timedelta(days=3), place="", by=town.coordinator.user)
    assert hers.post(f"/min-side/samtale/{step.pk}/svar/", {"answer": "yes"}).status_code == 404


def test_it_asks_as_often_for_much(hers: Client, her: Volunteer, town: Any) -> None:
    """Twenty-five at most, as any page about one thing."""
    partnership = PartnershipFactory.create(municipality=town.municipality)

    def row() -> None:
        offer = OfferFactory.create(partnership=partnership, unit=town.unit)
        AssignmentFactory.create(offer=offer, volunteer=her)
        course = CourseFactory.create(municipality=town.municipality, unit=town.unit)
        course_sign_up(course=course, person=her.person, by=None)
        CourseFactory.create(municipality=town.municipality)
        thanks_give(volunteer=her, words=f"Takk {offer.pk}", by=town.coordinator.user, offer=offer)

    assert_constant_queries(hers, "/min-side/", row, rows=3)
    with CaptureQueriesContext(connection) as asked:
        hers.get("/min-side/")
    assert len(asked) <= 25, [query["sql"][:120] for query in asked.captured_queries]


# --- What she decides -------------------------------------------------------------------------------------
def test_says_what_she_wants(hers: Client, her: Volunteer) -> None:
    answer = hers.post(
        f"/min-side/frivillig/{her.pk}/om-meg/",
        {"interests": ["elderly"], "languages": ["no", "pl"], "how_much": "sometimes", "hide_contact": "on",
         "version": her.version},
    )  # fmt: skip
    assert answer.status_code == 302
    her.refresh_from_db()
    assert (her.interests, her.languages, her.how_much) == (["elderly"], ["no", "pl"], "sometimes")
    her.person.refresh_from_db()
    assert her.person.hide_contact


def test_pauses_comes_back_and_ends(hers: Client, her: Volunteer) -> None:
    hers.post(f"/min-side/frivillig/{her.pk}/pause/", {"until": ""})
    her.refresh_from_db()
    assert her.state == VolunteerState.PAUSED
    assert "Jeg er tilbake" in page(hers)
    hers.post(f"/min-side/frivillig/{her.pk}/tilbake/")
    her.refresh_from_db()
    assert her.state == VolunteerState.ACTIVE
    today = timezone.localdate()
    late = hers.post(f"/min-side/frivillig/{her.pk}/slutt/", {"on": today + timedelta(days=3), "reason": ""})
    assert late.status_code == 200
    answer = hers.post(f"/min-side/frivillig/{her.pk}/slutt/", {"on": today, "reason": ""})
    assert answer["Location"] == f"/min-side/frivillig/{her.pk}/takk/"
    assert "Takk for innsatsen" in hers.get(answer["Location"]).content.decode()
    assert "Hent en bekreftelse" in page(hers)


def test_says_whether_a_talk_suits(hers: Client, her: Volunteer, town: Any) -> None:
    step = CareStepFactory.create(volunteer=her, kind=CareKind.FOLLOW_UP_TALK)
    at = timezone.now() + timedelta(days=3)
    step = care_talk_set(step=step, at=at, place="Kafeen", by=town.coordinator.user)
    assert "Kafeen" in page(hers)
    hers.post(f"/min-side/samtale/{step.pk}/svar/", {"answer": "yes"})
    step.refresh_from_db()
    assert step.suits is True
    assert [row.place for row in month_rows([her], timezone.localdate(at))] == ["Kafeen"]


def test_the_confirmation_says_what_she_chose(her: Volunteer, town: Any) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(partnership=partnership, unit=town.unit)
    AssignmentFactory.create(offer=offer, volunteer=her, task="Leder sangen")
    HourEntry.objects.create(
        municipality=town.municipality, volunteer=her, offer=offer, day=timezone.localdate(), minutes=150,
        source=HoursFrom.TOLD,
    )  # fmt: skip
    found = confirmation_of(her, frozenset({"hours"}))
    assert (found.hours, found.tasks, found.name) == (2, ["Leder sangen"], "Kari Prøve")


# --- Coming in without an account -------------------------------------------------------------------------
def ask(client: Client, who: str) -> None:
    answer = client.post("/logg-inn/kode/", {"who": who})
    assert answer["Location"] == "/logg-inn/kode/skriv/"


def enter(client: Client) -> bool:
    code = OneTimeCode.objects.latest("created_at")
    client.post("/logg-inn/kode/skriv/", {"code": one_time_code_digits(code)})
    return "_auth_user_id" in client.session


def newcomer(town: Any, **about: Any) -> Volunteer:
    about = {"name": "Solveig Prøve", "email": "solveig@prove.example", **about}
    return VolunteerFactory.create(person=PersonFactory.create(municipality=town.municipality, **about))


def test_the_first_code_makes_her_account(client: Client, town: Any, neighbour: Any) -> None:
    here, there = newcomer(town), newcomer(neighbour, email="Solveig@prove.example")
    ask(client, "solveig@prove.example")
    for row in Outbox.objects.filter(state="waiting"):
        outbox_deliver_row(row.pk)
    assert mail.outbox[0].to == ["solveig@prove.example"]
    assert enter(client)
    user = User.objects.get(email="solveig@prove.example")
    assert set(Person.objects.filter(user=user)) == {here.person, there.person}
    assert page(client).count("Frivillig hos") == 2
    # The next time it is an account like any other.
    again = Client()
    ask(again, "solveig@prove.example")
    assert enter(again)
    assert User.objects.filter(email="solveig@prove.example").count() == 1


def test_by_telephone(client: Client, town: Any) -> None:
    newcomer(town, email="", phone="+4790212345", channel="sms")
    ask(client, "902 12 345")
    assert enter(client)


@pytest.mark.parametrize("who", ["two", "nobody", "contact"])
def test_others_get_the_same_answer_and_no_code(client: Client, town: Any, who: str) -> None:
    if who == "two":
        newcomer(town)
        newcomer(town, name="Magne Prøve")
    elif who == "contact":
        PersonFactory.create(municipality=town.municipality, email="solveig@prove.example")
    ask(client, "solveig@prove.example")
    assert OneTimeCode.objects.get().subject == ""
    assert not enter(client)


def test_a_new_address_meanwhile_lets_nobody_in(client: Client, town: Any) -> None:
    """Whoever may change her address could else make an account of somebody else's."""
    volunteer = newcomer(town)
    ask(client, "solveig@prove.example")
    Person.objects.filter(pk=volunteer.person_id).update(email="ola@prove.example")
    assert not enter(client)
    assert not User.objects.filter(email__in=["solveig@prove.example", "ola@prove.example"]).exists()


def test_staff_tell_her_of_it(town: Any) -> None:
    by = town.coordinator.user
    own_page_tell(volunteer=newcomer(town), by=by)
    with pytest.raises(DomainError):
        own_page_tell(volunteer=newcomer(town, email="", phone=""), by=by)
    shared = [newcomer(town, name=name, email="delt@prove.example") for name in ("Per Prøve", "Pål Prøve")]
    with pytest.raises(DomainError):
        own_page_tell(volunteer=shared[0], by=by)


def test_asking_costs_the_same_known_or_not(client: Client, town: Any) -> None:
    newcomer(town)
    ask(client, "varm@prove.example")
    costs = []
    for who in ("solveig@prove.example", "ingen@prove.example"):
        with CaptureQueriesContext(connection) as asked:
            ask(Client(), who)
        costs.append(len(asked))
    assert costs[0] == costs[1]
