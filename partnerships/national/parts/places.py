"""Municipalities in use: units, centres, organisations, and somebody to sign in as in each."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from partnerships.demo import PASSWORD
from partnerships.models import (
    FirstMinutes,
    Membership,
    MunicipalitySettings,
    Organisation,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Area
from partnerships.national.nation import DOMAIN, Nation
from partnerships.national.words import SECTORS, UNITS, club, key, person, place
from partnerships.services.membership import SECOND_FACTOR_AFTER
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality

ORDER = 10


def load(nation: Nation) -> None:
    if nation.has(MunicipalitySettings.objects.all()):
        return
    nation.write(
        MunicipalitySettings,
        (
            MunicipalitySettings(
                municipality=town, display_name=f"{town.names[0]} kommune", language=town.language,
                contact_email=f"post-{town.number}{DOMAIN}",
            )
            for town in nation.municipalities
        ),
    )  # fmt: skip
    done = timezone.now()
    nation.write(
        FirstMinutes, (FirstMinutes(municipality=town, finished_at=done) for town in nation.municipalities)
    )
    sectors = nation.write(Unit, (_unit(town, name) for town in nation.municipalities for name in SECTORS))
    below = (_below(nation, sector) for sector in sectors)
    units = nation.write(Unit, (unit for few in below for unit in few))
    centres = nation.write(
        VolunteerCentre, (c for town in nation.municipalities for c in _centres(nation, town))
    )
    clubs = nation.write(Organisation, (o for town in nation.municipalities for o in _clubs(nation, town)))
    _people(nation, sectors, units, centres, clubs)


def _unit(town: Municipality, name: str, parent: Unit | None = None) -> Unit:
    return Unit(municipality=town, name=name, name_key=key(name), parent=parent)


def _below(nation: Nation, sector: Unit) -> Iterator[Unit]:
    many = 2 + nation.partnerships[sector.municipality_id] // 40
    for number in range(min(many, 60)):
        yield _unit(sector.municipality, f"{place(nation.random)} {UNITS[number % 10]} {number + 1}", sector)


def _centres(nation: Nation, town: Municipality) -> Iterator[VolunteerCentre]:
    for number in range(1 + nation.partnerships[town.pk] // 300):
        name = f"{place(nation.random)} frivilligsentral {number + 1}"
        yield VolunteerCentre(municipality=town, name=name, name_key=key(name))


def _clubs(nation: Nation, town: Municipality) -> Iterator[Organisation]:
    for _number in range(5 + nation.partnerships[town.pk]):
        name = club(nation.random)
        areas = nation.random.sample(Area.values, 2)
        yield Organisation(municipality=town, name=name, name_key=key(name), areas=areas)


def _people(nation: Nation, *kinds: list[Any]) -> None:
    """A coordinator and a chief in each, and a leader of the first unit, centre and organisation."""
    sectors, units, centres, clubs = ({row.municipality_id: row for row in reversed(kind)} for kind in kinds)
    roles: list[tuple[Municipality, Role, dict[str, Any]]] = []
    for town in nation.municipalities:
        centre, organisation = centres[town.pk], clubs[town.pk]
        roles += [
            (town, Role.COORDINATOR, {}),
            (town, Role.CHIEF, {"unit": sectors[town.pk]}),
            (town, Role.UNIT_LEADER, {"unit": units[town.pk]}),
            (town, Role.CENTRE_LEADER, {"centre": centre}),
            (town, Role.ORGANISATION_REP, {"organisation": organisation}),
        ]
    password = make_password(PASSWORD)
    users = nation.write(
        User,
        (User(email=f"{role.value}-{town.number}{DOMAIN}", password=password) for town, role, _at in roles),
    )
    names = [person(nation.random) for _user in users]
    people = nation.write(
        Person,
        (
            Person(
                municipality=town, user=user, name=name, name_key=key(name), email=user.email,
                controller_organisation=at.get("organisation"),
            )
            for (town, _role, at), user, name in zip(roles, users, names, strict=True)
        ),
    )  # fmt: skip
    nation.write(
        Membership,
        (
            Membership(
                user=user, person=who, municipality=town, role=role, **at,
                # As for anybody new: some days to work before the second factor has to be there.
                second_factor_from=nation.today + SECOND_FACTOR_AFTER,
            )
            for (town, role, at), user, who in zip(roles, users, people, strict=True)
        ),
    )  # fmt: skip
