"""Looking for somebody: an opening at an offer, put out, changed, taken down and put out again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer
from partnerships.models.offer import OfferState
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from volunteers.models import Opening
from volunteers.selectors.opening import is_light

FIELDS = frozenset({"title", "about", "how_much", "languages", "wanted", "for_young", "at_once", "closes_on"})


@transaction.atomic
def opening_add(*, offer: Offer, by: User, **about: Any) -> Opening:
    """Shown to everybody from now on.

    Raises StateChanged for an offer that is over, DomainError where nobody may begin without a talk.
    """
    _known(about)
    if offer.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet."))
    _may_be_at_once(offer, at_once=about.get("at_once", False))
    made = Opening.objects.create(
        municipality_id=offer.municipality_id, offer=offer, created_by=by, updated_by=by, **about
    )
    audit_record("opening_added", made, by=by)
    return made


@transaction.atomic
def opening_change(*, opening: Opening, version: int, changes: dict[str, Any], by: User) -> Opening:
    """Saves what differs. Raises ChangedMeanwhile when somebody saved after `version` was read."""
    locked = opening_lock(opening)
    unchanged_since(locked, version)
    _may_be_at_once(locked.offer, at_once=changes.get("at_once", locked.at_once))
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("opening_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def opening_close(*, opening: Opening, by: User | None) -> Opening:
    """No longer shown. Those who wrote still get their answers. Twice is once; `by` None: it is full."""
    locked = opening_lock(opening)
    if locked.closed_at is None:
        locked.closed_at = timezone.now()
        count(locked, by=by, fields=["closed_at"])
        audit_record("opening_closed", locked, by=by)
    return locked


@transaction.atomic
def opening_reopen(*, opening: Opening, by: User) -> Opening:
    """Shown again, without a day that has passed. Raises StateChanged for an offer that is over."""
    locked = opening_lock(opening)
    if locked.offer.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet."))
    today = timezone.localdate()
    passed = locked.closes_on is not None and locked.closes_on < today
    if locked.closed_at is not None or passed:
        locked.closed_at = None
        locked.closes_on = None if passed else locked.closes_on
        count(locked, by=by, fields=["closed_at", "closes_on"])
        audit_record("opening_reopened", locked, by=by)
    return locked


def opening_lock(opening: Opening) -> Opening:
    locked: Opening = (
        Opening.objects.select_for_update(of=("self",)).select_related("offer").get(pk=opening.pk)
    )
    return locked


def _known(about: dict[str, Any]) -> None:
    if not set(about) <= FIELDS:
        message = f"Not for this service to set: {sorted(set(about) - FIELDS)}"
        raise ValueError(message)


def _may_be_at_once(offer: Offer, *, at_once: bool) -> None:
    if at_once and not is_light(offer):
        raise DomainError(
            _("Her må noen snakke med den frivillige først. Ta bort krysset for å begynne uten samtale.")
        )
