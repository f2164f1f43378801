"""Noting what was decided about a task, in the place of what was decided before."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership, RequirementKind, TaskCheck
from partnerships.models.partnership import Phase
from partnerships.models.task_check import TaskOutcome, TaskRequirement
from partnerships.services.partnership import partnership_lock
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.services.audit import audit_record


@dataclass(frozen=True)
class Decision:
    """What people decided, from what the answers came to."""

    outcome: TaskOutcome
    decided_by: str
    decided_on: date
    clarify_with: str = ""
    requirements: Collection[RequirementKind] = ()
    conditions: list[str] = field(default_factory=list)
    changed_because: str = ""
    ground: str = ""
    law: list[str] = field(default_factory=list)
    look_again_on: date | None = None


@transaction.atomic
def task_check_note(
    *,
    partnership: Partnership,
    task: str,
    questions: ContentTemplate,
    variants: list[str],
    answers: dict[str, Any],
    decision: Decision,
    by: User,
    replaces: TaskCheck | None = None,
) -> TaskCheck:
    """Raises StateChanged when another check has taken `replaces`' place already, DomainError when the
    partnership is over or a requirement is another municipality's."""
    locked = partnership_lock(partnership)
    if locked.phase == Phase.ENDED:
        raise DomainError(_("Samarbeidet er avsluttet."))
    old = _replaced(locked, replaces)
    kinds = {kind.pk for kind in decision.requirements}
    if RequirementKind.objects.for_municipality(locked.municipality).filter(pk__in=kinds).count() != len(
        kinds
    ):
        raise DomainError(_("Et av kravene er ikke i bruk lenger. Velg på nytt."))
    if decision.outcome == TaskOutcome.CLARIFY_FIRST and not decision.clarify_with:
        raise DomainError(_("Skriv hvem dere avklarer det med."))
    check = TaskCheck.objects.create(
        municipality=locked.municipality,
        partnership=locked,
        task=" ".join(task.split()),
        variants=variants,
        questions=questions,
        answers=answers,
        outcome=decision.outcome,
        clarify_with=decision.clarify_with if decision.outcome == TaskOutcome.CLARIFY_FIRST else "",
        conditions=decision.conditions,
        changed_because=decision.changed_because,
        ground=decision.ground,
        law=decision.law,
        decided_by=decision.decided_by,
        decided_on=decision.decided_on,
        look_again_on=decision.look_again_on,
        noted_by=by,
    )
    TaskRequirement.objects.bulk_create(
        TaskRequirement(municipality=locked.municipality, task_check=check, kind_id=kind) for kind in kinds
    )
    # What somebody answered stays as it was asked.
    ContentTemplate.objects.filter(pk=questions.pk, first_used_at=None).update(first_used_at=timezone.now())
    if old is not None:
        old.replaced_by = check
        old.save(update_fields=["replaced_by"])
    audit_record("task_check_noted", check, by=by, data={"outcome": decision.outcome.value})
    return check


def _replaced(partnership: Partnership, replaces: TaskCheck | None) -> TaskCheck | None:
    if replaces is None:
        return None
    old: TaskCheck = TaskCheck.objects.select_for_update(of=("self",)).get(
        pk=replaces.pk, partnership=partnership
    )
    if old.replaced_by_id is not None:
        raise StateChanged(_("Noen har nettopp svart på nytt. Les det som gjelder nå."))
    return old
