"""Ansvarskart elsewhere: menu, work list, overview, own page, a partnership's page, and the trace."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.access import Access, Own, access_of
from partnerships.current import current_membership
from partnerships.models import Duty, DutyHolder, Partnership, PartnershipParty, ResponsibilityMap
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import HolderPart
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.responsibility import red
from partnerships.selectors.responsibility_board import (
    DUTIES,
    HOLDERS,
    my_duties,
    name_at,
    name_of,
    own_board,
)
from partnerships.selectors.responsibility_list import map_url
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.one_query import Question, Row, number_in
from samskaping.core.registries import (
    MyPageItem,
    OverviewCard,
    Viewer,
    WorkItem,
    card_source,
    my_page_items_from,
    work_source,
)

ORDER = 40

audit_says("map_made", gettext_lazy("%(who)s laget ansvarskartet"))
audit_says("duty_added", gettext_lazy("%(who)s la oppgaven i ansvarskartet"))
audit_says("duty_changed", gettext_lazy("%(who)s endret oppgaven"))
audit_says("duty_moved", gettext_lazy("%(who)s flyttet oppgaven på kartet"))
audit_says("duty_removed", gettext_lazy("%(who)s tok bort oppgaven"))


def register() -> None:
    partnership_pages.register(
        MenuItem(gettext_lazy("Ansvarskart"), "responsibility_maps", 40, visible=reads_maps)
    )
    work_source("duties_asked", _asked, asked_of_her)
    work_source("duties_empty", _empty, empty_places)
    card_source("duties", _without_holder, without_holder_card)
    my_page_items_from("duties", mine)
    asks(DUTIES, HOLDERS)
    line_from("responsibility", facts)
    next_steps_from("responsibility", steps)
    section(
        Section(
            key="responsibility",
            order=ORDER,
            template="partnerships/responsibility/_section.html",
            context=on_partnership,
            aside=True,
        )
    )
    for kind in HISTORIES:
        history_kind(kind)


def reads_maps(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.MAP_READ)


# --- Home pages -------------------------------------------------------------------------------------------
def _asked(viewer: Viewer) -> Question:
    """What she is asked to take."""
    asked = DutyHolder.objects.asked().filter(person__user=viewer.user, duty__removed_at=None)
    asked = asked.exclude(duty__map__partnership__phase=Phase.ENDED)
    return Question(asked, pk="pk", part="part", text="duty__text", map=name_at("duty__map"))


def asked_of_her(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Ansvar"),
            color="info",
            title=_("Du er spurt: %(duty)s") % {"duty": row["text"]},
            note=_("%(part)s, %(map)s") % {"part": HolderPart(row["part"]).label, "map": row["map"]},
            url=reverse("handover_answer", args=[row["pk"]]),
            due_on=viewer.today,
        )


def _empty(viewer: Viewer) -> Question | None:
    """The empty places on the maps she answers for."""
    if viewer.membership is None or viewer.membership.role not in roles_with(Permission.MAP_EDIT):
        return None
    empty = red(_answered_for(viewer, Permission.MAP_EDIT), viewer.today).exclude(
        map__partnership__paused_since__isnull=False
    )
    return Question(
        # The municipality's own and its units' first: there are more partnerships than stand on a home page.
        empty.order_by(F("map__partnership__title_key").asc(nulls_first=True), "map", "order")[:100],
        pk="pk",
        text="text",
        map="map_id",
        partnership="map__partnership_id",
        name=name_at("map"),
    )


def empty_places(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    by_map: dict[int, list[Row]] = {}
    for row in rows:
        by_map.setdefault(row["map"], []).append(row)
    for pk, duties in by_map.items():
        first, count = duties[0], len(duties)
        plan = ResponsibilityMap(pk=pk, partnership_id=first["partnership"])
        yield WorkItem(
            tag=_("Ansvar"),
            color="warning",
            title=ngettext(
                "%(count)s tom plass i ansvarskartet for %(map)s",
                "%(count)s tomme plasser i ansvarskartet for %(map)s",
                count,
            )
            % {"count": count, "map": first["name"]},
            note=first["text"],
            url=reverse("duty", args=[first["pk"]]) if count == 1 else map_url(plan),
        )


def _without_holder(viewer: Viewer) -> Question | None:
    if viewer.membership is None or viewer.membership.role not in roles_with(Permission.MAP_READ):
        return None
    return Question(
        red(_answered_for(viewer, Permission.OVERVIEW_READ), viewer.today).order_by(), number=Count("pk")
    )


def without_holder_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    yield OverviewCard(
        label=_("Oppgaver uten ansvarlig"),
        number=formats.number_format(number_in(rows), force_grouping=True),
        note=_("ledig, eller den ansvarlige slutter"),
        order=50,
        url=reverse("responsibility_maps"),
        link=_("Se ansvarskartet"),
    )


def _answered_for(viewer: Viewer, permission: Permission) -> Any:
    """Duties in the place she works now, as far as the permission goes.

    By the map's municipality, which is the duties' too: the maps are found first.
    """
    access, here = access_of(viewer.user), viewer.membership.municipality_id
    own = access.own(permission)
    duties = Duty.objects.visible_to(viewer.user)
    parties = PartnershipParty.objects.filter(partnership=OuterRef("map__partnership")).taking_part()
    mine = Q(map__municipality=here, map__unit__in=own.unit_ids) | Exists(
        parties.filter(
            Q(unit__in=own.unit_ids)
            | Q(centre__in=own.centre_ids)
            | Q(organisation__in=own.organisation_ids),
            party_municipality=here,
        )
    )
    if here in access.municipalities_all(permission):
        return duties.filter(mine | Q(map__municipality=here))
    return duties.filter(mine)


def mine(viewer: Viewer) -> Iterator[MyPageItem]:
    held = [row.duty.text for row in my_duties(viewer.user) if row.accepted_at is not None]
    if held:
        yield MyPageItem(
            title=_("Oppgavene dine i ansvarskartet"),
            lines=tuple(held[:5]),
            order=30,
            url=reverse("my_duties"),
            link=_("Se alle, og hvem som spør deg"),
        )


# --- A partnership's page -----------------------------------------------------------------------------------
def _own_red(partnership: Partnership, viewer: Viewer) -> list[Duty]:
    """As `red`, of what is read already."""
    if partnership.phase == Phase.ENDED:
        return []
    empty = (card.duty for card in own_board(partnership, viewer).cards if card.is_red)
    return sorted(empty, key=lambda duty: (duty.order, duty.pk))


def facts(partnership: Partnership, viewer: Viewer) -> Iterator[Fact]:
    empty = len(_own_red(partnership, viewer))
    if empty:
        yield Fact(
            Stage.ANCHORING,
            ngettext("%(count)s tom plass i ansvarskartet", "%(count)s tomme plasser i ansvarskartet", empty)
            % {"count": empty},
            order=60,
            url=reverse("partnership_map", args=[partnership.pk]),
        )


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    if not access_of(viewer.user).covers(Permission.MAP_EDIT, partnership):
        return
    empty = _own_red(partnership, viewer)
    if empty:
        yield NextStep(
            tag=_("Ansvar"),
            color="warning",
            title=_("Finn en ansvarlig: %(duty)s") % {"duty": empty[0].text},
            note=ngettext(
                "%(count)s tom plass i ansvarskartet",
                "%(count)s tomme plasser i ansvarskartet",
                len(empty),
            )
            % {"count": len(empty)},
            url=reverse("duty_hand_over", args=[empty[0].pk]),
            order=20,
        )


def on_partnership(partnership: Partnership, viewer: Viewer) -> Mapping[str, Any] | None:
    return {
        "board": own_board(partnership, viewer),
        "may_edit": partnership.phase != Phase.ENDED
        and access_of(viewer.user).covers(Permission.MAP_EDIT, partnership),
    }


# --- The trace ----------------------------------------------------------------------------------------------
def _own_maps(prefix: str) -> Any:
    """A unit's map, and those of the partnerships one is a party of."""

    def own(access: Access, mine: Own) -> Q:
        parties = PartnershipParty.objects.filter(
            partnership=OuterRef(f"{prefix}partnership"), accepted_at__isnull=False
        )
        everywhere = access.municipalities_all(Permission.HISTORY_READ)
        return Q(**{f"{prefix}unit__in": mine.unit_ids}) | Q(
            Exists(
                parties.filter(
                    Q(party_municipality__in=everywhere)
                    | Q(unit__in=mine.unit_ids)
                    | Q(centre__in=mine.centre_ids)
                    | Q(organisation__in=mine.organisation_ids)
                )
            )
        )

    return own


def _duty_page(row: Duty, _user: Any) -> str:
    return reverse("duty", args=[row.pk]) if row.removed_at is None else ""


HISTORIES = (
    Kind(
        model=ResponsibilityMap,
        slug="ansvarskart",
        label=gettext_lazy("Ansvarskart"),
        own=_own_maps(""),
        about=lambda row, _names: _("Ansvarskart for %(map)s") % {"map": name_of(row)},
        page=lambda row, _user: map_url(row),
        related=("partnership", "unit", "municipality__settings"),
    ),
    Kind(
        model=Duty,
        slug="oppgave",
        label=gettext_lazy("Oppgaver"),
        own=_own_maps("map__"),
        about=lambda row, _names: row.text,
        page=_duty_page,
    ),
    Kind(
        model=DutyHolder,
        slug="ansvarlig",
        label=gettext_lazy("Ansvarlige"),
        own=_own_maps("duty__map__"),
        about=lambda row, _names: row.duty.text,
        page=lambda row, user: _duty_page(row.duty, user),
        related=("duty",),
    ),
)
