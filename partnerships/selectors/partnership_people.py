"""Whom the news of a partnership is for: those who run it, on every side, and whom the others ring."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from partnerships.models import Contact, Membership, PartnershipParty, Person
from samskaping.accounts.permissions import Permission, Role, roles_with

# Whoever runs a side; the whole municipality's are its coordinators, not every chief.
_RUNS = roles_with(Permission.PARTNERSHIP_EDIT) - {Role.CHIEF}


def people_by_partnership(municipality_of: dict[int, int]) -> dict[int, set[Person]]:
    """`municipality_of` gives each partnership's owner. Four queries, however many partnerships."""
    parties = list(PartnershipParty.objects.filter(partnership__in=municipality_of).taking_part())
    towns = set(municipality_of.values()) | {party.party_municipality_id for party in parties}
    coordinators, by_side = _members(towns, parties)
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


def people_of_parties(parties: Collection[PartnershipParty]) -> dict[int, set[Person]]:
    """Those who run each side, by party. One query."""
    _coordinators, by_side = _members(set(), parties)
    return {party.pk: by_side[_side(party)] for party in parties}


def coordinators_of(municipality_ids: Iterable[int]) -> dict[int, set[Person]]:
    return _members(set(municipality_ids), ())[0]


def _members(
    towns: set[int], parties: Collection[PartnershipParty]
) -> tuple[dict[int, set[Person]], dict[tuple[str, int], set[Person]]]:
    wanted = (
        Q(role=Role.COORDINATOR, municipality__in=towns)
        | Q(unit__in={p.unit_id for p in parties if p.unit_id})
        | Q(centre__in={p.centre_id for p in parties if p.centre_id})
        | Q(organisation__in={p.organisation_id for p in parties if p.organisation_id})
    )
    coordinators: dict[int, set[Person]] = defaultdict(set)
    by_side: dict[tuple[str, int], set[Person]] = defaultdict(set)
    held = Membership.objects.current().filter(wanted, role__in=_RUNS, person__isnull=False)
    for membership in held.select_related("person").order_by("pk"):
        person = membership.person
        if person is None:
            continue
        if membership.role == Role.COORDINATOR and membership.municipality_id:
            coordinators[membership.municipality_id].add(person)
        for kind in ("unit", "centre", "organisation"):
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
