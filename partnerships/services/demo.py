"""Loads the demo's municipalities and people. Safe to run again: what is there stays as it is."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from partnerships import demo, demo_year
from partnerships.models import (
    Invitation,
    Membership,
    MunicipalitySettings,
    Organisation,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.services.invitation import invitation_send
from partnerships.services.notice import notices_derive, notices_queue
from samskaping.accounts.models import User
from samskaping.accounts.permissions import CENTRE_ROLES, ORGANISATION_ROLES, UNIT_ROLES, Role
from samskaping.core.models import County, Municipality
from samskaping.core.working_days import DAY_BEGINS, OSLO, is_working_day, working_day_before


@transaction.atomic
def demo_load() -> None:
    """Two municipalities in a county of their own, outside the 357, with somebody in every role."""
    number, name = demo.COUNTY
    county, _made = County.objects.get_or_create(number=number, defaults={"name": name})
    for town in demo.TOWNS:
        _town(county, town)
    for human in demo.PEOPLE:
        _human(human)
    _volunteer()
    _national()
    _invited()
    demo_year.load()
    _due()


def _town(county: County, town: demo.Town) -> None:
    municipality, _made = Municipality.objects.get_or_create(
        number=town.number,
        defaults={
            "name": town.name,
            "county": county,
            "language_form": town.language,
            "population": town.population,
            "centrality": 5,
            "is_demo": True,
        },
    )
    contact, email, phone = town.contact
    MunicipalitySettings.objects.get_or_create(
        municipality=municipality,
        defaults={
            "display_name": f"{town.name} kommune",
            "language": town.language,
            "contact_name": contact,
            "contact_email": email,
            "contact_phone": phone,
        },
    )
    # Whom to ring stands in every agreement, so whoever is a party to one has a number.
    numbers = (f"{town.switchboard}{line:02}" for line in count())
    for name, above in town.units:
        parent = Unit.objects.get(municipality=municipality, name=above, parent=None) if above else None
        Unit.objects.get_or_create(
            municipality=municipality, name=name, parent=parent, defaults={"phone": next(numbers)}
        )
    for name, ownership in town.centres:
        VolunteerCentre.objects.get_or_create(
            municipality=municipality,
            name=name,
            defaults={"ownership": ownership, "phone": next(numbers)},
        )
    for name in town.organisations:
        Organisation.objects.get_or_create(municipality=municipality, name=name)


def _human(human: demo.Human) -> None:
    user = _user(human.login, language=human.language, phone=human.phone)
    for part in human.parts:
        municipality = Municipality.objects.get(number=part.town)
        place = _place(part, municipality)
        centre = place.get("centre")
        person, _made = Person.objects.get_or_create(
            user=user,
            municipality=municipality,
            controller_organisation=place.get("organisation"),
            controller_centre=centre if centre is not None and centre.is_controller else None,
            defaults={
                "name": human.name,
                "email": user.email or "",
                "phone": human.phone,
                "language": human.language,
                "channel": human.channel,
                **dict(zip(("street", "postal_code", "post_town"), human.home, strict=True)),
            },
        )
        # Without a day for the second factor: whoever tries the demo may skip it (settings/sign_in.py).
        Membership.objects.get_or_create(
            user=user,
            municipality=municipality,
            role=part.role,
            **{"unit": None, "centre": None, "organisation": None, **place},
            defaults={
                "person": person,
                "valid_from": timezone.localdate() - timedelta(days=part.since_days),
                "valid_to": timezone.localdate() + timedelta(days=part.days_left) if part.days_left else None,
            },
        )


def _place(part: demo.Part, municipality: Municipality) -> dict[str, Any]:
    if not part.place:
        return {}
    kinds: tuple[tuple[str, frozenset[Role], Any], ...] = (
        ("unit", UNIT_ROLES | {Role.CHIEF}, Unit),
        ("centre", CENTRE_ROLES, VolunteerCentre),
        ("organisation", ORGANISATION_ROLES, Organisation),
    )
    field, model = next((field, model) for field, roles, model in kinds if part.role in roles)
    return {field: model.objects.get(municipality=municipality, name=part.place)}


def _user(login: str, *, language: str = "nb", phone: str = "") -> User:
    email = f"{login}@demo.example"
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, demo.PASSWORD, language=language, phone=phone)


def _volunteer() -> None:
    login, name, town, phone = demo.VOLUNTEER
    user = _user(login, phone=phone)
    Person.objects.get_or_create(
        user=user,
        municipality=Municipality.objects.get(number=town),
        controller_organisation=None,
        controller_centre=None,
        defaults={"name": name, "email": user.email or "", "phone": phone},
    )


def _national() -> None:
    user = _user(demo.NATIONAL)
    Membership.objects.get_or_create(user=user, municipality=None, role=Role.NATIONAL)


def _invited() -> None:
    name, email, town, unit = demo.INVITED
    municipality = Municipality.objects.get(number=town)
    if Invitation.objects.filter(person__email=email, municipality=municipality).exists():
        return
    invitation_send(
        municipality=municipality,
        role=Role.STAFF,
        name=name,
        email=email,
        unit=Unit.objects.get(municipality=municipality, name=unit),
        by=User.objects.get(email="coordinator@demo.example"),
    )


def _due() -> None:
    """What was due on the last working day has left: letters and calls lie on their lists."""
    today = timezone.localdate()
    day = today if is_working_day(today) else working_day_before(today)
    notices_derive(day)
    notices_queue(datetime.combine(day, DAY_BEGINS, tzinfo=OSLO))
