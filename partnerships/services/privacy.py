"""A copy of what is kept about somebody, its end, and what holds it back."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import ErasureRequest, Invitation, Membership, Notice, Person, PersonExport
from samskaping.accounts.models import User
from samskaping.accounts.services.session import sessions_end
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.privacy import erase_rows
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import outbox_add

# The law gives a month.
ANSWER_WITHIN = timedelta(days=30)
EXPORT_LASTS = timedelta(days=7)
CHANGEABLE = frozenset(
    {"name", "email", "phone", "street", "postal_code", "post_town", "language", "channel", "hide_contact"}
)


class MayNotErase(DomainError):
    """Something has to end first, or somebody holds it back."""


@transaction.atomic
def person_export_ask(*, person: Person, by: User) -> PersonExport:
    """Promises the copy; the worker makes it. Who may ask is the caller's to know."""
    export = PersonExport.objects.create(municipality=person.municipality, person=person, asked_by=by)
    audit_record("person_export_asked", person, by=by)
    outbox_add(
        "person_export", str(export.pk), payload={"export": export.pk}, municipality=person.municipality
    )
    return export


@transaction.atomic
def erasure_ask(*, person: Person, by: User) -> ErasureRequest:
    """Her own wish. Raises StateChanged when she has asked already."""
    try:
        with transaction.atomic():
            request = ErasureRequest.objects.create(
                municipality=person.municipality,
                person=person,
                answer_by=timezone.localdate() + ANSWER_WITHIN,
            )
    except IntegrityError:
        raise StateChanged(_("Du har allerede bedt om det. Du får svar.")) from None
    audit_record("erasure_asked", person, by=by)
    return request


@transaction.atomic
def erasure_refuse(*, request: ErasureRequest, because: str, by: User) -> ErasureRequest:
    """Answers no, with the reason; a notice tells her (due_sources). Raises StateChanged when answered."""
    locked = ErasureRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.answered_at is not None:
        raise StateChanged(_("Ønsket er allerede besvart."))
    if not because.strip():
        raise DomainError(_("Skriv hvorfor."))
    locked.refused_because = because.strip()
    locked.answered_by = by
    locked.answered_at = Now()
    locked.save(update_fields=["refused_because", "answered_by", "answered_at"])
    audit_record("erasure_refused", locked.person, by=by)
    return locked


def erasure_obstacle(person: Person) -> str:
    """Why she cannot be erased now, as a sentence; empty when she can."""
    if person.held_since is not None:
        return str(_("Opplysningene holdes tilbake fra sletting. Opphev det først."))
    if Membership.objects.current().filter(person=person).exists():
        return str(_("Personen har en rolle nå. Avslutt rollen først."))
    return ""


@transaction.atomic
def person_erase(*, person: Person, by: User | None) -> dict[str, int]:
    """Takes away what this controller keeps about her; the account too, when nobody else knows her.

    The row goes with it, or stays empty where something signed or counted must point to it. Returns how
    many of each kind went. Raises MayNotErase.
    """
    locked = Person.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=person.pk)
    if locked.erased_at is not None:
        return {}
    if obstacle := erasure_obstacle(locked):
        raise MayNotErase(obstacle)
    _nothing_leaves_now(locked)
    gone = erase_rows(locked)
    audit_record("person_erased", locked, by=by, data=gone)
    user = locked.user
    _remove_or_empty(locked)
    if user is not None and not Person.objects.filter(user=user).exists():
        _close_account(user, by=by)
    return gone


def _nothing_leaves_now(person: Person) -> None:
    """Locks what has been promised to her: a worker that comes for it waits, and finds nothing to say.

    Raises MayNotErase while one is at it.
    """
    gathered = Q(key__startswith=f"person-{person.pk}:")
    if person.user_id is not None:
        gathered |= Q(key__startswith=f"user-{person.user_id}:")
    promised = Outbox.objects.filter(
        Q(pk__in=Notice.objects.filter(person=person).exclude(outbox=None).values("outbox"))
        | (Q(kind="digest") & gathered),
        state__in=(OutboxState.WAITING, OutboxState.LEASED),
    )
    if any(row.state == OutboxState.LEASED for row in promised.select_for_update()):
        raise MayNotErase(_("En melding til personen er på vei akkurat nå. Prøv igjen om et par minutter."))


def _remove_or_empty(person: Person) -> None:
    try:
        with transaction.atomic():
            Person.objects.get(pk=person.pk).delete()
    except ProtectedError:
        for field in Person.personal_fields:
            setattr(person, field, "")
        person.user = None
        person.erased_at = timezone.now()
        person.save()


def _close_account(user: User, *, by: User | None) -> None:
    """Sessions, factors and sign-ins go with it. A superuser's is kept: operators are not people here."""
    if user.is_superuser or user.memberships.exists():
        return
    sessions_end(user=user, by=by)
    # Without a sender they would look like the operator's, who may invite anybody.
    Invitation.objects.filter(invited_by=user, accepted_at=None, withdrawn_at=None).update(withdrawn_at=Now())
    audit_record("account_closed", user, by=by if by != user else None)
    user.delete()


@transaction.atomic
def person_hold(*, person: Person, hold: bool, by: User) -> Person:
    """Nothing of hers is erased while it stands: a claim, an audit, a case."""
    locked = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    since: date | None = timezone.localdate() if hold else None
    if (locked.held_since is not None) != hold:
        locked.held_since = since
        locked.save(update_fields=["held_since", "name_key"])
        if hold:
            audit_record("person_held", locked, by=by)
        else:
            audit_record("person_released", locked, by=by)
    return locked


@transaction.atomic
def person_change(*, person: Person, changes: dict[str, Any], by: User) -> Person:
    """Staff put right what they keep. The address of somebody with an account is hers to change.

    Raises DomainError for that, and ValueError for what is no field of hers.
    """
    if not set(changes) <= CHANGEABLE:
        message = "Not a field staff may change."
        raise ValueError(message)
    locked = (
        Person.objects.select_for_update(of=("self",))
        .select_related("user", "municipality")
        .get(pk=person.pk)
    )
    changed = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
    for name, own in (
        ("email", locked.user and locked.user.email),
        ("phone", locked.user and locked.user.phone),
    ):
        if name in changed and own:
            raise DomainError(_("Personen logger inn med denne adressen og må bytte den selv."))
    if changed:
        for name in changed:
            setattr(locked, name, changes[name])
        # Whether anything arrives at a new one, time will show.
        again = [f"{name}_failed_at" for name in ("email", "phone") if name in changed]
        for name in again:
            setattr(locked, name, None)
        locked.save(update_fields=[*changed, *again, "name_key"])
        audit_record("person_changed", locked, by=by, data={"fields": changed})
    return locked


def export_expires() -> datetime:
    return timezone.now() + EXPORT_LASTS
