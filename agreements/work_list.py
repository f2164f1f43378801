"""Agreements on the home pages: the ones that run out, and how many there are to renew."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.selectors.agreement import LATELY, State, agreements_in, ending, party_names
from partnerships.access import access_of
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, overview_cards_from, work_items_from

# A chief has the number in her overview; the list is for those who renew them.
_RENEWS = roles_with(Permission.AGREEMENT_DRAFT) - {Role.CHIEF}


def register() -> None:
    work_items_from("agreements", to_renew)
    overview_cards_from("agreements", card)


def to_renew(viewer: Viewer) -> Iterator[WorkItem]:
    membership = viewer.membership
    if membership is None or membership.role not in _RENEWS:
        return
    here: Any = agreements_in(membership.municipality, viewer.user).running().with_tell_on()
    soon = here.filter(told_from__lte=viewer.today, ends_on__gte=viewer.today - LATELY)
    for agreement in soon.with_parties().order_by("ends_on", "pk")[:20]:
        assert agreement.ends_on is not None  # noqa: S101 - filtered on it
        if not access_of(viewer.user).covers(Permission.AGREEMENT_DRAFT, agreement):
            continue
        over = agreement.ends_on < viewer.today
        yield WorkItem(
            tag=_("Avtale"),
            color="danger" if over else "warning",
            title=(_("%(title)s gikk ut") if over else _("%(title)s går ut")) % {"title": agreement.title},
            note=_("Skriv den nye datoen, eller avslutt den.")
            if over
            else _("Med %(parties)s") % {"parties": ", ".join(party_names(agreement))},
            url=reverse("agreement", args=[agreement.pk]),
            due_on=agreement.ends_on,
        )


def card(viewer: Viewer) -> Iterator[OverviewCard]:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.AGREEMENT_DRAFT):
        return
    running = agreements_in(membership.municipality, viewer.user).running()
    number = ending(running, viewer.today).count()
    yield OverviewCard(
        label=_("Avtaler å fornye innen 90 dager"),
        number=formats.number_format(number, force_grouping=True),
        note=ngettext("avtale går ut", "avtaler går ut", number),
        order=40,
        url=f"{reverse('agreements')}?vis={State.ENDING.value}",
        link=_("Se avtalene"),
    )
