"""«Jeg er borte»: days, deputies, and who answers meanwhile."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Absence
from partnerships.selectors.absence import deputies_for, deputy_of
from partnerships.services.absence import absence_add, absence_end
from partnerships.services.membership import membership_end
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def away(membership: Any, first: int, last: int, deputy: Any = None) -> Absence:
    return absence_add(
        membership=membership, away_from=day(first), away_to=day(last), deputy=deputy, by=membership.user
    )


def test_deputy_stands_in_for_just_these_days(town: Town) -> None:
    colleague = member(town.municipality, Role.COORDINATOR, name="Amund Vikar")
    away(town.coordinator, 1, 3, colleague.person)
    assert [deputy_of(town.coordinator, day(n)) for n in range(5)] == [None, *[colleague.person] * 3, None]


def test_deputy_who_lost_her_role_stands_in_no_more(town: Town) -> None:
    colleague = member(town.municipality, Role.STAFF, unit=town.unit)
    away(town.coordinator, 0, 3, colleague.person)
    membership_end(membership=colleague, by=town.coordinator.user)
    assert deputy_of(town.coordinator, day(0)) is None


def test_only_colleagues_can_be_chosen(town: Town, neighbour: Town) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    observer = member(town.municipality, Role.OBSERVER)
    leader = member(town.municipality, Role.CENTRE_LEADER, centre=town.centre)
    other_leader = member(town.municipality, Role.CENTRE_LEADER, centre=town.centre)
    assert set(deputies_for(town.coordinator)) == {staff.person}
    assert set(deputies_for(leader)) == {other_leader.person}
    for person in (observer.person, leader.person, neighbour.coordinator.person, town.coordinator.person):
        with pytest.raises(DomainError):
            away(town.coordinator, 0, 1, person)


@pytest.mark.parametrize(("first", "last"), [(3, 1), (-5, -1), (2, 4), (0, 9)])
def test_days_that_cannot_be(town: Town, first: int, last: int) -> None:
    away(town.coordinator, 3, 6)
    with pytest.raises(DomainError):
        away(town.coordinator, first, last)


def test_back_early_and_called_off(town: Town) -> None:
    begun = away(town.coordinator, -0, 3)
    coming = away(town.coordinator, 10, 12)
    Absence.objects.filter(pk=begun.pk).update(away_from=day(-2))
    absence_end(absence=begun, by=town.coordinator.user)
    begun.refresh_from_db()
    assert begun.away_to == day(-1)
    absence_end(absence=coming, by=town.coordinator.user)
    assert not Absence.objects.filter(pk=coming.pk).exists()
    with pytest.raises(StateChanged):
        absence_end(absence=begun, by=town.coordinator.user)


def test_in_the_browser(town: Town, neighbour: Town, client: Client) -> None:
    colleague = member(town.municipality, Role.STAFF, name="Amund Vikar", unit=town.unit)
    client.force_login(town.coordinator.user)
    form = {"away_from": day(0).isoformat(), "away_to": day(4).isoformat(), "deputy": colleague.person_id}
    assert client.post(reverse("away"), form).status_code == 302
    page = client.get(reverse("profile")).content.decode()
    assert "Du er meldt borte til og med" in page
    assert "Amund Vikar" in client.get(reverse("away")).content.decode()
    absence = Absence.objects.get()
    client.force_login(neighbour.coordinator.user)
    assert client.post(reverse("away_back", args=[absence.pk])).status_code == 404
    client.force_login(colleague.user)
    assert client.post(reverse("away_back", args=[absence.pk])).status_code == 404
    client.force_login(town.coordinator.user)
    client.post(reverse("away_back", args=[absence.pk]))
    assert "Du er meldt borte" not in client.get(reverse("profile")).content.decode()


def test_foreign_deputy_in_the_form(town: Town, neighbour: Town, client: Client) -> None:
    client.force_login(town.coordinator.user)
    form = {
        "away_from": day(0).isoformat(),
        "away_to": day(4).isoformat(),
        "deputy": neighbour.coordinator.person_id,
    }
    assert client.post(reverse("away"), form).status_code == 200
    assert not Absence.objects.exists()


def test_who_has_no_role_is_refused(client: Client, town: Town) -> None:
    from tests.factories.accounts import UserFactory

    client.force_login(UserFactory.create())
    assert client.get(reverse("away")).status_code == 403
