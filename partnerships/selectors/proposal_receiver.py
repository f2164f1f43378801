"""Who is to answer a proposal: the group's contact, then whoever leads the side that convenes, then the
municipality's coordinator. Nobody stands over an organisation or an independent centre."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerships.access import Access
from partnerships.models import CodesignProcess, Membership, Person, Proposal
from partnerships.models.actors import CentreOwnership
from partnerships.models.participant import contacts_at_work, has_contact
from samskaping.accounts.permissions import Role

# Rungs of the ladder, as `Proposal.climbed` counts them.
CONTACT, LEADERS, COORDINATORS = range(3)


def top_of(process: CodesignProcess) -> int:
    """How far it climbs."""
    own_house = process.organisation_id is not None or (
        process.centre is not None and process.centre.is_controller
    )
    at_the_top = process.unit_id is None and process.centre_id is None
    return LEADERS if own_house or at_the_top else COORDINATORS


def receivers(proposal: Proposal) -> QuerySet[Person]:
    """Those who are to answer it now; whoever held it before still may."""
    process = proposal.process
    if proposal.climbed == CONTACT and process.convener_id is not None and has_contact(process):
        return Person.objects.filter(pk=process.convener_id, erased_at=None)
    leads = Membership.objects.current().filter(
        _leads(process, proposal.climbed), municipality=process.municipality_id, user__is_active=True
    )
    return Person.objects.filter(pk__in=leads.values("person"), erased_at=None)


def _leads(process: CodesignProcess, climbed: int) -> Q:
    if climbed >= COORDINATORS:
        return Q(role=Role.COORDINATOR)
    if process.organisation_id is not None:
        return Q(role=Role.ORGANISATION_REP, organisation=process.organisation_id)
    if process.centre_id is not None:
        return Q(role=Role.CENTRE_LEADER, centre=process.centre_id)
    if process.unit_id is not None:
        return Q(role=Role.UNIT_LEADER, unit=process.unit_id)
    return Q(role=Role.COORDINATOR)


def answered_by(access: Access) -> Q:
    """The proposals that wait for her, on any rung."""
    roles: dict[Role, list[Membership]] = {}
    for membership in access.memberships:
        roles.setdefault(Role(membership.role), []).append(membership)
    units = [m.unit_id for m in roles.get(Role.UNIT_LEADER, ())]
    centres = [m.centre_id for m in roles.get(Role.CENTRE_LEADER, ())]
    organisations = [m.organisation_id for m in roles.get(Role.ORGANISATION_REP, ())]
    towns = [m.municipality_id for m in roles.get(Role.COORDINATOR, ())]
    nobody_else = Q(process__unit=None, process__centre=None, process__organisation=None)
    leads = (
        Q(process__unit__in=units)
        | Q(process__centre__in=centres)
        | Q(process__organisation__in=organisations)
        | nobody_else & Q(process__municipality__in=towns)
    )
    at_work = contacts_at_work().filter(person=OuterRef("process__convener"))
    municipal = Q(process__organisation=None) & (
        Q(process__centre=None) | Q(process__centre__ownership=CentreOwnership.MUNICIPAL)
    )
    return (
        Q(process__convener__in=access.works_as)
        | leads & (Q(climbed__gte=LEADERS) | ~Exists(at_work))
        | municipal & Q(climbed__gte=COORDINATORS, process__municipality__in=towns)
    )
