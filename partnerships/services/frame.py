"""Writing down what a partnership rests on and has to work with."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partnerships.models import Frame, Partnership
from partnerships.models.partnership import Phase
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record

FIELDS = frozenset(
    {
        "strategy",
        "point",
        "working_form",
        "mandate",
        "clarifications",
        "resources",
        "hours_a_week",
        "decided_by",
        "decided_on",
        "revise_by",
    }
)


@transaction.atomic
def frame_change(*, partnership: Partnership, version: int, changes: dict[str, Any], by: User) -> Frame:
    """Saves what differs; nothing in it is required.

    Raises ChangedMeanwhile when somebody saved after `version` was read, and DomainError for a strategy of
    another municipality or a partnership that is over.
    """
    owner = Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    if owner.phase == Phase.ENDED:
        raise DomainError(_("Samarbeidet er avsluttet. Ta det opp igjen først."))
    strategy, point = changes.get("strategy"), changes.get("point")
    if strategy is not None and strategy.municipality_id != owner.municipality_id:
        raise DomainError(_("Velg en strategi i kommunen samarbeidet hører til."))
    if point is not None and (strategy is None or point.strategy_id != strategy.pk):
        raise DomainError(_("Velg strategien punktet står i."))
    frame, _made = Frame.objects.get_or_create(
        partnership=owner, defaults={"municipality_id": owner.municipality_id}
    )
    unchanged_since(frame, version)
    changed = edited(frame, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("frame_changed", frame, by=by, data={"fields": changed})
    return frame
