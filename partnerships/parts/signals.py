"""Questions in the menu, among what waits, in the overview and on a partnership's page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.access import Access, Own
from partnerships.current import current_membership
from partnerships.models import Partnership, PartnershipParty, Person, Signal
from partnerships.models.signal import SignalState
from partnerships.page import Between, NextStep, Section, asks, line_from, next_steps_from, section
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.signal import (
    COUNTED,
    NEWEST,
    WAITING,
    Shown,
    Tab,
    asker_name,
    between,
    partnership_signals,
    signals_here,
    waiting_for,
)
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, signed_in
from samskaping.core.one_query import Question, Row, as_day, as_moment, number_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, card_source, work_source

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
    work_source("signals_to_answer", _to_answer, to_answer)
    work_source("signals_answered", _answered, answered)
    card_source("signals", _unanswered, unanswered_card)
    asks(NEWEST, COUNTED, WAITING)
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


def _to_answer(viewer: Viewer) -> Question:
    waiting = waiting_for(viewer.user, viewer.membership)
    return Question(
        waiting.order_by("due_on", "pk")[:20],
        pk="pk",
        subject="subject",
        by="raised_by__name",
        partnership="partnership__title",
        due_on="due_on",
    )


def to_answer(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Spørsmål"),
            color="warning",
            title=row["subject"],
            note=" · ".join(part for part in (row["by"], row["partnership"]) if part),
            url=reverse("signal", args=[row["pk"]]),
            due_on=as_day(row["due_on"]),
        )


def _answered(viewer: Viewer) -> Question | None:
    """Answers she has got and not closed."""
    if viewer.membership is None or viewer.membership.person_id is None:
        return None
    answered = Signal.objects.filter(raised_by=viewer.membership.person_id, state=SignalState.ANSWERED)
    return Question(
        answered.order_by("answered_at", "pk")[:10],
        pk="pk",
        subject="subject",
        by="answered_by__name",
        answered_at="answered_at",
    )


def answered(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        day = timezone.localdate(as_moment(row["answered_at"]))
        yield WorkItem(
            tag=_("Svar"),
            color="success",
            title=row["subject"],
            note=_("%(name)s svarte %(day)s")
            % {"name": row["by"] or _("noen"), "day": formats.date_format(day, "j. F")},
            url=reverse("signal", args=[row["pk"]]),
        )


def _unanswered(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.SIGNAL_ANSWER):
        return None
    hers = Exists(
        Person.objects.filter(
            pk=OuterRef("receiver"), user=viewer.user, municipality=membership.municipality_id
        )
    )
    waiting = signals_here(viewer.user, membership).unanswered()
    return Question(waiting.order_by(), number=Count("pk"), hers=Count("pk", filter=Q(hers)))


def unanswered_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    hers = number_in(rows, "hers")
    tab = Tab.TO_ME if hers else Tab.ALL
    yield OverviewCard(
        label=_("Spørsmål som venter på svar"),
        number=formats.number_format(number_in(rows), force_grouping=True),
        order=40,
        url=f"{reverse('signals')}?vis={tab.value}&status={Shown.WAITING.value}",
        link=_("Se spørsmålene"),
        tag=ngettext("%(count)s venter på deg", "%(count)s venter på deg", hers) % {"count": hers}
        if hers
        else "",
        color="warning",
    )


def line(partnership: Partnership, viewer: Viewer) -> Iterator[Between]:
    return between(partnership, viewer)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """What she is asked here, before anything else."""
    for signal in WAITING.of(partnership, viewer):
        yield NextStep(
            tag=_("Spørsmål"),
            title=_("Svar på «%(subject)s»") % {"subject": signal.subject},
            url=reverse("signal", args=[signal.pk]),
            note=asker_name(signal),
            color="warning",
            order=10,
        )


def on_page(partnership: Partnership, viewer: Viewer) -> Mapping[str, Any] | None:
    return partnership_signals(partnership, viewer)


def _own_signals(access: Access, own: Own) -> Q:
    """To one's own side, or of a partnership one's own are a party of."""
    at_own = (
        Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)
    )
    everywhere = access.municipalities_all(Permission.HISTORY_READ)
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    return at_own | Q(Exists(parties.filter(Q(party_municipality__in=everywhere) | at_own)))
