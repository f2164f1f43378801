"""The times of an offer: made ahead by the clock and at each change; moved, cancelled, counted."""

import logging
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Occurrence, Offer, OfferNews
from partnerships.models.offer import NewsKind, OfferState
from partnerships.recurrence import Times, moments
from partnerships.selectors.offer_times import times_of
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.working_days import OSLO

logger = logging.getLogger("samskaping.offer")

# How far ahead there are times: long enough to plan by, short enough to be worth nothing to keep.
AHEAD = timedelta(days=120)
AT_A_TIME = 500
# Soon enough to be told of by itself.
NEAR = timedelta(days=14)
_MOVED = frozenset({"starts_at", "ends_at", "place"})
_WITH_OFFER = (
    *("cancelled_at", "cancelled_because", "off_with_offer", "sequence"),
    *("updated_at", "updated_by"),
)


# --- Made by the clock ---------------------------------------------------------------------------------
def occurrences_make(today: date) -> int:
    """What is missing until AHEAD, for every offer that goes on; how many were made. Safe to run twice."""
    made, last = 0, 0
    offers = Offer.objects.open().exclude(first_on=None)
    while True:
        with transaction.atomic():
            batch = list(
                offers.filter(pk__gt=last)
                .select_for_update(of=("self",), skip_locked=True)
                .order_by("pk")[:AT_A_TIME]
            )
            if not batch:
                return made
            last = batch[-1].pk
            made += _add_missing(batch, today)


def occurrences_renew(offer: Offer, *, now: datetime, by: User | None) -> None:
    """After a change of the offer's times or state, under its lock.

    What is to come and nobody has touched follows; what somebody moved or cancelled stays as it is. A day
    that is no longer wanted goes; where somebody has said yes it is called off, and comes back with its day.
    """
    today = now.astimezone(OSLO).date()
    wanted = wanted_days(offer, today)
    times = times_of(offer)
    coming = offer.occurrences.by_the_rule().after(now)
    # Held first, so that nobody says yes to one that is about to go.
    list(coming.select_for_update(of=("self",)).order_by("pk"))
    coming.untouched().exclude(day__in=wanted).delete()
    changed = []
    for occurrence in coming:
        sequence = occurrence.sequence
        if occurrence.day not in wanted and occurrence.cancelled_at is None:
            _off_with_offer(occurrence, because="", by=by, now=now)
            _tell_if_near(occurrence, NewsKind.CANCELLED, by, now)
        elif times is not None and occurrence.day is not None and occurrence.day in wanted:
            at = times.moments(occurrence.day)
            if (occurrence.starts_at, occurrence.ends_at) != at:
                occurrence.starts_at, occurrence.ends_at = at
                occurrence.sequence += 1
            if occurrence.off_with_offer:
                _on_with_offer(occurrence, by=by, now=now)
                _tell_if_near(occurrence, NewsKind.RESTORED, by, now)
        if occurrence.sequence != sequence:
            occurrence.updated_at = now
            changed.append(occurrence)
    Occurrence.objects.bulk_update(changed, (*_WITH_OFFER, "starts_at", "ends_at"))
    _add_missing([offer], today)


def occurrences_placed_anew(offer: Offer) -> None:
    """When the offer has another place: calendar programmes read its coming times again."""
    now = timezone.now()
    offer.occurrences.after(now).filter(place="").update(sequence=F("sequence") + 1, updated_at=now)


def wanted_days(offer: Offer, today: date) -> list[date]:
    """From today on; none on a pause, and after it from its last day on."""
    times = times_of(offer)
    if times is None or offer.state == OfferState.ENDED:
        return []
    first = today
    if offer.state == OfferState.PAUSED:
        if offer.paused_until is None:
            return []
        first = max(today, offer.paused_until)
    return times.days(first, today + AHEAD)


def _add_missing(offers: Collection[Offer], today: date) -> int:
    now = timezone.now()
    known = set(Occurrence.objects.filter(offer__in=offers, day__gte=today).values_list("offer", "day"))
    missing = []
    for offer in offers:
        times = times_of(offer)
        for day in wanted_days(offer, today):
            if (offer.pk, day) not in known and times is not None:
                made = _occurrence(offer, day, times)
                # One that is over already today never was.
                if made.ends_at > now:
                    missing.append(made)
    Occurrence.objects.bulk_create(missing, ignore_conflicts=True, batch_size=1000)
    return len(missing)


def _occurrence(offer: Offer, day: date, times: Times) -> Occurrence:
    starts_at, ends_at = times.moments(day)
    return Occurrence(
        municipality_id=offer.municipality_id, offer=offer, day=day, starts_at=starts_at, ends_at=ends_at
    )


# --- One of them ---------------------------------------------------------------------------------------
@transaction.atomic
def occurrence_add(
    *, offer: Offer, day: date, from_time: time, to_time: time, place: str = "", by: User
) -> Occurrence:
    """One beside the rule. Raises DomainError for a day gone by, or an offer that is over."""
    locked = _open(offer)
    starts_at, ends_at = moments(day, from_time, to_time)
    if day < timezone.localdate():
        raise DomainError(_("Velg en dag som kommer."))
    if locked.occurrences.filter(starts_at=starts_at).exists():
        raise DomainError(_("Det er allerede en gang på denne tiden."))
    made = Occurrence.objects.create(
        municipality_id=locked.municipality_id,
        offer=locked,
        starts_at=starts_at,
        ends_at=ends_at,
        place=place,
        updated_by=by,
    )
    audit_record("occurrence_added", made, by=by)
    return made


@transaction.atomic
def occurrence_move(
    *,
    occurrence: Occurrence,
    version: int,
    day: date,
    from_time: time,
    to_time: time,
    place: str,
    because: str = "",
    by: User,
) -> Occurrence:
    """To another time or place; everybody concerned is told. The clock on the wall is what counts.

    Raises ChangedMeanwhile; StateChanged for one that is cancelled, counted or has been; DomainError for the
    past.
    """
    locked = _coming(occurrence)
    unchanged_since(locked, version)
    _not_counted(locked)
    starts_at, ends_at = moments(day, from_time, to_time)
    if starts_at <= timezone.now():
        raise DomainError(_("Velg en tid som kommer."))
    changes = {"starts_at": starts_at, "ends_at": ends_at, "place": place}
    changed = [name for name, value in changes.items() if getattr(locked, name) != value]
    if changed:
        changes["sequence"] = locked.sequence + 1
        edited(locked, changes, may_change={*_MOVED, "sequence"}, by=by)
        _tell(locked, NewsKind.MOVED, because, by)
        audit_record("occurrence_moved", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def occurrence_cancel(*, occurrence: Occurrence, because: str, by: User) -> Occurrence:
    """Raises StateChanged when it is cancelled already, counted, or has been."""
    locked = _coming(occurrence)
    _not_counted(locked)
    changes = {
        "cancelled_at": timezone.now(),
        "cancelled_because": because,
        "sequence": locked.sequence + 1,
    }
    edited(locked, changes, may_change=set(changes), by=by)
    _tell(locked, NewsKind.CANCELLED, because, by)
    audit_record("occurrence_cancelled", locked, by=by)
    return locked


@transaction.atomic
def occurrence_restore(*, occurrence: Occurrence, by: User) -> Occurrence:
    """It takes place after all. Raises StateChanged when it was not cancelled, or its time has passed."""
    _open(occurrence.offer)
    locked = _lock(occurrence)
    if locked.cancelled_at is None or locked.ends_at <= timezone.now():
        raise StateChanged(_("Gangen er ikke avlyst."))
    _hold_again(locked, by)
    _tell(locked, NewsKind.RESTORED, "", by)
    audit_record("occurrence_restored", locked, by=by)
    return locked


@transaction.atomic
def occurrence_note(
    *, occurrence: Occurrence, version: int, attendance: int | None, feedback: str, by: User
) -> Occurrence:
    """How many came, and one line. Raises ChangedMeanwhile; StateChanged for one that was cancelled or has
    not begun."""
    locked = _lock(occurrence)
    unchanged_since(locked, version)
    if locked.cancelled_at is not None or locked.starts_at > timezone.now():
        raise StateChanged(_("Det kan noteres når gangen har begynt."))
    changes = {"attendance": attendance, "feedback": feedback}
    if edited(locked, changes, may_change=set(changes), by=by):
        audit_record("occurrence_noted", locked, by=by)
    return locked


def occurrences_call_off(offer: Offer, *, until: date | None, because: str, by: User) -> None:
    """When the offer pauses or ends: what somebody had moved, added or said yes to is cancelled, not left
    standing. Those concerned hear of it by the news of the offer."""
    now = timezone.now()
    coming = offer.occurrences.taking_place().after(now)
    if until is not None:
        coming = coming.filter(starts_at__date__lt=until)
    touched = coming.exclude(pk__in=offer.occurrences.untouched().values("pk"))
    off = list(touched.select_for_update(of=("self",)).order_by("pk"))
    for occurrence in off:
        _off_with_offer(occurrence, because=because[:200], by=by, now=now)
    Occurrence.objects.bulk_update(off, _WITH_OFFER)


def occurrences_call_on(offer: Offer, *, by: User | None) -> None:
    """When the offer is taken up: what its pause or end cancelled takes place after all."""
    now = timezone.now()
    off = offer.occurrences.filter(off_with_offer=True).after(now)
    on = list(off.select_for_update(of=("self",)).order_by("pk"))
    for occurrence in on:
        _on_with_offer(occurrence, by=by, now=now)
    Occurrence.objects.bulk_update(on, _WITH_OFFER)


def _off_with_offer(occurrence: Occurrence, *, because: str, by: User | None, now: datetime) -> None:
    """No change of anybody's to this one time: its version stays, and it goes on following the rule."""
    occurrence.cancelled_at, occurrence.cancelled_because, occurrence.off_with_offer = now, because, True
    occurrence.sequence += 1
    occurrence.updated_at, occurrence.updated_by = now, by


def _on_with_offer(occurrence: Occurrence, *, by: User | None, now: datetime) -> None:
    occurrence.cancelled_at, occurrence.cancelled_because, occurrence.off_with_offer = None, "", False
    occurrence.sequence += 1
    occurrence.updated_at, occurrence.updated_by = now, by


def _hold_again(locked: Occurrence, by: User | None) -> None:
    changes = {
        "cancelled_at": None,
        "cancelled_because": "",
        "off_with_offer": False,
        "sequence": locked.sequence + 1,
    }
    edited(locked, changes, may_change=set(changes), by=by)


def _tell_if_near(occurrence: Occurrence, kind: NewsKind, by: User | None, now: datetime) -> None:
    """Of what is further off the news of the offer's new times says enough."""
    if occurrence.starts_at <= now + NEAR:
        _tell(occurrence, kind, "", by)


def _tell(occurrence: Occurrence, kind: NewsKind, because: str, by: User | None) -> None:
    OfferNews.objects.create(
        municipality_id=occurrence.municipality_id,
        offer=occurrence.offer,
        kind=kind,
        day=timezone.localdate(occurrence.starts_at),
        occurrence=occurrence,
        because=because,
        by=by,
    )


def _open(offer: Offer) -> Offer:
    locked = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if locked.state == OfferState.ENDED:
        raise StateChanged(_("Tilbudet er avsluttet. Ta det opp igjen først."))
    return locked


def _coming(occurrence: Occurrence) -> Occurrence:
    _open(occurrence.offer)
    locked = _lock(occurrence)
    if locked.cancelled_at is not None:
        raise StateChanged(_("Gangen er avlyst."))
    if locked.ends_at <= timezone.now():
        raise StateChanged(_("Gangen har vært."))
    return locked


def _not_counted(locked: Occurrence) -> None:
    if locked.attendance is not None:
        raise StateChanged(_("Det er notert hvor mange som kom."))


def _lock(occurrence: Occurrence) -> Occurrence:
    locked: Occurrence = (
        Occurrence.objects.select_for_update(of=("self",)).select_related("offer").get(pk=occurrence.pk)
    )
    return locked
