"""The record: found, taken down, changed, on pause, out and in again; and whose she is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Offer, Person
from partnerships.models.actors import CentreOwnership
from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.models import AuditEvent
from tests.factories import partnerships as made
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import CentreFactory, OrganisationFactory, PersonFactory, UnitFactory
from tests.factories.volunteers import AssignmentFactory, VolunteerFactory
from tests.factories.work import PartnershipFactory
from tests.queries import assert_constant_queries
from volunteers.access import keeps
from volunteers.models import Assignment, PoliceFact, Volunteer
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.requirement import PoliceOutcome
from volunteers.models.volunteer import CameBy, LeavingReason, VolunteerState
from volunteers.selectors.keeper import Keeper, alike
from volunteers.selectors.unnamed import unnamed_here
from volunteers.services.assignment import assignment_set
from volunteers.services.guardian import guardian_set
from volunteers.services.volunteer import volunteer_end, volunteer_end_undo


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def user_of(town: Any, role: Role, **place: Any) -> User:
    user: User = made.member(town.municipality, role, **place).user
    return user


@pytest.fixture
def boss(town: Any) -> Client:
    return client_of(town.coordinator.user)


@pytest.fixture
def offer(town: Any) -> Offer:
    return OfferFactory.create(
        partnership=PartnershipFactory.create(municipality=town.municipality), unit=town.unit
    )


def new(client: Client, **data: Any) -> Any:
    return client.post(reverse("volunteer_new"), {"name": "Anna Prøve", "channel": "email", **data})


def test_taken_down_with_few_words(town: Any, boss: Client, offer: Offer) -> None:
    page = boss.get(reverse("volunteer_new"), {"tilbud": offer.pk}).content.decode()
    assert "En pårørende er ikke en frivillig" in page
    answer = new(boss, email="Anna@prove.example", offer=offer.pk)
    volunteer = Volunteer.objects.get()
    assert answer.url == reverse("volunteer", args=[volunteer.pk])
    person = volunteer.person
    assert (person.email, person.controller_organisation, person.controller_centre) == (
        "anna@prove.example",
        None,
        None,
    )
    assert (volunteer.state, volunteer.came_by) == (VolunteerState.STARTING, CameBy.STAFF)
    assert volunteer.assignments.get().state == AssignmentState.INTERESTED
    shown = boss.get(answer.url).content.decode()
    assert "anna@prove.example" in shown
    assert "Anna Prøve" in boss.get(reverse("volunteers"), {"q": "prø"}).content.decode()
    assert "Anna Prøve" not in boss.get(reverse("volunteers"), {"q": "røve"}).content.decode()


def test_without_email_or_account(town: Any, boss: Client) -> None:
    """A letter, or a telephone, is as good; nothing at all is not."""
    assert "Skriv postadressen" in new(boss, channel="letter").content.decode()
    new(boss, channel="letter", street="Prøvevegen 1", postal_code="9901", post_town="Prøvevik", begun="1")
    volunteer = Volunteer.objects.get()
    assert (volunteer.person.channel, volunteer.state) == (Channel.LETTER, VolunteerState.ACTIVE)
    assert "Prøvevegen 1" in boss.get(reverse("volunteer", args=[volunteer.pk])).content.decode()


def test_whoever_is_alike_is_shown_first(town: Any, boss: Client) -> None:
    """By address, number or name; never another controller's. One may go on, or use the person there is."""
    known = PersonFactory.create(
        municipality=town.municipality, name="Anna Marie Prøve", email="am@prove.example"
    )
    club = OrganisationFactory.create(municipality=town.municipality)
    theirs = PersonFactory.create(
        municipality=town.municipality,
        controller_organisation=club,
        name="Anna Prøve",
        email="anna@prove.example",
    )
    answer = new(boss, email="anna@prove.example")
    page = answer.content.decode()
    assert "Anna Marie Prøve" in page
    assert f'value="{theirs.pk}"' not in page
    assert not Volunteer.objects.exists()
    assert new(boss, email="anna@prove.example", person=known.pk).status_code == 302
    assert Volunteer.objects.get().person == known
    # Now she is a volunteer, and the page leads to her; a person of somebody else's is no choice.
    again = new(boss, email="am@prove.example", person=theirs.pk).content.decode()
    assert reverse("volunteer", args=[Volunteer.objects.get().pk]) in again
    assert new(boss, email="am@prove.example", anyway="1").status_code == 302
    assert Volunteer.objects.count() == 2


def test_a_club_and_a_centre_keep_their_own(town: Any) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    rep = client_of(user_of(town, Role.ORGANISATION_REP, organisation=club))
    new(rep, email="anna@prove.example")
    volunteer = Volunteer.objects.get()
    assert volunteer.person.controller_organisation == volunteer.organisation == club
    url = reverse("volunteer", args=[volunteer.pk])
    assert client_of(town.coordinator.user).get(url).status_code == 404
    assert rep.get(url).status_code == 200
    # A municipal centre's are the municipality's; its leader looks after them all the same.
    centre = CentreFactory.create(municipality=town.municipality, ownership=CentreOwnership.MUNICIPAL)
    leader = user_of(town, Role.CENTRE_LEADER, centre=centre)
    new(client_of(leader), email="berit@prove.example", name="Berit Prøve")
    hers = Volunteer.objects.get(centre=centre)
    assert hers.person.controller_centre is None
    assert keeps(leader, Permission.VOLUNTEER_CONTACT, hers)
    assert keeps(town.coordinator.user, Permission.VOLUNTEER_CONTACT, hers)
    assert client_of(leader).get(reverse("volunteer_edit", args=[hers.pk])).status_code == 200
    # Of the municipality's others she is told of none.
    VolunteerFactory.create(person__municipality=town.municipality, person__name="Berit Prøve")
    seen = alike(Keeper(town.municipality, centre), leader, name="Berit Prøve")
    assert [person.volunteer for person in seen] == [hers]


def test_others_are_a_number(town: Any, boss: Client, offer: Offer) -> None:
    club = OrganisationFactory.create(municipality=town.municipality, name="Prøve turlag")
    for name in ("Lagsfugl En", "Lagsfugl To"):
        person = PersonFactory.create(municipality=town.municipality, controller_organisation=club, name=name)
        AssignmentFactory.create(offer=offer, volunteer=VolunteerFactory.create(person=person))
    AssignmentFactory.create(offer=offer)
    AssignmentFactory.create()
    assert unnamed_here(town.coordinator.user, town.municipality) == [("Prøve turlag", 2)]
    for url, says in (
        (reverse("volunteers"), reverse("volunteers_unnamed")),
        (reverse("volunteers_unnamed"), "Prøve turlag</th><td>2</td>"),
        (reverse("offer", args=[offer.pk]), "2 fra Prøve turlag"),
    ):
        page = boss.get(url).content.decode()
        assert says in page
        assert "Lagsfugl" not in page
    # Who runs the place is told the same of her offers, and nothing of the town's others.
    leader = user_of(town, Role.UNIT_LEADER, unit=offer.unit)
    second = OfferFactory.create(partnership=offer.partnership, unit=None)
    person = PersonFactory.create(municipality=town.municipality, controller_organisation=club)
    AssignmentFactory.create(offer=second, volunteer=VolunteerFactory.create(person=person))
    assert unnamed_here(leader, town.municipality) == [("Prøve turlag", 2)]
    assert unnamed_here(town.coordinator.user, town.municipality) == [("Prøve turlag", 3)]
    elsewhere = UnitFactory.create(municipality=town.municipality)
    nobody = client_of(user_of(town, Role.UNIT_LEADER, unit=elsewhere)).get(reverse("volunteers_unnamed"))
    assert "Ingen andre har frivillige med" in nobody.content.decode()
    export = boss.post(reverse("volunteers_csv")).content.decode()
    assert "Lagsfugl" not in export
    assert export.count("\r\n") == 2


def test_filters(town: Any, boss: Client, offer: Offer) -> None:
    one = VolunteerFactory.create(
        person__municipality=town.municipality, person__name="Kari Prøve", unit=town.unit,
        interests=["elderly"], languages=["so"], how_much="once", free=["weekend"],
    )  # fmt: skip
    VolunteerFactory.create(person__municipality=town.municipality, person__name="Ola Utenom")
    gone = VolunteerFactory.create(
        person__municipality=town.municipality, person__name="Per Borte",
        state=VolunteerState.ENDED, ended_on=timezone.localdate(),
    )  # fmt: skip

    def names(**chosen: Any) -> set[str]:
        page = boss.get(reverse("volunteers"), chosen).content.decode()
        return {name for name in ("Kari Prøve", "Ola Utenom", "Per Borte") if name in page}

    assert names() == {"Kari Prøve", "Ola Utenom"}
    assert names(state="ended") == {gone.person.name}
    for chosen in (
        {"place": f"unit-{town.unit.pk}"}, {"interest": "elderly"}, {"language": "so"}, {"how_much": "once"},
        {"free": "weekend"}, {"q": "kari"},
    ):  # fmt: skip
        assert names(**chosen) == {one.person.name}, chosen
    assert names(place="unit-x") == {"Kari Prøve", "Ola Utenom"}


def test_export_runs_nothing(town: Any, boss: Client) -> None:
    """A cell that begins as a formula is text, and hidden contact details stay hidden."""
    person = PersonFactory.create(
        municipality=town.municipality, name="=SUM(A1)", email="skjult@prove.example", hide_contact=True
    )
    volunteer = VolunteerFactory.create(person=person)
    PoliceFact.objects.create(
        municipality=town.municipality, volunteer=volunteer, outcome=PoliceOutcome.NOT_REQUIRED
    )
    content = boss.post(reverse("volunteers_csv")).content.decode()
    assert "'=SUM(A1)" in content
    assert "skjult@" not in content
    assert "politi" not in content.lower()
    assert AuditEvent.objects.filter(verb="volunteers_exported", data={"rows": 1}).exists()


def test_hidden_contact_is_shown_once_and_noted(town: Any, boss: Client) -> None:
    person = PersonFactory.create(
        municipality=town.municipality, email="skjult@prove.example", hide_contact=True
    )
    volunteer = VolunteerFactory.create(person=person)
    url = reverse("volunteer", args=[volunteer.pk])
    assert "skjult@" not in boss.get(url).content.decode()
    assert "skjult@" in boss.post(reverse("volunteer_contact_show", args=[volunteer.pk])).content.decode()
    assert AuditEvent.objects.filter(verb="contact_shown", object_id=str(person.pk)).count() == 1


def test_nobody_overwrites(town: Any, boss: Client) -> None:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality)
    url = reverse("volunteer_edit", args=[volunteer.pk])
    assert boss.post(url, {"version": 0, "motive": "Først", "free": ["evening"]}).status_code == 302
    conflict = boss.post(url, {"version": 0, "motive": "Etterpå", "place": f"unit-{town.unit.pk}"})
    assert "Noen andre" in conflict.content.decode() or "endret" in conflict.content.decode()
    volunteer.refresh_from_db()
    assert (volunteer.motive, volunteer.unit) == ("Først", None)
    boss.post(url, {"version": 1, "motive": "Etterpå", "place": f"unit-{town.unit.pk}"})
    volunteer.refresh_from_db()
    assert (volunteer.motive, volunteer.unit) == ("Etterpå", town.unit)


def test_pause_end_and_in_again(town: Any, boss: Client, offer: Offer) -> None:
    assignment = AssignmentFactory.create(offer=offer)
    volunteer = assignment.volunteer
    PoliceFact.objects.create(
        municipality=town.municipality, volunteer=volunteer, outcome=PoliceOutcome.NOT_REQUIRED
    )
    until = timezone.localdate() + timedelta(days=30)
    boss.post(reverse("volunteer_pause", args=[volunteer.pk]), {"until": until})
    volunteer.refresh_from_db()
    assert (volunteer.state, volunteer.paused_until) == (VolunteerState.PAUSED, until)
    boss.post(reverse("volunteer_return", args=[volunteer.pk]))
    today = timezone.localdate()
    boss.post(reverse("volunteer_end", args=[volunteer.pk]), {"on": today, "reason": "moved"})
    volunteer.refresh_from_db()
    assert (volunteer.state, volunteer.leaving_reason) == (VolunteerState.ENDED, LeavingReason.MOVED)
    assert not PoliceFact.objects.exists()
    boss.post(reverse("volunteer_end_undo", args=[volunteer.pk]))
    volunteer.refresh_from_db()
    assignment.refresh_from_db()
    assert (volunteer.state, volunteer.ended_on) == (VolunteerState.ACTIVE, None)
    assert (assignment.state, assignment.ended_on) == (AssignmentState.ACTIVE, None)


# Each step in a transaction of its own: that is what tells them apart.
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
@pytest.mark.parametrize("state", ["starting", "paused"])
def test_undoing_an_end_leaves_all_as_it_was(town: Any, offer: Offer, state: str) -> None:
    """What was ended by itself the same day stays so, and what was only asked is no more than that."""
    by, today = town.coordinator.user, timezone.localdate()
    until = today + timedelta(days=30) if state == "paused" else None
    volunteer = VolunteerFactory.create(
        person__municipality=town.municipality, state=state, paused_until=until
    )
    over = AssignmentFactory.create(offer=offer, volunteer=volunteer)
    assignment_set(assignment=over, state=AssignmentState.ENDED, by=by)
    was = {
        AssignmentFactory.create(
            offer=OfferFactory.create(partnership=offer.partnership, unit=town.unit),
            volunteer=volunteer,
            state=one,
        ).pk: one
        for one in OPEN
    }
    volunteer_end(volunteer=volunteer, on=today, reason=None, by=by)
    # Something else is put right of one who has left.
    Volunteer.objects.filter(pk=volunteer.pk).update(unit=town.unit)
    volunteer_end_undo(volunteer=volunteer, by=by)
    volunteer.refresh_from_db()
    assert (volunteer.state, volunteer.paused_until, volunteer.ended_on) == (state, until, None)
    now = dict(Assignment.objects.filter(volunteer=volunteer).values_list("pk", "state"))
    assert now == {**was, over.pk: AssignmentState.ENDED}


def test_share_and_stop(town: Any, offer: Offer) -> None:
    """A club lets the place know her name, and takes it back; the place may not do it itself."""
    club = OrganisationFactory.create(municipality=town.municipality)
    rep = client_of(user_of(town, Role.ORGANISATION_REP, organisation=club))
    boss = client_of(town.coordinator.user)
    person = PersonFactory.create(
        municipality=town.municipality, controller_organisation=club, name="Lagsfugl"
    )
    assignment = AssignmentFactory.create(offer=offer, volunteer=VolunteerFactory.create(person=person))
    share = reverse("assignment_share", args=[assignment.pk])
    assert boss.post(share, {"what": "offer"}).status_code == 404
    assert rep.post(share, {"what": "partnership"}).status_code == 302
    url = reverse("volunteer", args=[assignment.volunteer_id])
    page = client_of(town.coordinator.user).get(url).content.decode()
    assert "Lagsfugl" in page
    # Seen, and not kept: nothing to change, and how she is reached is told by who runs the offer.
    assert reverse("volunteer_end", args=[assignment.volunteer_id]) not in page
    assert boss.get(reverse("volunteer_edit", args=[assignment.volunteer_id])).status_code == 403
    stop = reverse("volunteer_share_end", args=[assignment.volunteer.shares.get().pk])
    assert boss.post(stop).status_code == 403
    assert rep.post(stop).status_code == 302
    assert boss.get(url).status_code == 404


def test_under_eighteen(town: Any, boss: Client) -> None:
    answer = new(boss, email="ung@prove.example", under_18="1")
    volunteer = Volunteer.objects.get()
    assert answer.url == reverse("volunteer_guardian", args=[volunteer.pk])
    day = timezone.localdate() + timedelta(days=400)
    boss.post(answer.url, {"adult_from": day, "name": "Foresatt Prøve", "phone": "90000001"})
    page = boss.get(reverse("volunteer", args=[volunteer.pk])).content.decode()
    assert "Foresatt har ikke sagt ja ennå" in page
    boss.post(
        answer.url, {"adult_from": day, "name": "Foresatt Prøve", "phone": "90000001", "consented": "1"}
    )
    volunteer.refresh_from_db()
    assert volunteer.guardian.consented_at is not None
    assert volunteer.guardian.noted_by == town.coordinator.user
    # Another guardian has not said anything.
    guardian = guardian_set(
        volunteer=volunteer, adult_from=day, name="En annen", email="", phone="+4790000002", consented=False,
        by=town.coordinator.user,
    )  # fmt: skip
    assert guardian.consented_at is None
    boss.post(reverse("volunteer_guardian_out", args=[volunteer.pk]))
    volunteer.refresh_from_db()
    assert volunteer.adult_from is None
    assert not hasattr(Volunteer.objects.get(), "guardian")


def test_she_finds_her_own_on_her_own_page(town: Any) -> None:
    person = PersonFactory.create(municipality=town.municipality)
    volunteer = VolunteerFactory.create(person=person)
    from tests.factories.accounts import UserFactory

    user = UserFactory.create()
    Person.objects.filter(pk=person.pk).update(user=user)
    answer = client_of(user).get(reverse("volunteer", args=[volunteer.pk]))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("my_page"))
    assert client_of(user).get(reverse("volunteers")).status_code == 403


def test_the_list_costs_the_same_for_many(town: Any, boss: Client, offer: Offer) -> None:
    assert_constant_queries(boss, reverse("volunteers"), lambda: AssignmentFactory.create(offer=offer))
