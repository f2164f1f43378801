"""Who may take an errand, and what each may know of it."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.access import access_of
from partnerships.models import RequirementKind
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import Errand, ErrandFor, Volunteer
from volunteers.models.errand import NAMED_AFTER
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.module import with_shifts
from volunteers.selectors.requirement import kinds_lacked

# Longer ahead nobody knows what she does.
SHOWN_AHEAD = timedelta(days=21)


def may_be_asked() -> Q:
    """Whom a unit may ask: the municipality's own, in the middle of it, and of age."""
    today = timezone.localdate()
    return (
        Q(state=VolunteerState.ACTIVE, person__erased_at=None)
        & Q(person__controller_organisation=None, person__controller_centre=None)
        & (Q(adult_from=None) | Q(adult_from__lte=today))
    )


def errands_for(volunteers: QuerySet[Volunteer]) -> QuerySet[Errand]:
    """Those one of these may take now: what a person sees who has a row with one controller or several."""
    now = timezone.now()
    hers = volunteers.filter(may_be_asked(), municipality=OuterRef("municipality"))
    through = Errand.requirements.through.objects.filter(
        errand=OuterRef(OuterRef(OuterRef("pk"))), requirementkind=OuterRef("pk")
    )
    asked = RequirementKind.objects.filter(Exists(through))
    able = hers.filter(~Exists(kinds_lacked(asked, OuterRef(OuterRef("pk")), timezone.localdate())))
    coming = Errand.objects.open().filter(with_shifts(), starts_at__gt=now, starts_at__lte=now + SHOWN_AHEAD)
    return coming.filter(Exists(able)).select_related("unit").order_by("starts_at", "pk")


def able_for(errand: Errand) -> QuerySet[Volunteer]:
    """Those who have what it takes."""
    found = Volunteer.objects.filter(may_be_asked(), municipality=errand.municipality_id)
    asked = RequirementKind.objects.filter(pk__in=errand.requirements.order_by().values("pk"))
    return found.filter(~Exists(kinds_lacked(asked, OuterRef(OuterRef("pk")), timezone.localdate())))


def hers_who_may(user: User, errand: Errand) -> Volunteer | None:
    """The row of hers that may take this one, or has."""
    hers = Volunteer.objects.filter(person__user=user, municipality=errand.municipality_id)
    taken = hers.here().filter(errands=errand).select_related("person").first()
    return taken or able_for(errand).filter(person__user=user).select_related("person").first()


def for_whom(errand: Errand, *, user: User, volunteer: Volunteer | None) -> ErrandFor | None:
    """For her who took it and for who works at the unit, until the day is over. For nobody else."""
    at_unit = errand.unit_id in access_of(user).own(Permission.ERRAND_POST).unit_ids
    is_hers = volunteer is not None and errand.taken_by_id == volunteer.pk
    if not (at_unit or is_hers) or errand.cancelled_at is not None:
        return None
    if errand.ends_at + NAMED_AFTER < timezone.now():
        return None
    return ErrandFor.objects.filter(errand=errand).first()


def errands_waiting() -> QuerySet[Errand]:
    """Open ones to come, for telling of them."""
    return (
        Errand.objects.open()
        .filter(with_shifts(), starts_at__gt=timezone.now(), asked_at__lt=F("starts_at"))
        .select_related("unit", "municipality__settings")
    )
