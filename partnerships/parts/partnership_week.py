"""What partnerships put on home pages: questions that wait, days that come, and how many there are."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Contact, Grant, LogEntry, NeighbourAsk, Partnership, PartnershipParty
from partnerships.models.partnership import Phase
from partnerships.parts.partnership_due import ENDED, NOT_PAUSED
from partnerships.selectors.partnership import partnerships_here
from partnerships.selectors.sides import of_role
from partnerships.selectors.words import municipality_name_at
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.one_query import Question, Row, as_day, number_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, card_source, work_source

SOON = timedelta(days=3)
REPORT_SOON = timedelta(days=30)
PAUSE_SOON = timedelta(days=7)
AT_MOST = 20
LINE_SHOWN = 120


def register() -> None:
    work_source("party_asks", _asks, asks)
    work_source("neighbour_asks", _neighbour_asks, neighbour_asks)
    work_source("next_times", _next_times, next_times)
    work_source("grant_reports", _reports, reports)
    work_source("pauses", _pauses, pauses)
    card_source("partnerships", _numbers, cards)


def _asks(viewer: Viewer) -> Question:
    """Those to her own side. The municipality's people see each partnership's own page for the others."""
    waiting = of_role(viewer, PartnershipParty.objects.filter(accepted_at=None, declined_at=None))
    return Question(
        waiting.exclude(partnership__phase=Phase.ENDED).order_by("asked_at", "pk")[:AT_MOST],
        pk="pk",
        title="partnership__title",
        owner=municipality_name_at("partnership__municipality"),
    )


def asks(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Samarbeid"),
            color="info",
            title=_("Vil dere være med på «%(title)s»?") % {"title": row["title"]},
            note=row["owner"],
            url=reverse("party_asked", args=[row["pk"]]),
        )


def _neighbour_asks(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    everywhere = access_of(viewer.user).municipalities_all(Permission.PARTNERSHIP_EDIT)
    if membership is None or membership.municipality_id not in everywhere:
        return None
    waiting = NeighbourAsk.objects.open().filter(asked_municipality=membership.municipality_id)
    return Question(
        waiting.exclude(partnership__phase=Phase.ENDED)[:AT_MOST],
        pk="pk",
        name="name",
        title="partnership__title",
        owner=municipality_name_at("partnership__municipality"),
    )


def neighbour_asks(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Nabokommune"),
            color="info",
            title=_("%(owner)s spør om %(name)s vil være med") % {"owner": row["owner"], "name": row["name"]},
            note=row["title"],
            url=reverse("neighbour_asked", args=[row["pk"]]),
        )


def _next_times(viewer: Viewer) -> Question | None:
    """What she herself promised to come back to; a pause is from that too."""
    if viewer.membership is None:
        return None
    entries = LogEntry.objects.visible_to(viewer.user).filter(
        by=viewer.user, next_on__lte=viewer.today + SOON, next_done_at=None, **NOT_PAUSED
    )
    return Question(
        entries.exclude(**ENDED).order_by("next_on")[:AT_MOST],
        partnership="partnership_id",
        title="partnership__title",
        line=Left("line", LINE_SHOWN),
        next_on="next_on",
    )


def next_times(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Neste gang"),
            title=row["title"],
            note=row["line"],
            url=reverse("partnership", args=[row["partnership"]]) + "#logg",
            due_on=as_day(row["next_on"]),
        )


def _reports(viewer: Viewer) -> Question | None:
    if not _edits(viewer):
        return None
    grants = Grant.objects.filter(
        partnership__in=partnerships_here(viewer.user, viewer.membership),
        report_on__lte=viewer.today + REPORT_SOON,
        reported_on=None,
    )
    return Question(
        grants.order_by("report_on")[:AT_MOST],
        partnership="partnership_id",
        title="partnership__title",
        source="source",
        report_on="report_on",
    )


def reports(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Tilskudd"),
            color="warning",
            title=_("Rapporter til %(source)s") % {"source": row["source"]},
            note=row["title"],
            url=reverse("partnership", args=[row["partnership"]]),
            due_on=as_day(row["report_on"]),
        )


def _pauses(viewer: Viewer) -> Question | None:
    if not _edits(viewer):
        return None
    ending = partnerships_here(viewer.user, viewer.membership).filter(
        paused_until__lte=viewer.today + PAUSE_SOON
    )
    return Question(
        ending.order_by("paused_until")[:AT_MOST], pk="pk", title="title", paused_until="paused_until"
    )


def pauses(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Pause"),
            title=_("Ta opp «%(title)s» igjen?") % {"title": row["title"]},
            url=reverse("partnership", args=[row["pk"]]),
            due_on=as_day(row["paused_until"]),
        )


def _numbers(viewer: Viewer) -> Question | None:
    """Numbers only: those who come to look see them for the whole municipality, with nothing behind."""
    membership = viewer.membership
    if membership is None or membership.municipality_id is None:
        return None
    if membership.role not in roles_with(Permission.OVERVIEW_READ):
        return None
    whole = membership.municipality_id in access_of(viewer.user).municipalities_all(Permission.OVERVIEW_READ)
    found = (
        Partnership.objects.filter(municipality=membership.municipality_id)
        if whole
        else partnerships_here(viewer.user, membership)
    )
    contacts = Contact.objects.filter(party__left_on=None, party__partnership=OuterRef("pk"))
    has_contact = Q(Exists(contacts))
    running = Q(paused_since=None) & ~Q(phase=Phase.ENDED)
    return Question(
        found.order_by(),
        number=Count("pk", filter=running),
        paused=Count("pk", filter=Q(paused_since__isnull=False)),
        alone=Count("pk", filter=running & ~has_contact),
    )


def cards(viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    reads = viewer.membership.role in roles_with(Permission.PARTNERSHIP_READ)
    url = reverse("partnerships") if reads else ""
    yield OverviewCard(
        label=_("Samarbeid"),
        number=formats.number_format(number_in(rows), force_grouping=True),
        note=_("i gang nå"),
        order=10,
        url=url,
        link=_("Se samarbeidene") if url else "",
    )
    if paused := number_in(rows, "paused"):
        yield OverviewCard(
            label=_("På pause"),
            number=formats.number_format(paused, force_grouping=True),
            order=12,
            url=f"{url}?paused=on" if url else "",
            link=_("Se hvilke") if url else "",
        )
    if alone := number_in(rows, "alone"):
        yield OverviewCard(
            label=_("Uten kontakt"),
            number=formats.number_format(alone, force_grouping=True),
            note=_("samarbeid der ingen er ført opp som kontakt"),
            order=14,
        )


def _edits(viewer: Viewer) -> bool:
    membership = viewer.membership
    return membership is not None and membership.role in roles_with(Permission.PARTNERSHIP_EDIT)
