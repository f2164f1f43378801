"""What a volunteer takes on at an offer, and whom she is known to there."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer, Partnership
from partnerships.models.offer import OfferState
from partnerships.services.editing import count
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from volunteers.models import Assignment, Volunteer, VolunteerShare
from volunteers.models.assignment import OPEN, THERE, AssignmentState
from volunteers.models.volunteer import VolunteerState
from volunteers.services.away import shifts_let_go
from volunteers.services.volunteer import volunteer_lock


@transaction.atomic
def assignment_make(
    *,
    volunteer: Volunteer,
    offer: Offer,
    state: AssignmentState,
    by: User | None,
    task: str = "",
    starts_on: date | None = None,
) -> Assignment:
    """She is asked, wants to, or is in. `by` None: she herself.

    Raises StateChanged when she is there already, DomainError for an offer that is over, of another
    municipality, or for somebody who has left.
    """
    if offer.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet."))
    if offer.municipality_id != volunteer.municipality_id:
        raise DomainError(_("Velg et tilbud i kommunen."))
    if volunteer.state == VolunteerState.ENDED:
        raise StateChanged(_("Den frivillige har sluttet."))
    try:
        with transaction.atomic():
            made = Assignment.objects.create(
                municipality_id=volunteer.municipality_id,
                volunteer=volunteer,
                offer=offer,
                state=state,
                task=task,
                starts_on=starts_on,
                created_by=by,
                updated_by=by,
            )
    except IntegrityError:
        raise StateChanged(_("Den frivillige er allerede med her.")) from None
    audit_record("assignment_made", made, by=by, data={"state": state.value})
    return made


@transaction.atomic
def assignment_set(*, assignment: Assignment, state: AssignmentState, by: User | None) -> Assignment:
    """From asked to in, to a pause and back, to a no, to an end. Doing it twice does it once.

    Who is not in any more, or for now, gives her coming places there on.

    Raises StateChanged for one that is over.
    """
    locked: Assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.state == state:
        return locked
    if locked.state not in OPEN:
        raise StateChanged(_("Oppdraget er avsluttet."))
    locked.state = state
    today = timezone.localdate()
    if state in THERE and locked.starts_on is None and state != AssignmentState.INTERESTED:
        locked.starts_on = today
    locked.ended_on = today if state not in OPEN else None
    count(locked, by=by, fields=["state", "starts_on", "ended_on"])
    audit_record("assignment_set", locked, by=by, data={"state": state.value})
    if state == AssignmentState.PAUSED or state not in OPEN:
        shifts_let_go(locked.volunteer, offer_id=locked.offer_id, for_good=state not in OPEN, by=by)
    return locked


@transaction.atomic
def volunteer_share(
    *,
    volunteer: Volunteer,
    offer: Offer | None = None,
    partnership: Partnership | None = None,
    by_herself: bool,
    by: User | None,
) -> VolunteerShare:
    """Known by name there from now on. Sharing twice shares once."""
    volunteer_lock(volunteer)
    found = VolunteerShare.objects.filter(
        volunteer=volunteer, offer=offer, partnership=partnership, ended_at=None
    ).first()
    if found is not None:
        return found
    made = VolunteerShare.objects.create(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        offer=offer,
        partnership=partnership,
        by_herself=by_herself,
        by=by,
    )
    audit_record("volunteer_shared", made, by=by)
    return made


@transaction.atomic
def volunteer_unshare(*, share: VolunteerShare, by: User | None) -> VolunteerShare:
    """A number there again. Doing it twice does it once."""
    locked: VolunteerShare = VolunteerShare.objects.select_for_update(of=("self",)).get(pk=share.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        audit_record("volunteer_unshared", locked, by=by)
    return locked
