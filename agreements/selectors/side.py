"""The sides of an agreement: who writes, answers and sends for each."""

from collections.abc import Callable, Iterable

from django.db.models import Q

from agreements.models import Agreement, AgreementParty, Signatory
from partnerships.access import Own, access_of
from partnerships.models import Membership
from partnerships.selectors.sides import Speaking
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, roles_with


def speaking(agreement: Agreement, user: User) -> Speaking:
    """Whom she writes for as her own; and for whom because nobody of theirs is in the portal.

    The municipality's own side is one, whoever of it writes.
    """
    parties = list(agreement.parties.all())
    access = access_of(user)
    everywhere = access.municipalities_all(Permission.AGREEMENT_DRAFT)
    reached = access.own(Permission.AGREEMENT_DRAFT)
    own = {
        party.pk
        for party in parties
        if reached.meets(own_of(party))
        or (party.unit is not None and party.unit.municipality_id in everywhere)
    }
    others = [party for party in parties if party.pk not in own and party.unit_id is None]
    if not others or agreement.municipality_id not in everywhere:
        return Speaking(frozenset(own), frozenset())
    heard = _with_somebody(others)
    return Speaking(frozenset(own), frozenset(party.pk for party in others if party.pk not in heard))


def for_the_town(agreement: Agreement, user: User) -> bool:
    """Whether she drafts for the municipality whose agreement it is, or for a unit of its that is a party."""
    access = access_of(user)
    if agreement.municipality_id in access.municipalities_all(Permission.AGREEMENT_DRAFT):
        return True
    units = access.own(Permission.AGREEMENT_DRAFT).unit_ids
    return any(
        party.unit is not None
        and party.unit_id in units
        # A neighbour may be a party, and has an archive of its own.
        and party.unit.municipality_id == agreement.municipality_id
        for party in agreement.parties.all()
    )


def own_of(party: AgreementParty) -> Own:
    return Own(
        unit_ids=frozenset({party.unit_id} if party.unit_id else ()),
        centre_ids=frozenset({party.centre_id} if party.centre_id else ()),
        organisation_ids=frozenset({party.organisation_id} if party.organisation_id else ()),
    )


def others_than(agreement: Agreement, party_id: int | None) -> list[AgreementParty]:
    return [party for party in agreement.parties.all() if party.pk != party_id]


def _with_somebody(parties: Iterable[AgreementParty]) -> set[int]:
    """Those who have somebody here who can answer for them."""
    parties = list(parties)
    held = Membership.objects.current().filter(
        Q(centre__in={party.centre_id for party in parties if party.centre_id})
        | Q(organisation__in={party.organisation_id for party in parties if party.organisation_id}),
        role__in=sorted(roles_with(Permission.AGREEMENT_DRAFT)),
        user__is_active=True,
    )
    centres, organisations = set(), set()
    for centre, organisation in held.values_list("centre", "organisation"):
        centres.add(centre)
        organisations.add(organisation)
    return {
        party.pk
        for party in parties
        if (party.centre_id and party.centre_id in centres)
        or (party.organisation_id and party.organisation_id in organisations)
    }


def may_witness(user: User, agreement: Agreement) -> Callable[[Signatory], bool]:
    """Whoever receives a paper or sits beside somebody is of the same side, or of the municipality: the
    other party cannot put in somebody's signature. Nobody is her own witness."""
    of_municipality = agreement.municipality_id in access_of(user).municipalities_all(
        Permission.AGREEMENT_DRAFT
    )
    hers = speaking(agreement, user)

    def may(asked: Signatory) -> bool:
        for_side = of_municipality or asked.party is None or hers.may(asked.party)
        return for_side and asked.person.user_id != user.pk

    return may
