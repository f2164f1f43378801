"""What a volunteer must have at an offer: as the task check gave it, or changed with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer, OfferRequirement, RequirementKind, TaskCheck
from partnerships.services.offer import offer_lock, requirements_take
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def offer_requirements_from(*, offer: Offer, task_check: TaskCheck, by: User) -> int:
    """Those of the check that are not there; how many. What somebody took away with a reason stays away.

    Raises DomainError for the check of another partnership.
    """
    locked = offer_lock(offer)
    if task_check.partnership_id != locked.partnership_id:
        raise DomainError(_("Velg en avklaring i det samme samarbeidet."))
    made = requirements_take(locked, task_check, by=by)
    if made:
        audit_record("offer_requirements_taken", locked, by=by, data={"count": made})
    return made


@transaction.atomic
def offer_requirement_add(*, offer: Offer, kind: RequirementKind, because: str, by: User) -> OfferRequirement:
    """Raises StateChanged when it is there, DomainError for another municipality's."""
    locked = offer_lock(offer)
    if not RequirementKind.objects.for_municipality(locked.municipality).filter(pk=kind.pk).exists():
        raise DomainError(_("Kravet er ikke i bruk lenger. Velg på nytt."))
    if locked.requirements.filter(kind=kind, removed_at=None).exists():
        raise StateChanged(_("Kravet er allerede med."))
    made = OfferRequirement.objects.create(
        municipality_id=locked.municipality_id, offer=locked, kind=kind, because=because, by=by
    )
    audit_record("offer_requirement_added", made, by=by)
    return made


@transaction.atomic
def offer_requirement_remove(*, requirement: OfferRequirement, because: str, by: User) -> OfferRequirement:
    """Kept with its reason. Raises StateChanged when it is gone already."""
    offer_lock(requirement.offer)
    locked: OfferRequirement = OfferRequirement.objects.select_for_update(of=("self",)).get(pk=requirement.pk)
    if locked.removed_at is not None:
        raise StateChanged(_("Kravet er allerede tatt bort."))
    locked.removed_at, locked.because, locked.by = timezone.now(), because, by
    locked.save(update_fields=["removed_at", "because", "by"])
    audit_record("offer_requirement_removed", locked, by=by)
    return locked
