"""Shifts in the menu, on an offer's page, on Min side, and in what waits for somebody."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.current import current_membership
from partnerships.models import Occurrence, Offer, Person
from partnerships.offer_sections import OfferSection, offer_section
from partnerships.selectors.offer import offers_here, own_offers
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.navigation import MenuItem, signed_in, volunteer_pages
from samskaping.core.one_query import Question, Row, as_moment, number_in
from samskaping.core.registries import (
    OverviewCard,
    Viewer,
    WorkItem,
    card_source,
    work_source,
)
from volunteers.models import Errand, Expense, HourEntry, Shift, Volunteer
from volunteers.models.errand import of_unit
from volunteers.models.shift import IN_PLACE, ShiftState
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Section, my_page, record
from volunteers.selectors.crew import crew_page
from volunteers.selectors.hours import sums_overviewed
from volunteers.selectors.module import shifts_on, with_shifts
from volunteers.selectors.my_shifts import my_times

# Short of people is worth knowing while somebody can still be asked.
SHORT_WITHIN, AT_MOST = timedelta(days=7), 8
MY_TIMES_SHOWN = 4


def register() -> None:
    volunteer_pages.register(MenuItem(gettext_lazy("Hvem kommer"), "on_site", 30, visible=sees_who_comes))
    volunteer_pages.register(MenuItem(gettext_lazy("Utlegg"), "expenses", 60, visible=pays))
    volunteer_pages.register(MenuItem(gettext_lazy("Timer"), "hours", 38, visible=sees_hours))
    offer_section(OfferSection("crew", 20, "volunteers/crew/_section.html", crew_shown, aside=True))
    my_page.add(Section("shifts", 3, "volunteers/my_shifts/_section.html", my_next))
    record.add(Section("shifts", 40, "volunteers/my_shifts/_record.html", on_record, aside=True))
    work_source("shifts_short", _short, short_items)
    work_source("errands_open", _errands, errand_items)
    work_source("expenses_waiting", _expenses, expense_items)
    card_source("volunteer_hours", _hours, hours_card)


# --- The menu -------------------------------------------------------------------------------------------
def _has(request: HttpRequest, permission: Permission) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return (
        membership is not None
        and membership.role in roles_with(permission)
        and shifts_on(membership.municipality)
    )


def sees_who_comes(request: HttpRequest) -> bool:
    return _has(request, Permission.VOLUNTEER_TODAY)


def pays(request: HttpRequest) -> bool:
    return _has(request, Permission.NOTICES_MANAGE)


def sees_hours(request: HttpRequest) -> bool:
    return _has(request, Permission.OVERVIEW_READ)


# --- On other pages -------------------------------------------------------------------------------------
def crew_shown(offer: Offer, viewer: Viewer) -> Mapping[str, Any]:
    return {"page": crew_page(offer, viewer.user, times=2), "has_shifts": shifts_on(offer.municipality)}


def my_next(volunteer: Volunteer, _viewer: Viewer) -> Mapping[str, Any] | None:
    """Her next times there, with yes and no beside them."""
    if volunteer.state == VolunteerState.ENDED or not shifts_on(volunteer.municipality):
        return None
    return {"times": my_times([volunteer], at_most=MY_TIMES_SHOWN)}


def on_record(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """When she comes next, and what she has given this year."""
    if not shifts_on(volunteer.municipality):
        return None
    coming = Shift.objects.filter(
        volunteer=volunteer,
        state=ShiftState.COMING,
        occurrence__ends_at__gt=viewer.now,
        occurrence__cancelled_at=None,
    ).select_related("occurrence__offer")
    this_year = HourEntry.objects.filter(volunteer=volunteer, day__year=viewer.today.year).order_by()
    given = this_year.aggregate(minutes=Sum("minutes"), times=Count("pk"))
    return {
        "shifts": coming.order_by("occurrence__starts_at")[:MY_TIMES_SHOWN],
        "hours": round((given["minutes"] or 0) / 60, 1),
        "times": given["times"],
    }


# --- What waits ---------------------------------------------------------------------------------------
def _short(viewer: Viewer) -> Question | None:
    """Times of her own offers where somebody is still missing."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.OFFER_EDIT):
        return None
    offers = offers_here(viewer.user, membership).filter(own_offers(viewer.user, membership))
    coming = (
        Shift.objects.filter(occurrence=OuterRef("pk"), state__in=IN_PLACE)
        .order_by()
        .values("occurrence")
        .annotate(number=Count("pk"))
        .values("number")
    )
    times = (
        Occurrence.objects.filter(
            with_shifts(),
            offer__in=offers.order_by().values("pk"),
            offer__crew__needed__gt=0,
            starts_at__gt=viewer.now,
            starts_at__lte=viewer.now + SHORT_WITHIN,
        )
        .taking_place()
        .annotate(short=F("offer__crew__needed") - Coalesce(Subquery(coming), 0))
        .filter(short__gt=0)
    )
    return Question(
        times.order_by("starts_at")[:AT_MOST],
        pk="pk",
        title="offer__title",
        starts_at="starts_at",
        short="short",
    )


def short_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        at = timezone.localtime(as_moment(row["starts_at"]))
        yield WorkItem(
            tag=_("Frivillige"),
            color="warning",
            title=_("%(title)s mangler folk") % {"title": row["title"]},
            note=ngettext("Trenger %(number)s til.", "Trenger %(number)s til.", row["short"])
            % {"number": row["short"]},
            url=reverse("occurrence_crew", args=[row["pk"]]),
            due_on=at.date(),
        )


def _errands(viewer: Viewer) -> Question | None:
    """Hers that nobody has taken: the portal has asked, somebody may have to ring."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.ERRAND_POST):
        return None
    waiting = Errand.objects.open().filter(
        of_unit(viewer.user, Permission.ERRAND_POST),
        with_shifts(),
        municipality=membership.municipality_id,
        starts_at__gt=viewer.now,
        starts_at__lte=viewer.now + timedelta(days=2),
    )
    return Question(
        waiting.order_by("starts_at")[:AT_MOST],
        pk="pk",
        kind="kind",
        unit="unit__name",
        starts_at="starts_at",
    )


def errand_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        yield WorkItem(
            tag=_("Én-til-én"),
            color="warning",
            title=_("Ingen har tatt oppdraget ennå"),
            note=row["unit"],
            url=reverse("errand", args=[row["pk"]]),
            due_on=timezone.localtime(as_moment(row["starts_at"])).date(),
        )


def _expenses(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.NOTICES_MANAGE):
        return None
    people = Person.objects.reached_by(viewer.user, Permission.VOLUNTEER_CONTACT)
    waiting = Expense.objects.filter(
        with_shifts(),
        municipality=membership.municipality_id,
        volunteer__person__in=people.order_by().values("pk"),
        paid_on=None,
        refused_because="",
    )
    return Question(waiting.order_by(), number=Count("pk"))


def expense_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    number = number_in(rows)
    if number:
        yield WorkItem(
            tag=_("Utlegg"),
            title=ngettext(
                "%(number)s utlegg venter på å bli utbetalt",
                "%(number)s utlegg venter på å bli utbetalt",
                number,
            )
            % {"number": number},
            url=reverse("expenses"),
        )


# --- How it goes ----------------------------------------------------------------------------------------
def _hours(viewer: Viewer) -> Question | None:
    """The last twelve months, of the offers whose overview is hers."""
    membership = viewer.membership
    if membership is None or membership.role not in roles_with(Permission.OVERVIEW_READ):
        return None
    months = sums_overviewed(viewer.user, membership).filter(
        with_shifts(), month__gt=viewer.today - timedelta(days=365)
    )
    return Question(months.order_by(), number=Coalesce(Sum("minutes"), 0))


def hours_card(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[OverviewCard]:
    minutes = number_in(rows)
    if minutes:
        yield OverviewCard(
            label=_("Frivillige timer"),
            number=formats.number_format(round(minutes / 60), force_grouping=True),
            note=_("det siste året"),
            order=18,
            url=reverse("hours"),
            link=_("Se timene"),
        )
