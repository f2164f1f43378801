"""Agreements on the home pages: those to sign, those that run out, and how many there are to renew."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement, Signatory
from agreements.models.agreement import NOT_YET
from agreements.selectors.agreement import LATELY, State, agreements_in, ending, party_names_at
from samskaping.accounts.permissions import Permission, Role, roles_with
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

AT_MOST = 20
# A chief has the number in her overview; the list is for those who renew them.
_RENEWS = roles_with(Permission.AGREEMENT_DRAFT) - {Role.CHIEF}


def register() -> None:
    work_source("agreements", _to_renew, to_renew)
    work_source("agreements_to_sign", _to_sign, to_sign)
    card_source("agreements", _ending, card)
    my_page_items_from("agreements_to_sign", on_my_page)


def _to_sign(viewer: Viewer) -> Question | None:
    """Hers, whatever role she has here."""
    rows = Signatory.objects.of_user(viewer.user).waiting().order_by("envelope__deadline", "pk")
    return Question(rows[:AT_MOST], pk="pk", title="envelope__document__title", deadline="envelope__deadline")


def to_sign(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Avtale"),
            color="warning",
            title=_("En avtale venter på signaturen din"),
            note=row["title"],
            url=reverse("signing_read", args=[row["pk"]]),
            due_on=date.fromisoformat(row["deadline"]) if row["deadline"] else None,
        )


def on_my_page(viewer: Viewer) -> Iterator[MyPageItem]:
    """First on Min side, for as long as somebody waits for her."""
    waiting = Signatory.objects.of_user(viewer.user).waiting().order_by("envelope__deadline", "pk")
    titles = tuple(waiting.values_list("envelope__document__title", flat=True)[:AT_MOST])
    if titles:
        yield MyPageItem(
            title=_("En avtale venter på signaturen din")
            if len(titles) == 1
            else _("Flere avtaler venter på signaturen din"),
            order=1,
            lines=titles,
            url=reverse("my_agreements"),
            link=_("Les og signer"),
        )


def _to_renew(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in _RENEWS:
        return None
    here: Any = agreements_in(membership.municipality, viewer.user).drafted_by(viewer.user).running()
    soon = here.with_tell_on().filter(told_from__lte=viewer.today, ends_on__gte=viewer.today - LATELY)
    return Question(
        soon.order_by("ends_on", "pk")[:AT_MOST],
        pk="pk",
        title="title",
        ends_on="ends_on",
        begun=Exists(Agreement.objects.filter(replaces=OuterRef("pk"), state__in=NOT_YET)),
        parties=party_names_at("pk"),
    )


def to_renew(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        ends_on = date.fromisoformat(row["ends_on"])
        over = ends_on < viewer.today
        yield WorkItem(
            tag=_("Avtale"),
            color="danger" if over else "warning",
            title=(_("%(title)s gikk ut") if over else _("%(title)s går ut")) % {"title": row["title"]},
            note=_note(row, over=over),
            url=reverse("agreement", args=[row["pk"]]),
            due_on=ends_on,
        )


def _note(row: Row, *, over: bool) -> str:
    if row["begun"]:
        return _("Fornyelsen er begynt")
    if over:
        return _("Forny den, skriv den nye datoen, eller avslutt den.")
    return _("Med %(parties)s") % {"parties": ", ".join(row["parties"])}


def _ending(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.AGREEMENT_DRAFT):
        return None
    running = agreements_in(membership.municipality, viewer.user).running()
    return Question(ending(running, viewer.today).order_by(), number=Count("pk"))


def card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    number = number_in(rows)
    yield OverviewCard(
        label=_("Avtaler å fornye innen 90 dager"),
        number=formats.number_format(number, force_grouping=True),
        note=ngettext("avtale går ut", "avtaler går ut", number),
        order=40,
        url=f"{reverse('agreements')}?vis={State.ENDING.value}",
        link=_("Se avtalene"),
    )
