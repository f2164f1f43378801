"""Taking somebody down as a volunteer: her person and her record at once, and where she will help."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer, Person
from partnerships.models.person import Channel
from partnerships.selectors.words import language_of
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import Guardian, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.volunteer import CameBy, VolunteerState
from volunteers.selectors.keeper import Keeper
from volunteers.services.assignment import assignment_make
from volunteers.services.volunteer import volunteer_add, volunteer_lock

REACHED_BY = {
    Channel.EMAIL: ("email",),
    Channel.SMS: ("phone",),
    Channel.PHONE: ("phone",),
    Channel.LETTER: ("street", "postal_code", "post_town"),
}
ADULT = 18


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


@transaction.atomic
def guardian_set(
    *,
    volunteer: Volunteer,
    adult_from: date,
    name: str,
    email: str,
    phone: str,
    consented: bool,
    by: User,
) -> Guardian:
    """Who says yes for somebody under eighteen. `consented`: on paper or on the telephone, noted by staff.

    Another guardian has not said anything yet. Raises DomainError when nothing reaches her, or when the day
    is not within the next eighteen years.
    """
    if not (email or phone):
        raise DomainError(_("Skriv en e-postadresse eller et telefonnummer til den foresatte."))
    today = timezone.localdate()
    if not today < adult_from <= today.replace(year=today.year + ADULT, day=min(today.day, 28)):
        raise DomainError(_("Skriv dagen den frivillige fyller 18 år."))
    locked = volunteer_lock(volunteer)
    old = Guardian.objects.filter(volunteer=locked).first()
    guardian = old or Guardian(municipality=locked.municipality, volunteer=locked)
    if (guardian.name, guardian.email, guardian.phone) != (name, email, phone):
        guardian.asked_at = guardian.consented_at = guardian.noted_by = None
    guardian.name, guardian.email, guardian.phone = name, email, phone
    if consented and guardian.consented_at is None:
        guardian.consented_at, guardian.noted_by = timezone.now(), by
    guardian.save()
    if locked.adult_from != adult_from:
        locked.adult_from = adult_from
        locked.save(update_fields=["adult_from"])
    audit_record("guardian_set", locked, by=by, data={"consented": guardian.consented_at is not None})
    return guardian


@transaction.atomic
def guardian_remove(*, volunteer: Volunteer, by: User) -> None:
    """She is eighteen, or never was under it. Doing it twice does it once."""
    locked = volunteer_lock(volunteer)
    gone, _rows = Guardian.objects.filter(volunteer=locked).delete()
    if gone or locked.adult_from is not None:
        locked.adult_from = None
        locked.save(update_fields=["adult_from"])
        audit_record("guardian_removed", locked, by=by)
