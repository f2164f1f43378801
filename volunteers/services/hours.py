"""Who came, and the hours it gives. Derived from the length of the time or the errand, corrected rather than
asked for, and told by herself only where nothing else does.

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
from volunteers.models import Errand, HourEntry, HoursMonth, OfferCrew, Shift, Volunteer
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

    `minutes`: of volunteers, by key, where it was not the whole time; None where nobody asked, and then what
    was corrected stays as it is. Marking the same twice marks it once.
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
            entry = _entry(volunteer, occurrence=locked) or _told(volunteer, locked, day)
            if entry is not None and volunteer.pk not in given and _stays(entry, asked=minutes is not None):
                _of_time(entry, locked)
                continue
            corrected = given.get(volunteer.pk, whole)
            source = HoursFrom.ATTENDANCE if corrected == whole else HoursFrom.CORRECTED
            entry = entry or _new(locked.offer, volunteer, day)
            entry.occurrence = locked
            _write(entry, min(corrected, MOST_MINUTES), source, by)
        for volunteer in absent:
            _take_out(_entry(volunteer, occurrence=locked))
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
        entry = _entry(volunteer, offer=locked, occurrence=None, day=day)
        if number:
            _write(entry or _new(locked, volunteer, day), number, source, by)
        else:
            _take_out(entry)
    audit_record("hours_noted", locked, by=by, data={"count": len(minutes)})


@transaction.atomic
def hours_tell(*, volunteer: Volunteer, offer: Offer, day: date, minutes: int) -> None:
    """She says herself what nothing else says. What is there already is corrected instead.

    Raises DomainError where the day has hours, the offer counts none, or as hours_note.
    """
    locked = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not _counts(locked):
        raise DomainError(_("Dette tilbudet regner ikke timer."))
    if not minutes:
        raise DomainError(_("Skriv hvor lenge du var der."))
    if HourEntry.objects.filter(volunteer=volunteer, offer=locked, day=day).exists():
        raise DomainError(_("Timene denne dagen står i lista. Rett dem der."))
    hours_note(offer=locked, day=day, minutes={volunteer: minutes}, source=HoursFrom.TOLD, by=None)


@transaction.atomic
def hours_correct(*, entry: HourEntry, minutes: int, by: User | None) -> None:
    """It was longer or shorter. `by` None: she herself. Nought of what she told takes it away; of what is
    derived it says that she was there, and gave no hours.

    Raises DomainError for more than a day, StateChanged where it is gone.
    """
    if not 0 <= minutes <= MOST_MINUTES:
        raise DomainError(_("Det er høyst 24 timer i et døgn."))
    found = HourEntry.objects.select_for_update(of=("self",)).filter(pk=entry.pk).first()
    if found is None:
        raise StateChanged(_("Timene er tatt bort."))
    derived = found.occurrence_id is not None or found.errand_id is not None
    if minutes or derived:
        _write(found, minutes, HoursFrom.CORRECTED if derived else HoursFrom.TOLD, by)
    else:
        _take_out(found)
    audit_record("hours_noted", found, by=by, data={"count": 1})


def errand_hours(errand: Errand, volunteer: Volunteer, *, by: User | None) -> None:
    """An errand that is done gives the hours it lasted, once. Inside the transaction that says it is done."""
    minutes = round((errand.ends_at - errand.starts_at).total_seconds() / 60)
    day = timezone.localdate(errand.starts_at)
    entry = _entry(volunteer, errand=errand) or HourEntry(
        municipality_id=errand.municipality_id,
        volunteer=volunteer,
        unit_id=errand.unit_id,
        errand=errand,
        day=day,
    )
    _write(entry, min(minutes, MOST_MINUTES), HoursFrom.ATTENDANCE, by)


def _counts(offer: Offer) -> bool:
    counts = OfferCrew.objects.filter(offer=offer).values_list("counts_hours", flat=True).first()
    return counts is not False


def _entry(volunteer: Volunteer, **of: object) -> HourEntry | None:
    """Held, so that two who change it do so after each other."""
    entries = HourEntry.objects.select_for_update(of=("self",)).filter(volunteer=volunteer, **of)
    return entries.order_by("pk").first()


def _new(offer: Offer, volunteer: Volunteer, day: date) -> HourEntry:
    return HourEntry(municipality_id=offer.municipality_id, volunteer=volunteer, offer=offer, day=day)


def _told(volunteer: Volunteer, occurrence: Occurrence, day: date) -> HourEntry | None:
    """What she said herself of the day, before anybody marked who came: it is of this time."""
    return _entry(volunteer, offer=occurrence.offer_id, occurrence=None, day=day, source=HoursFrom.TOLD)


def _stays(entry: HourEntry, *, asked: bool) -> bool:
    """Nobody typed another number for her. In a form that shows hers, an empty field is the whole time."""
    told = entry.occurrence_id is None
    return told or (not asked and entry.source == HoursFrom.CORRECTED)


def _of_time(entry: HourEntry, occurrence: Occurrence) -> None:
    if entry.occurrence_id is None:
        entry.occurrence, entry.source = occurrence, HoursFrom.CORRECTED
        entry.save(update_fields=["occurrence", "source", "at"])


def _write(entry: HourEntry, minutes: int, source: HoursFrom, by: User | None) -> None:
    """A new one, or one that was read for change."""
    is_new, before = entry.pk is None, entry.minutes or 0
    if not is_new and (before, entry.source) == (minutes, source):
        return
    entry.minutes, entry.source, entry.by = minutes, source, by
    entry.save()
    _sum(entry, minutes - before, int(is_new))


def _take_out(entry: HourEntry | None) -> None:
    if entry is not None:
        _sum(entry, -entry.minutes, -1)
        entry.delete()


def _sum(entry: HourEntry, minutes: int, entries: int) -> None:
    month = entry.day.replace(day=1)
    row = HoursMonth(
        municipality_id=entry.municipality_id, offer_id=entry.offer_id, unit_id=entry.unit_id, month=month
    )
    HoursMonth.objects.bulk_create([row], ignore_conflicts=True)
    HoursMonth.objects.filter(offer=entry.offer_id, unit=entry.unit_id, month=month).update(
        minutes=F("minutes") + minutes, entries=F("entries") + entries
    )
