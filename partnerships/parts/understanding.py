"""«Dette er vi enige om» on a partnership's page, on home pages, and in the trace."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships import due_understanding
from partnerships.models import Partnership, Understanding, UnderstandingSide
from partnerships.models.partnership import Phase, Track
from partnerships.models.understanding import UnderstandingState
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.partnership import may_work
from partnerships.selectors.sides import own_parties, own_sides, sides_of, under_own
from partnerships.selectors.understanding import (
    ANSWERED,
    SIDES,
    UNDERSTANDINGS,
    has_answered,
    standing_of,
    status_of,
)
from samskaping.core.audit_words import audit_says
from samskaping.core.one_query import Question, Row
from samskaping.core.registries import Viewer, WorkItem, work_source

audit_says("understanding_begun", gettext_lazy("%(who)s begynte en ny versjon av «Dette er vi enige om»"))
audit_says("understanding_changed", gettext_lazy("%(who)s endret «Dette er vi enige om»"))
audit_says("understanding_side_written", gettext_lazy("%(who)s skrev sin side av «Dette er vi enige om»"))
audit_says("understanding_proposed", gettext_lazy("%(who)s sendte «Dette er vi enige om» til bekreftelse"))
audit_says("understanding_confirmed", gettext_lazy("%(who)s bekreftet «Dette er vi enige om»"))
audit_says("understanding_objected", gettext_lazy("%(who)s ønsket noe annerledes i «Dette er vi enige om»"))
audit_says("understanding_agreed", gettext_lazy("Alle bekreftet, og «Dette er vi enige om» gjelder"))
ITEMS_SHOWN = 20
LINES_SHOWN = 4


def register() -> None:
    asks(UNDERSTANDINGS, SIDES)
    line_from("understanding", facts)
    next_steps_from("understanding", steps)
    section(Section("understanding", 20, "partnerships/understanding/_section.html", shown))
    work_source("understanding", _proposed, work_items)
    history_kind(
        Kind(
            model=Understanding,
            slug="enige",
            label=gettext_lazy("Dette er vi enige om"),
            own=under_own,
            about=lambda row, _names: _("Dette er vi enige om, versjon %(number)s") % {"number": row.number},
            page=lambda row, _user: reverse("understanding_version", args=[row.partnership_id, row.number]),
        )
    )
    due_understanding.register()


def facts(partnership: Partnership, _viewer: Viewer) -> Iterator[Fact]:
    standing = standing_of(partnership)
    url = reverse("understanding", args=[partnership.pk])
    if standing.agreed is not None and standing.agreed.agreed_at is not None:
        day = timezone.localdate(standing.agreed.agreed_at)
        words = formats.date_format(day, "j. F" if day.year == timezone.localdate().year else "j. F Y")
        yield Fact(Stage.ANCHORING, _("Enige siden %(day)s") % {"day": words}, order=20, done=True, url=url)
    elif standing.work is not None and standing.work.state == UnderstandingState.PROPOSED:
        yield Fact(Stage.ANCHORING, _("Til bekreftelse hos partene"), order=20, muted=True, url=url)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """Only for those who can take them."""
    parties = sides_of(partnership)
    own = own_sides(viewer.user, parties)
    if not own or partnership.phase == Phase.ENDED:
        return
    standing = standing_of(partnership)
    work = standing.work
    page = reverse("understanding", args=[partnership.pk])
    tag = _("Enige")
    if work is None:
        if standing.agreed is None and partnership.track == Track.FULL:
            yield NextStep(tag, _("Skriv det dere er enige om"), page, _("Korte linjer er nok."), order=30)
        return
    written = {side.party_id: side for side in work.sides.all()}
    if work.state == UnderstandingState.PROPOSED:
        if any(not has_answered(written.get(pk), work) for pk in own):
            title, note = _("Les og bekreft det dere er enige om"), _("De andre venter på dere.")
            yield NextStep(tag, title, page, note, color="info", order=5)
        here = {party.pk for party in sides_of(partnership)}
        if any(side.objection for side in work.sides.all() if side.party_id in here.difference(own)):
            title = _("En part ønsker noe annerledes")
            yield NextStep(tag, title, page, _("Les det, og endre teksten sammen."), color="warning", order=8)
        return
    silent = [pk for pk in own if not (written.get(pk) and (written[pk].wishes or written[pk].gains))]
    if silent:
        url = reverse("understanding_side", args=[partnership.pk, min(silent)])
        yield NextStep(tag, _("Skriv hva dere ønsker, med egne ord"), url, order=20)
    else:
        yield NextStep(tag, _("Send det dere er enige om, til bekreftelse"), page, order=25)


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """Small ones that have written nothing are shown no empty box."""
    latest = standing_of(partnership).latest
    works = may_work(partnership, viewer.user)
    if latest is None and (partnership.track == Track.LIGHT or not works):
        return None
    return {
        "understanding": latest,
        "status": status_of(latest),
        "lines": latest.shall[:LINES_SHOWN] if latest else [],
        "more": latest is not None and len(latest.shall) > LINES_SHOWN,
        "may_edit": works,
    }


def _proposed(viewer: Viewer) -> Question:
    """Texts that wait for her side's yes, and what another side wants otherwise."""
    mine = own_parties(viewer)
    proposed = Understanding.objects.filter(
        partnership=OuterRef("partnership"), state=UnderstandingState.PROPOSED
    )
    sides = UnderstandingSide.objects.filter(
        understanding__partnership=OuterRef("partnership"), understanding__state=UnderstandingState.PROPOSED
    )
    answered = sides.filter(ANSWERED, party=OuterRef("pk"))
    others = sides.filter(party__left_on=None).exclude(party=OuterRef("pk")).exclude(objection="")
    waiting = mine.filter(
        ~Exists(answered) | Exists(others),
        Exists(proposed),
        partnership__ended_on=None,
        partnership__paused_since=None,
    )
    return Question(
        waiting.order_by("partnership__title_key")[:ITEMS_SHOWN],
        partnership="partnership_id",
        title="partnership__title",
        is_answered=Exists(answered),
        is_objected=Exists(others),
    )


def work_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    seen = set()
    for row in rows:
        page = reverse("understanding", args=[row["partnership"]])
        if not row["is_answered"] and (page, "read") not in seen:
            seen.add((page, "read"))
            title = _("%(title)s: les og bekreft det dere er enige om") % {"title": row["title"]}
            yield WorkItem(tag=_("Enige"), color="info", title=title, url=page)
        if row["is_objected"] and (page, "objected") not in seen:
            seen.add((page, "objected"))
            title = _("%(title)s: en part ønsker noe annerledes") % {"title": row["title"]}
            yield WorkItem(tag=_("Enige"), color="warning", title=title, url=page)
