"""Strategies in the menu, on home pages, in the trace; and who may open their documents."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships import due_strategy
from partnerships.access import access_of
from partnerships.current import current_membership
from partnerships.models import Strategy, StrategyStance
from partnerships.models.strategy import Stance, StrategyState
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.strategy import documents_visible_to, may_answer
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.file_access import file_access_from
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, overview_cards_from, work_items_from

audit_says("strategy_created", gettext_lazy("%(who)s begynte på strategien"))
audit_says("strategy_changed", gettext_lazy("%(who)s endret strategien"))
audit_says("strategy_sent", gettext_lazy("%(who)s sendte strategien til bekreftelse"))
audit_says("strategy_confirmed", gettext_lazy("%(who)s bekreftet strategien"))
audit_says("strategy_change_wished", gettext_lazy("%(who)s ønsket en endring i strategien"))
audit_says("strategy_in_force", gettext_lazy("%(who)s lot strategien gjelde"))
audit_says("strategy_replaced", gettext_lazy("%(who)s erstattet strategien med en ny versjon"))
audit_says("strategy_ended", gettext_lazy("%(who)s avsluttet strategien"))
# A wish for a change of what is in force is read, and then waits for the next version.
WISH_IS_NEW = timedelta(days=30)


def register() -> None:
    partnership_pages.register(MenuItem(gettext_lazy("Strategi"), "strategies", 40, visible=_reads))
    work_items_from("strategies", work_items)
    overview_cards_from("strategies", cards)
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


def work_items(viewer: Viewer) -> Iterator[WorkItem]:
    membership = viewer.membership
    if membership is None or membership.municipality_id is None:
        return
    here = Strategy.objects.filter(municipality=membership.municipality_id)
    if membership.municipality_id in access_of(viewer.user).municipalities_all(Permission.STRATEGY_EDIT):
        near = here.filter(
            state=StrategyState.IN_FORCE, revise_by__lte=viewer.today + due_strategy.REVISION_BEFORE
        )
        for strategy in near.order_by("revise_by", "pk"):
            yield WorkItem(
                tag=_("Strategi"),
                title=_("Se over «%(title)s»") % {"title": strategy.title},
                url=reverse("strategy", args=[strategy.pk]),
                due_on=strategy.revise_by,
            )
        wishes = StrategyStance.objects.filter(
            strategy=OuterRef("pk"), stance=Stance.WISHES_CHANGE, at__gte=timezone.now() - WISH_IS_NEW
        )
        open_or_new = Q(state__in=(StrategyState.PROPOSED, StrategyState.IN_FORCE))
        for strategy in here.filter(open_or_new, Exists(wishes)):
            yield WorkItem(
                tag=_("Strategi"),
                color="warning",
                title=_("Noen ønsker en endring i «%(title)s»") % {"title": strategy.title},
                url=reverse("strategy", args=[strategy.pk]),
            )
    if membership.role in roles_with(Permission.STRATEGY_CONFIRM):
        answered = StrategyStance.objects.of_these_words().filter(
            strategy=OuterRef("pk"), centre=membership.centre_id, organisation=membership.organisation_id
        )
        for strategy in here.filter(~Exists(answered), state=StrategyState.PROPOSED):
            if may_answer(membership, strategy):
                yield WorkItem(
                    tag=_("Strategi"),
                    color="info",
                    title=_("Si hva dere mener om «%(title)s»") % {"title": strategy.title},
                    url=reverse("strategy_answer", args=[strategy.pk]),
                )


def cards(viewer: Viewer) -> Iterator[OverviewCard]:
    """Also the way in for those who have no partnerships of their own: an elected one, say."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.STRATEGY_READ):
        return
    count = Strategy.objects.filter(
        municipality=membership.municipality_id, state=StrategyState.IN_FORCE
    ).count()
    yield OverviewCard(
        label=_("Strategier som gjelder"),
        number=formats.number_format(count),
        order=60,
        url=reverse("strategies"),
        link=_("Les dem"),
    )
