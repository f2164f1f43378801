"""Én-til-én: a unit asks, the first who says yes takes it, and who it was for is forgotten."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import RequirementKind, Unit
from partnerships.services.editing import count
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.services.sent_twice import made_lately
from volunteers.models import Errand, ErrandFor, Volunteer
from volunteers.models.errand import ErrandKind
from volunteers.services.clash import refuse_clash
from volunteers.services.hours import errand_hours

ASKED = ("unit_id", "kind", "words", "area_words", "starts_at", "ends_at", "asked_by_id")


@transaction.atomic
def errand_post(
    *,
    unit: Unit,
    kind: ErrandKind,
    starts_at: datetime,
    ends_at: datetime,
    first_name: str,
    meet_at: str,
    ring: str = "",
    words: str = "",
    area_words: str = "",
    requirements: Collection[RequirementKind] = (),
    by: User,
) -> Errand:
    """Posting the same twice within a minute posts it once.

    Raises DomainError for a time that has been, or that ends before it begins.
    """
    if starts_at <= timezone.now():
        raise DomainError(_("Velg en tid som kommer."))
    if ends_at <= starts_at:
        raise DomainError(_("Oppdraget må slutte etter at det begynner."))
    made = Errand(
        municipality_id=unit.municipality_id,
        unit=unit,
        kind=kind,
        words=words,
        area_words=area_words,
        starts_at=starts_at,
        ends_at=ends_at,
        asked_by=by,
        updated_by=by,
    )
    whom = {"for_whom__first_name": first_name, "for_whom__meet_at": meet_at, "for_whom__ring": ring}
    same = made_lately(made, "asked_at", ASKED, cancelled_at=None, **whom)
    if same is not None:
        return same
    made.save()
    made.requirements.set(requirements)
    ErrandFor.objects.create(
        municipality_id=unit.municipality_id, errand=made, first_name=first_name, meet_at=meet_at, ring=ring
    )
    audit_record("errand_posted", made, by=by)
    return made


@transaction.atomic
def errand_take(
    *, errand: Errand, volunteer: Volunteer, by: User | None, clash_accepted: bool = False
) -> Errand:
    """The first takes it; taking it twice takes it once. Whether she may is asked by whoever shows it to her.

    Raises StateChanged when somebody else has it, or it is off or over; Clash when she is elsewhere.
    """
    locked = _lock(errand)
    if locked.taken_by_id == volunteer.pk and locked.cancelled_at is None:
        return locked
    _open(locked)
    if locked.taken_at is not None:
        raise StateChanged(_("En annen tok oppdraget først. Takk for at du ville!"))
    if not clash_accepted:
        refuse_clash(volunteer, locked.starts_at, locked.ends_at, but_errand=locked)
    locked.taken_by, locked.taken_at = volunteer, timezone.now()
    count(locked, by=by, fields=["taken_by", "taken_at"])
    audit_record("errand_taken", locked, by=by, on_behalf_of=volunteer.person if by is not None else None)
    return locked


@transaction.atomic
def errand_give_back(*, errand: Errand, volunteer: Volunteer, by: User | None) -> Errand:
    """She cannot after all: it is open again. Raises StateChanged when it is not hers."""
    locked = _lock(errand)
    _open(locked)
    if locked.taken_by_id != volunteer.pk:
        raise StateChanged(_("Oppdraget er ikke ditt lenger."))
    _give_back(locked, by)
    return locked


@transaction.atomic
def errands_let_go(volunteer: Volunteer, *, until: date | None, by: User | None) -> None:
    """On a pause, an end or an erasure what she took is open to others. `until`: the day she is back."""
    hers = Errand.objects.filter(
        taken_by=volunteer, starts_at__gt=timezone.now(), cancelled_at=None, done_at=None
    )
    if until is not None:
        hers = hers.filter(starts_at__date__lt=until)
    for errand in hers.select_for_update(of=("self",)).order_by("pk"):
        _give_back(errand, by)


def _give_back(locked: Errand, by: User | None) -> None:
    locked.taken_by = locked.taken_at = None
    count(locked, by=by, fields=["taken_by", "taken_at"])
    audit_record("errand_given_back", locked, by=by)


@transaction.atomic
def errand_cancel(*, errand: Errand, by: User) -> Errand:
    """Who it was for is forgotten at once. Cancelling twice cancels once."""
    locked = _lock(errand)
    if locked.cancelled_at is not None:
        return locked
    _open(locked)
    locked.cancelled_at = timezone.now()
    count(locked, by=by, fields=["cancelled_at"])
    ErrandFor.objects.filter(errand=locked).delete()
    audit_record("errand_cancelled", locked, by=by)
    return locked


@transaction.atomic
def errand_done(*, errand: Errand, by: User | None) -> Errand:
    """It went as agreed, and gives the one who took it its hours. Raises StateChanged for one nobody took, or
    that has not begun."""
    locked = _lock(errand)
    if locked.done_at is not None:
        return locked
    if locked.cancelled_at is not None or locked.taken_at is None:
        raise StateChanged(_("Oppdraget er avlyst, eller ingen har tatt det."))
    if locked.starts_at > timezone.now():
        raise StateChanged(_("Oppdraget har ikke begynt ennå."))
    locked.done_at = timezone.now()
    count(locked, by=by, fields=["done_at"])
    if locked.taken_by is not None:
        errand_hours(locked, locked.taken_by, by=by)
    audit_record("errand_done", locked, by=by)
    return locked


def _lock(errand: Errand) -> Errand:
    locked: Errand = Errand.objects.select_for_update(of=("self",)).get(pk=errand.pk)
    return locked


def _open(locked: Errand) -> None:
    if locked.cancelled_at is not None:
        raise StateChanged(_("Oppdraget er avlyst. Takk for at du ville!"))
    if locked.done_at is not None or locked.ends_at <= timezone.now():
        raise StateChanged(_("Oppdraget har vært."))
