"""Who would keep a volunteer that somebody adds: her own centre or organisation, else the municipality."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from partnerships.models import Membership, Organisation, Person, Unit, VolunteerCentre
from partnerships.services.person import controller_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import CENTRE_ROLES, ORGANISATION_ROLES, Permission, Reach, Role, reach
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key
from volunteers.models import Volunteer
from volunteers.models.volunteer import VolunteerQuerySet

Side = Unit | VolunteerCentre | Organisation


@dataclass(frozen=True)
class Keeper:
    municipality: Municipality
    # Where whoever adds her works; None: for the whole municipality.
    side: VolunteerCentre | Organisation | None = None

    @property
    def controller(self) -> dict[str, Any]:
        """As the fields of a person say it."""
        return {"controller_organisation": None, "controller_centre": None, **controller_of(self.side)}

    @property
    def is_municipality(self) -> bool:
        return not any(self.controller.values())

    @property
    def name(self) -> str:
        return self.side.name if self.side is not None and not self.is_municipality else ""

    def people(self) -> QuerySet[Person]:
        return Person.objects.filter(municipality=self.municipality, erased_at=None, **self.controller)

    def volunteers(self) -> VolunteerQuerySet:
        return Volunteer.objects.filter(person__in=self.people().values("pk"))

    def places(self) -> list[Unit | VolunteerCentre]:
        """Where the municipality's own may belong; empty where there is nothing to choose."""
        if self.side is not None:
            return []
        units = Unit.objects.filter(municipality=self.municipality, ended_at=None).only("name")
        centres = VolunteerCentre.objects.filter(municipality=self.municipality, ended_at=None)
        own = [centre for centre in centres.order_by("name_key") if not centre.is_controller]
        return [*own, *units.order_by("name_key")]

    def belongs(self, chosen: str) -> dict[str, Any]:
        """The field of a volunteer that says where she belongs, for what was chosen among `places`."""
        if self.side is not None:
            kind = "centre" if isinstance(self.side, VolunteerCentre) else "organisation"
            return {kind: self.side}
        for place in self.places():
            if place_key(place) == chosen:
                return {"unit" if isinstance(place, Unit) else "centre": place}
        return {}


def place_key(place: Side | None) -> str:
    """«unit-12»: a place among the choices of a form; empty for none."""
    return f"{place._meta.model_name}-{place.pk}" if place is not None else ""


def keeper_of(membership: Membership | None) -> Keeper | None:
    """None for those who keep nobody."""
    if membership is None or membership.municipality is None:
        return None
    role = Role(membership.role)
    if reach(role, Permission.VOLUNTEER_CONTACT) == Reach.ALL:
        return Keeper(membership.municipality)
    if role in CENTRE_ROLES | ORGANISATION_ROLES:
        side = membership.centre or membership.organisation
        return Keeper(membership.municipality, side) if side is not None else None
    return None


def keeper_for(volunteer: Volunteer) -> Keeper:
    person = volunteer.person
    return Keeper(volunteer.municipality, person.controller_organisation or person.controller_centre)


def alike(
    keeper: Keeper, user: User, *, name: str = "", email: str = "", phone: str = "", but: int | None = None
) -> list[Person]:
    """Those the same controller keeps who may be the same human: by address, number, or first and last name.
    Never anybody the user may not know of. Their volunteer's row, if there is one, is joined."""
    people = keeper.people().select_related("volunteer")
    if but is not None:
        people = people.exclude(pk=but)
    if keeper.side is not None and keeper.is_municipality:
        # The leader of a municipal centre: those of her centre.
        known = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT)
        people = people.filter(volunteer__in=known.values("pk"))
    found: dict[int, Person] = {}
    words = sort_key(name).split()
    questions = [
        people.filter(email__iexact=email) if email else None,
        people.filter(phone=phone) if phone else None,
        people.filter(name_key=" ".join(words)) if words else None,
        people.filter(name_key__startswith=f"{words[0]} ", name_key__endswith=f" {words[-1]}")
        if len(words) > 1
        else None,
    ]
    for question in questions:
        if question is not None:
            found |= {person.pk: person for person in question[:10]}
    return sorted(found.values(), key=lambda person: (person.name_key, person.pk))
