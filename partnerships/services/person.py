"""Somebody new, noted in passing: a contact, a holder of a duty. Always kept by the right controller."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, Person, Unit, VolunteerCentre
from partnerships.models.person import Channel
from partnerships.selectors.words import language_of
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

# On whose side somebody stands; None is the municipality's.
Side = Unit | VolunteerCentre | Organisation | None


@transaction.atomic
def person_add(
    *, municipality: Municipality, side: Side, name: str, email: str = "", phone: str = "", by: User
) -> Person:
    """Somebody new, kept by the side she is on: its own row for her, found again by her address there.

    Raises DomainError when nothing would reach her.
    """
    if not (email or phone):
        raise DomainError(_("Skriv en e-postadresse eller et telefonnummer."))
    controller = controller_of(side)
    people = Person.objects.filter(
        **{"controller_organisation": None, "controller_centre": None, **controller},
        municipality=municipality,
        erased_at=None,
    )
    # Several may share a telephone: the same number is the same person only with the same name.
    same = people.filter(email__iexact=email) if email else people.filter(phone=phone, name__iexact=name)
    found = same.order_by("pk").first()
    if found is not None:
        return found
    made = Person.objects.create(
        municipality=municipality,
        name=name,
        email=email.lower(),
        phone=phone,
        channel=Channel.EMAIL if email else Channel.SMS,
        language=language_of(municipality),
        **controller,
    )
    audit_record("person_added", made, by=by)
    return made


def controller_of(side: Side) -> dict[str, Organisation | VolunteerCentre]:
    """Who keeps the people of a side: an organisation and an independent centre their own."""
    if isinstance(side, Organisation):
        return {"controller_organisation": side}
    if isinstance(side, VolunteerCentre) and side.is_controller:
        return {"controller_centre": side}
    return {}
