"""Proposals: on the process's page, in the work list of who answers, and in the trace."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.access import access_of
from partnerships.models import Proposal
from partnerships.models.codesign import ProcessState
from partnerships.page import NextStep
from partnerships.process_asked import PROCESS, OfSeat
from partnerships.process_page import ProcessSection, process_asks, process_section, process_steps_from
from partnerships.seat import Seat
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.process_history import under_own_processes
from partnerships.selectors.proposal import NUMBERS, counted, state_of
from partnerships.selectors.proposal_receiver import answered_by
from samskaping.core.audit_words import audit_says
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import Viewer, WorkItem, work_source

# Whoever takes part is not named in the trace: it is read by those who see no names.
_SOMEBODY = gettext_lazy("En deltaker")
audit_says("proposal_given", gettext_lazy("%(who)s ga et innspill"), unsigned=_SOMEBODY)
audit_says("proposal_changed", gettext_lazy("%(who)s endret et innspill"), unsigned=_SOMEBODY)
audit_says("proposal_taken_back", gettext_lazy("%(who)s trakk et innspill tilbake"), unsigned=_SOMEBODY)
audit_says("proposal_answered", gettext_lazy("%(who)s svarte på et innspill"))
audit_says("proposal_grouped", gettext_lazy("%(who)s endret temaet for et innspill"))
audit_says("proposal_climbed", gettext_lazy("Et innspill uten svar ble løftet"))
audit_says("comment_written", gettext_lazy("%(who)s sa noe om et innspill"), unsigned=_SOMEBODY)
audit_says("comment_taken_away", gettext_lazy("%(who)s tok bort en kommentar"), unsigned=_SOMEBODY)

SHOWN, AT_MOST = 3, 10
NEWEST = OfSeat(
    lambda: (
        Proposal.objects.filter(process=PROCESS).only("text", "outcome").order_by("-given_at", "-pk")[:SHOWN]
    )
)


def register() -> None:
    from partnerships import proposal_due

    proposal_due.register()
    process_asks(NEWEST, NUMBERS)
    process_section(ProcessSection("proposals", 30, "partnerships/proposal/_section.html", newest))
    process_steps_from("proposals", steps)
    work_source("proposals", _waiting, waiting)
    history_kind(
        Kind(
            model=Proposal,
            slug="innspill",
            label=gettext_lazy("Innspill"),
            own=lambda access, own: Q(process__in=under_own_processes(access, own)),
            about=lambda row, _names: _("Innspill til %(process)s") % {"process": row.process.title},
            page=lambda row, _user: reverse("proposal", args=[row.process_id, row.pk]),
            related=("process",),
        )
    )


def newest(seat: Seat) -> Mapping[str, Any]:
    lines = [{"proposal": row, "state": state_of(row)[0]} for row in NEWEST.of(seat)]
    return {"counted": counted(seat), "lines": lines}


def steps(seat: Seat) -> Iterator[NextStep]:
    if not seat.edits or seat.process.state == ProcessState.ENDED:
        return
    number = counted(seat).waiting
    if number:
        yield NextStep(
            tag=_("Innspill"),
            title=ngettext("Svar på %(count)s innspill", "Svar på %(count)s innspill", number)
            % {"count": number},
            url=reverse("proposals", args=[seat.process.pk], query={"vis": "venter"}),
            order=10,
        )


def _waiting(viewer: Viewer) -> Question | None:
    """One line for each process with something she is to answer."""
    if viewer.membership is None or viewer.membership.person_id is None:
        return None
    hers = Proposal.objects.filter(answered_by(access_of(viewer.user)), answered_at=None)
    here = hers.filter(process__municipality=viewer.membership.municipality_id)
    return Question(
        here.exclude(process__state=ProcessState.ENDED)
        .values("process")
        .order_by("process__title_key", "process")[:AT_MOST],
        pk="process",
        title="process__title",
        number=Count("pk"),
        due=Min("answer_by"),
    )


def waiting(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        said = ngettext(
            "%(count)s innspill venter på svar", "%(count)s innspill venter på svar", row["number"]
        )
        yield WorkItem(
            tag=_("Innspill"),
            color="info",
            title=said % {"count": row["number"]},
            note=row["title"],
            url=reverse("proposals", args=[row["pk"]], query={"vis": "venter"}),
            due_on=as_day(row["due"]),
        )
