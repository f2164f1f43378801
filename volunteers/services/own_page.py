"""Min side: telling her of it, and what she changes there herself."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.person import Channel
from partnerships.selectors.channel import address_of, code_channel
from partnerships.selectors.newcomer import newcomers
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import Volunteer
from volunteers.models.volunteer import LeavingReason
from volunteers.services.volunteer import volunteer_change, volunteer_end, volunteer_lock


@transaction.atomic
def own_page_tell(*, volunteer: Volunteer, by: User) -> Volunteer:
    """She is told where it is; a code to the address we have lets her in. Again tells again, once a day.

    Raises DomainError when she has an account, when no code reaches her, and when somebody else has the same
    address.
    """
    locked = volunteer_lock(volunteer)
    person = locked.person
    if person.user_id is not None:
        raise DomainError(_("Den frivillige har allerede en konto."))
    channel = code_channel(person)
    if channel is None:
        raise DomainError(_("Vi har ingen e-postadresse eller mobil å sende en kode til."))
    field = "email" if channel == Channel.EMAIL else "phone"
    if not newcomers(field, address_of(person, channel)):
        raise DomainError(
            _("Flere har den samme adressen, og da vet vi ikke hvem koden går til. Legg inn en egen.")
        )
    locked.page_told_at = timezone.now()
    locked.save(update_fields=["page_told_at"])
    audit_record("own_page_told", locked, by=by)
    return locked


@transaction.atomic
def own_change(
    *, volunteer: Volunteer, hide_contact: bool, changes: dict[str, Any], version: int, by: User
) -> Volunteer:
    """What she says of herself. Raises ChangedMeanwhile when somebody saved after `version` was read."""
    changed = volunteer_change(volunteer=volunteer, version=version, changes=changes, by=by)
    person = changed.person
    if person.hide_contact != hide_contact:
        person.hide_contact = hide_contact
        person.save(update_fields=["hide_contact"])
        audit_record("profile_changed", person, by=by, data={"fields": ["hide_contact"]})
    return changed


@transaction.atomic
def own_end(*, volunteer: Volunteer, on: date, reason: LeavingReason | None, by: User) -> Volunteer:
    """She says when; today at the earliest has been, and no further ahead than her record can say.

    Raises StateChanged when she has left already, DomainError for a day to come.
    """
    if on > timezone.localdate():
        raise DomainError(
            _("Velg i dag eller en dag som har vært. Vil du slutte senere, så ta en pause til da.")
        )
    return volunteer_end(volunteer=volunteer, on=on, reason=reason, by=by)
