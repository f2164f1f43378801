"""«Folk og lag»: who sees, who writes, two at once, and whom to ring."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Contact, Organisation, Unit, VolunteerCentre
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent
from tests.factories.partnerships import OrganisationFactory, PersonFactory, UnitFactory, member
from tests.factories.work import ContactFactory
from tests.partnerships.conftest import Town
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def one(name: str, slug: str, actor: Any) -> str:
    return reverse(name, args=[slug, actor.pk])


def organisation_form(actor: Any = None, **changes: Any) -> dict[str, Any]:
    return {
        "name": actor.name if actor else "Prøve turlag",
        "kind": "association",
        "language": "nb",
        "version": str(actor.version if actor else 0),
        **changes,
    }


def test_adds_an_organisation_by_hand_while_the_register_is_away(town: Town, boss: Client) -> None:
    page = boss.get(reverse("actor_add", args=["lag"]), {"number": "974 760 673"}).content.decode()
    assert "svarer ikke" in page
    assert "974 760 673" in page
    answer = boss.post(
        reverse("actor_add", args=["lag"]),
        organisation_form(
            number="NO 974 760 673 MVA", areas=["elderly"], icnpo="1300", values="<b>Ro</b>\nTid"
        ),
        follow=True,
    )
    made = Organisation.objects.get(name="Prøve turlag")
    assert (made.number, made.areas, made.icnpo) == ("974760673", ["elderly"], "1300")
    assert "&lt;b&gt;Ro&lt;/b&gt;<br>Tid" in answer.content.decode()
    assert AuditEvent.objects.filter(verb="organisation_added", object_id=str(made.pk)).exists()


@pytest.mark.parametrize("number", ["123456789", "12", "900000090"])
def test_refuses_a_number_that_cannot_exist(town: Town, boss: Client, number: str) -> None:
    page = boss.post(reverse("actor_add", args=["lag"]), organisation_form(number=number))
    assert "ikke et gyldig organisasjonsnummer" in page.content.decode()


def test_warns_of_the_same_name_and_lets_her_insist(town: Town, boss: Client) -> None:
    OrganisationFactory.create(municipality=town.municipality, name="PRØVE Turlag")
    address = reverse("actor_add", args=["lag"])
    page = boss.post(address, organisation_form()).content.decode()
    assert "er lagt inn fra før" in page
    assert 'name="is_another"' in page
    assert boss.post(address, organisation_form(is_another="on")).status_code == 302


def test_the_same_number_is_refused_in_words(town: Town, boss: Client) -> None:
    OrganisationFactory.create(municipality=town.municipality, number="974760673")
    page = boss.post(reverse("actor_add", args=["lag"]), organisation_form(number="974760673"))
    assert "finnes allerede i kommunen" in page.content.decode()


def test_two_at_once_lose_nothing(town: Town, boss: Client) -> None:
    actor, address = town.organisation, one("actor_edit", "lag", town.organisation)
    first = organisation_form(actor, pace="Om kvelden")
    assert boss.post(address, first).status_code == 302
    second = boss.post(address, organisation_form(actor, pace="På dagtid")).content.decode()
    assert "mens du skrev" in second
    assert "Om kvelden" in second
    assert "På dagtid" in second
    actor.refresh_from_db()
    assert actor.pace == "Om kvelden"


def test_a_representative_writes_about_her_own_alone(town: Town, client: Client) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    other = OrganisationFactory.create(municipality=town.municipality)
    client.force_login(rep.user)
    assert client.get(one("actor_edit", "lag", town.organisation)).status_code == 200
    assert client.get(one("actor", "lag", other)).status_code == 200
    assert client.get(one("actor_edit", "lag", other)).status_code == 403
    assert client.get(reverse("actor_add", args=["lag"])).status_code == 403


def test_search_finds_by_name_number_area_and_main_group(town: Town, boss: Client) -> None:
    OrganisationFactory.create(
        municipality=town.municipality,
        name="Ærfugl songlag",
        number="974760673",
        areas=["culture"],
        icnpo="1100",
    )
    for query in ({"q": "SONG"}, {"q": "974 760 673"}, {"area": "culture"}, {"category": "1"}):
        page = boss.get(reverse("organisations"), query).content.decode()
        assert "Ærfugl songlag" in page, query
        assert town.organisation.name not in page, query
    assert "Ærfugl songlag" not in boss.get(reverse("organisations"), {"category": "11"}).content.decode()


def test_lists_cost_the_same_for_many(town: Town, boss: Client) -> None:
    assert_constant_queries(
        boss, reverse("organisations"), lambda: OrganisationFactory.create(municipality=town.municipality)
    )
    assert_constant_queries(
        boss, reverse("units"), lambda: UnitFactory.create(municipality=town.municipality, parent=town.unit)
    )


def test_two_contacts_and_not_a_third(town: Town, boss: Client) -> None:
    address = one("actor_contact", "lag", town.organisation)
    for name in ("Kari Prøve", "Ola Prøve"):
        given = {"name": name, "title": "Leder", "phone": "902 12 345" if name[0] == "K" else "902 12 346"}
        assert boss.post(address, given).status_code == 302
    page = boss.post(address, {"name": "Tredje Prøve", "phone": "902 12 347"}).content.decode()
    assert "plass til to kontakter" in page
    shown = boss.get(one("actor", "lag", town.organisation)).content.decode()
    assert "Kari Prøve" in shown
    assert "902 12 345" in shown
    contact = Contact.objects.get(person__name="Kari Prøve")
    assert contact.person.controller_organisation == town.organisation
    assert boss.post(reverse("actor_contact_end", args=[contact.pk])).status_code == 302
    assert not Contact.objects.filter(pk=contact.pk).exists()


def test_two_who_share_a_telephone_are_two(town: Town, boss: Client) -> None:
    address = one("actor_contact", "lag", town.organisation)
    shared = {"title": "Leder", "phone": "902 12 345"}
    assert boss.post(address, {"name": "Kari Prøve", **shared}).status_code == 302
    assert boss.post(address, {"name": "Ola Prøve", **shared}).status_code == 302
    first, second = Contact.objects.filter(organisation=town.organisation).order_by("order")
    assert (first.person.name, second.person.name) == ("Kari Prøve", "Ola Prøve")
    second.delete()
    # Another address is another person, whatever the telephone.
    again = {"name": "Kari Prøve", "email": "en.annen@prove.example", **shared}
    assert boss.post(address, again).status_code == 302
    third = Contact.objects.get(organisation=town.organisation, order=2)
    assert third.person not in (first.person, second.person)
    third.delete()
    page = boss.post(address, {"name": "KARI prøve", **shared}).content.decode()
    assert "allerede kontakt" in page


def test_hidden_and_from_an_observer(town: Town, boss: Client, client: Client) -> None:
    person = PersonFactory.create(
        municipality=town.municipality,
        name="Skjult Prøve",
        phone="+4790212345",
        hide_contact=True,
        controller_organisation=town.organisation,
    )
    ContactFactory.create(person=person, organisation=town.organisation)
    page = boss.get(one("actor", "lag", town.organisation)).content.decode()
    assert "Skjult Prøve" in page
    assert "902 12 345" not in page
    client.force_login(member(town.municipality, Role.OBSERVER).user)
    page = client.get(one("actor", "lag", town.organisation)).content.decode()
    assert town.organisation.name in page
    assert "Skjult Prøve" not in page


def unit_form(unit: Unit, **changes: Any) -> dict[str, Any]:
    unit.refresh_from_db()
    return {
        "name": unit.name,
        "parent": unit.parent_id or "",
        "version": str(unit.version),
        **changes,
    }


def test_units_are_a_tree_without_circles(town: Town, boss: Client) -> None:
    below = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    address = one("actor_edit", "enheter", town.unit)
    page = boss.post(address, unit_form(town.unit, parent=below.pk)).content.decode()
    assert "ikke flyttes til noe som ligger under" in page
    page = boss.post(one("actor_end", "enheter", town.unit), follow=True).content.decode()
    assert "ligger andre enheter under" in page
    assert boss.post(one("actor_edit", "enheter", below), unit_form(below, parent="")).status_code == 302
    boss.post(one("actor_end", "enheter", town.unit))
    town.unit.refresh_from_db()
    assert town.unit.ended_at
    boss.post(one("actor_resume", "enheter", town.unit))
    town.unit.refresh_from_db()
    assert town.unit.ended_at is None


def test_search_shows_a_unit_and_what_it_lies_under(town: Town, boss: Client) -> None:
    house = UnitFactory.create(
        municipality=town.municipality, parent=town.unit, name="Ørnheim", areas=["elderly"]
    )
    UnitFactory.create(municipality=town.municipality, parent=house, name="Avdeling Åpen")
    UnitFactory.create(municipality=town.municipality, parent=house, name="Vaktrommet")
    UnitFactory.create(municipality=town.municipality, name="Lukket åpenbart", ended_at="2026-01-01T00:00Z")
    page = boss.get(reverse("units"), {"q": "ÅPEN"}).content.decode()
    for name in (town.unit.name, "Ørnheim", "<b>Avdeling Åpen</b>", "Lukket åpenbart"):
        assert name in page, name
    assert "Vaktrommet" not in page
    assert "1 enhet<" in page
    page = boss.get(reverse("units"), {"area": "elderly"}).content.decode()
    assert "<b>Ørnheim</b>" in page
    assert "Avdeling Åpen" not in page
    assert "Ingen passer" in boss.get(reverse("units"), {"q": "finnes ikke"}).content.decode()


def test_hundreds_of_units_are_folded_and_turned_page_by_page(town: Town, boss: Client) -> None:
    assert "ds-details" not in _main(boss.get(reverse("units")))
    for number in range(60):
        UnitFactory.create(municipality=town.municipality, parent=town.unit, name=f"Under {number:02}")
    for number in range(55):
        UnitFactory.create(municipality=town.municipality, name=f"Øverst {number:02}")
    first = _main(boss.get(reverse("units")))
    assert "<summary>" + town.unit.name in first
    assert "60 under" in first
    assert "116 enheter" in first
    assert "Øverst 54" not in first
    second = _main(boss.get(reverse("units"), {"page": 2}))
    assert "Øverst 54" in second
    assert town.unit.name not in second
    assert "ds-details" not in _main(boss.get(reverse("units"), {"q": "under"}))


def _main(answer: Any) -> str:
    """Without the menus of the shell."""
    return str(answer.content.decode().partition("<main")[2].partition("</main")[0])


def test_units_of_the_same_name_are_told_apart_by_what_they_lie_under(town: Town, boss: Client) -> None:
    UnitFactory.create(municipality=town.municipality, parent=town.unit, name="Avdeling 1")
    page = boss.get(reverse("actor_add", args=["enheter"])).content.decode()
    assert f"Avdeling 1 ({town.unit.name})" in page


def test_a_leader_adds_under_her_own_and_nowhere_else(town: Town, client: Client) -> None:
    other = UnitFactory.create(municipality=town.municipality)
    client.force_login(member(town.municipality, Role.UNIT_LEADER, unit=town.unit).user)
    address = reverse("actor_add", args=["enheter"])
    given = {"name": "Ny avdeling", "version": "0"}
    assert client.post(address, {**given, "parent": town.unit.pk}).status_code == 302
    assert Unit.objects.get(name="Ny avdeling").parent == town.unit
    for parent in ("", other.pk):
        assert client.post(address, {**given, "name": "Feil", "parent": parent}).status_code == 200
    assert not Unit.objects.filter(name="Feil").exists()


def test_a_neighbours_unit_is_no_parent(town: Town, neighbour: Town, boss: Client) -> None:
    address = reverse("actor_add", args=["enheter"])
    boss.post(address, {"name": "Feil", "version": "0", "parent": neighbour.unit.pk})
    assert not Unit.objects.filter(name="Feil").exists()


def test_a_centre_answers_what_the_grant_asks(town: Town, boss: Client) -> None:
    given = {
        "name": town.centre.name,
        "ownership": "cooperative",
        "profile": "bridge",
        "has_premises": "True",
        "has_own_accounts": "False",
        "version": str(town.centre.version),
    }
    assert boss.post(one("actor_edit", "sentraler", town.centre), given).status_code == 302
    centre = VolunteerCentre.objects.get(pk=town.centre.pk)
    assert (centre.has_premises, centre.has_own_accounts, centre.has_advisory_body) == (True, False, None)
    assert centre.is_controller
