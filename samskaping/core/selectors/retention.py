"""How long a municipality keeps each kind of thing, and what the last nights took."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from samskaping.core.models import Municipality, RetentionReport, RetentionRule
from samskaping.core.retention import Rule, retention_rules

REPORTS = 30


@dataclass(frozen=True)
class Period:
    rule: Rule
    days: int
    is_own: bool
    ours: int

    @property
    def before(self) -> datetime:
        return timezone.now() - timedelta(days=self.days)


def periods(municipality: Municipality) -> list[Period]:
    """Each rule with its period there: the municipality's own where it has one. One query."""
    rows = RetentionRule.objects.filter(Q(municipality=None) | Q(municipality=municipality))
    ours: dict[str, int] = {}
    own: dict[str, int] = {}
    for row in rows:
        (own if row.municipality_id else ours)[row.key] = row.keep_days
    return [
        Period(
            rule,
            days=own.get(rule.key, ours[rule.key]),
            is_own=rule.key in own,
            ours=ours[rule.key],
        )
        for rule in retention_rules()
        # A period nobody has loaded is no period: nothing goes before somebody has said how long.
        if rule.key in ours
    ]


def reports(municipality: Municipality) -> list[RetentionReport]:
    return list(RetentionReport.objects.filter(municipality=municipality)[:REPORTS])
