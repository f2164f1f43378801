"""Questions in the menu, among what waits, in the overview and on a partnership's page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.access import Access, Own
from partnerships.current import current_membership
from partnerships.models import Partnership, PartnershipParty, Signal
from partnerships.models.partnership import Phase
from partnerships.models.signal import SignalState
from partnerships.page import Between, NextStep, Section, line_from, next_steps_from, section
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.signal import (
    Shown,
    Tab,
    between,
    line_of,
    partnership_signals,
    signals_here,
    waiting_for,
)
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, signed_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, overview_cards_from, work_items_from

audit_says("signal_raised", gettext_lazy("%(who)s stilte et spørsmål"))
audit_says("signal_seen", gettext_lazy("%(who)s åpnet spørsmålet"))
audit_says("signal_answered", gettext_lazy("%(who)s svarte på spørsmålet"))
audit_says("signal_decided", gettext_lazy("%(who)s fortalte om en beslutning"))
audit_says("signal_forwarded", gettext_lazy("%(who)s sendte spørsmålet videre"))
audit_says("signal_taken_back", gettext_lazy("%(who)s trakk spørsmålet tilbake"))
audit_says("signal_closed", gettext_lazy("%(who)s lukket spørsmålet"))
audit_says("signal_climbed", gettext_lazy("%(who)s løftet spørsmålet til den neste, fordi ingen svarte"))
audit_says("signal_passed_on", gettext_lazy("%(who)s ga spørsmålet til en annen, fordi mottakeren er borte"))


def register() -> None:
    menu.register(
        MenuItem(
            gettext_lazy("Spørsmål og svar"),
            "signals",
            60,
            visible=asks_and_answers,
            badge=_waiting,
            badge_label=gettext_lazy("venter på svar fra deg"),
        )
    )
    work_items_from("signals", work_items)
    overview_cards_from("signals", cards)
    line_from("signals", line)
    next_steps_from("signals", steps)
    section(Section("signals", 60, "partnerships/signal/_section.html", on_page))
    history_kind(
        Kind(
            model=Signal,
            slug="sporsmal",
            label=gettext_lazy("Spørsmål og svar"),
            own=_own_signals,
            about=lambda row, _names: _("Spørsmålet «%(subject)s»") % {"subject": row.subject},
            page=lambda row, _user: reverse("signal", args=[row.pk]),
            behind=lambda _seen: Q(),
        )
    )


def asks_and_answers(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.SIGNAL_RAISE)


def _waiting(request: HttpRequest) -> int:
    return getattr(current_membership(request), "questions", 0)  # Membership.with_questions


def work_items(viewer: Viewer) -> Iterator[WorkItem]:
    """What she is to answer, and answers she has got and not closed."""
    waiting = waiting_for(viewer.user, viewer.membership).select_related("raised_by", "partnership")
    for signal in waiting.order_by("due_on", "pk")[:20]:
        yield WorkItem(
            tag=_("Spørsmål"),
            color="warning",
            title=signal.subject,
            note=_about(signal),
            url=reverse("signal", args=[signal.pk]),
            due_on=signal.due_on,
        )
    if viewer.membership is None or viewer.membership.person_id is None:
        return
    answered = Signal.objects.filter(raised_by=viewer.membership.person_id, state=SignalState.ANSWERED)
    for signal in answered.select_related("answered_by", "partnership").order_by("answered_at", "pk")[:10]:
        assert signal.answered_at is not None  # noqa: S101 - signal_state_has_its_time holds
        by = signal.answered_by.name if signal.answered_by else _("noen")
        yield WorkItem(
            tag=_("Svar"),
            color="success",
            title=signal.subject,
            note=_("%(name)s svarte %(day)s")
            % {"name": by, "day": formats.date_format(timezone.localdate(signal.answered_at), "j. F")},
            url=reverse("signal", args=[signal.pk]),
        )


def _about(signal: Signal) -> str:
    parts = (
        signal.raised_by.name if signal.raised_by else "",
        signal.partnership.title if signal.partnership else "",
    )
    return " · ".join(part for part in parts if part)


def cards(viewer: Viewer) -> Iterator[OverviewCard]:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.SIGNAL_ANSWER):
        return
    waiting = signals_here(viewer.user, membership).unanswered().count()
    mine = waiting_for(viewer.user, membership).count()
    tab = Tab.TO_ME if mine else Tab.ALL
    yield OverviewCard(
        label=_("Spørsmål som venter på svar"),
        number=formats.number_format(waiting, force_grouping=True),
        order=40,
        url=f"{reverse('signals')}?vis={tab.value}&status={Shown.WAITING.value}",
        link=_("Se spørsmålene"),
        tag=ngettext("%(count)s venter på deg", "%(count)s venter på deg", mine) % {"count": mine}
        if mine
        else "",
        color="warning",
    )


def line(partnership: Partnership, viewer: Viewer) -> Iterator[Between]:
    return between(partnership, viewer.user)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """What she is asked here, before anything else; where it is over, it waits among her questions."""
    if partnership.phase == Phase.ENDED:
        return
    waiting = waiting_for(viewer.user, viewer.membership).filter(partnership=partnership)
    for signal in waiting.select_related(
        "raised_by", "unit", "centre", "organisation", "municipality__settings"
    ).order_by("due_on", "pk")[:1]:
        yield NextStep(
            tag=_("Spørsmål"),
            title=_("Svar på «%(subject)s»") % {"subject": signal.subject},
            url=reverse("signal", args=[signal.pk]),
            note=line_of(signal, viewer.today).asker,
            color="warning",
            order=10,
        )


def on_page(partnership: Partnership, viewer: Viewer) -> Mapping[str, Any] | None:
    return partnership_signals(partnership, viewer.user, viewer.today)


def _own_signals(access: Access, own: Own) -> Q:
    """To one's own side, or of a partnership one's own are a party of."""
    at_own = (
        Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)
    )
    everywhere = access.municipalities_all(Permission.HISTORY_READ)
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    return at_own | Q(Exists(parties.filter(Q(party_municipality__in=everywhere) | at_own)))
