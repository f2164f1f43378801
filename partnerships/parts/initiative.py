"""Ideas in the menu, among what waits, in the trace, and on the partnership they became."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.current import current_membership
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Initiative, Membership, Notice, Person
from partnerships.models.initiative import InitiativeState
from partnerships.selectors.initiative import initiatives_here
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import Viewer, WorkItem, work_source
from samskaping.core.templatetags.letters import without_links
from samskaping.core.working_days import working_day_before

audit_says("initiative_given", gettext_lazy("%(who)s sendte en idé"), unsigned=gettext_lazy("Noen"))
audit_says("initiative_answered", gettext_lazy("%(who)s svarte på en idé"))
audit_says("initiative_handed_over", gettext_lazy("%(who)s ga en idé videre"))

WAITING = "initiative_waits"
AT_MOST = 10


def register() -> None:
    from partnerships import initiative_messages  # noqa: F401 - it registers what is sent

    partnership_pages.register(MenuItem(gettext_lazy("Ideer"), "ideas", 60, visible=sees_ideas))
    work_source("ideas", _waiting, waiting)
    due_source(DueSource(WAITING, gettext_lazy("En idé venter på svar"), _waits, _still_waits, _words))


def sees_ideas(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in (Role.COORDINATOR, Role.CHIEF)


# --- On home pages --------------------------------------------------------------------------------------
def _waiting(viewer: Viewer) -> Question | None:
    """What she holds; for a coordinator what nobody holds, too."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.PARTNERSHIP_EDIT):
        return None
    new = initiatives_here(viewer.user, membership).filter(state=InitiativeState.NEW)
    if membership.role != Role.COORDINATOR:
        new = new.filter(holder=membership.pk)
    return Question(new.order_by("reply_by", "pk")[:AT_MOST], pk="pk", title="title", reply_by="reply_by")


def waiting(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Idé"),
            color="info",
            title=row["title"],
            note=_("Noen venter på svar."),
            url=reverse("initiative", args=[row["pk"]]),
            due_on=as_day(row["reply_by"]),
        )


# --- What is due ------------------------------------------------------------------------------------------
def _waits(day: date) -> Iterator[Due]:
    """The working day before, to whoever holds it; where nobody does any more, to the coordinators."""
    found = list(
        Initiative.objects.waiting().filter(reply_by__lte=day).select_related("holder__person").order_by("pk")
    )
    towns = {one.municipality_id for one in found}
    coordinators: dict[int, list[Person]] = {town: [] for town in towns}
    rows = Membership.objects.current().filter(role=Role.COORDINATOR, municipality__in=towns)
    for membership in rows.select_related("person").order_by("pk"):
        if membership.person is not None and membership.municipality_id is not None:
            coordinators[membership.municipality_id].append(membership.person)
    for initiative in found:
        holder = initiative.holder
        held_by = holder.person if holder is not None and holder.ended_at is None else None
        tell_on = working_day_before(initiative.reply_by)
        if tell_on <= day:
            for person in [held_by] if held_by else coordinators[initiative.municipality_id]:
                yield Due(person, initiative, due_on=initiative.reply_by, tell_on=tell_on)


def _still_waits(notice: Notice) -> Any:
    return Initiative.objects.waiting().filter(pk=notice.object_id, reply_by=notice.due_on).first()


def _words(_notice: Notice, initiative: Initiative) -> Words:
    day = formats.date_format(initiative.reply_by, "j. F")
    return Words(
        title=_("En idé venter på svar"),
        lines=(
            without_links(initiative.title),
            _("Den som sendte den, er lovet svar innen %(day)s.") % {"day": day},
        ),
        url=reverse("initiative", args=[initiative.pk]),
        link=_("Se og svar"),
    )
