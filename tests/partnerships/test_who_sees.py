"""People in what is done together: seen by those who do it, never by guests and observers."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from agreements.models import Agreement
from partnerships.access import forget_access, get_for, get_visible
from partnerships.models import (
    ActorImport,
    Contact,
    Duty,
    DutyHolder,
    FirstMinutes,
    Grant,
    LogEntry,
    Partnership,
    Person,
    RequirementKind,
    ResponsibilityMap,
    Signal,
    Strategy,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from tests.factories import agreements as papers
from tests.factories import work
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, member
from tests.partnerships.conftest import make_town

# What tells of people, and what does not.
OF_PEOPLE = (Contact, LogEntry, Signal, DutyHolder, Agreement)
OF_THE_WORK = (Partnership, Grant, ResponsibilityMap, Duty)


@pytest.fixture
def shared(town: Any, neighbour: Any) -> Partnership:
    """One of everything in a partnership with the club, and the club of the municipality next door."""
    partnership = work.PartnershipFactory.create(municipality=town.municipality)
    ours = work.PartyFactory.create(partnership=partnership, organisation=town.organisation)
    theirs = work.PartyFactory.create(partnership=partnership, organisation=neighbour.organisation)
    for party in (ours, theirs):
        work.ContactFactory.create(
            party=party, person=PersonFactory.create(municipality=party.party_municipality)
        )
    work.LogEntryFactory.create(partnership=partnership)
    work.GrantFactory.create(partnership=partnership)
    work.SignalFactory.create(municipality=town.municipality, partnership=partnership)
    plan = work.MapFactory.create(municipality=town.municipality, partnership=partnership)
    work.hold(work.DutyFactory.create(map=plan), PersonFactory.create(municipality=town.municipality))
    papers.AgreementFactory.create(municipality=town.municipality, partnership=partnership)
    return partnership


def count(model: Any, user: Any) -> int:
    return int(model.objects.visible_to(user).count())


def rep(town: Any) -> User:
    user: User = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation).user
    return user


def test_the_parties_see_all_of_it_whichever_side_of_the_border(
    town: Any, neighbour: Any, shared: Partnership
) -> None:
    for user in (town.coordinator.user, rep(town), rep(neighbour), neighbour.coordinator.user):
        for model in (*OF_PEOPLE, *OF_THE_WORK):
            assert count(model, user) == (2 if model is Contact else 1), (model, user)


def test_a_guest_sees_the_work_and_no_people(town: Any, shared: Partnership) -> None:
    until = timezone.localdate() + timedelta(days=5)
    guest = member(town.municipality, Role.GUEST, partnership=shared, valid_to=until).user
    assert [count(model, guest) for model in OF_THE_WORK] == [1] * len(OF_THE_WORK)
    assert [count(model, guest) for model in OF_PEOPLE] == [0] * len(OF_PEOPLE)


def test_a_guest_who_also_is_a_party_is_no_less_for_it(town: Any, shared: Partnership) -> None:
    user = rep(town)
    member(town.municipality, Role.GUEST, user=user, partnership=shared, valid_to=timezone.localdate())
    assert [count(model, user) for model in OF_PEOPLE] == [2, 1, 1, 1, 1]


@pytest.mark.parametrize("who", ["other_rep", "observer", "stranger", "anonymous"])
def test_others_see_nothing_of_it(town: Any, shared: Partnership, who: str) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    user = {
        "other_rep": lambda: member(club.municipality, Role.ORGANISATION_REP, organisation=club).user,
        "observer": lambda: member(town.municipality, Role.OBSERVER).user,
        "stranger": UserFactory.create,
        "anonymous": AnonymousUser,
    }[who]()
    assert [count(model, user) for model in OF_PEOPLE] == [0] * len(OF_PEOPLE)
    assert count(LogEntry, user) == count(Grant, user) == 0


def test_the_municipalitys_map_is_read_by_all_and_its_names_by_those_who_work_there(town: Any) -> None:
    plan = work.MapFactory.create(municipality=town.municipality)
    work.hold(work.DutyFactory.create(map=plan), PersonFactory.create(municipality=town.municipality))
    staff = member(town.municipality, Role.STAFF, unit=town.unit).user
    observer = member(town.municipality, Role.OBSERVER).user
    assert (count(Duty, staff), count(DutyHolder, staff)) == (1, 1)
    assert (count(Duty, observer), count(DutyHolder, observer)) == (1, 0)
    # Seeing it is enough to read it; changing it takes a right that reaches it.
    assert get_visible(staff, ResponsibilityMap, pk=plan.pk) == plan
    with pytest.raises(PermissionDenied):
        get_for(staff, Permission.MAP_EDIT, ResponsibilityMap, pk=plan.pk)
    with pytest.raises(Http404):
        get_visible(rep(make_town()), ResponsibilityMap, pk=plan.pk)


def test_an_organisations_contact_is_for_those_in_daily_work(town: Any) -> None:
    person = PersonFactory.create(municipality=town.municipality, controller_organisation=town.organisation)
    contact = work.ContactFactory.create(person=person, organisation=town.organisation)
    staff = member(town.municipality, Role.STAFF, unit=town.unit).user
    observer = member(town.municipality, Role.OBSERVER).user
    assert (count(Contact, staff), count(Contact, observer)) == (1, 0)
    assert get_for(rep(town), Permission.ACTOR_EDIT, Contact, pk=contact.pk) == contact
    with pytest.raises(PermissionDenied):
        get_for(
            member(town.municipality, Role.UNIT_LEADER, unit=town.unit).user,
            Permission.ACTOR_EDIT,
            Contact,
            pk=contact.pk,
        )


def test_a_question_follows_who_asks_and_who_is_asked(town: Any) -> None:
    asks = member(town.municipality, Role.STAFF, unit=town.unit)
    asked = member(town.municipality, Role.PLACE_CONTACT, unit=town.unit)
    work.SignalFactory.create(municipality=town.municipality, raised_by=asks.person, receiver=asked.person)
    other = member(town.municipality, Role.STAFF, unit=town.unit).user
    assert [count(Signal, user) for user in (asks.user, asked.user, other)] == [1, 1, 0]
    asked.ended_at = timezone.now()
    asked.save()
    user = User.objects.get(pk=asked.user_id)
    assert count(Signal, user) == 0, "no questions to answer where one no longer works"


def test_drafts_of_a_strategy_are_for_those_who_may_propose(town: Any) -> None:
    work.StrategyFactory.create(municipality=town.municipality)
    work.StrategyFactory.create(municipality=town.municipality, state="proposed")
    staff = member(town.municipality, Role.STAFF, unit=town.unit).user
    assert (count(Strategy, staff), count(Strategy, rep(town))) == (1, 2)


def test_what_holds_peoples_data_or_sets_up_is_for_who_answers_for_all_of_it(town: Any) -> None:
    ActorImport.objects.create(municipality=town.municipality, name="lag.xlsx")
    FirstMinutes.objects.create(municipality=town.municipality)
    for model in (ActorImport, FirstMinutes):
        assert (count(model, town.coordinator.user), count(model, rep(town))) == (1, 0)


def test_our_requirements_are_for_whoever_works_somewhere(town: Any) -> None:
    work.RequirementKindFactory.create()
    work.RequirementKindFactory.create(municipality=make_town().municipality)
    assert count(RequirementKind, town.coordinator.user) == 1
    assert count(RequirementKind, AnonymousUser()) == 0
    assert Person.objects.visible_to(AnonymousUser()).count() == 0


def test_what_she_reaches_is_written_anew_when_her_roles_change(town: Any, shared: Partnership) -> None:
    user = UserFactory.create()
    for model in (Partnership, *OF_PEOPLE):
        assert not model.objects.visible_to(user).exists()
    member(town.municipality, Role.COORDINATOR, user=user)
    forget_access([user])
    for model in (Partnership, *OF_PEOPLE):
        assert model.objects.visible_to(user).exists(), model
    # The SQL is kept, what it finds is not.
    LogEntry.objects.all().delete()
    assert not LogEntry.objects.visible_to(user).exists()
