"""The phases of a process as one row each, with the gap where nobody has planned for operation."""

from dataclasses import dataclass
from datetime import date

from partnerships.models import CodesignProcess, ProcessPhase
from partnerships.models.codesign import PhaseKind


@dataclass(frozen=True)
class PhaseRow:
    kind: PhaseKind
    phase: ProcessPhase | None
    is_now: bool
    # Operation without days and money: shown, because projects die of it.
    is_gap: bool


def phases_of(process: CodesignProcess, today: date) -> list[PhaseRow]:
    """One query. A phase without days, money or payer has no plan."""
    found = {phase.kind: phase for phase in ProcessPhase.objects.filter(process=process)}
    rows = []
    for kind in PhaseKind:
        phase = found.get(kind)
        planned = phase is not None and bool(phase.starts_on or phase.ends_on or phase.paid_by)
        rows.append(
            PhaseRow(
                kind=kind,
                phase=phase if planned or (phase is not None and phase.amount is not None) else None,
                is_now=phase is not None and _is_now(phase, today),
                is_gap=kind == PhaseKind.OPERATE and not planned,
            )
        )
    return rows


def _is_now(phase: ProcessPhase, today: date) -> bool:
    return (
        phase.starts_on is not None
        and phase.starts_on <= today
        and (phase.ends_on is None or phase.ends_on >= today)
    )
