"""Whom the news of a partnership is for: those who run it, on every side, and whom the others ring."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from partnerships.models import Contact, Membership, PartnershipParty, Person, Unit
from samskaping.accounts.permissions import Permission, Reach, Role, reach, roles_with

# Whoever runs a side; the whole municipality's are its coordinators, not every chief.
_RUNS = roles_with(Permission.PARTNERSHIP_EDIT) - {Role.CHIEF}
# Whoever says yes or no for a side of her own: not those who run some offers of a place.
_ANSWERS = frozenset(
    role for role in Role if (reach(role, Permission.PARTNERSHIP_EDIT) or Reach.SELF) >= Reach.OWN
)


def people_by_partnership(
    municipality_of: dict[int, int], *, coordinators_too: bool = True
) -> dict[int, set[Person]]:
    """`municipality_of` gives each partnership's owner. Four queries, however many partnerships.

    What is only for those on the spot goes without the coordinators.
    """
    parties = list(PartnershipParty.objects.filter(partnership__in=municipality_of).taking_part())
    towns = set(municipality_of.values()) | {party.party_municipality_id for party in parties}
    coordinators, by_side = _members(
        towns if coordinators_too else set(), {_side(party) for party in parties}, _RUNS
    )
    found: dict[int, set[Person]] = defaultdict(set)
    for pk, town in municipality_of.items():
        found[pk] |= coordinators[town]
    of_party = {party.pk: party.partnership_id for party in parties}
    for party in parties:
        found[party.partnership_id] |= coordinators[party.party_municipality_id]
        found[party.partnership_id] |= by_side[_side(party)]
    for contact in Contact.objects.filter(party__in=of_party).select_related("person"):
        if contact.party_id is not None:
            found[of_party[contact.party_id]].add(contact.person)
    return found


def people_to_answer(parties: Collection[PartnershipParty]) -> dict[int, set[Person]]:
    """Who is to answer for each side that is asked, by party; never whoever asked. Two queries.

    An organisation or a centre answers itself. The municipality's own side is one: for a unit those who lead
    it or a unit above it, and the coordinators. These answer for a side with nobody here too, unless one of
    them asked it: she knows.
    """
    units = {party.unit_id for party in parties if party.unit_id}
    above = _units_above(units, {party.party_municipality_id for party in parties}) if units else {}
    sides = {party.pk: {("unit", pk) for pk in above.get(party.unit_id or 0, ())} for party in parties}
    for party in parties:
        sides[party.pk].add(_side(party))
    towns = {party.party_municipality_id for party in parties}
    coordinators, by_side = _members(towns, {side for of in sides.values() for side in of}, _ANSWERS)
    found = {}
    for party in parties:
        people = {person for side in sides[party.pk] for person in by_side[side]}
        whole = coordinators[party.party_municipality_id]
        knows = party.asked_by_id is not None and party.asked_by_id in {one.user_id for one in whole}
        if party.unit_id or not (people or knows):
            people |= whole
        found[party.pk] = {
            one for one in people if party.asked_by_id is None or one.user_id != party.asked_by_id
        }
    return found


def coordinators_of(municipality_ids: Iterable[int]) -> dict[int, set[Person]]:
    return _members(set(municipality_ids), (), _RUNS)[0]


def _units_above(unit_ids: Iterable[int], municipality_ids: Collection[int]) -> dict[int, set[int]]:
    """The units that reach each of these, as `Access.own` goes the other way: without the unit itself."""
    units = Unit.objects.filter(municipality__in=municipality_ids, parent__isnull=False)
    parent = dict(units.values_list("pk", "parent"))
    found: dict[int, set[int]] = {}
    for pk in unit_ids:
        found[pk], at = set(), parent.get(pk)
        while at is not None and at not in found[pk]:
            found[pk].add(at)
            at = parent.get(at)
    return found


def _members(
    towns: set[int], sides: Collection[tuple[str, int]], roles: Collection[Role]
) -> tuple[dict[int, set[Person]], dict[tuple[str, int], set[Person]]]:
    ids: dict[str, set[int]] = {"unit": set(), "centre": set(), "organisation": set()}
    for kind, pk in sides:
        ids[kind].add(pk)
    wanted = (
        Q(role=Role.COORDINATOR, municipality__in=towns)
        | Q(unit__in=ids["unit"])
        | Q(centre__in=ids["centre"])
        | Q(organisation__in=ids["organisation"])
    )
    coordinators: dict[int, set[Person]] = defaultdict(set)
    by_side: dict[tuple[str, int], set[Person]] = defaultdict(set)
    held = Membership.objects.current().filter(wanted, role__in=roles, person__isnull=False)
    for membership in held.select_related("person").order_by("pk"):
        person = membership.person
        if person is None:
            continue
        if membership.role == Role.COORDINATOR and membership.municipality_id:
            coordinators[membership.municipality_id].add(person)
        for kind in ids:
            pk = getattr(membership, f"{kind}_id")
            if pk:
                by_side[kind, pk].add(person)
    return coordinators, by_side


def _side(party: PartnershipParty) -> tuple[str, int]:
    if party.unit_id:
        return "unit", party.unit_id
    if party.centre_id:
        return "centre", party.centre_id
    assert party.organisation_id is not None, "party_is_one_actor holds"  # noqa: S101
    return "organisation", party.organisation_id
