"""Who came, and the hours it gives. Derived from the length of the time, corrected rather than asked for.

Every change of an hour goes through `_write`, which changes the month's sum by the same in the same
transaction: the sum never has to be counted anew.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Occurrence, Offer
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from volunteers.models import HourEntry, HoursMonth, OfferCrew, Shift, Volunteer
from volunteers.models.shift import HoursFrom, ShiftState
from volunteers.services.shift import occurrence_lock

# Whoever opens the doors is there before it begins.
BEFORE = timedelta(hours=1)
MOST_MINUTES = 24 * 60


@transaction.atomic
def attendance_mark(
    *,
    occurrence: Occurrence,
    came: Collection[Volunteer],
    absent: Collection[Volunteer] = (),
    minutes: Mapping[int, int] | None = None,
    by: User,
) -> None:
    """These came, these did not; the others stay as they are. Somebody who was not on the list may have come.

    `minutes`: of volunteers, by key, where it was not the whole time. Marking the same twice marks it once.
    Raises StateChanged for a time that is off or has not begun, DomainError for more than a day.
    """
    locked = occurrence_lock(occurrence)
    if locked.cancelled_at is not None:
        raise StateChanged(_("Denne gangen er avlyst."))
    if locked.starts_at - BEFORE > timezone.now():
        raise StateChanged(_("Oppmøtet føres når det har begynt."))
    given = minutes or {}
    if any(not 0 <= number <= MOST_MINUTES for number in given.values()):
        raise DomainError(_("Det er høyst 24 timer i et døgn."))
    shifts = {shift.volunteer_id: shift for shift in Shift.objects.filter(occurrence=locked)}
    for volunteer, state in (
        *((one, ShiftState.CAME) for one in came),
        *((one, ShiftState.ABSENT) for one in absent),
    ):
        _mark(locked, shifts.get(volunteer.pk), volunteer, state, by)
    if _counts(locked.offer):
        day = timezone.localdate(locked.starts_at)
        whole = round((locked.ends_at - locked.starts_at).total_seconds() / 60)
        for volunteer in came:
            corrected = given.get(volunteer.pk, whole)
            source = HoursFrom.ATTENDANCE if corrected == whole else HoursFrom.CORRECTED
            _write(locked.offer, locked, day, volunteer, min(corrected, MOST_MINUTES), source, by)
        for volunteer in absent:
            _write(locked.offer, locked, day, volunteer, None, HoursFrom.ATTENDANCE, by)
    audit_record("attendance_marked", locked, by=by, data={"came": len(came), "absent": len(absent)})


def _mark(locked: Occurrence, shift: Shift | None, volunteer: Volunteer, state: ShiftState, by: User) -> None:
    if shift is None:
        Shift.objects.create(
            municipality_id=locked.municipality_id,
            occurrence=locked,
            volunteer=volunteer,
            state=state,
            since=timezone.now(),
            by=by,
        )
    elif shift.state != state:
        shift.state, shift.offered_at, shift.by = state, None, by
        shift.save(update_fields=["state", "offered_at", "by"])


@transaction.atomic
def hours_note(
    *, offer: Offer, day: date, minutes: Mapping[Volunteer, int], source: HoursFrom, by: User | None
) -> None:
    """Of a day without a time in the calendar: by agreement, or for a whole group. Nought takes it away.

    `by` None: she herself told it. Raises DomainError for a day to come, or more than a day's hours.
    """
    if day > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    if any(not 0 <= number <= MOST_MINUTES for number in minutes.values()):
        raise DomainError(_("Det er høyst 24 timer i et døgn."))
    locked = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    for volunteer, number in minutes.items():
        _write(locked, None, day, volunteer, number or None, source, by)
    audit_record("hours_noted", locked, by=by, data={"count": len(minutes)})


def _counts(offer: Offer) -> bool:
    counts = OfferCrew.objects.filter(offer=offer).values_list("counts_hours", flat=True).first()
    return counts is not False


def _write(
    offer: Offer,
    occurrence: Occurrence | None,
    day: date,
    volunteer: Volunteer,
    minutes: int | None,
    source: HoursFrom,
    by: User | None,
) -> None:
    """Under the lock of the time, or of the offer where there is no time. None: no hours."""
    found = HourEntry.objects.filter(volunteer=volunteer, offer=offer, occurrence=occurrence)
    entry = (found if occurrence is not None else found.filter(day=day)).first()
    before = entry.minutes if entry else 0
    if minutes is None:
        if entry is not None:
            entry.delete()
            _sum(offer, entry.day, -before, -1)
        return
    if entry is None:
        HourEntry.objects.create(
            municipality_id=offer.municipality_id,
            volunteer=volunteer,
            offer=offer,
            occurrence=occurrence,
            day=day,
            minutes=minutes,
            source=source,
            by=by,
        )
        _sum(offer, day, minutes, 1)
    elif (entry.minutes, entry.source) != (minutes, source):
        entry.minutes, entry.source, entry.by = minutes, source, by
        entry.save(update_fields=["minutes", "source", "by", "at"])
        _sum(offer, entry.day, minutes - before, 0)


def _sum(offer: Offer, day: date, minutes: int, entries: int) -> None:
    month = day.replace(day=1)
    row = HoursMonth(municipality_id=offer.municipality_id, offer=offer, month=month)
    HoursMonth.objects.bulk_create([row], ignore_conflicts=True)
    HoursMonth.objects.filter(offer=offer, month=month).update(
        minutes=F("minutes") + minutes, entries=F("entries") + entries
    )
