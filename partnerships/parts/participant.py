"""Participants: the group and the tasks on a process's page, what waits, and what participants are told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import FollowUp, Participant
from partnerships.models.codesign import ProcessState
from partnerships.page import NextStep
from partnerships.process_page import Later, ProcessSection, process_asks, process_section, process_steps_from
from partnerships.seat import Seat
from partnerships.selectors.participant import SIDES, group_of, phone_of
from partnerships.selectors.process_task import WAITING, lines_of
from samskaping.core.audit_words import audit_says
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import MyPageItem, Viewer, WorkItem, my_page_items_from, work_source

# Whoever comes by link is signed in nowhere: it was she, and not the portal.
_BY_LINK = gettext_lazy("En deltaker")
audit_says("participant_invited", gettext_lazy("%(who)s inviterte en deltaker"))
audit_says("participant_invited_again", gettext_lazy("%(who)s sendte en deltaker ny lenke"))
audit_says("participant_joined", gettext_lazy("%(who)s sa ja til å være med i gruppa"), unsigned=_BY_LINK)
audit_says("participant_declined", gettext_lazy("%(who)s sa nei til å være med i gruppa"), unsigned=_BY_LINK)
audit_says("participant_consent", gettext_lazy("%(who)s bestemte om gruppa ser navnet"), unsigned=_BY_LINK)
audit_says("participant_side_set", gettext_lazy("%(who)s endret hvilken side en deltaker kommer fra"))
audit_says("participant_left", gettext_lazy("%(who)s gikk ut av gruppa"), unsigned=_BY_LINK)
audit_says("adaptation_set", gettext_lazy("%(who)s endret en tilrettelegging"), unsigned=_BY_LINK)
audit_says("follow_up_noted", gettext_lazy("%(who)s noterte en samtale med en deltaker"))
audit_says("process_task_added", gettext_lazy("%(who)s la til en oppgave i gruppa"), unsigned=_BY_LINK)
audit_says("process_task_handed", gettext_lazy("%(who)s endret hvem som har en oppgave"), unsigned=_BY_LINK)
audit_says("process_task_done", gettext_lazy("%(who)s endret om en oppgave er gjort"), unsigned=_BY_LINK)
audit_says("process_task_removed", gettext_lazy("%(who)s tok bort en oppgave"))

AT_MOST, TASKS_SHOWN = 20, 5
FOLDER = "partnerships/participant/"


def register() -> None:
    from partnerships import participant_due, participant_messages, participant_rows

    participant_due.register()
    participant_rows.register()
    participant_messages.register()
    process_asks(SIDES, WAITING)
    process_section(ProcessSection("participants", 20, FOLDER + "_section.html", group, aside=True))
    process_section(ProcessSection("tasks", 40, "partnerships/process_task/_section.html", tasks))
    process_steps_from("participants", steps)
    work_source("follow_ups", _follow_ups, follow_ups)
    work_source("groups_asked", _asked, asked)
    my_page_items_from("groups", groups)


# --- On the process's page ------------------------------------------------------------------------------
def group(seat: Seat) -> Mapping[str, Any]:
    # Who invites has a list of them on a page of its own.
    group = group_of(seat, with_names=not seat.convenes)
    return {"group": group, "phone": "" if seat.is_guest else phone_of(seat.process)}


def tasks(seat: Seat) -> Mapping[str, Any] | Later | None:
    waiting = WAITING.of(seat)
    if not waiting:
        url = reverse("process_tasks", args=[seat.process.pk])
        begins = seat.contributes and seat.process.state != ProcessState.ENDED
        return Later(_("Oppgaver til neste gang"), url) if begins else None
    lines = lines_of(seat, waiting[:TASKS_SHOWN], timezone.localdate())
    return {"lines": lines, "more": max(len(waiting) - TASKS_SHOWN, 0)}


def steps(seat: Seat) -> Iterator[NextStep]:
    if not seat.convenes or seat.process.state == ProcessState.ENDED:
        return
    balance = group_of(seat, with_names=False).balance
    if balance.total and balance.holds:
        return
    yield NextStep(
        tag=_("Gruppa"),
        title=_("Inviter flere innbyggere") if balance.total else _("Inviter dem det gjelder"),
        url=reverse("participant_invite", args=[seat.process.pk]),
        note=_("Minst like mange innbyggere som ansatte."),
        order=20,
    )


# --- What waits -----------------------------------------------------------------------------------------
def _follow_ups(viewer: Viewer) -> Question | None:
    """Whom she promised to ring between meetings."""
    if viewer.membership is None or viewer.membership.municipality_id is None:
        return None
    due = FollowUp.objects.visible_to(viewer.user).filter(
        municipality=viewer.membership.municipality_id, next_on__lte=viewer.today, participant__left_at=None
    )
    return Question(
        due.order_by("next_on", "pk")[:AT_MOST],
        participant="participant_id",
        process="participant__process_id",
        name="participant__person__name",
        next_on="next_on",
    )


def follow_ups(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Ring"),
            title=_("Ring %(name)s i gruppa") % {"name": row["name"]},
            url=reverse("participant", args=[row["process"], row["participant"]]),
            due_on=as_day(row["next_on"]),
        )


def _asked(viewer: Viewer) -> Question | None:
    """Groups that wait for her own yes or no."""
    if viewer.membership is None:
        return None
    hers = Participant.objects.filter(
        person__user=viewer.user, joined_at=None, declined_at=None, left_at=None
    ).exclude(process__state=ProcessState.ENDED)
    return Question(hers.order_by("pk")[:AT_MOST], process="process_id", title="process__title")


def asked(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Gruppa"),
            title=_("Vil du være med i %(title)s?") % {"title": row["title"]},
            url=reverse("participant_answer", args=[row["process"]]),
        )


def groups(viewer: Viewer) -> Iterator[MyPageItem]:
    """Every group she is in or asked to, one click away."""
    hers = (
        Participant.objects.filter(person__user=viewer.user, left_at=None, declined_at=None)
        .exclude(process__state=ProcessState.ENDED)
        .select_related("process")
        .order_by("process__title_key", "pk")
    )
    for participant in hers:
        joined = participant.joined_at is not None
        yield MyPageItem(
            title=participant.process.title,
            order=5,
            lines=(_("Du er med i gruppa.") if joined else _("Du er spurt om å være med."),),
            url=reverse(
                "participant_home" if joined else "participant_answer", args=[participant.process_id]
            ),
            link=_("Til gruppa") if joined else _("Les mer og svar"),
        )
