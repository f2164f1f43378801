"""Giving, changing and ending roles."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of, forget_access
from partnerships.models import (
    CodesignProcess,
    Membership,
    Organisation,
    Partnership,
    Person,
    Unit,
    VolunteerCentre,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import NEEDS_SECOND_FACTOR, Permission, Role, may_grant
from samskaping.accounts.services.session import sessions_end
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

# Extra set-up comes after the first success, not before it (product.md § 4.10).
SECOND_FACTOR_AFTER = timedelta(days=14)


class MayNotGrant(DomainError):
    """Nobody hands out more than she has herself."""


def check_may_grant(
    role: Role,
    *,
    by: User,
    municipality: Municipality,
    unit: Unit | None = None,
    centre: VolunteerCentre | None = None,
    organisation: Organisation | None = None,
) -> None:
    """Raises MayNotGrant unless one of `by`'s own memberships here lets her hand out this role."""
    access = access_of(by)
    wanted = Own(
        unit_ids=frozenset({unit.pk} if unit else ()),
        centre_ids=frozenset({centre.pk} if centre else ()),
        organisation_ids=frozenset({organisation.pk} if organisation else ()),
    )
    places = [place for place in (unit, centre, organisation) if place is not None]
    if any(place.municipality_id != municipality.pk or place.ended_at for place in places):
        raise MayNotGrant(_("Velg noe som finnes i kommunen."))
    for membership in access.memberships:
        if membership.municipality_id != municipality.pk or role not in may_grant(Role(membership.role)):
            continue
        if municipality.pk in access.municipalities_all(Permission.MEMBER_MANAGE):
            return
        # A chief with a sector, a centre leader, a representative: only what is inside their own.
        if access.own(Permission.MEMBER_MANAGE).meets(wanted):
            return
    raise MayNotGrant(_("Du kan ikke gi denne rollen."))


@transaction.atomic
def membership_grant(
    *,
    user: User,
    person: Person | None,
    municipality: Municipality | None,
    role: Role,
    by: User | None,
    unit: Unit | None = None,
    centre: VolunteerCentre | None = None,
    organisation: Organisation | None = None,
    partnership: Partnership | None = None,
    process: CodesignProcess | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Gives the role. Who may do so is asked before (check_may_grant), because an invitation was, too.

    Raises StateChanged when she has the role already.
    """
    wants_factor = role in NEEDS_SECOND_FACTOR
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user,
                person=person,
                municipality=municipality,
                role=role,
                unit=unit,
                centre=centre,
                organisation=organisation,
                partnership=partnership,
                process=process,
                valid_to=valid_to,
                granted_by=by,
                second_factor_from=timezone.localdate() + SECOND_FACTOR_AFTER if wants_factor else None,
            )
    except IntegrityError:
        raise StateChanged(_("Personen har allerede denne rollen.")) from None
    audit_record(
        "membership_granted", membership, by=by, municipality=municipality, data={"role": role.value}
    )
    forget_access([user])
    return membership


@transaction.atomic
def membership_end(*, membership: Membership, by: User) -> Membership:
    """Ends the role at once. The last coordinator cannot go: somebody must be able to let people in.

    Raises StateChanged when it has ended already, DomainError for the last coordinator.
    """
    locked = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if locked.ended_at is not None:
        raise StateChanged(_("Rollen er allerede avsluttet."))
    _keep_a_coordinator(locked)
    locked.ended_at = timezone.now()
    locked.ended_by = by
    locked.save(update_fields=["ended_at", "ended_by"])
    audit_record("membership_ended", locked, by=by, data={"role": locked.role})
    # Rights are read at each request; whatever page stands open on another screen goes, too.
    sessions_end(user=locked.user, by=by)
    forget_access([locked.user, by])
    return locked


@transaction.atomic
def membership_change(*, membership: Membership, valid_to: date | None, by: User) -> Membership:
    """Sets until when the role lasts; no date is until somebody ends it.

    Raises StateChanged when it has ended already, DomainError for the last coordinator or a day gone by.
    """
    locked = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if locked.ended_at is not None:
        raise StateChanged(_("Rollen er allerede avsluttet."))
    if valid_to is None and locked.role == Role.GUEST:
        raise DomainError(_("En gjest er med til en dato."))
    if valid_to is not None and valid_to < timezone.localdate():
        raise DomainError(_("Velg en dato som ikke er passert, eller avslutt rollen."))
    if valid_to is not None:
        _keep_a_coordinator(locked)
    locked.valid_to = valid_to
    locked.save(update_fields=["valid_to"])
    audit_record("membership_changed", locked, by=by, data={"fields": ["valid_to"]})
    forget_access([locked.user])
    return locked


def _keep_a_coordinator(leaving: Membership) -> None:
    """Raises DomainError unless somebody else stays who can let people in, also after today."""
    if leaving.role != Role.COORDINATOR or leaving.municipality_id is None:
        return
    # The municipality's row is the lock: two coordinators ending each other at once take turns.
    Municipality.objects.select_for_update(no_key=True).filter(pk=leaving.municipality_id).get()
    others = (
        Membership.objects.current()
        .filter(
            municipality=leaving.municipality_id,
            role=Role.COORDINATOR,
            valid_to=None,
            user__is_active=True,
        )
        .exclude(pk=leaving.pk)
    )
    if not others.exists():
        raise DomainError(
            _("Dette er den eneste koordinatoren uten sluttdato. Inviter en ny før du avslutter rollen.")
        )
