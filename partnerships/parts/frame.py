"""«Rammer» on a partnership's page, on home pages, and in the trace."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Frame, Notice, Partnership, PartnershipParty
from partnerships.models.partnership import Phase, StartedBy, Track
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.frame import FRAME, frame_of, is_outdated, rests_on
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.partnership import may_work
from partnerships.selectors.sides import own_parties, own_sides, people_of, sides_of, under_own
from samskaping.accounts.permissions import Permission
from samskaping.core.audit_words import audit_says
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import Viewer, WorkItem, work_source
from samskaping.core.templatetags.letters import without_links

audit_says("frame_changed", gettext_lazy("%(who)s endret rammene"))
REVISION_BEFORE = timedelta(days=60)
ITEMS_SHOWN = 20


def register() -> None:
    asks(FRAME)
    line_from("frame", facts)
    next_steps_from("frame", steps)
    section(Section("frame", 30, "partnerships/frame/_section.html", shown, aside=True))
    work_source("frame", _near_revision, work_items)
    history_kind(
        Kind(
            model=Frame,
            slug="rammer",
            label=gettext_lazy("Rammer"),
            own=under_own,
            about=lambda _row, _names: _("Rammene"),
            page=lambda row, _user: reverse("partnership", args=[row.partnership_id]),
        )
    )
    due_source(
        DueSource(
            kind="frame_revision",
            label=gettext_lazy("Rammer som skal ses over"),
            derive=_to_revise,
            about=_still_to_revise,
            words=_revision_words,
        )
    )


def facts(partnership: Partnership, viewer: Viewer) -> Iterator[Fact]:
    frame = frame_of(partnership)
    text = rests_on(frame)
    if text and frame is not None:
        url = reverse("strategy", args=[frame.strategy_id]) if _reads_strategy(partnership, viewer) else ""
        yield Fact(Stage.ANCHORING, text, order=10, done=not is_outdated(frame), url=url)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """What begins from below is not told that it lacks anything."""
    if partnership.phase == Phase.ENDED or not own_sides(viewer.user, sides_of(partnership)):
        return
    frame = frame_of(partnership)
    url, tag = reverse("frame", args=[partnership.pk]), _("Rammer")
    if is_outdated(frame):
        title = _("Strategien er byttet ut. Se om rammene fortsatt passer")
        yield NextStep(tag, title, url, order=35)
    elif (
        frame is None
        and partnership.track == Track.FULL
        and partnership.started_by == StartedBy.MUNICIPALITY
        and partnership.phase != Phase.OPERATION
    ):
        yield NextStep(tag, _("Skriv ned hva samarbeidet hviler på"), url, order=45)


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """An empty box is shown to nobody but those who may fill it, and not for small ones."""
    frame = frame_of(partnership)
    works = may_work(partnership, viewer.user)
    if frame is None and (partnership.track == Track.LIGHT or not works):
        return None
    return {
        "frame": frame,
        "rests_on": rests_on(frame),
        "is_outdated": is_outdated(frame),
        "reads_strategy": _reads_strategy(partnership, viewer),
        "may_edit": works,
    }


def _reads_strategy(partnership: Partnership, viewer: Viewer) -> bool:
    """A guest, and a party from next door, sees the partnership and nothing else of the municipality."""
    access = access_of(viewer.user)
    return access.may(Permission.STRATEGY_READ, municipality_id=partnership.municipality_id)


def _near_revision(viewer: Viewer) -> Question:
    mine = own_parties(viewer).values("partnership")
    near = _running().filter(partnership__in=mine, revise_by__lte=viewer.today + REVISION_BEFORE)
    return Question(
        near.order_by("revise_by", "pk")[:ITEMS_SHOWN],
        partnership="partnership_id",
        title="partnership__title",
        revise_by="revise_by",
    )


def work_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Rammer"),
            title=_("%(title)s: se over rammene") % {"title": row["title"]},
            url=reverse("frame", args=[row["partnership"]]),
            due_on=as_day(row["revise_by"]),
        )


# --- A day to look at it again ----------------------------------------------------------------------------
def _running() -> Any:
    """Nobody is asked anything of what is over or on pause."""
    running = Frame.objects.filter(partnership__ended_on=None, partnership__paused_since=None)
    return running.select_related("partnership")


def _to_revise(day: date) -> Iterator[Due]:
    """To every side: the frame is theirs together."""
    near = _running().filter(revise_by__gte=timezone.localdate(), revise_by__lte=day + REVISION_BEFORE)
    for frame in near:
        parties = PartnershipParty.objects.taking_part().filter(partnership=frame.partnership_id)
        for people in people_of(parties).values():
            for person in people:
                yield Due(person, frame, due_on=frame.revise_by, tell_on=frame.revise_by - REVISION_BEFORE)


def _still_to_revise(notice: Notice) -> Frame | None:
    found: Frame | None = _running().filter(pk=notice.object_id, revise_by=notice.due_on).first()
    return found


def _revision_words(_notice: Notice, frame: Frame) -> Words:
    title = without_links(frame.partnership.title)
    return Words(
        title=_("Tid for å se over rammene"),
        lines=(
            _("Rammene for «%(title)s» skal ses over. Passer de fortsatt, flytter dere bare datoen.")
            % {"title": title},
        ),
        url=reverse("frame", args=[frame.partnership_id]),
        link=_("Se rammene"),
    )
