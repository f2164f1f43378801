"""The sides of a partnership: who they are, who speaks for each, and whom to tell."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from partnerships.access import Access, Own, access_of
from partnerships.models import Membership, Partnership, PartnershipParty, Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.registries import Viewer


@dataclass(frozen=True)
class Speaking:
    """Ids of the parties somebody writes and confirms for."""

    own: frozenset[int]
    # A side with nobody in the portal: what it said on the telephone is written down for it, and traced so.
    behalf: frozenset[int]

    def may(self, party: Model) -> bool:
        return party.pk in self.own or party.pk in self.behalf


def sides_of(partnership: Partnership) -> list[PartnershipParty]:
    """Those who have said yes and are still in; without asking again where they are at hand."""
    if "parties" in getattr(partnership, "_prefetched_objects_cache", {}):
        return [party for party in partnership.parties.all() if party.accepted_at and party.left_on is None]
    found = partnership.parties.taking_part().order_by("accepted_at", "pk")
    return list(found.select_related("unit", "centre", "organisation", "party_municipality"))


def side_name(party: PartnershipParty) -> str:
    """A neighbour's with where it is from."""
    if party.party_municipality_id == party.municipality_id:
        return party.actor.name
    return _("%(name)s (%(place)s)") % {"name": party.actor.name, "place": party.party_municipality.name}


def own_sides(user: User, parties: Iterable[PartnershipParty]) -> frozenset[int]:
    """The municipality's own side is one, whoever of it writes; an organisation's words are its own."""
    access = access_of(user)
    everywhere = access.municipalities_all(Permission.PARTNERSHIP_EDIT)
    reached = access.own(Permission.PARTNERSHIP_EDIT)
    return frozenset(
        party.pk
        for party in parties
        if reached.meets(party.owned_by())
        or (party.is_municipal and party.party_municipality_id in everywhere)
    )


def speaking(user: User, parties: Iterable[PartnershipParty]) -> Speaking:
    """Whom she writes for as her own, and for whom because nobody else can."""
    parties = list(parties)
    own = own_sides(user, parties)
    everywhere = access_of(user).municipalities_all(Permission.PARTNERSHIP_EDIT)
    others = [
        party
        for party in parties
        if party.pk not in own and not party.is_municipal and party.municipality_id in everywhere
    ]
    if not others:
        return Speaking(own, frozenset())
    heard = people_of(others)
    return Speaking(own, frozenset(party.pk for party in others if not heard[party.pk]))


def own_parties(viewer: Viewer) -> QuerySet[PartnershipParty]:
    """Everywhere, the parties of the role she is in now; none for those who only look on."""
    return of_role(viewer, PartnershipParty.objects.taking_part())


def of_role(viewer: Viewer, parties: QuerySet[PartnershipParty]) -> QuerySet[PartnershipParty]:
    """Those of them that are the side of the role she is in now."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.PARTNERSHIP_EDIT):
        return parties.none()
    if membership.organisation_id:
        return parties.filter(organisation=membership.organisation_id)
    if membership.centre_id:
        return parties.filter(centre=membership.centre_id)
    access = access_of(viewer.user)
    here = parties.filter(party_municipality=membership.municipality_id, unit__isnull=False)
    if membership.unit_id is None and membership.municipality_id in access.municipalities_all(
        Permission.PARTNERSHIP_EDIT
    ):
        return here
    return here.filter(unit__in=access.own(Permission.PARTNERSHIP_EDIT).unit_ids)


def under_own(access: Access, own: Own) -> Q:
    """Rows of the partnerships whose history is one's own to read."""
    everywhere = access.municipalities_all(Permission.HISTORY_READ)
    parties = PartnershipParty.objects.filter(
        partnership=OuterRef("partnership"), accepted_at__isnull=False
    ).filter(
        Q(party_municipality__in=everywhere)
        | Q(unit__in=own.unit_ids)
        | Q(centre__in=own.centre_ids)
        | Q(organisation__in=own.organisation_ids)
    )
    return Q(Exists(parties))


def people_of(parties: Iterable[PartnershipParty]) -> dict[int, list[Person]]:
    """Who answers for each party, by its id: one query, and one more for units that have no leader here."""
    parties = list(parties)
    found: dict[int, list[Person]] = {party.pk: [] for party in parties}
    places = Q(
        role__in=(Role.UNIT_LEADER, Role.CHIEF),
        unit__in={party.unit_id for party in parties if party.unit_id},
    )
    places |= Q(role=Role.CENTRE_LEADER, centre__in={party.centre_id for party in parties if party.centre_id})
    places |= Q(
        role=Role.ORGANISATION_REP,
        organisation__in={party.organisation_id for party in parties if party.organisation_id},
    )
    by_place: dict[tuple[str, int], list[Person]] = {}
    for membership in _with_person(places):
        assert membership.person is not None  # noqa: S101 - asked for
        for field in ("unit", "centre", "organisation"):
            if place := getattr(membership, f"{field}_id"):
                by_place.setdefault((field, place), []).append(membership.person)
    for party in parties:
        found[party.pk] = list(by_place.get(_place(party), ()))
    leaderless = [party for party in parties if party.unit_id and not found[party.pk]]
    if leaderless:
        towns = {party.party_municipality_id for party in leaderless}
        for membership in _with_person(Q(role=Role.COORDINATOR, municipality__in=towns)):
            for party in leaderless:
                if party.party_municipality_id == membership.municipality_id and membership.person:
                    found[party.pk].append(membership.person)
    return found


def _with_person(which: Q) -> Iterable[Membership]:
    current = Membership.objects.current().filter(which, person__isnull=False, user__is_active=True)
    return current.select_related("person__municipality").order_by("pk")


def _place(party: PartnershipParty) -> tuple[str, int]:
    if party.unit_id:
        return "unit", party.unit_id
    return ("centre", party.centre_id) if party.centre_id else ("organisation", party.organisation_id or 0)
