"""What is not in the form, sent all the same: foreign keys, fields of the model, others' ids."""

from typing import Any

import pytest
from django.core import mail
from django.forms.models import model_to_dict
from django.urls import reverse

from partnerships.models import Absence, Invitation, Membership, MunicipalitySettings, Person
from samskaping.core.models import Outbox, StoredFile
from tests.database import rolled_back
from tests.permissions.frame import Place
from tests.permissions.table import ACTORS
from tests.permissions.world import CANARY, CENTRES_CANARY, ORGANISATIONS_CANARY, OWN_WORD, World

FOREIGN = (Place.NEIGHBOUR, Place.THIRD)
INVITERS = ("coordinator", "chief", "sector_chief", "centre_leader", "organisation_rep")


def post(world: World, actor: str, url: str, data: dict[str, Any]) -> Any:
    return world.client(actor, csrf=False).post(url, data)


@pytest.mark.parametrize("actor", INVITERS)
def test_nobody_invites_to_anothers_place(world: World, actor: str) -> None:
    """T3: every foreign unit, centre and organisation in every field of the form, with every role."""
    for place in FOREIGN:
        theirs = world.town(place)
        for role, field, there in (
            ("staff", "unit", theirs.unit),
            ("unit_leader", "unit", theirs.sector),
            ("centre_leader", "centre", theirs.centre),
            ("organisation_rep", "organisation", theirs.organisation),
            ("coordinator", "municipality", theirs.municipality),
            ("national", "municipality", theirs.municipality),
            ("guest", "partnership", theirs.partnership),
        ):
            with rolled_back():
                post(
                    world,
                    actor,
                    f"{reverse('member_invite')}?rolle={role}",
                    {
                        "name": "Smugler",
                        "email": "smugler@prove.example",
                        "language": "nb",
                        field: there.pk,
                        "municipality": theirs.municipality.pk,
                        "role": role,
                    },
                )
                made = Invitation.objects.filter(person__name="Smugler")
                assert not made.exclude(municipality=world.town(Place.OWN).municipality).exists(), (
                    role,
                    place,
                )
                assert (
                    not made.filter(**{f"{field}_id": there.pk}).exists()
                    if field
                    in (
                        "unit",
                        "centre",
                        "organisation",
                    )
                    else not made.filter(role__in=("national", "guest")).exists()
                )


@pytest.mark.parametrize(
    ("actor", "roles"), [("centre_leader", {"centre_leader"}), ("organisation_rep", {"organisation_rep"})]
)
def test_nobody_hands_out_more_than_she_has(world: World, actor: str, roles: set[str]) -> None:
    own = world.town(Place.OWN)
    everything = {"unit": own.unit.pk, "centre": own.centre.pk, "organisation": own.organisation.pk}
    for role in ("coordinator", "chief", "staff", "observer", "national", "guest", "superuser"):
        with rolled_back():
            post(
                world,
                actor,
                f"{reverse('member_invite')}?rolle={role}",
                {"name": "Smugler", "email": "s@prove.example", "language": "nb", "role": role, **everything},
            )
            assert (
                set(Invitation.objects.filter(person__name="Smugler").values_list("role", flat=True)) <= roles
            )


def test_deputy_is_a_colleague(world: World) -> None:
    """A person of the neighbour's, of an organisation's and of a centre's, in the field for a deputy."""
    own = world.town(Place.OWN)
    others: list[Any] = [p for place in FOREIGN for p in world.town(place).people.values()]
    others += [own.people["organisation"], own.people["centre"], own.members["centre_leader"].person]
    day = own.absence.away_from.isoformat()
    for actor in ("coordinator", "unit_leader", "staff"):
        for person in others:
            with rolled_back():
                response = post(
                    world, actor, "/borte/", {"away_from": day, "away_to": day, "deputy": person.pk}
                )
                assert response.status_code == 200, "the form says no"
                assert CANARY not in response.content.decode()
                assert not Absence.objects.filter(deputy=person).exists()


@pytest.mark.parametrize("actor", [a for a in ACTORS if a not in ("anonymous", "by_link")])
def test_nobody_works_as_somebody_else(world: World, actor: str) -> None:
    """The role switch takes one's own only: every membership there is, of every municipality."""
    user = world.users[actor]
    client = world.client(actor, csrf=False)
    for membership in Membership.objects.exclude(user=user):
        assert client.post(reverse("switch_membership"), {"membership": membership.pk}).status_code == 400


def test_ended_membership_cannot_be_chosen(world: World) -> None:
    ended = world.town(Place.OWN).members["ended"]
    assert post(world, "ended", reverse("switch_membership"), {"membership": ended.pk}).status_code == 400


def test_forged_choice_in_the_session_is_not_believed(world: World) -> None:
    client = world.client("coordinator")
    session = client.session
    session["membership"] = world.town(Place.NEIGHBOUR).members["coordinator"].pk
    session.save()
    assert CANARY not in client.get("/folk/roller/").content.decode()


def all_fields(row: Any, foreign: Any) -> dict[str, Any]:
    """A body with every field of the row's model, as somebody would send who has read the source."""
    given: dict[str, Any] = {f.name: "1" for f in row._meta.fields}
    given |= {
        "municipality": foreign.municipality.pk,
        "role": "coordinator",
        "user": 1,
        "is_superuser": "1",
        "is_active": "1",
        "granted_by": 1,
        "ended_at": "",
        "controller_organisation": foreign.organisation.pk,
    }
    return given


def test_change_of_a_role_changes_its_end_and_nothing_else(world: World) -> None:
    """T4."""
    own, foreign = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    row = own.members["staff"]
    before = model_to_dict(row)
    with rolled_back():
        body = {**all_fields(row, foreign), "valid_to": ""}
        assert post(world, "coordinator", f"/folk/roller/{row.pk}/", body).status_code == 302
        after = model_to_dict(Membership.objects.get(pk=row.pk))
        assert {k for k in before if before[k] != after[k]} == {"valid_to"}


def test_profile_changes_oneself_and_no_links(world: World) -> None:
    own, foreign = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    person = own.members["staff"].person
    assert person is not None
    kept = ("user_id", "municipality_id", "controller_organisation_id", "controller_centre_id", "email", "pk")
    before = {name: getattr(person, name) for name in kept}
    with rolled_back():
        post(world, "staff", "/min-konto/", {**all_fields(person, foreign), "name": "Ny", "language": "nb"})
        after = Person.objects.get(pk=person.pk)
        assert {name: getattr(after, name) for name in kept} == before
        assert not Person.objects.exclude(pk=person.pk).filter(name="Ny").exclude(user=person.user).exists()


def test_settings_stay_in_their_municipality(world: World) -> None:
    own, foreign = world.town(Place.OWN), world.town(Place.NEIGHBOUR)
    row = MunicipalitySettings.objects.get(municipality=own.municipality)
    with rolled_back():
        body = {
            **all_fields(row, foreign),
            "version": row.version,
            "display_name": "Nytt navn",
            "language": "nb",
            "logo": str(foreign.logo.pk),
            "contact_email": "",
            "contact_phone": "",
            "archive_email": "",
            "login_domain": "",
            "accessibility_statement_url": "",
            "whistleblowing_url": "",
            "deviation_url": "",
            "concern_url": "",
        }
        assert post(world, "coordinator", "/innstillinger/", body).status_code == 302
        after = MunicipalitySettings.objects.get(pk=row.pk)
        assert (after.municipality, after.logo_id) == (own.municipality, own.logo.pk)
        theirs = MunicipalitySettings.objects.get(municipality=foreign.municipality)
        assert theirs.display_name.startswith(CANARY)


@pytest.mark.parametrize("actor", ACTORS)
def test_list_and_search_count_only_ones_own(world: World, actor: str) -> None:
    """T5: lists, filters, counts and home pages; no search makes another's row count."""
    client = world.client(actor)
    for path in (
        "/folk/roller/",
        f"/folk/roller/?q={CANARY[:6]}",
        "/folk/roller/?role=coordinator",
        "/folk/roller/?page=999",
        f"/folk/roller/?unit={world.town(Place.NEIGHBOUR).unit.pk}",
        "/denne-uka/",
        "/oversikt/",
        "/min-side/",
        "/folk/roller/inviter/?rolle=staff",
        "/folk/roller/inviter/?rolle=organisation_rep",
        "/folk/roller/inviter/?rolle=centre_leader",
        "/borte/",
        "/min-konto/",
    ):
        page = client.get(path).content.decode()
        shown = page.replace(CANARY[:6] + '"', "")
        assert CANARY not in shown, path
        if actor != "organisation_rep":
            assert f"{ORGANISATIONS_CANARY} frivillig" not in page, path
        if actor != "centre_leader":
            assert f"{CENTRES_CANARY} frivillig" not in page, path


def test_operator_sees_technical_pages_only(world: World) -> None:
    client = world.client("superuser")
    for path in ("/folk/roller/", "/innstillinger/", "/borte/", "/folk/roller/inviter/"):
        assert client.get(path).status_code == 403
    assert client.get("/readyz").status_code == 200
    page = client.get("/min-side/").content.decode()
    assert "Teknisk drift" in page
    assert OWN_WORD not in page.split("<main", 1)[1]


def test_messages_go_to_the_owner_and_name_no_other(world: World) -> None:
    """An invitation sent again: nothing of anybody else's in outbox or mail."""
    with rolled_back():
        invitation = world.town(Place.OWN).invitation
        post(world, "coordinator", reverse("invitation_again", kwargs={"pk": invitation.pk}), {})
        row = Outbox.objects.get(kind="invitation")
        assert CANARY not in str(row.payload) + row.key
        from samskaping.core.services.outbox import outbox_deliver_row

        outbox_deliver_row(row.pk)
        (letter,) = mail.outbox
        assert letter.to == [f"{OWN_WORD}-invitert@prove.example"]
        assert CANARY not in letter.message().as_string()
    mail.outbox.clear()


def test_files_are_only_where_they_belong(world: World) -> None:
    """A file nobody points to as a logo is nobody's to fetch."""
    with rolled_back():
        loose = StoredFile.objects.create(
            municipality=world.town(Place.OWN).municipality,
            name="x",
            content_type="image/png",
            size=1,
            sha256="0" * 64,
            content=b"x",
        )
        for actor in ACTORS:
            assert world.client(actor).get(f"/fil/{loose.pk}/").status_code in (302, 404)
