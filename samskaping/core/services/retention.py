"""Each night: what is older than its period goes, a handful at a time, and a report says how much."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality, RetentionReport, RetentionRule
from samskaping.core.retention import Rule
from samskaping.core.selectors.retention import Period, periods
from samskaping.core.services.audit import audit_record, trace_forget

logger = logging.getLogger("samskaping.retention")

HANDFUL = 200


def retention_run(municipality: Municipality) -> list[RetentionReport]:
    """Safe to kill and to run again: each handful is whole, and what is left waits for the next night."""
    return [report for period in periods(municipality) if (report := _run(municipality, period)) is not None]


def _run(municipality: Municipality, period: Period) -> RetentionReport | None:
    removed = 0
    try:
        while handful := _take(municipality, period):
            removed += handful
    except Exception:
        # One rule that stumbles must not keep the others from their night's work.
        logger.exception("retention failed", extra={"rule": period.rule.key, "municipality": municipality.pk})
    held = period.rule.held(municipality, period.before)
    if not removed and not held:
        return None
    return RetentionReport.objects.create(
        municipality=municipality,
        key=period.rule.key,
        keep_days=period.days,
        removed=removed,
        held=held,
    )


def _take(municipality: Municipality, period: Period) -> int:
    with transaction.atomic():
        old = period.rule.find(municipality, period.before).order_by("pk").values_list("pk", flat=True)
        chosen = list(old[:HANDFUL])
        return period.rule.erase(old.model._default_manager.filter(pk__in=chosen)) if chosen else 0


@transaction.atomic
def retention_run_nowhere() -> int:
    """The trace of sign-ins and technical steps belongs to no municipality, and is kept as long as ours."""
    ours = RetentionRule.objects.filter(key="trace", municipality=None).first()
    if ours is None:
        return 0
    return trace_forget(None, before=timezone.now() - timedelta(days=ours.keep_days))


@transaction.atomic
def retention_change(*, municipality: Municipality, rule: Rule, days: int | None, by: Any) -> None:
    """The municipality's own period; None goes back to ours. Raises DomainError outside the rule's bounds."""
    if days is None:
        RetentionRule.objects.filter(municipality=municipality, key=rule.key).delete()
    elif rule.least_days <= days <= rule.most_days:
        RetentionRule.objects.update_or_create(
            municipality=municipality, key=rule.key, defaults={"keep_days": days}
        )
    else:
        raise DomainError(
            _("Velg mellom %(least)s og %(most)s dager.") % {"least": rule.least_days, "most": rule.most_days}
        )
    audit_record("retention_changed", by=by, municipality=municipality, data={"rule": rule.key, "days": days})
