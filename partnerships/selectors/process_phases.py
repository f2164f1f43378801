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
    """In their order; one without days, money or payer has no plan."""
    found = _found(process)
    return [
        PhaseRow(
            kind=kind,
            phase=found[kind] if _is_planned(found.get(kind)) else None,
            is_now=_is_now(found.get(kind), today),
            is_gap=kind == PhaseKind.OPERATE and not _is_planned(found.get(kind)),
        )
        for kind in PhaseKind
    ]


def process_is_without_plan(process: CodesignProcess) -> bool:
    """Nobody has said who runs it when it is made."""
    return not _is_planned(_found(process).get(PhaseKind.OPERATE))


def _found(process: CodesignProcess) -> dict[str, ProcessPhase]:
    """One query, asked once for each page of the process."""
    if "_phases" not in process.__dict__:
        rows = ProcessPhase.objects.filter(process=process).order_by()
        process.__dict__["_phases"] = {phase.kind: phase for phase in rows}
    phases: dict[str, ProcessPhase] = process.__dict__["_phases"]
    return phases


def _is_planned(phase: ProcessPhase | None) -> bool:
    return phase is not None and bool(
        phase.starts_on or phase.ends_on or phase.paid_by or phase.amount is not None
    )


def _is_now(phase: ProcessPhase | None, today: date) -> bool:
    return (
        phase is not None
        and phase.starts_on is not None
        and phase.starts_on <= today
        and (phase.ends_on is None or phase.ends_on >= today)
    )
