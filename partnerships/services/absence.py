"""«Jeg er borte»: saying so, and coming back early."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Absence, Membership, Person
from partnerships.selectors.absence import deputies_for
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record


@transaction.atomic
def absence_add(
    *, membership: Membership, away_from: date, away_to: date, deputy: Person | None, by: User
) -> Absence:
    """Raises DomainError for days that are over or taken already, or a deputy who is no colleague."""
    if membership.municipality is None:
        raise DomainError(_("Rollen hører ikke til noen kommune."))
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if away_to < away_from:
        raise DomainError(_("Siste dag må komme etter første dag."))
    if away_to < timezone.localdate():
        raise DomainError(_("Dagene er passert. Velg dager som kommer."))
    if Absence.objects.filter(membership=membership, away_from__lte=away_to, away_to__gte=away_from).exists():
        raise DomainError(_("Du har alt meldt deg borte noen av disse dagene."))
    if deputy is not None and not deputies_for(membership).filter(pk=deputy.pk).exists():
        raise DomainError(_("Stedfortrederen må være en kollega som har tilgang her."))
    absence = Absence.objects.create(
        municipality=membership.municipality,
        membership=membership,
        deputy=deputy,
        away_from=away_from,
        away_to=away_to,
    )
    audit_record("absence_added", absence, by=by, data={"deputy": deputy.pk if deputy else None})
    return absence


@transaction.atomic
def absence_end(*, absence: Absence, by: User) -> None:
    """Back from today: what has begun ends yesterday, what has not is taken away.

    Raises StateChanged when it is over or gone already.
    """
    locked = Absence.objects.select_for_update(of=("self",)).filter(pk=absence.pk).first()
    today = timezone.localdate()
    if locked is None or locked.away_to < today:
        raise StateChanged(_("Fraværet er allerede avsluttet."))
    audit_record("absence_ended", locked, by=by, municipality=absence.municipality)
    if locked.away_from >= today:
        locked.delete()
        return
    locked.away_to = today - timedelta(days=1)
    locked.save(update_fields=["away_to"])
