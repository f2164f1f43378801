"""How what the portal has promised to send is doing, without a word of what it says or to whom."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, QuerySet
from django.utils import timezone

from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_oldest_seconds

DEAD_SHOWN = 200
# Finished rows are many, and only the last days say how it goes now.
COUNTED = timedelta(days=7)


@dataclass(frozen=True)
class OutboxNow:
    counts: list[tuple[str, int]]
    oldest: timedelta
    troubled: list[tuple[str, str, int]]


def outbox_now() -> OutboxNow:
    recent = Outbox.objects.filter(created_at__gte=timezone.now() - COUNTED)
    by_state = dict(recent.order_by().values_list("state").annotate(Count("pk")))
    waiting = Outbox.objects.filter(state=OutboxState.WAITING).exclude(problem="").order_by()
    return OutboxNow(
        counts=[(str(state.label), by_state.get(state.value, 0)) for state in OutboxState],
        oldest=timedelta(seconds=outbox_oldest_seconds()),
        troubled=list(
            waiting.values_list("kind", "problem").annotate(Count("pk")).order_by("kind", "problem")
        ),
    )


def outbox_dead() -> QuerySet[Outbox]:
    return Outbox.objects.filter(state=OutboxState.DEAD).order_by("-finished_at")[:DEAD_SHOWN]
