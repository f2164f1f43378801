"""Who comes today and in the next days, at the offers somebody works with; and the same for a screen."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef
from django.utils import timezone

from partnerships.models import Membership, Occurrence, Unit
from partnerships.models.actors import CentreOwnership
from partnerships.selectors.offer import own_offers
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.working_days import OSLO
from volunteers.models import OfferCrew, Shift, Thanks, Volunteer
from volunteers.models.assignment import VolunteerShare, offers_reached
from volunteers.models.shift import IN_PLACE, ShiftState
from volunteers.selectors.crew import Cell, cell_of
from volunteers.selectors.known import READ_WITH, first_name, known

DAYS, PER_PAGE = 7, 15
# What a place is shown of who has said something.
_SHOWN = (ShiftState.COMING, ShiftState.CAME, ShiftState.ABSENT, ShiftState.WAITING)


@dataclass(frozen=True)
class Comer:
    volunteer: Volunteer
    shift: Shift
    name: str
    phone: str
    email: str
    hidden: bool
    cell: Cell
    # Comes here for the first time.
    is_new: bool = False
    # Somebody has said thanks for this time.
    is_thanked: bool = False

    @property
    def came(self) -> bool:
        return self.shift.state == ShiftState.CAME


@dataclass(frozen=True)
class Visit:
    """One time, with who comes to it."""

    occurrence: Occurrence
    comers: list[Comer]
    others: list[tuple[str, int]]
    coming: int
    short: int
    outside_url: str
    has_begun: bool
    is_over: bool

    @property
    def is_marked(self) -> bool:
        return bool(self.comers) and all(one.shift.state != ShiftState.COMING for one in self.comers)

    @property
    def to_thank(self) -> list[Comer]:
        return [one for one in self.comers if one.came and not one.is_thanked]


@dataclass(frozen=True)
class DayOf:
    day: Any
    visits: list[Visit]


def on_site(user: User, membership: Membership | None, number: str | None) -> tuple[Page[Any], list[DayOf]]:
    """From this morning on. As many questions for many times as for one."""
    now = timezone.now()
    morning = datetime.combine(now.astimezone(OSLO).date(), datetime.min.time(), tzinfo=OSLO)
    offers = offers_reached(user, Permission.VOLUNTEER_TODAY)
    if membership is not None and membership.municipality_id is not None:
        offers = offers.filter(municipality=membership.municipality_id)
        if membership.unit_id or membership.centre_id or membership.organisation_id:
            offers = offers.filter(own_offers(user, membership))
    times = (
        Occurrence.objects.filter(
            offer__in=offers.order_by().values("pk"),
            ends_at__gt=morning,
            starts_at__lt=morning + timedelta(days=DAYS),
        )
        .taking_place()
        .select_related("offer", "offer__unit")
        .order_by("starts_at", "pk")
    )
    page = Paginator(times, PER_PAGE).get_page(number)
    visits = visits_of(list(page.object_list), user)
    days: dict[Any, list[Visit]] = defaultdict(list)
    for visit in visits:
        days[timezone.localdate(visit.occurrence.starts_at)].append(visit)
    return page, [DayOf(day, found) for day, found in days.items()]


def visits_of(times: list[Occurrence], user: User) -> list[Visit]:
    now = timezone.now()
    crews = {crew.offer_id: crew for crew in OfferCrew.objects.filter(offer__in={t.offer_id for t in times})}
    before = Shift.objects.filter(
        volunteer=OuterRef("volunteer"),
        occurrence__offer=OuterRef("occurrence__offer"),
        state=ShiftState.CAME,
    )
    thanks = Thanks.objects.filter(volunteer=OuterRef("volunteer"), occurrence=OuterRef("occurrence"))
    shifts = list(
        Shift.objects.filter(occurrence__in=times, state__in=_SHOWN, volunteer__person__erased_at=None)
        .select_related("occurrence", *READ_WITH)
        .annotate(came_before=Exists(before), thanked=Exists(thanks))
        .order_by("volunteer__person__name_key", "pk")
    )
    seen = known(user, {shift.volunteer_id for shift in shifts})
    by_time: dict[int, list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_time[shift.occurrence_id].append(shift)
    made = []
    for time in times:
        crew = crews.get(time.offer_id) or OfferCrew(offer=time.offer)
        at_time = by_time[time.pk]
        coming = sum(shift.state in IN_PLACE for shift in at_time)
        made.append(
            Visit(
                occurrence=time,
                comers=[
                    Comer(
                        volunteer=shift.volunteer,
                        shift=shift,
                        name=seen.name(shift.volunteer),
                        phone=seen.phone(shift.volunteer),
                        email=seen.email(shift.volunteer),
                        hidden=shift.volunteer_id in seen.contact and shift.volunteer.person.hide_contact,
                        cell=cell_of(shift, crew),
                        is_new=not shift.came_before,  # type: ignore[attr-defined]
                        is_thanked=shift.thanked,  # type: ignore[attr-defined]
                    )
                    for shift in at_time
                    if seen.is_known(shift.volunteer)
                ],
                others=seen.others(s.volunteer for s in at_time if s.state in IN_PLACE),
                coming=coming,
                short=max((crew.needed or 0) - coming, 0),
                outside_url=crew.outside_url,
                has_begun=time.starts_at - timedelta(hours=1) <= now,
                is_over=time.ends_at <= now,
            )
        )
    return made


# --- The screen on the wall -------------------------------------------------------------------------------
@dataclass(frozen=True)
class OnWall:
    occurrence: Occurrence
    first_names: list[str]
    # Those who come too, and whose names are not for a wall.
    more: int


def on_wall(unit: Unit) -> list[OnWall]:
    """Today's times at the unit. First names of the municipality's own and of who is shared here; never of
    somebody who hides how she is reached."""
    now = timezone.now()
    morning = datetime.combine(now.astimezone(OSLO).date(), datetime.min.time(), tzinfo=OSLO)
    times = list(
        Occurrence.objects.filter(
            offer__unit=unit, ends_at__gt=morning, starts_at__lt=morning + timedelta(days=1)
        )
        .taking_place()
        .select_related("offer")
        .order_by("starts_at", "pk")
    )
    shifts = list(
        Shift.objects.filter(occurrence__in=times, state__in=IN_PLACE, volunteer__person__erased_at=None)
        .select_related("volunteer__person", "occurrence__offer__centre")
        .order_by("volunteer__person__name_key", "pk")
    )
    shared: set[tuple[int, int | None, int | None]] = set(
        VolunteerShare.objects.filter(
            volunteer__in={shift.volunteer_id for shift in shifts}, ended_at=None
        ).values_list("volunteer", "offer", "partnership")
    )
    made: dict[int, tuple[list[str], int]] = {}
    for shift in shifts:
        names, more = made.get(shift.occurrence_id, ([], 0))
        if _may_hang(shift, shared):
            names = [*names, first_name(shift.volunteer.person)]
        else:
            more += 1
        made[shift.occurrence_id] = (names, more)
    return [OnWall(time, *made.get(time.pk, ([], 0))) for time in times]


def _may_hang(shift: Shift, shared: set[tuple[int, int | None, int | None]]) -> bool:
    """As Assignment.known_at_offer says it, of one who may have come without being in the crew."""
    person, offer = shift.volunteer.person, shift.occurrence.offer
    if person.hide_contact:
        return False
    municipal = person.controller_organisation_id is None and person.controller_centre_id is None
    of_municipality = offer.organisation_id is None and (
        offer.centre is None or offer.centre.ownership == CentreOwnership.MUNICIPAL
    )
    key = shift.volunteer_id
    return (
        (municipal and of_municipality)
        or (key, offer.pk, None) in shared
        or (key, None, offer.partnership_id) in shared
    )
