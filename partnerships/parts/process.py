"""Processes in the menu and in the trace; and what a process's own page shows of itself."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.current import current_membership
from partnerships.models.codesign import ProcessState
from partnerships.process_page import ProcessSection, process_section
from partnerships.seat import Seat
from partnerships.selectors.process_phases import phases_of
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in

audit_says("process_started", gettext_lazy("%(who)s startet prosessen"))
audit_says("process_changed", gettext_lazy("%(who)s endret prosessen"))
audit_says("process_problem_written", gettext_lazy("%(who)s skrev på nytt hva det handler om"))
audit_says("process_prepared", gettext_lazy("%(who)s skrev i forberedelsen"))
audit_says("process_invited_anyway", gettext_lazy("%(who)s valgte å invitere før det var forankret"))
audit_says("process_attached", gettext_lazy("%(who)s knyttet prosessen til et samarbeid"))
audit_says("process_running", gettext_lazy("%(who)s satte i gang prosessen"))
audit_says("process_ended", gettext_lazy("%(who)s avsluttet prosessen"))
audit_says("process_reopened", gettext_lazy("%(who)s tok opp prosessen igjen"))
audit_says("process_published", gettext_lazy("%(who)s laget en offentlig side"))
audit_says("process_hidden", gettext_lazy("%(who)s tok bort den offentlige siden"))
audit_says("process_phase_set", gettext_lazy("%(who)s endret en fase"))

FOLDER = "partnerships/process/"


def register() -> None:
    partnership_pages.register(MenuItem(gettext_lazy("Samskaping"), "processes", 20, visible=sees_processes))
    process_section(ProcessSection("problem", 10, FOLDER + "_problem.html", problem))
    process_section(ProcessSection("phases", 55, FOLDER + "_phases.html", phases))
    process_section(ProcessSection("facts", 10, FOLDER + "_facts.html", facts, aside=True))
    process_section(ProcessSection("change", 90, FOLDER + "_change.html", change, aside=True))


def sees_processes(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    if membership is None:
        return False
    return membership.role in roles_with(Permission.PROCESS_READ) or membership.process_id is not None


def problem(seat: Seat) -> dict[str, Any]:
    """How often the words have changed is seen by the number of the last version."""
    last = seat.process.problem_versions.values_list("number", flat=True).first()
    return {"has_versions": last is not None and last > 1, "may_write": writes(seat)}


def phases(seat: Seat) -> dict[str, Any] | None:
    """Nobody but those who may fill it is shown an empty table."""
    found = phases_of(seat.process, timezone.localdate())
    if not seat.edits and not any(row.phase for row in found):
        return None
    return {"phases": found, "may_write": writes(seat)}


def facts(seat: Seat) -> dict[str, Any]:
    process = seat.process
    return {"public_url": reverse("process_public", args=[process.public_key]) if process.public_at else ""}


def change(seat: Seat) -> dict[str, Any] | None:
    """What one can do with the whole of it."""
    reads = seat.user is not None and access_of(seat.user).may(Permission.HISTORY_READ)
    return {"reads_history": reads} if seat.edits or reads else None


def writes(seat: Seat) -> bool:
    """What is over can be taken up again; until then nobody is offered to write in it."""
    return seat.edits and seat.process.state != ProcessState.ENDED
