"""Noting how far up the stairs a unit is this year."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import StairCheck, Unit
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import ContentTemplate
from samskaping.core.services.audit import audit_record

FIELDS = frozenset({"answers", "next_step", "questions"})


@transaction.atomic
def stair_check_note(
    *,
    unit: Unit,
    year: int,
    version: int,
    questions: ContentTemplate,
    answers: dict[str, Any],
    next_step: str,
    by: User,
) -> StairCheck:
    """Once a year for each unit, and changed as often as they like while the year lasts.

    Raises ChangedMeanwhile when a colleague saved after `version` was read.
    """
    if unit.ended_at is not None or year != timezone.localdate().year:
        raise DomainError(_("Dere kan bare svare for i år, og for en enhet som er i drift."))
    StairCheck.objects.get_or_create(
        unit=unit, year=year, defaults={"municipality": unit.municipality, "questions": questions}
    )
    locked = StairCheck.objects.select_for_update(of=("self",)).get(unit=unit, year=year)
    unchanged_since(locked, version)
    changes = {"answers": answers, "next_step": next_step, "questions": questions}
    if changed := edited(locked, changes, may_change=FIELDS, by=by):
        ContentTemplate.objects.filter(pk=questions.pk, first_used_at=None).update(
            first_used_at=timezone.now()
        )
        audit_record("stair_check_noted", locked, by=by, data={"fields": changed})
    return locked
