"""What partnerships put on home pages: questions that wait, days that come, and how many there are."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Contact, Grant, LogEntry, NeighbourAsk, Partnership, PartnershipParty
from partnerships.models.partnership import Phase
from partnerships.selectors.partnership import owner_name, partnerships_here
from partnerships.selectors.sides import of_role
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, overview_cards_from, work_items_from

SOON = timedelta(days=3)
REPORT_SOON = timedelta(days=30)
PAUSE_SOON = timedelta(days=7)
AT_MOST = 20


def register() -> None:
    work_items_from("party_asks", asks)
    work_items_from("neighbour_asks", neighbour_asks)
    work_items_from("next_times", next_times)
    work_items_from("grant_reports", reports)
    work_items_from("pauses", pauses)
    overview_cards_from("partnerships", cards)


def asks(viewer: Viewer) -> Iterator[WorkItem]:
    """Those to her own side. The municipality's people see each partnership's own page for the others."""
    waiting = of_role(viewer, PartnershipParty.objects.filter(accepted_at=None, declined_at=None))
    parties = waiting.exclude(partnership__phase=Phase.ENDED).order_by("asked_at", "pk")
    for party in parties.select_related("partnership__municipality__settings")[:AT_MOST]:
        yield WorkItem(
            tag=_("Samarbeid"),
            color="info",
            title=_("Vil dere være med på «%(title)s»?") % {"title": party.partnership.title},
            note=owner_name(party.partnership),
            url=reverse("party_asked", args=[party.pk]),
        )


def neighbour_asks(viewer: Viewer) -> Iterator[WorkItem]:
    membership = viewer.membership
    everywhere = access_of(viewer.user).municipalities_all(Permission.PARTNERSHIP_EDIT)
    if membership is None or membership.municipality_id not in everywhere:
        return
    waiting = NeighbourAsk.objects.open().filter(asked_municipality=membership.municipality_id)
    open_asks = waiting.exclude(partnership__phase=Phase.ENDED)
    for ask in open_asks.select_related("partnership__municipality__settings")[:AT_MOST]:
        yield WorkItem(
            tag=_("Nabokommune"),
            color="info",
            title=_("%(owner)s spør om %(name)s vil være med")
            % {"owner": owner_name(ask.partnership), "name": ask.name},
            note=ask.partnership.title,
            url=reverse("neighbour_asked", args=[ask.pk]),
        )


def next_times(viewer: Viewer) -> Iterator[WorkItem]:
    """What she herself promised to come back to."""
    if viewer.membership is None:
        return
    entries = LogEntry.objects.visible_to(viewer.user).filter(
        by=viewer.user, next_on__lte=viewer.today + SOON, next_done_at=None
    )
    for entry in entries.select_related("partnership").order_by("next_on")[:AT_MOST]:
        yield WorkItem(
            tag=_("Neste gang"),
            title=entry.partnership.title,
            note=entry.line[:120],
            url=reverse("partnership", args=[entry.partnership_id]) + "#logg",
            due_on=entry.next_on,
        )


def reports(viewer: Viewer) -> Iterator[WorkItem]:
    if not _edits(viewer):
        return
    grants = Grant.objects.filter(
        partnership__in=partnerships_here(viewer.user, viewer.membership).exclude(phase=Phase.ENDED),
        report_on__lte=viewer.today + REPORT_SOON,
        reported_on=None,
    )
    for grant in grants.select_related("partnership").order_by("report_on")[:AT_MOST]:
        yield WorkItem(
            tag=_("Tilskudd"),
            color="warning",
            title=_("Rapporter til %(source)s") % {"source": grant.source},
            note=grant.partnership.title,
            url=reverse("partnership", args=[grant.partnership_id]),
            due_on=grant.report_on,
        )


def pauses(viewer: Viewer) -> Iterator[WorkItem]:
    if not _edits(viewer):
        return
    ending = partnerships_here(viewer.user, viewer.membership).filter(
        paused_until__lte=viewer.today + PAUSE_SOON
    )
    for partnership in ending.order_by("paused_until")[:AT_MOST]:
        yield WorkItem(
            tag=_("Pause"),
            title=_("Ta opp «%(title)s» igjen?") % {"title": partnership.title},
            url=reverse("partnership", args=[partnership.pk]),
            due_on=partnership.paused_until,
        )


def cards(viewer: Viewer) -> Iterator[OverviewCard]:
    """Numbers only: those who come to look see them for the whole municipality, with nothing behind."""
    membership = viewer.membership
    if membership is None or membership.municipality_id is None:
        return
    access = access_of(viewer.user)
    if membership.role not in roles_with(Permission.OVERVIEW_READ):
        return
    reads = membership.role in roles_with(Permission.PARTNERSHIP_READ)
    whole = membership.municipality_id in access.municipalities_all(Permission.OVERVIEW_READ)
    found = (
        Partnership.objects.filter(municipality=membership.municipality_id)
        if whole
        else partnerships_here(viewer.user, membership)
    )
    contacts = Contact.objects.filter(party__partnership=OuterRef("pk"), party__left_on=None)
    running = Q(paused_since=None) & ~Q(phase=Phase.ENDED)
    numbers = found.annotate(has_contact=Exists(contacts)).aggregate(
        running=Count("pk", filter=running),
        paused=Count("pk", filter=Q(paused_since__isnull=False)),
        alone=Count("pk", filter=running & Q(has_contact=False)),
    )
    url = reverse("partnerships") if reads else ""
    yield OverviewCard(
        label=_("Samarbeid"),
        number=formats.number_format(numbers["running"], force_grouping=True),
        note=_("i gang nå"),
        order=10,
        url=url,
        link=_("Se samarbeidene") if url else "",
    )
    if numbers["paused"]:
        yield OverviewCard(
            label=_("På pause"),
            number=formats.number_format(numbers["paused"], force_grouping=True),
            order=12,
            url=f"{url}?paused=on" if url else "",
            link=_("Se hvilke") if url else "",
        )
    if numbers["alone"]:
        yield OverviewCard(
            label=_("Uten kontakt"),
            number=formats.number_format(numbers["alone"], force_grouping=True),
            note=_("samarbeid der ingen er ført opp som kontakt"),
            order=14,
        )


def _edits(viewer: Viewer) -> bool:
    membership = viewer.membership
    return membership is not None and membership.role in roles_with(Permission.PARTNERSHIP_EDIT)
