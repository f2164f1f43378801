"""The phases of a process as one row each, with the gap where nobody has planned for operation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partnerships.models import ProcessPhase
from partnerships.models.codesign import PhaseKind
from partnerships.process_asked import PROCESS, OfSeat


@dataclass(frozen=True)
class PhaseRow:
    kind: PhaseKind
    phase: ProcessPhase | None
    is_now: bool
    # Operation without days and money: shown, because projects die of it.
    is_gap: bool


PHASES = OfSeat(lambda: ProcessPhase.objects.filter(process=PROCESS).order_by())


def phase_rows(phases: Iterable[ProcessPhase], today: date) -> list[PhaseRow]:
    """In their order; one without days, money or payer has no plan."""
    found = {phase.kind: phase for phase in phases}
    return [
        PhaseRow(
            kind=kind,
            phase=found[kind] if _is_planned(found.get(kind)) else None,
            is_now=_is_now(found.get(kind), today),
            is_gap=kind == PhaseKind.OPERATE and not _is_planned(found.get(kind)),
        )
        for kind in PhaseKind
    ]


def is_without_plan(phases: Iterable[ProcessPhase]) -> bool:
    """Nobody has said who runs it when it is made."""
    return not any(phase.kind == PhaseKind.OPERATE and _is_planned(phase) for phase in phases)


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
