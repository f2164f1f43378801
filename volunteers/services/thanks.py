"""Thanks for what somebody did: one line, told to her in her own channel (volunteers/care_due.py)."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.models import Occurrence, Offer
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import Thanks, Volunteer


@transaction.atomic
def thanks_give(
    *,
    volunteer: Volunteer,
    words: str,
    by: User,
    offer: Offer | None = None,
    occurrence: Occurrence | None = None,
) -> Thanks:
    """The same words for the same time thank once. Raises DomainError for an offer that is not the
    occurrence's, or somebody who thanks herself."""
    if occurrence is not None:
        offer = offer or occurrence.offer
        if occurrence.offer_id != offer.pk:
            raise DomainError(_("Denne gangen hører til et annet tilbud."))
    if offer is not None and offer.municipality_id != volunteer.municipality_id:
        raise DomainError(_("Velg et tilbud i kommunen."))
    if volunteer.person.user_id == by.pk:
        raise DomainError(_("Takken må komme fra noen andre."))
    given: QuerySet[Thanks] = Thanks.objects.filter(
        volunteer=volunteer, words=words, by=by, occurrence=occurrence, offer=offer
    )
    if occurrence is not None and (same := given.first()) is not None:
        return same
    made = Thanks.objects.create(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        offer=offer,
        occurrence=occurrence,
        words=words,
        by=by,
    )
    audit_record("thanks_given", made, by=by)
    return made
