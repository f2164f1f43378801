"""Roles: given, changed, ended; who sees whom; the list and its pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Invitation, Membership, Organisation, Unit
from partnerships.services.membership import membership_change, membership_end, membership_grant
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import UnitFactory, member
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(town: Town, client: Client) -> Client:
    """Signed in as the coordinator."""
    client.force_login(town.coordinator.user)
    return client


# --- Services -----------------------------------------------------------------------------------------
def test_role_is_traced_and_asks_for_a_factor_later(town: Town) -> None:
    given = membership_grant(
        user=UserFactory.create(),
        person=town.coordinator.person,
        municipality=town.municipality,
        role=Role.CHIEF,
        by=town.coordinator.user,
    )
    assert given.second_factor_from == timezone.localdate() + timedelta(days=14)
    event = AuditEvent.objects.get(verb="membership_granted", object_id=str(given.pk))
    assert event.data == {"role": "chief"}


def test_same_role_twice_is_refused(town: Town) -> None:
    with pytest.raises(StateChanged):
        membership_grant(
            user=town.coordinator.user,
            person=town.coordinator.person,
            municipality=town.municipality,
            role=Role.COORDINATOR,
            by=None,
        )


def test_last_coordinator_stays(town: Town) -> None:
    with pytest.raises(DomainError):
        membership_end(membership=town.coordinator, by=town.coordinator.user)
    with pytest.raises(DomainError):
        membership_change(
            membership=town.coordinator,
            valid_to=timezone.localdate() + timedelta(days=3),
            by=town.coordinator.user,
        )


def test_a_coordinator_who_leaves_tomorrow_does_not_count(town: Town) -> None:
    other = member(town.municipality, Role.COORDINATOR)
    membership_change(membership=other, valid_to=timezone.localdate(), by=town.coordinator.user)
    with pytest.raises(DomainError):
        membership_end(membership=town.coordinator, by=other.user)


def test_another_municipalitys_coordinator_does_not_count(town: Town, neighbour: Town) -> None:
    with pytest.raises(DomainError):
        membership_end(membership=town.coordinator, by=town.coordinator.user)


def test_ended_twice_and_a_day_gone_by(town: Town) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    with pytest.raises(DomainError):
        membership_change(
            membership=staff, valid_to=timezone.localdate() - timedelta(days=1), by=town.coordinator.user
        )
    membership_end(membership=staff, by=town.coordinator.user)
    with pytest.raises(StateChanged):
        membership_end(membership=staff, by=town.coordinator.user)


def test_ended_role_is_gone_at_the_next_click_and_so_is_the_session(town: Town, client: Client) -> None:
    chief = member(town.municipality, Role.CHIEF)
    client.force_login(chief.user)
    assert client.get(reverse("members")).status_code == 200
    membership_end(membership=chief, by=town.coordinator.user)
    after = client.get(reverse("members"))
    assert after.headers["Location"].startswith(reverse("account_login"))


def test_role_that_ran_out_is_gone(town: Town, client: Client) -> None:
    chief = member(town.municipality, Role.CHIEF)
    client.force_login(chief.user)
    Membership.objects.filter(pk=chief.pk).update(
        valid_from=timezone.localdate() - timedelta(days=9),
        valid_to=timezone.localdate() - timedelta(days=1),
    )
    assert client.get(reverse("members")).status_code == 403


# --- The list ------------------------------------------------------------------------------------------
def test_list_shows_own_municipality_only(town: Town, neighbour: Town, boss: Client) -> None:
    member(town.municipality, Role.STAFF, name="Samira Vår", unit=town.unit)
    member(neighbour.municipality, Role.STAFF, name="Naboen Hemmelig", unit=neighbour.unit)
    page = boss.get(reverse("members")).content.decode()
    assert "Samira Vår" in page
    assert "Naboen Hemmelig" not in page
    assert neighbour.unit.name not in page


def test_list_is_for_the_municipality_she_works_in_now(town: Town, neighbour: Town, boss: Client) -> None:
    """Coordinator here and staff there: working as staff, the list is not hers."""
    there = member(neighbour.municipality, Role.STAFF, user=town.coordinator.user, unit=neighbour.unit)
    boss.post(reverse("switch_membership"), {"membership": there.pk})
    assert boss.get(reverse("members")).status_code == 403


@pytest.mark.parametrize("role", [Role.UNIT_LEADER, Role.PLACE_CONTACT, Role.STAFF, Role.OBSERVER])
def test_roles_that_manage_nobody_are_refused(town: Town, client: Client, role: Role) -> None:
    place = {} if role == Role.OBSERVER else {"unit": town.unit}
    client.force_login(member(town.municipality, role, **place).user)
    assert client.get(reverse("members")).status_code == 403
    assert client.get(reverse("member_invite")).status_code == 403


def test_centre_leader_sees_her_centre_only(town: Town, client: Client) -> None:
    leader = member(town.municipality, Role.CENTRE_LEADER, name="Åse Leder", centre=town.centre)
    rep = member(town.municipality, Role.ORGANISATION_REP, name="Kåre Rep", organisation=town.organisation)
    client.force_login(leader.user)
    page = client.get(reverse("members")).content.decode()
    assert "Åse Leder" in page
    assert "Kåre Rep" not in page
    assert "Ingrid Koordinator" not in page
    for name in ("membership_change", "membership_end"):
        assert client.get(reverse(name, args=[rep.pk])).status_code == 404
        assert client.post(reverse(name, args=[rep.pk])).status_code == 404


def test_filters_find_by_name_role_and_unit(town: Town, boss: Client) -> None:
    other = UnitFactory.create(municipality=town.municipality)
    member(town.municipality, Role.STAFF, name="Kari Nordmann", unit=town.unit)
    member(town.municipality, Role.UNIT_LEADER, name="Ola Sørbø", unit=other)

    def shown(**query: Any) -> str:
        table = boss.get(reverse("members"), query).content.decode().split('id="now"')[1]
        return table.split("</table>")[0]

    assert "Kari Nordmann" in shown(q="nord kari")
    assert "Ola Sørbø" in shown(q="sørb")
    assert "Kari Nordmann" not in shown(q="ordmann")
    assert "Kari Nordmann" not in shown(role="unit_leader")
    assert "Ola Sørbø" not in shown(unit=town.unit.pk)


def test_list_costs_the_same_for_ten_as_for_one(town: Town, boss: Client) -> None:
    def add(number: int) -> int:
        for n in range(number):
            unit = UnitFactory.create(municipality=town.municipality)
            member(town.municipality, Role.STAFF, unit=unit)
            person = member(town.municipality, Role.OBSERVER).person
            assert person is not None
            Invitation.objects.create(
                municipality=town.municipality,
                person=person,
                role=Role.STAFF,
                unit=unit,
                invited_by=town.coordinator.user,
                expires_at=timezone.now() + timedelta(days=n + 1),
            )
        boss.get(reverse("members"))
        with CaptureQueriesContext(connection) as queries:
            assert boss.get(reverse("members")).status_code == 200
        return len(queries)

    assert add(1) == add(9)


def test_ended_ones_are_folded_away(town: Town, boss: Client) -> None:
    gone = member(town.municipality, Role.STAFF, name="Sluttet Person", unit=town.unit)
    membership_end(membership=gone, by=town.coordinator.user)
    page = boss.get(reverse("members")).content.decode()
    assert "Sluttet Person" in page.split('<details class="ds-details">')[1]
    assert "Sluttet Person" not in page.split('<details class="ds-details">')[0]


# --- Inviting ------------------------------------------------------------------------------------------
def invite(client: Client, role: str, **data: Any) -> Any:
    form = {"name": "Ny Person", "email": "ny@prove.example", "phone": "", "language": "nb", **data}
    return client.post(f"{reverse('member_invite')}?rolle={role}", form)


def test_invite_in_the_browser(town: Town, boss: Client) -> None:
    assert invite(boss, "staff", unit=town.unit.pk).status_code == 302
    made = Invitation.objects.get()
    assert (made.role, made.unit, made.person.name) == ("staff", town.unit, "Ny Person")
    assert "Ny Person" in boss.get(reverse("members")).content.decode()


def test_new_places_are_made_in_passing_and_only_once(town: Town, boss: Client) -> None:
    invite(boss, "organisation_rep", new_organisation="Ytre kvinnelag")
    invite(boss, "organisation_rep", new_organisation="ytre  Kvinnelag", email="b@prove.example")
    assert Organisation.objects.filter(municipality=town.municipality, name="Ytre kvinnelag").count() == 1
    assert Invitation.objects.filter(organisation__name="Ytre kvinnelag").count() == 2


@pytest.mark.parametrize(
    ("role", "data"),
    [
        ("staff", {}),
        ("staff", {"unit": "foreign"}),
        ("centre_leader", {"new_centre": ""}),
        ("observer", {"email": "", "phone": ""}),
        ("observer", {"email": "ikke en adresse"}),
        ("observer", {"phone": "12"}),
        ("observer", {"name": ""}),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    town: Town, neighbour: Town, boss: Client, role: str, data: dict[str, Any]
) -> None:
    if data.get("unit") == "foreign":
        data = {"unit": neighbour.unit.pk}
    page = invite(boss, role, **{"name": "Skrevet Navn", **data})
    assert page.status_code == 200
    assert "ds-error-summary" in page.content.decode()
    if data.get("name") != "":
        assert "Skrevet Navn" in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["guest", "national", "volunteer", "superuser", ""])
def test_roles_that_are_not_hers_to_give_are_no_choice(town: Town, boss: Client, role: str) -> None:
    page = invite(boss, role)
    assert "Hva skal den du inviterer, være?" in page.content.decode()
    assert not Invitation.objects.exists()


def test_centre_leader_makes_no_organisation_and_no_coordinator(town: Town, client: Client) -> None:
    client.force_login(member(town.municipality, Role.CENTRE_LEADER, centre=town.centre).user)
    invite(client, "coordinator", new_unit="Ny enhet", new_organisation="Nytt lag")
    assert not Invitation.objects.exclude(role="centre_leader").exists()
    assert not Unit.objects.filter(name="Ny enhet").exists()
    assert not Organisation.objects.filter(name="Nytt lag").exists()


def test_send_again_and_withdraw(town: Town, boss: Client) -> None:
    invite(boss, "observer")
    pk = Invitation.objects.get().pk
    assert boss.post(reverse("invitation_again", args=[pk])).status_code == 302
    assert Invitation.objects.get().sent_count == 2
    assert boss.get(reverse("invitation_withdraw", args=[pk])).status_code == 200
    assert Invitation.objects.get().withdrawn_at is None
    boss.post(reverse("invitation_withdraw", args=[pk]))
    assert Invitation.objects.get().withdrawn_at is not None
    # Gone from the list, and so from these addresses.
    assert boss.post(reverse("invitation_again", args=[pk])).status_code == 404
    deliver()


def test_invitations_next_door_are_not_there(
    town: Town, neighbour: Town, client: Client, boss: Client
) -> None:
    invite(boss, "observer")
    pk = Invitation.objects.get().pk
    client.force_login(neighbour.coordinator.user)
    assert client.post(reverse("invitation_again", args=[pk])).status_code == 404
    assert client.post(reverse("invitation_withdraw", args=[pk])).status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


# --- Change and end in the browser ------------------------------------------------------------------------
def test_change_and_end(town: Town, boss: Client) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    day = timezone.localdate() + timedelta(days=30)
    boss.post(reverse("membership_change", args=[staff.pk]), {"valid_to": day.isoformat()})
    staff.refresh_from_db()
    assert staff.valid_to == day
    asks = boss.get(reverse("membership_end", args=[staff.pk]))
    assert "Avslutte rollen" in asks.content.decode()
    staff.refresh_from_db()
    assert staff.ended_at is None
    boss.post(reverse("membership_end", args=[staff.pk]))
    staff.refresh_from_db()
    assert staff.ended_by == town.coordinator.user


def test_last_coordinator_is_told_why(town: Town, boss: Client) -> None:
    page = boss.post(reverse("membership_end", args=[town.coordinator.pk]), follow=True)
    assert "eneste koordinatoren" in page.content.decode()


def test_extra_fields_in_the_form_change_nothing(town: Town, boss: Client) -> None:
    """Mass assignment: only the date is read."""
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    before = Membership.objects.filter(pk=staff.pk).values().get()
    extra = dict.fromkeys(before, "1") | {"role": "coordinator", "valid_to": ""}
    boss.post(reverse("membership_change", args=[staff.pk]), extra)
    assert Membership.objects.filter(pk=staff.pk).values().get() == before


# --- The switch ------------------------------------------------------------------------------------------
def test_switch_changes_place_and_words(town: Town, neighbour: Town, boss: Client) -> None:
    neighbour.settings.words = {"role.chief": "velferdssjef"}
    neighbour.settings.display_name = "Nabo kommune"
    neighbour.settings.save()
    chief = member(neighbour.municipality, Role.CHIEF, user=town.coordinator.user)
    before = boss.session.session_key
    boss.post(reverse("switch_membership"), {"membership": chief.pk})
    page = boss.get(reverse("profile")).content.decode()
    assert "Nabo kommune" in page
    assert "Velferdssjef" in page
    assert boss.session.session_key != before


@pytest.mark.parametrize("given", ["foreign", "", "0", "abc", "ended"])
def test_switch_takes_ones_own_current_ones_only(
    town: Town, neighbour: Town, boss: Client, given: str
) -> None:
    ended = member(town.municipality, Role.STAFF, user=town.coordinator.user, unit=town.unit)
    membership_end(membership=ended, by=town.coordinator.user)
    boss.force_login(town.coordinator.user)
    value = {"foreign": neighbour.coordinator.pk, "ended": ended.pk}.get(given, given)
    assert boss.post(reverse("switch_membership"), {"membership": value}).status_code == 400


def test_one_role_has_nothing_to_switch(town: Town, neighbour: Town, boss: Client) -> None:
    assert "Bytt kommune eller rolle" not in boss.get(reverse("profile")).content.decode()
    member(neighbour.municipality, Role.STAFF, user=town.coordinator.user, unit=neighbour.unit)
    assert "Bytt kommune eller rolle" in boss.get(reverse("profile")).content.decode()
