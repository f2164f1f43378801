"""Whom somebody may hand a duty to, and on which sides."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerships.access import access_of
from partnerships.models import (
    Contact,
    Duty,
    Membership,
    Organisation,
    Person,
    Unit,
    VolunteerCentre,
)
from partnerships.selectors.words import municipality_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.models import Municipality

Actor = Unit | VolunteerCentre | Organisation


class Sides:
    """The municipality, and the parties or actors a holder may stand for."""

    def __init__(self, municipality: Municipality, actors: Iterable[Actor], user: User) -> None:
        self.municipality = municipality
        self._by_key: dict[str, Actor] = {f"{actor._meta.model_name}-{actor.pk}": actor for actor in actors}
        self._access = access_of(user)

    @property
    def choices(self) -> list[tuple[str, str]]:
        own = [("", municipality_name(self.municipality))]
        return own + [(key, actor.name) for key, actor in self._by_key.items()]

    def chosen(self, key: str) -> Actor | None:
        return self._by_key[key] if key else None

    def may_add_people(self, key: str) -> bool:
        """New people only where the user answers for them; the municipality's coordinator for all of hers."""
        side = self.chosen(key)
        if side is not None:
            return self._access.covers(Permission.MAP_EDIT, side)
        works_there = {
            m.municipality_id
            for m in self._access.memberships
            if m.role in (Role.COORDINATOR, Role.UNIT_LEADER)
        }
        return self.municipality.pk in works_there


def sides_of(duty: Duty, user: User) -> Sides:
    """A partnership's parties; else the municipality's centres and organisations."""
    partnership = duty.map.partnership
    if partnership is not None:
        parties = partnership.parties.taking_part().select_related("unit", "centre", "organisation")
        return Sides(duty.municipality, sorted((p.actor for p in parties), key=lambda a: a.name_key), user)
    here = {"municipality": duty.municipality_id, "ended_at": None}
    centres = VolunteerCentre.objects.filter(**here)
    organisations = Organisation.objects.filter(**here)
    return Sides(duty.municipality, [*centres, *organisations], user)


def people_for(duty: Duty, user: User) -> QuerySet[Person]:
    """Those who work there and whom the user may see, the contacts of the parties, and herself."""
    partnership = duty.map.partnership
    contacts = Contact.objects.visible_to(user).filter(person=OuterRef("pk"))
    if partnership is not None:
        known = partnership.owned_by().municipality_ids | {duty.municipality_id}
        contacts = contacts.filter(
            Q(party__partnership=partnership) | Q(party=None, municipality=duty.municipality_id)
        )
    else:
        known = frozenset({duty.municipality_id})
        contacts = contacts.filter(party=None)
    works = (
        Membership.objects.current()
        .filter(person=OuterRef("pk"))
        .exclude(role__in=(Role.GUEST, Role.OBSERVER))
    )
    seen = Person.objects.visible_to(user).values("pk")
    return (
        Person.objects.filter(
            Q(user=user) | Exists(contacts) | Q(Exists(works), pk__in=seen),
            municipality__in=known,
            erased_at=None,
        )
        .select_related("controller_organisation", "controller_centre")
        .order_by("name_key", "pk")
    )


def side_of(person: Person) -> Actor | None:
    """Whom somebody known stands for: who keeps her data, else the unit or centre she works in."""
    if person.controller_organisation is not None:
        return person.controller_organisation
    if person.controller_centre is not None:
        return person.controller_centre
    role = person.memberships.current().select_related("unit", "centre").order_by("pk").first()
    return (role.unit or role.centre) if role is not None else None
