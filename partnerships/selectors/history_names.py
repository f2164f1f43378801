"""Who and what the trace may be told with: names where the reader may see them, neutral words where not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import (
    Duty,
    Membership,
    Organisation,
    Partnership,
    Person,
    Strategy,
    Unit,
    VolunteerCentre,
)
from partnerships.selectors.words import role_word
from samskaping.accounts.models import User
from samskaping.accounts.permissions import CENTRE_ROLES, ORGANISATION_ROLES, Role

# What has a name of its own, and the field it stands in.
_PLACES: dict[Any, str] = {
    Unit: "name",
    VolunteerCentre: "name",
    Organisation: "name",
    Partnership: "title",
    Strategy: "title",
    Duty: "text",
}
_PLACE_TYPES = frozenset(model._meta.label_lower for model in _PLACES)
_PERSON = Person._meta.label_lower


@dataclass
class Wanted:
    """What the entries speak of, by id, gathered before anything is asked of the database."""

    users: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    places: set[tuple[str, int]] = field(default_factory=set)

    def add(self, type_name: str, pk: Any) -> None:
        """«partnerships.unit», 12: a row that a field or an «on behalf of» points to."""
        if type_name == _PERSON:
            self.people.add(int(pk))
        elif type_name in _PLACE_TYPES:
            self.places.add((type_name, int(pk)))


@dataclass(frozen=True)
class Names:
    people: dict[int, str]
    users: dict[int, str]
    # What a user is, where her name is not for the reader: «en enhetsleder», «laget».
    roles: dict[int, str]
    places: dict[tuple[str, int], str]

    def who(self, user_id: int | None) -> str:
        if user_id is None:
            return _("portalen")
        return self.users.get(user_id) or self.roles.get(user_id) or _("en som ikke lenger er her")

    def what(self, type_name: str, pk: Any) -> str:
        """A person, unit, centre, organisation or partnership, as the reader may know it."""
        if type_name == _PERSON:
            return self.people.get(int(pk)) or _("en person")
        return self.places.get((type_name, int(pk))) or _("noe du ikke har tilgang til")


def names_for(viewer: User, wanted: Wanted, municipality_id: int | None) -> Names:
    """At most three queries, however much is wanted."""
    by_pk: dict[int, str] = {}
    by_user: dict[int, str] = {}
    for pk, user_id, name, where in _people(viewer, wanted):
        by_pk[pk] = name
        if user_id is not None and (user_id not in by_user or where == municipality_id):
            by_user[user_id] = name
    return Names(
        people=by_pk,
        users=by_user,
        roles=_roles(wanted.users, municipality_id),
        places=_places(viewer, wanted.places),
    )


def _people(viewer: User, wanted: Wanted) -> Iterable[tuple[int, int | None, str, int]]:
    if not wanted.people and not wanted.users:
        return ()
    seen = Person.objects.visible_to(viewer).values("pk")
    people = (
        Person.objects.filter(Q(pk__in=wanted.people) | Q(user__in=wanted.users))
        .filter(Q(pk__in=seen) | (Q(user__in=wanted.users) & _colleagues(viewer)))
        .order_by("pk")
    )
    return people.values_list("pk", "user_id", "name", "municipality_id")


def _colleagues(viewer: User) -> Q:
    """Those who have or had a role for the same controller as the reader: they work together."""
    found = Q(pk=None)
    for mine in access_of(viewer).memberships:
        if mine.person is not None and mine.role != Role.GUEST:
            found |= Q(
                municipality=mine.municipality_id,
                controller_organisation=mine.person.controller_organisation_id,
                controller_centre=mine.person.controller_centre_id,
            )
    works = Membership.objects.filter(person=OuterRef("pk")).exclude(role=Role.GUEST)
    return found & Q(Exists(works))


def _roles(user_ids: Collection[int], municipality_id: int | None) -> dict[int, str]:
    if not user_ids:
        return {}
    memberships = (
        Membership.objects.filter(user__in=user_ids)
        .select_related("municipality__settings")
        .order_by(F("ended_at").asc(nulls_last=True), "-pk")
    )
    found: dict[int, str] = {}
    for membership in memberships:
        if membership.municipality_id == municipality_id:
            found[membership.user_id] = _role(membership)
    for membership in memberships:
        found.setdefault(membership.user_id, _("noen utenfor kommunen"))
    return found


def _role(membership: Membership) -> str:
    if membership.role in ORGANISATION_ROLES:
        return _("laget")
    if membership.role in CENTRE_ROLES:
        return _("frivilligsentralen")
    return _("en %(role)s") % {"role": role_word(membership.role, membership.municipality)}


def _places(viewer: User, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    asked: list[QuerySet[Any, Any]] = []
    for model, name in _PLACES.items():
        label = model._meta.label_lower
        ids = [pk for type_name, pk in wanted if type_name == label]
        if ids:
            rows = model.objects.visible_to(viewer).filter(pk__in=ids).order_by()
            asked.append(rows.values_list(Value(label, CharField()), "pk", name))
    if not asked:
        return {}
    found = asked[0].union(*asked[1:], all=True) if asked[1:] else asked[0]
    return {(label, pk): name for label, pk, name in found}
