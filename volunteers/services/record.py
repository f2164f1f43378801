"""Taking somebody down as a volunteer: her person and her record at once, and where she will help."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer, Person
from partnerships.models.person import Channel
from partnerships.selectors.words import language_of
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.volunteer import CameBy, VolunteerState
from volunteers.selectors.keeper import Keeper
from volunteers.services.assignment import assignment_make
from volunteers.services.volunteer import volunteer_add

REACHED_BY = {
    Channel.EMAIL: ("email",),
    Channel.SMS: ("phone",),
    Channel.PHONE: ("phone",),
    Channel.LETTER: ("street", "postal_code", "post_town"),
}


@transaction.atomic
def volunteer_take_down(
    *,
    keeper: Keeper,
    person: Person | None = None,
    who: dict[str, Any],
    begun: bool = False,
    offer: Offer | None = None,
    came_by: CameBy = CameBy.STAFF,
    by: User,
    **about: Any,
) -> Volunteer:
    """`person`: somebody the controller knows already; else `who` says how she is reached, and she need not
    have an e-mail address. `begun`: she helps already.

    Raises DomainError when nothing would reach her, StateChanged when she is a volunteer already.
    """
    if person is None:
        person = _person(keeper, who, by)
    state = VolunteerState.ACTIVE if begun else VolunteerState.STARTING
    volunteer = volunteer_add(person=person, by=by, state=state, came_by=came_by, **about)
    if offer is not None:
        taken = AssignmentState.ACTIVE if begun else AssignmentState.INTERESTED
        assignment_make(volunteer=volunteer, offer=offer, state=taken, by=by)
    return volunteer


def _person(keeper: Keeper, who: dict[str, Any], by: User) -> Person:
    channel = Channel(who.get("channel") or Channel.EMAIL)
    if not all(who.get(name) for name in REACHED_BY[channel]):
        raise DomainError(LACKS[channel])
    made = Person.objects.create(
        **{"language": language_of(keeper.municipality), **who, "channel": channel},
        municipality=keeper.municipality,
        **keeper.controller,
    )
    audit_record("person_added", made, by=by)
    return made


LACKS = {
    Channel.EMAIL: _("Skriv e-postadressen, eller velg en annen måte å nå den frivillige på."),
    Channel.SMS: _("Skriv mobilnummeret, eller velg en annen måte å nå den frivillige på."),
    Channel.PHONE: _("Skriv telefonnummeret, eller velg en annen måte å nå den frivillige på."),
    Channel.LETTER: _("Skriv postadressen, eller velg en annen måte å nå den frivillige på."),
}
