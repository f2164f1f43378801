"""The page of a partnership, put together from the parts of the portal."""

import pytest
from django.test import Client

from partnerships.models import Partnership
from partnerships.models.partnership import StartedBy
from partnerships.services.partnership import partnership_start
from samskaping.accounts.permissions import Role
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, UnitFactory
from tests.permissions import make

pytestmark = pytest.mark.django_db


def test_started_partnership_has_a_page(client: Client) -> None:
    coordinator = make.member(Role.COORDINATOR, town := MunicipalityFactory.create())
    unit, club = UnitFactory.create(municipality=town), OrganisationFactory.create(municipality=town)
    made = partnership_start(
        municipality=town, title="  Prøve  turgruppe ", others=[unit, club], by=coordinator.user
    )
    assert made.title == "Prøve turgruppe"
    assert made.started_by == StartedBy.MUNICIPALITY
    assert [party.accepted_at is not None for party in made.parties.order_by("pk")] == [True, False]
    client.force_login(coordinator.user)
    shown = client.get(f"/samarbeid/{made.pk}/")
    assert shown.status_code == 200
    assert "Prøve turgruppe" in shown.content.decode()
    assert "Prøve turgruppe" in client.get("/samarbeid/").content.decode()
    assert Partnership.objects.get().search_key.startswith("pr|ve turgruppe")
