"""«Kan frivillige gjøre dette?» on a partnership, on home pages and in the trace; and our requirements."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships import due_task_check
from partnerships.access import Access, Own, access_of
from partnerships.current import current_membership
from partnerships.models import Partnership, PartnershipParty, TaskCheck
from partnerships.models.partnership import Track
from partnerships.models.task_check import TaskOutcome
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.history_kinds import BY_SLUG, Kind, history_kind
from partnerships.selectors.partnership import may_work
from partnerships.selectors.task_check import CHECKS
from partnerships.services.requirement import requirement_kinds_load
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import Viewer, WorkItem, work_source
from samskaping.core.services.reference import reference_loads

audit_says("task_check_noted", gettext_lazy("%(who)s svarte på «Kan frivillige gjøre dette?»"))
audit_says("requirement_kind_added", gettext_lazy("%(who)s la inn et krav"))
audit_says("requirement_kind_changed", gettext_lazy("%(who)s endret et krav"))
audit_says("requirement_kind_ended", gettext_lazy("%(who)s tok et krav ut av bruk"))
ITEMS_SHOWN = 20
LINES_SHOWN = 4
SOON = timedelta(days=14)
# The heaviest first: what stands on the line is the one that needs most.
_HEAVIEST = (TaskOutcome.MUNICIPAL, TaskOutcome.CLARIFY_FIRST, TaskOutcome.YES_WHEN_AGREED, TaskOutcome.YES)


def register() -> None:
    asks(CHECKS)
    line_from("task_check", facts)
    next_steps_from("task_check", steps)
    section(Section("task_check", 40, "partnerships/task_check/_section.html", shown, aside=True))
    work_source("task_check", _again, work_items)
    partnership_pages.register(
        MenuItem(gettext_lazy("Kan frivillige gjøre dette?"), "task_check_start", 60, visible=_may_try)
    )
    history_kind(
        Kind(
            model=TaskCheck,
            slug="kan-frivillige",
            label=gettext_lazy("Kan frivillige gjøre dette?"),
            own=_under_own,
            about=lambda row, _names: row.task,
            page=lambda row, _user: reverse("task_check", args=[row.partnership_id, row.pk]),
        )
    )
    reference_loads("requirement_kinds", requirement_kinds_load)
    due_task_check.register()


def _may_try(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.PARTNERSHIP_READ)


def _under_own(access: Access, own: Own) -> Q:
    partnerships = Partnership.objects.filter(BY_SLUG["samarbeid"].own(access, own))
    return Q(Exists(partnerships.filter(pk=OuterRef("partnership"))))


def facts(partnership: Partnership, _viewer: Viewer) -> Iterator[Fact]:
    checks = CHECKS.of(partnership)
    if not checks:
        return
    outcome = min((TaskOutcome(check.outcome) for check in checks), key=_HEAVIEST.index)
    yield Fact(
        Stage.ANCHORING,
        _("Kan frivillige gjøre dette? %(outcome)s") % {"outcome": outcome.label},
        order=60,
        url=reverse("task_checks", args=[partnership.pk]),
    )


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """Small ones are not asked: a walking group needs no clarifying."""
    if not may_work(partnership, viewer.user):
        return
    checks = CHECKS.of(partnership)
    if not checks and partnership.track == Track.FULL:
        yield NextStep(
            _("Avklaring"),
            _("Kan frivillige gjøre dette?"),
            reverse("task_check_new", args=[partnership.pk]),
            _("Fem korte spørsmål. Som oftest er svaret ja."),
            order=40,
        )
    for check in checks:
        if check.outcome == TaskOutcome.CLARIFY_FIRST:
            yield NextStep(
                _("Avklaring"),
                _("Avklar «%(task)s»") % {"task": check.task},
                reverse("task_check", args=[partnership.pk, check.pk]),
                check.clarify_with,
                color="warning",
                order=25,
            )


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    checks = CHECKS.of(partnership)
    works = may_work(partnership, viewer.user)
    if not checks and (partnership.track == Track.LIGHT or not works):
        return None
    more = len(checks) - LINES_SHOWN
    return {
        "checks": checks[:LINES_SHOWN],
        "more": ngettext("%(number)s svar til", "%(number)s svar til", more) % {"number": more}
        if more > 0
        else "",
        "may_edit": works,
    }


def _again(viewer: Viewer) -> Question | None:
    """Decisions that are soon to be looked at again, in the partnerships of the role she is in."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.PARTNERSHIP_EDIT):
        return None
    access = access_of(viewer.user)
    parties = PartnershipParty.objects.taking_part().filter(partnership=OuterRef("partnership"))
    mine = (
        Q(Exists(parties.filter(organisation=membership.organisation_id)))
        if membership.organisation_id
        else Q()
    )
    if membership.centre_id:
        mine = Q(Exists(parties.filter(centre=membership.centre_id)))
    elif membership.unit_id:
        units = access.own(Permission.PARTNERSHIP_EDIT).unit_ids
        mine = Q(Exists(parties.filter(unit__in=units)))
    due = TaskCheck.objects.filter(
        mine,
        municipality=membership.municipality_id,
        replaced_by=None,
        look_again_on__lte=viewer.today + SOON,
        partnership__ended_on=None,
        partnership__paused_since=None,
    )
    return Question(
        due.order_by("look_again_on", "pk")[:ITEMS_SHOWN],
        pk="pk",
        partnership="partnership_id",
        task="task",
        look_again_on="look_again_on",
    )


def work_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Avklaring"),
            title=_("Se på det på nytt: %(task)s") % {"task": row["task"]},
            url=reverse("task_check", args=[row["partnership"], row["pk"]]),
            due_on=as_day(row["look_again_on"]),
        )
