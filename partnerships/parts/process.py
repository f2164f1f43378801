"""Processes in the menu and in the trace; and what a process's own page shows of itself."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import Access, access_of
from partnerships.current import current_membership
from partnerships.models import CodesignProcess, ProblemVersion, ProcessPhase
from partnerships.models.codesign import PhaseKind, ProcessState
from partnerships.models.participant import has_contact
from partnerships.models.partnership import StartedBy
from partnerships.page import NextStep
from partnerships.process_asked import PROCESS, OfSeat
from partnerships.process_page import (
    Later,
    ProcessSection,
    process_asks,
    process_section,
    process_steps_from,
)
from partnerships.retention import person_tie
from partnerships.seat import Seat
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.process_history import own_processes, under_own_processes
from partnerships.selectors.process_phases import PHASES, is_without_plan, phase_rows
from partnerships.selectors.process_preparation import lacking, points_of
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.privacy import PersonalRows, personal_rows

audit_says("process_started", gettext_lazy("%(who)s startet prosessen"))
audit_says("process_changed", gettext_lazy("%(who)s endret prosessen"))
audit_says("process_problem_written", gettext_lazy("%(who)s skrev på nytt hva det handler om"))
audit_says("process_prepared", gettext_lazy("%(who)s skrev i forberedelsen"))
audit_says("preparation_adapted", gettext_lazy("%(who)s tilpasset forberedelsen for kommunen"))
audit_says("process_invited_anyway", gettext_lazy("%(who)s valgte å invitere før det var forankret"))
audit_says("process_attached", gettext_lazy("%(who)s knyttet prosessen til et samarbeid"))
audit_says("process_running", gettext_lazy("%(who)s satte i gang prosessen"))
audit_says("process_ended", gettext_lazy("%(who)s avsluttet prosessen"))
audit_says("process_reopened", gettext_lazy("%(who)s tok opp prosessen igjen"))
audit_says("process_published", gettext_lazy("%(who)s laget en offentlig side"))
audit_says("process_hidden", gettext_lazy("%(who)s tok bort den offentlige siden"))
audit_says("process_phase_set", gettext_lazy("%(who)s endret en fase"))

FOLDER = "partnerships/process/"
STEP_TAG = gettext_lazy("Samskaping")
VERSIONS = OfSeat(
    lambda: (
        ProblemVersion.objects.filter(process=PROCESS)
        .order_by("-number")
        .values_list("number", flat=True)[:1]
    )
)


def register() -> None:
    partnership_pages.register(MenuItem(gettext_lazy("Samskaping"), "processes", 20, visible=sees_processes))
    process_asks(VERSIONS, PHASES)
    process_section(ProcessSection("problem", 10, FOLDER + "_problem.html", problem))
    process_section(ProcessSection("phases", 55, FOLDER + "_phases.html", phases))
    process_section(ProcessSection("facts", 10, FOLDER + "_facts.html", facts, aside=True))
    process_section(ProcessSection("change", 90, FOLDER + "_change.html", change, aside=True))
    process_steps_from("process", steps)
    history_kind(
        Kind(
            model=CodesignProcess,
            slug="prosess",
            label=gettext_lazy("Prosesser"),
            own=own_processes,
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("process", args=[row.pk]),
        )
    )
    history_kind(
        Kind(
            model=ProcessPhase,
            slug="prosessfase",
            label=gettext_lazy("Faser i prosesser"),
            own=lambda access, own: Q(process__in=under_own_processes(access, own)),
            about=lambda row, _names: f"{row}: {row.process.title}",
            page=lambda row, _user: reverse("process", args=[row.process_id]),
            related=("process",),
        )
    )
    person_tie("convenes", _convenes)
    personal_rows(
        PersonalRows(
            "convenes",
            gettext_lazy("Kontaktperson for prosesser"),
            lambda person: CodesignProcess.objects.filter(convener=person),
            ("title", "state"),
            erase=lambda person: CodesignProcess.objects.filter(convener=person).update(convener=None),
        )
    )


def sees_processes(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.PROCESS_READ)


def _convenes(_before: datetime) -> Q:
    running = CodesignProcess.objects.exclude(state=ProcessState.ENDED)
    return Q(Exists(running.filter(convener=OuterRef("pk"))))


def steps(seat: Seat) -> Iterator[NextStep]:
    """What whoever runs it can do now. Nobody is told that something from below lacks anything."""
    if not seat.edits:
        return
    process = seat.process
    if process.state == ProcessState.PREPARING and process.started_by == StartedBy.MUNICIPALITY:
        missing = lacking(points_of(process))
        if missing:
            title = _("Gjør klart før dere inviterer")
            note = _("Mangler: %(what)s") % {"what": " ".join(point.title for point in missing[:2])}
            yield NextStep(
                str(STEP_TAG), title, reverse("process_prepare", args=[process.pk]), note, order=10
            )
    if seat.convenes and not has_contact(process):
        title, note = _("Velg hvem deltakerne kan ringe"), _("Gruppa har ingen kontaktperson nå.")
        yield NextStep(str(STEP_TAG), title, reverse("process_edit", args=[process.pk]), note, order=8)
    if not process.problem:
        title = _("Skriv hva det handler om, med egne ord")
        yield NextStep(str(STEP_TAG), title, reverse("process_problem", args=[process.pk]), order=20)
    if process.state == ProcessState.RUNNING and is_without_plan(PHASES.of(seat)):
        title, note = _("Hvem driver det etterpå?"), _("Det står ingen plan for drift ennå.")
        url = reverse("process_phase", args=[process.pk, PhaseKind.OPERATE.value])
        yield NextStep(str(STEP_TAG), title, url, note, order=60)


def problem(seat: Seat) -> dict[str, Any]:
    """How often the words have changed is seen by the number of the last version."""
    return {"has_versions": any(number > 1 for number in VERSIONS.of(seat)), "may_write": writes(seat)}


def phases(seat: Seat) -> dict[str, Any] | Later | None:
    """Nobody but those who may fill it is shown an empty table, and they only once it has begun."""
    found = phase_rows(PHASES.of(seat), timezone.localdate())
    if not any(row.phase for row in found):
        if not seat.edits:
            return None
        if seat.process.state == ProcessState.PREPARING:
            url = reverse("process_phase", args=[seat.process.pk, PhaseKind.DEVELOP.value])
            return Later(_("Faser, dager og penger"), url)
    return {"phases": found, "may_write": writes(seat)}


def facts(seat: Seat) -> dict[str, Any]:
    process = seat.process
    return {"public_url": reverse("process_public", args=[process.public_key]) if process.public_at else ""}


def change(seat: Seat) -> dict[str, Any] | None:
    """What one can do with the whole of it."""
    access = access_of(seat.user) if seat.user is not None else Access()
    reads = access.may(Permission.HISTORY_READ)
    lets_in = seat.process.municipality_id in access.municipalities_all(Permission.MEMBER_MANAGE)
    return {"reads_history": reads, "lets_guests_in": lets_in} if seat.edits or reads else None


def writes(seat: Seat) -> bool:
    """What is over can be taken up again; until then nobody is offered to write in it."""
    return seat.edits and seat.process.state != ProcessState.ENDED
