"""What a volunteer has of what is asked for: asked, in order, let off; and what the portal knows itself."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Person, RequirementKind
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record
from volunteers.models import Exemption, Volunteer, VolunteerRequirement
from volunteers.models.requirement import MetBy
from volunteers.models.volunteer import VolunteerState
from volunteers.services.volunteer import volunteer_lock

# Our kinds that a document in the portal answers (partnerships/data/requirement_kinds.json).
CONFIDENTIALITY, AGREEMENT = "taushetserklaring", "frivilligavtale"


@transaction.atomic
def requirement_ask(*, volunteer: Volunteer, kind: RequirementKind, by: User) -> VolunteerRequirement:
    """She has been asked for it; asking again moves the day. What she has, she still has."""
    row = _row(volunteer, kind)
    row.asked_on = timezone.localdate()
    row.by = by
    row.save()
    audit_record("requirement_asked", row.volunteer, by=by, data={"kind": kind.pk})
    return row


@transaction.atomic
def requirement_met(
    *,
    volunteer: Volunteer,
    kind: RequirementKind,
    how: MetBy,
    on: date,
    holds_to: date | None = None,
    by: User | None,
) -> VolunteerRequirement:
    """In order from `on`. Without `holds_to` it holds for as long as the kind says.

    Raises DomainError for a day to come, and for one that ends before it began.
    """
    if on > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    ends = holds_to or holds_for(kind, on)
    if ends is not None and ends < on:
        raise DomainError(_("Det kan ikke gå ut før det var i orden."))
    row = _row(volunteer, kind)
    row.met_on, row.met_by, row.holds_to, row.by = on, how, ends, by
    row.save()
    # Whoever has it needs no leave to be without it.
    Exemption.objects.filter(volunteer=volunteer, kind=kind, ended_at=None).update(ended_at=timezone.now())
    audit_record("requirement_met", row.volunteer, by=by, data={"kind": kind.pk, "how": how.value})
    return row


@transaction.atomic
def requirement_clear(*, requirement: VolunteerRequirement, by: User) -> None:
    """It was noted by mistake: she has not had it, nor been asked."""
    audit_record("requirement_cleared", requirement.volunteer, by=by, data={"kind": requirement.kind_id})
    requirement.delete()


@transaction.atomic
def exemption_give(
    *, volunteer: Volunteer, kind: RequirementKind, because: str, until: date, by: User
) -> Exemption:
    """Raises DomainError without a reason, for a day that has been, or more than a year ahead."""
    _not_police(kind)
    today = timezone.localdate()
    if not because.strip():
        raise DomainError(_("Skriv hvorfor."))
    if not today <= until <= today + relativedelta(years=1):
        raise DomainError(_("Velg en dag innen et år fra nå."))
    locked = volunteer_lock(volunteer)
    Exemption.objects.filter(volunteer=locked, kind=kind, ended_at=None).update(ended_at=timezone.now())
    made = Exemption.objects.create(
        municipality=locked.municipality,
        volunteer=locked,
        kind=kind,
        because=because.strip(),
        until=until,
        by=by,
    )
    audit_record("exemption_given", locked, by=by, data={"kind": kind.pk})
    return made


@transaction.atomic
def exemption_end(*, exemption: Exemption, by: User) -> Exemption:
    """Doing it twice does it once."""
    locked: Exemption = Exemption.objects.select_for_update(of=("self",)).get(pk=exemption.pk)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        locked.save(update_fields=["ended_at"])
        audit_record("exemption_ended", exemption.volunteer, by=by, data={"kind": exemption.kind_id})
    return locked


@transaction.atomic
def requirement_signed(
    *, person: Person, key: str, on: date, holds_to: date | None = None
) -> VolunteerRequirement | None:
    """The portal itself saw it signed: a declaration of confidentiality or a volunteer's agreement.

    None when she is no volunteer, or our kind is not in use. An older paper never takes the place of a
    newer one.
    """
    volunteer = Volunteer.objects.filter(person=person).exclude(state=VolunteerState.ENDED).first()
    kind = RequirementKind.objects.filter(municipality=None, key=key, ended_at=None).first()
    if volunteer is None or kind is None:
        return None
    had: VolunteerRequirement | None = VolunteerRequirement.objects.filter(
        volunteer=volunteer, kind=kind
    ).first()
    if had is not None and had.met_on is not None and had.met_on > on:
        return had
    return requirement_met(
        volunteer=volunteer, kind=kind, how=MetBy.AGREEMENT, on=on, holds_to=holds_to, by=None
    )


def holds_for(kind: RequirementKind, on: date) -> date | None:
    """The last day, by what the kind says; None: it lasts."""
    return on + relativedelta(months=kind.renew_months) if kind.renew_months else None


def _row(volunteer: Volunteer, kind: RequirementKind) -> VolunteerRequirement:
    """Under the volunteer's lock, so that two who note the same make one."""
    _not_police(kind)
    locked = volunteer_lock(volunteer)
    found: VolunteerRequirement | None = VolunteerRequirement.objects.filter(
        volunteer=locked, kind=kind
    ).first()
    return found or VolunteerRequirement(municipality=locked.municipality, volunteer=locked, kind=kind)


def _not_police(kind: RequirementKind) -> None:
    """Raises ValueError: its facts stand in a table of their own, with doors of their own."""
    if kind.is_police_certificate:
        message = "The police certificate is noted with police_fact_set."
        raise ValueError(message)
