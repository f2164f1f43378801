"""«Oversikt» over folk og lag: the numbers, the gaps in words, and who sees who is together with whom."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.models import Organisation
from partnerships.models.partnership import Phase
from partnerships.selectors.actor_overview import ActorOverview, Together, actor_overview
from samskaping.accounts.permissions import Role
from tests.factories.partnerships import OrganisationFactory, UnitFactory, member
from tests.factories.work import PartnershipFactory, PartyFactory, RegisteredFactory
from tests.partnerships.conftest import Town
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
PAGE = reverse("actor_overview")


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def seen_by(town: Town, user: Any = None) -> ActorOverview:
    return actor_overview(user or town.coordinator.user, town.municipality)


def remarks(town: Town) -> str:
    return "\n".join(remark.text for remark in seen_by(town).remarks)


def together(town: Town, *actors: Any, **fields: Any) -> Any:
    partnership = PartnershipFactory.create(municipality=town.municipality, **fields)
    for actor in actors:
        kind = {"Unit": "unit", "VolunteerCentre": "centre"}.get(type(actor).__name__, "organisation")
        PartyFactory.create(partnership=partnership, **{"organisation": None, kind: actor})
    return partnership


def of(found: ActorOverview, actor: Any) -> Together:
    return next(line for line in found.together if line.name == actor.name)


def test_counts_by_area_and_category(town: Town, neighbour: Town) -> None:
    for organisation in (town.organisation, neighbour.organisation):
        Organisation.objects.filter(pk=organisation.pk).update(areas=["elderly", "culture"], icnpo="1100")
    OrganisationFactory.create(municipality=town.municipality, areas=["elderly"], icnpo="1")
    OrganisationFactory.create(
        municipality=town.municipality, areas=["elderly"], ended_at="2026-01-01T00:00Z"
    )
    together(town, town.organisation, areas=["elderly"])
    found = seen_by(town)
    lines = {line.area: line for line in found.areas}
    assert len(lines) == 12
    assert (lines["elderly"].organisations, lines["elderly"].partnerships) == (2, 1)
    assert (lines["culture"].organisations, lines["culture"].partnerships) == (1, 0)
    assert [(line.label, line.organisations) for line in found.categories] == [("Kultur og rekreasjon", 2)]
    assert found.summary == "2 lag og organisasjoner, 1 frivilligsentral og 1 enhet. 1 samarbeid er i gang."


def test_says_where_nobody_is_and_where_many_do_nothing_together(town: Town) -> None:
    for _number in range(3):
        OrganisationFactory.create(municipality=town.municipality, areas=["culture"])
    said = remarks(town)
    nobody = next(line for line in said.splitlines() if line.startswith("Ingen lag eller sentraler"))
    assert "helse og omsorg" in nobody
    assert "kultur" not in nobody
    assert "annet" not in nobody
    assert "Mange, men ingen samarbeid ennå: kultur." in said
    together(town, town.organisation, areas=["culture"])
    assert "Mange, men ingen" not in remarks(town)
    assert "side om side" not in remarks(town)
    for _number in range(2):
        together(town, town.organisation, areas=["culture"])
    assert "Flere samarbeid side om side: kultur." in remarks(town)


def test_says_who_is_in_nothing_and_the_number_leads_to_them(town: Town, boss: Client) -> None:
    alone = OrganisationFactory.create(
        municipality=town.municipality, name="Alene songlag", areas=["culture"]
    )
    together(town, town.organisation, town.unit)
    UnitFactory.create(municipality=town.municipality)
    said = remarks(town)
    assert "1 av 2 lag er ikke med i noe" in said
    assert "1 lag har ikke sagt" in said
    assert "1 av 2 enheter er ikke med i noe" in said
    for query, is_alone in (("together=no", True), ("together=yes", False), ("area=none", False)):
        assert f"?{query}" in boss.get(PAGE).content.decode() or query == "together=yes"
        page = boss.get(f"{reverse('organisations')}?{query}").content.decode()
        assert (alone.name in page) is is_alone, query
        assert (town.organisation.name in page) is not is_alone, query


def test_what_is_over_left_or_only_asked_is_not_together(town: Town) -> None:
    together(
        town, town.organisation, town.unit, phase=Phase.ENDED, ended_on=date(2026, 1, 1), areas=["elderly"]
    )
    asked = together(town, town.unit)
    PartyFactory.create(partnership=asked, organisation=town.organisation, accepted_at=None)
    left = together(town, town.unit)
    PartyFactory.create(partnership=left, organisation=town.organisation, left_on=date(2026, 1, 1))
    found = seen_by(town)
    assert found.together == []
    assert next(line for line in found.areas if line.area == "elderly").partnerships == 0
    assert "1 av 1 lag er ikke med i noe" in remarks(town)


def test_who_works_with_whom(town: Town, neighbour: Town) -> None:
    together(town, town.organisation, town.unit, town.centre)
    together(town, town.organisation, town.unit)
    together(town, town.organisation, neighbour.organisation)
    next_door = PartnershipFactory.create(municipality=neighbour.municipality)
    PartyFactory.create(partnership=next_door, organisation=None, unit=neighbour.unit)
    PartyFactory.create(partnership=next_door, organisation=None, centre=town.centre)
    together(neighbour, neighbour.organisation, neighbour.unit)
    found = seen_by(town)
    ours = of(found, town.organisation)
    assert ours.units == [f"{town.unit.name} (2)"]
    assert sorted(ours.others) == sorted(
        [town.centre.name, f"{neighbour.organisation.name} ({neighbour.municipality.name})"]
    )
    assert ours.partnerships == 3
    assert f"{neighbour.unit.name} ({neighbour.municipality.name})" in of(found, town.centre).units
    # The neighbour's own are not ours to list.
    assert [line.name for line in found.together] == sorted([town.organisation.name, town.centre.name])


def test_each_sees_who_is_together_in_what_she_sees(town: Town) -> None:
    other = OrganisationFactory.create(municipality=town.municipality, name="Et helt annet lag")
    together(town, town.organisation, town.unit)
    together(town, other, town.centre)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    hers = seen_by(town, rep.user)
    assert [line.name for line in hers.together] == [town.organisation.name]
    assert not hers.sees_all
    # The numbers are the same for all, and an observer's overview is the whole municipality's.
    assert hers.summary == seen_by(town).summary
    assert hers.areas == seen_by(town).areas
    observer = member(town.municipality, Role.OBSERVER)
    assert len(seen_by(town, observer.user).together) == 3
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    assert [line.name for line in seen_by(town, leader.user).together] == [town.organisation.name]


def test_the_register_and_who_may_tick_in_it(town: Town, client: Client) -> None:
    RegisteredFactory.create(municipality=town.municipality, number="912660680")
    RegisteredFactory.create(municipality=town.municipality, number="974760673", name="Kjent")
    OrganisationFactory.create(municipality=town.municipality, number="974760673")
    assert "1 registrert lag i kommunen er ikke lagt inn her." in remarks(town)
    for by, may in ((town.coordinator, True), (member(town.municipality, Role.OBSERVER), False)):
        client.force_login(by.user)
        page = client.get(PAGE).content.decode()
        assert "1 registrert lag" in page
        assert (f'href="{reverse("first_minutes_organisations")}"' in page) is may


def test_an_empty_municipality_is_told_what_to_do_first(town: Town, boss: Client) -> None:
    Organisation.objects.all().delete()
    page = boss.get(PAGE).content.decode()
    assert "Legg inn et lag" in page
    assert "Hull og overlapp" not in page
    boss.force_login(member(town.municipality, Role.OBSERVER).user)
    page = boss.get(PAGE).content.decode()
    assert "Oversikten lages av" in page
    assert "Legg inn et lag" not in page


def test_costs_the_same_for_many(town: Town, client: Client) -> None:
    def more() -> None:
        organisation = OrganisationFactory.create(
            municipality=town.municipality, areas=["elderly"], icnpo="1100"
        )
        together(town, organisation, town.unit, UnitFactory.create(municipality=town.municipality))
        RegisteredFactory.create(municipality=town.municipality)

    for role, place in ((Role.COORDINATOR, {}), (Role.UNIT_LEADER, {"unit": town.unit})):
        client.force_login(member(town.municipality, role, **place).user)
        assert_constant_queries(client, PAGE, more)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
        assert len(asked) <= 10, "\n".join(sql[:200] for sql in asked)


def test_those_together_in_something_are_turned_page_by_page(
    town: Town, boss: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partnerships.selectors.actor_overview.TOGETHER_SHOWN", 2)
    for name in ("Alfa lag", "Beta lag", "Gamma lag"):
        together(town, OrganisationFactory.create(municipality=town.municipality, name=name), town.unit)
    first, second = (boss.get(PAGE, {"page": page}).content.decode() for page in (1, 2))
    assert "Beta lag" in first
    assert "Gamma lag" not in first
    assert "Gamma lag" in second
    assert 'rel="next"' in first
