"""Strategies in the menu, on home pages, in the trace; and who may open their documents."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships import due_strategy
from partnerships.access import access_of
from partnerships.current import current_membership
from partnerships.models import Strategy, StrategyStance
from partnerships.models.strategy import Stance, StrategyState
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.strategy import answers_for_a_side, documents_visible_to
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.file_access import file_access_from
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.one_query import Question, Row, as_day, number_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, card_source, work_source

audit_says("strategy_created", gettext_lazy("%(who)s begynte på strategien"))
audit_says("strategy_changed", gettext_lazy("%(who)s endret strategien"))
audit_says("strategy_sent", gettext_lazy("%(who)s sendte strategien til bekreftelse"))
audit_says("strategy_confirmed", gettext_lazy("%(who)s bekreftet strategien"))
audit_says("strategy_change_wished", gettext_lazy("%(who)s ønsket en endring i strategien"))
audit_says("strategy_in_force", gettext_lazy("%(who)s lot strategien gjelde"))
audit_says("strategy_replaced", gettext_lazy("%(who)s erstattet strategien med en ny versjon"))
audit_says("strategy_ended", gettext_lazy("%(who)s avsluttet strategien"))
audit_says("strategy_dropped", gettext_lazy("%(who)s la bort utkastet"))
# A wish for a change of what is in force is read, and then waits for the next version.
WISH_IS_NEW = timedelta(days=30)


def register() -> None:
    partnership_pages.register(MenuItem(gettext_lazy("Strategi"), "strategies", 40, visible=_reads))
    work_source("strategies_to_revise", _to_revise, to_revise)
    work_source("strategies_wished_otherwise", _wished_otherwise, wished_otherwise)
    work_source("strategies_to_answer", _to_answer, to_answer)
    card_source("strategies", _in_force, in_force_card)
    file_access_from("strategies", documents_visible_to)
    history_kind(
        Kind(
            model=Strategy,
            slug="strategi",
            label=gettext_lazy("Strategier"),
            own=lambda _access, _own: Q(pk=None),
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("strategy", args=[row.pk]),
        )
    )
    due_strategy.register()


def _reads(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.STRATEGY_READ)


def _here(viewer: Viewer) -> QuerySet[Strategy]:
    return Strategy.objects.filter(municipality=viewer.membership.municipality_id)


def _answers_for_strategies(viewer: Viewer) -> bool:
    membership = viewer.membership
    everywhere = access_of(viewer.user).municipalities_all(Permission.STRATEGY_EDIT)
    return membership is not None and membership.municipality_id in everywhere


def _to_revise(viewer: Viewer) -> Question | None:
    if not _answers_for_strategies(viewer):
        return None
    near = _here(viewer).filter(
        state=StrategyState.IN_FORCE, revise_by__lte=viewer.today + due_strategy.REVISION_BEFORE
    )
    return Question(near.order_by("revise_by", "pk"), pk="pk", title="title", revise_by="revise_by")


def to_revise(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Strategi"),
            title=_("Se over «%(title)s»") % {"title": row["title"]},
            url=reverse("strategy", args=[row["pk"]]),
            due_on=as_day(row["revise_by"]),
        )


def _wished_otherwise(viewer: Viewer) -> Question | None:
    if not _answers_for_strategies(viewer):
        return None
    wishes = StrategyStance.objects.of_these_words().filter(
        strategy=OuterRef("pk"), stance=Stance.WISHES_CHANGE, at__gte=viewer.now - WISH_IS_NEW
    )
    open_or_new = Q(state__in=(StrategyState.PROPOSED, StrategyState.IN_FORCE))
    return Question(_here(viewer).filter(open_or_new, Exists(wishes)), pk="pk", title="title")


def wished_otherwise(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Strategi"),
            color="warning",
            title=_("Noen ønsker en endring i «%(title)s»") % {"title": row["title"]},
            url=reverse("strategy", args=[row["pk"]]),
        )


def _to_answer(viewer: Viewer) -> Question | None:
    """What her side is asked about, and has not answered."""
    membership = viewer.membership
    if membership is None or not answers_for_a_side(membership):
        return None
    answered = StrategyStance.objects.of_these_words().filter(
        strategy=OuterRef("pk"), centre=membership.centre_id, organisation=membership.organisation_id
    )
    asked = _here(viewer).filter(~Exists(answered), state=StrategyState.PROPOSED)
    return Question(asked, pk="pk", title="title")


def to_answer(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Strategi"),
            color="info",
            title=_("Si hva dere mener om «%(title)s»") % {"title": row["title"]},
            url=reverse("strategy_answer", args=[row["pk"]]),
        )


def _in_force(viewer: Viewer) -> Question | None:
    if viewer.membership is None or viewer.membership.role not in roles_with(Permission.STRATEGY_READ):
        return None
    found = _here(viewer).filter(state=StrategyState.IN_FORCE)
    return Question(found.order_by(), number=Count("pk"))


def in_force_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    """Also the way in for those who have no partnerships of their own: an elected one, say."""
    yield OverviewCard(
        label=_("Strategier som gjelder"),
        number=formats.number_format(number_in(rows)),
        order=60,
        url=reverse("strategies"),
        link=_("Les dem"),
    )
