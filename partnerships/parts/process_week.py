"""What processes put on home pages: what to get ready, whom to choose, phases that end, results to make, and
how many."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from partnerships.access import Own, access_of
from partnerships.models import CodesignProcess, ProcessPhase, ProcessResult
from partnerships.models.codesign import PhaseKind, ProcessState
from partnerships.models.participant import contacts_at_work, led_by
from partnerships.models.partnership import StartedBy
from partnerships.selectors.process import processes_here
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.one_query import Question, Row, as_day, number_in
from samskaping.core.registries import OverviewCard, Viewer, WorkItem, card_source, work_source

ENDS_SOON = timedelta(days=14)
AT_MOST = 20


def register() -> None:
    work_source("processes_to_prepare", _to_prepare, to_prepare)
    work_source("processes_without_contact", _without_contact, without_contact)
    work_source("process_phases", _ending, ending)
    work_source("process_results", _results, results)
    card_source("processes", _numbers, cards)


def _own(viewer: Viewer) -> QuerySet[CodesignProcess] | None:
    """Those she is the contact of: somebody's own work, not all that goes on in the municipality."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.PROCESS_EDIT):
        return None
    return CodesignProcess.objects.filter(
        convener__user=viewer.user, municipality=membership.municipality_id
    ).exclude(state=ProcessState.ENDED)


def _to_prepare(viewer: Viewer) -> Question | None:
    own = _own(viewer)
    if own is None:
        return None
    waiting = own.filter(state=ProcessState.PREPARING, started_by=StartedBy.MUNICIPALITY, anchored="")
    # What stands on level 1 is not asked for again.
    on_level_one = Q(partnership__frame__strategy__isnull=False) | (
        Q(partnership__frame__isnull=False) & ~Q(partnership__frame__decided_by="")
    )
    return Question(
        waiting.exclude(on_level_one).order_by("created_at", "pk")[:AT_MOST], pk="pk", title="title"
    )


def to_prepare(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Samskaping"),
            title=_("%(title)s: gjør klart før dere inviterer") % {"title": row["title"]},
            url=reverse("process_prepare", args=[row["pk"]]),
        )


def _without_contact(viewer: Viewer) -> Question | None:
    """For those who lead the side that invites: the group has nobody to ring, and what is said waits."""
    membership = viewer.membership
    leads = access_of(viewer.user).leads
    if membership is None or leads == Own():
        return None
    alone = CodesignProcess.objects.filter(
        led_by(leads),
        ~Exists(contacts_at_work().filter(person=OuterRef("convener"))),
        municipality=membership.municipality_id,
    ).exclude(state=ProcessState.ENDED)
    return Question(alone.order_by("created_at", "pk")[:AT_MOST], pk="pk", title="title")


def without_contact(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Samskaping"),
            title=_("%(title)s: velg en ny kontaktperson") % {"title": row["title"]},
            note=_("Gruppa har ingen å ringe til."),
            url=reverse("process_edit", args=[row["pk"]]),
        )


def _ending(viewer: Viewer) -> Question | None:
    own = _own(viewer)
    if own is None:
        return None
    phases = ProcessPhase.objects.filter(
        process__in=own.order_by().values("pk"),
        ends_on__gte=viewer.today,
        ends_on__lte=viewer.today + ENDS_SOON,
    )
    return Question(
        phases.order_by("ends_on", "pk")[:AT_MOST],
        process="process_id",
        title="process__title",
        kind="kind",
        ends_on="ends_on",
    )


def ending(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        told = {"title": row["title"], "phase": PhaseKind(row["kind"]).label}
        yield WorkItem(
            tag=_("Samskaping"),
            title=_("%(title)s: fasen «%(phase)s» slutter") % told,
            url=reverse("process", args=[row["process"]]),
            due_on=as_day(row["ends_on"]),
        )


def _results(viewer: Viewer) -> Question | None:
    own = _own(viewer)
    if own is None:
        return None
    waiting = ProcessResult.objects.filter(process__in=own.order_by().values("pk"), made_at=None)
    return Question(
        waiting.order_by("created_at", "pk")[:AT_MOST],
        process="process_id",
        title="title",
        of="process__title",
    )


def results(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Resultat"),
            title=_("Gjør «%(title)s» til noe") % {"title": row["title"]},
            note=row["of"],
            url=reverse("process", args=[row["process"]]) + "#results",
        )


def _numbers(viewer: Viewer) -> Question | None:
    """A number only: those who come to look see it for the whole municipality, with nothing behind."""
    membership = viewer.membership
    if membership is None or membership.municipality_id is None:
        return None
    if membership.role not in roles_with(Permission.OVERVIEW_READ):
        return None
    whole = membership.municipality_id in access_of(viewer.user).municipalities_all(Permission.OVERVIEW_READ)
    found = (
        CodesignProcess.objects.filter(municipality=membership.municipality_id)
        if whole
        else processes_here(viewer.user, membership)
    )
    return Question(found.order_by().exclude(state=ProcessState.ENDED), number=Count("pk"))


def cards(viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    number = number_in(rows)
    if not number:
        return
    reads = viewer.membership.role in roles_with(Permission.PROCESS_READ)
    url = reverse("processes") if reads else ""
    yield OverviewCard(
        label=_("Samskaping"),
        number=formats.number_format(number, force_grouping=True),
        note=_("prosesser i gang"),
        order=16,
        url=url,
        link=_("Se prosessene") if url else "",
    )
