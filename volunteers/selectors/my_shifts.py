"""What a volunteer sees of her own shifts: her next times, whom she can take over for, and what she gave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from partnerships.models import Occurrence, Offer
from partnerships.models.offer import OfferState
from samskaping.accounts.models import User
from volunteers.models import Assignment, Errand, HourEntry, OfferCrew, Shift, Volunteer
from volunteers.models.assignment import THERE, AssignmentState
from volunteers.models.shift import IN_PLACE, ShiftState
from volunteers.selectors.crew import COLORS
from volunteers.selectors.module import with_shifts

AHEAD, SHOWN = timedelta(days=45), 12
# Until when she can say that she did what she took.
DONE_WITHIN = timedelta(days=14)


@dataclass(frozen=True)
class MyTime:
    occurrence: Occurrence
    volunteer: Volunteer
    shift: Shift | None
    color: str
    coming: int
    places: int | None
    needed: int | None
    # A place at it that somebody asks her to take over.
    to_take: Shift | None

    @property
    def state(self) -> str:
        return self.shift.state if self.shift else ""

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.coming >= self.places

    @property
    def short(self) -> int:
        return max((self.needed or 0) - self.coming, 0)


def rows_of(user: User) -> QuerySet[Volunteer]:
    """One for each who keeps her, where the module is on."""
    hers = Volunteer.objects.here().filter(with_shifts(), person__user=user)
    return hers.filter(person__erased_at=None).select_related(
        "municipality__settings", "person__controller_organisation", "person__controller_centre"
    )


def assignments_of(user: User) -> QuerySet[Assignment]:
    there = Assignment.objects.filter(state__in=THERE, volunteer__in=rows_of(user).order_by().values("pk"))
    return there.exclude(offer__state=OfferState.ENDED).select_related(
        "offer", "offer__crew", "volunteer__person"
    )


def her_row_at(user: User, occurrence: Occurrence) -> Volunteer | None:
    """The row of hers that is in the offer's crew, or stands on the list already."""
    offer = Assignment.objects.filter(
        volunteer=OuterRef("pk"), offer=occurrence.offer_id, state__in=(AssignmentState.ACTIVE,)
    )
    listed = Shift.objects.filter(volunteer=OuterRef("pk"), occurrence=occurrence.pk)
    return rows_of(user).filter(Exists(offer) | Exists(listed)).order_by("pk").first()


def my_times(volunteers: Iterable[Volunteer], *, at_most: int = SHOWN) -> list[MyTime]:
    """Of these rows of hers. Four questions, however many there are."""
    now = timezone.now()
    rows = {row.pk: row for row in volunteers}
    crew = {
        one.offer_id: rows[one.volunteer_id]
        for one in Assignment.objects.filter(volunteer__in=rows, state=AssignmentState.ACTIVE)
    }
    mine = Shift.objects.filter(volunteer__in=rows, occurrence=OuterRef("pk"))
    times = list(
        Occurrence.objects.filter(
            Q(offer__in=crew) | Exists(mine), ends_at__gt=now, starts_at__lt=now + AHEAD, cancelled_at=None
        )
        .exclude(offer__state=OfferState.ENDED)
        .select_related("offer")
        .annotate(coming=Count("shifts", filter=Q(shifts__state__in=IN_PLACE)))
        .order_by("starts_at", "pk")[:at_most]
    )
    said: dict[int, Shift] = {}
    to_take: dict[int, Shift] = {}
    for shift in Shift.objects.filter(
        Q(volunteer__in=rows) | Q(offered_at__isnull=False), occurrence__in=times
    ):
        if shift.volunteer_id in rows:
            said[shift.occurrence_id] = shift
        elif shift.state == ShiftState.COMING:
            to_take.setdefault(shift.occurrence_id, shift)
    crews = {one.offer_id: one for one in OfferCrew.objects.filter(offer__in={t.offer_id for t in times})}
    made = []
    for time in times:
        shift, settings = said.get(time.pk), crews.get(time.offer_id)
        volunteer = rows[shift.volunteer_id] if shift else crew[time.offer_id]
        has_place = shift is not None and shift.state in IN_PLACE
        made.append(
            MyTime(
                occurrence=time,
                volunteer=volunteer,
                shift=shift,
                color=COLORS[ShiftState(shift.state)] if shift else "neutral",
                coming=time.coming,
                places=settings.places if settings else None,
                needed=settings.needed if settings else None,
                to_take=None if has_place else to_take.get(time.pk),
            )
        )
    return made


def my_errands(user: User) -> QuerySet[Errand]:
    """Those she took, until some days after."""
    since = timezone.now() - DONE_WITHIN
    hers = Errand.objects.filter(taken_by__in=rows_of(user).order_by().values("pk"), ends_at__gt=since)
    return hers.filter(cancelled_at=None, done_at=None).select_related("unit").order_by("starts_at", "pk")


def my_hours(user: User) -> tuple[int, int]:
    """Minutes and times this year."""
    first = timezone.localdate().replace(month=1, day=1)
    hers = HourEntry.objects.filter(volunteer__person__user=user, day__gte=first)
    found: dict[str, Any] = hers.order_by().aggregate(minutes=Sum("minutes"), times=Count("pk"))
    return found["minutes"] or 0, found["times"]


def my_entries(user: User) -> QuerySet[HourEntry]:
    """The newest first."""
    hers = HourEntry.objects.filter(volunteer__in=rows_of(user).order_by().values("pk"))
    return hers.select_related("offer", "unit").order_by("-day", "-pk")


def my_offers(user: User) -> QuerySet[Offer]:
    there = assignments_of(user).order_by().values("offer")
    return Offer.objects.filter(pk__in=there).order_by("title_key", "pk")
