"""The facts of the police certificate (product.md § 5.1), and who handles it in an organisation."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Organisation, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import PoliceFact, PoliceResponsible, Volunteer
from volunteers.models.requirement import PoliceBasis, PoliceOutcome
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.police import handles_police, may_be_responsible
from volunteers.services.volunteer import volunteer_lock

# How old it may be when it is shown (reference.md § 5.4).
FRESH = relativedelta(months=3)


@transaction.atomic
def police_fact_set(
    *,
    volunteer: Volunteer,
    outcome: PoliceOutcome,
    basis: PoliceBasis | None,
    asked_on: date | None = None,
    issued_on: date | None = None,
    shown_on: date | None = None,
    renew_by: date | None = None,
    by: User,
) -> PoliceFact:
    """What was asked for, and that it was shown, to whom and when. The trace says that, and not what.

    Raises DomainError for whoever does not handle it, for one who has left, and for days that cannot be.
    """
    if not handles_police(by, volunteer):
        raise DomainError(_("Bare den som har ansvar for politiattester, fører det her."))
    locked = volunteer_lock(volunteer)
    if locked.state == VolunteerState.ENDED:
        raise DomainError(_("Den frivillige har sluttet, og da står det ingenting om politiattest."))
    if outcome != PoliceOutcome.NOT_REQUIRED and basis is None:
        raise DomainError(_("Velg hvilken lov den kreves etter."))
    shown = outcome == PoliceOutcome.SHOWN
    if shown:
        _check_days(issued_on, shown_on)
    fact, _made = PoliceFact.objects.update_or_create(
        volunteer=locked,
        defaults={
            "municipality": locked.municipality,
            "outcome": outcome,
            "basis": basis or "",
            "asked_on": asked_on,
            "issued_on": issued_on if shown else None,
            "shown_on": shown_on if shown else None,
            "shown_to": by if shown else None,
            "renew_by": renew_by,
        },
    )
    audit_record("police_fact_set", locked, by=by)
    return fact


@transaction.atomic
def police_fact_remove(*, volunteer: Volunteer, by: User) -> None:
    """Not needed any more. Raises DomainError for whoever does not handle it."""
    if not handles_police(by, volunteer):
        raise DomainError(_("Bare den som har ansvar for politiattester, fører det her."))
    gone, _rows = PoliceFact.objects.filter(volunteer=volunteer).delete()
    if gone:
        audit_record("police_fact_removed", volunteer, by=by)


@transaction.atomic
def police_responsible_name(
    *, side: VolunteerCentre | Organisation, user: User | None, is_deputy: bool, by: User
) -> PoliceResponsible | None:
    """One person and one deputy; None takes the name away. Raises DomainError for somebody who has no role
    there, and for the same person as both."""
    kind = "centre" if isinstance(side, VolunteerCentre) else "organisation"
    # The row of the place is the lock.
    type(side)._default_manager.select_for_update(of=("self",)).get(pk=side.pk)
    if user is not None and not may_be_responsible(side).filter(user=user).exists():
        raise DomainError(_("Velg en som leder her."))
    rows = PoliceResponsible.objects.filter(ended_at=None, **{kind: side})
    if user is not None and rows.filter(user=user).exclude(is_deputy=is_deputy).exists():
        raise DomainError(_("Den ansvarlige og vara er to forskjellige."))
    old: PoliceResponsible | None = rows.filter(is_deputy=is_deputy).first()
    if old is not None and user is not None and old.user_id == user.pk:
        return old
    if old is not None:
        old.ended_at = timezone.now()
        old.save(update_fields=["ended_at"])
        audit_record("police_responsible_ended", old, by=by)
    if user is None:
        return None
    made = PoliceResponsible.objects.create(
        municipality=side.municipality, user=user, is_deputy=is_deputy, named_by=by, **{kind: side}
    )
    audit_record("police_responsible_named", made, by=by)
    return made


def _check_days(issued_on: date | None, shown_on: date | None) -> None:
    if shown_on is None:
        raise DomainError(_("Skriv hvilken dag den ble vist."))
    if shown_on > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    if issued_on is not None and issued_on > shown_on:
        raise DomainError(_("Den kan ikke være utstedt etter at den ble vist."))
    if issued_on is not None and issued_on + FRESH < shown_on:
        raise DomainError(_("Attesten var eldre enn tre måneder da den ble vist. Be om en ny."))
