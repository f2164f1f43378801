"""Follow-up on the record, among what waits, in the calendar, and on her own page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.calendar_items import CalendarItem, Span, calendar_source
from samskaping.core.one_query import Question, Row, as_day, as_moment
from samskaping.core.registries import Viewer, WorkItem, work_source
from volunteers import care_due
from volunteers.models import CareStep, Thanks, Volunteer
from volunteers.models.care import TALK_TAKES, CareKind
from volunteers.page import Section, is_kept, my_page, record
from volunteers.selectors.care import care_of, due_for, talk_words

_BY_REPLY = gettext_lazy("Den frivillige")
audit_says("care_step_added", gettext_lazy("%(who)s la til et steg i oppfølgingen"))
audit_says("care_step_done", gettext_lazy("%(who)s merket et steg i oppfølgingen som gjort"))
audit_says("care_step_let_go", gettext_lazy("%(who)s droppet et steg i oppfølgingen"))
audit_says("care_step_moved", gettext_lazy("%(who)s flyttet et steg i oppfølgingen"))
audit_says("care_talk_set", gettext_lazy("%(who)s avtalte en samtale med en frivillig"))
audit_says("care_talk_answered", gettext_lazy("%(who)s svarte på om en samtale passer"), unsigned=_BY_REPLY)
audit_says("care_note_added", gettext_lazy("%(who)s skrev et kort notat om en frivillig"))
audit_says("care_note_removed", gettext_lazy("%(who)s slettet et notat om en frivillig"))
audit_says("thanks_given", gettext_lazy("%(who)s takket en frivillig"))
audit_says("own_page_told", gettext_lazy("%(who)s ga en frivillig vite om Min side"))

AT_MOST = 10
THANKS_SHOWN = 5


def register() -> None:
    care_due.register()
    work_source("care_steps", _due, due_items)
    calendar_source("care_talks", _in_span, in_calendar)
    record.add(Section("care", 15, "volunteers/care/_record.html", on_record))
    record.add(Section("notes", 25, "volunteers/care/_notes.html", notes_on_record, aside=True))
    record.add(Section("ending", 60, "volunteers/care/_ending.html", ending_on_record, aside=True))
    my_page.add(Section("talks", 5, "volunteers/care/_own_talks.html", own_talks))
    my_page.add(Section("thanks", 50, "volunteers/care/_own_thanks.html", own_thanks))


# --- On the record ----------------------------------------------------------------------------------------
def on_record(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    if not is_kept(volunteer, viewer):
        return None
    return {"care": care_of(volunteer, viewer.today), "clarify": CareKind.CLARIFY_TALK}


def notes_on_record(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    if not is_kept(volunteer, viewer):
        return None
    return {"notes": list(volunteer.care_notes.filter(gone_on__gte=viewer.today))}


def ending_on_record(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    if not is_kept(volunteer, viewer):
        return None
    return {"has_account": volunteer.person.user_id is not None}


# --- What waits -------------------------------------------------------------------------------------------
def _due(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.VOLUNTEER_CONTACT):
        return None
    due = due_for(viewer.user, membership.municipality_id, viewer.today)
    return Question(
        due.order_by("due_on", "pk")[:AT_MOST],
        volunteer="volunteer_id",
        name="volunteer__person__name",
        kind="kind",
        words="words",
        due_on="due_on",
        at="at",
        suits="suits",
    )


def due_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        note = ""
        if row["suits"] is False:
            note = _("Tidspunktet passer ikke. Finn et nytt.")
        yield WorkItem(
            tag=_("Oppfølging"),
            title=_("%(what)s: %(name)s")
            % {"what": row["words"] or CareKind(row["kind"]).label, "name": row["name"]},
            note=note,
            url=reverse("volunteer", args=[row["volunteer"]]),
            due_on=as_day(row["due_on"]),
        )


# --- In the calendar --------------------------------------------------------------------------------------
def _in_span(span: Span) -> Question | None:
    """Hers, whichever side of the table she sits on. Items name no people."""
    user = span.viewer.user
    owned = Q(owner=user)
    talks = CareStep.objects.filter(
        owned | Q(volunteer__person__user=user),
        at__lt=span.ends_at,
        at__gt=span.starts_at - TALK_TAKES,
        let_go_at=None,
    )
    return Question(
        talks.order_by(),
        starts_at="at",
        # Every source has a title to sort the first of a day by.
        title="kind",
        place="place",
        uid="uid",
        sequence="sequence",
        changed_at="at_set_at",
        volunteer="volunteer_id",
        owned=ExpressionWrapper(owned, BooleanField()),
    )


def in_calendar(_span: Span, rows: Sequence[Row]) -> Iterator[CalendarItem]:
    kind = _("Samtale")
    for row in rows:
        starts_at = as_moment(row["starts_at"])
        yield CalendarItem(
            starts_at=starts_at,
            ends_at=starts_at + TALK_TAKES,
            title=str(CareKind(row["title"]).label),
            kind=kind,
            uid=UUID(row["uid"]),
            changed_at=as_moment(row["changed_at"]),
            sequence=row["sequence"],
            place=row["place"],
            url=reverse("volunteer", args=[row["volunteer"]]) if row["owned"] else reverse("my_page"),
            is_own=True,
        )


# --- On her own page --------------------------------------------------------------------------------------
def own_talks(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """What she is asked to come to, with yes and no."""
    steps = CareStep.objects.filter(volunteer=volunteer, at__gt=viewer.now, done_at=None, let_go_at=None)
    talks = [{"step": step, "when": talk_words(step)} for step in steps.order_by("at")]
    return {"talks": talks} if talks else None


def own_thanks(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    thanks = list(Thanks.objects.filter(volunteer=volunteer).select_related("offer")[:THANKS_SHOWN])
    return {"thanks": thanks} if thanks else None
