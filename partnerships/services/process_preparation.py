"""Preparing a process, and going on without anchoring: allowed, said aloud, and kept in the trace."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CodesignProcess
from partnerships.models.participant import Side, convenes_here
from partnerships.selectors.process_preparation import PREPARATION, WRITTEN, preparation_now, stops
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.process import not_over, process_lock
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def process_prepare(
    *, process: CodesignProcess, version: int, words: Mapping[str, str], ticked: Collection[str], by: User
) -> CodesignProcess:
    """Saves what differs; nothing of it is required.

    Raises ChangedMeanwhile when somebody saved after `version` was read, StateChanged when it is over.
    """
    locked = process_lock(process)
    not_over(locked)
    unchanged_since(locked, version)
    points = preparation_now(locked.municipality)
    # From now on it stays as it was when somebody answered it.
    ContentTemplate.objects.filter(pk=points.pk, first_used_at=None).update(first_used_at=Now())
    changes = {**words, "prepared": sorted(ticked)}
    changed = edited(locked, changes, may_change={*WRITTEN, "prepared"}, by=by)
    if changed:
        audit_record("process_prepared", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def process_invite_anyway(*, process: CodesignProcess, because: str, by: User) -> CodesignProcess:
    """The stop sign is advice: whoever is stopped and goes on says why, once.

    Raises DomainError without a reason, and for who is not stopped: nobody takes the sign away for others.
    """
    locked = process_lock(process)
    not_over(locked)
    if locked.invited_anyway_at is None and not (
        convenes_here(by, locked) and stops(locked, by, Side.CITIZEN)
    ):
        raise DomainError(_("Dette er for dem som skal invitere."))
    reason = " ".join(because.split())
    if not reason:
        raise DomainError(_("Skriv hvorfor dere inviterer likevel."))
    if locked.invited_anyway_at is None:
        changes = {"invited_anyway_at": timezone.now(), "invited_anyway_because": reason}
        edited(locked, changes, may_change=set(changes), by=by)
        audit_record("process_invited_anyway", locked, by=by)
    return locked


@transaction.atomic
def preparation_adapt(
    *, municipality: Municipality, read: int, points: list[dict[str, Any]], by: User
) -> ContentTemplate:
    """The municipality's own version, which it uses from now on; what was answered stays as it was asked.

    `read` is the version the points were made from. Raises StateChanged when there is a newer one.
    """
    # The municipality's row is the lock: two who save at once take turns.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    current = preparation_now(municipality)
    if current.pk != read:
        raise StateChanged(_("Noen andre har endret listen. Last siden på nytt."))
    newest = ContentTemplate.objects.filter(key=PREPARATION, municipality=municipality).first()
    made = ContentTemplate.objects.create(
        key=PREPARATION,
        kind=current.kind,
        municipality=municipality,
        version=newest.version + 1 if newest else 1,
        based_on=current,
        texts=current.texts,
        data={"points": points},
    )
    audit_record("preparation_adapted", made, by=by, municipality=municipality)
    return made
