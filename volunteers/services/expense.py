"""Driving and what was laid out: noted, paid, or refused with a reason. A kilometre's price is not ours."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Offer
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record
from samskaping.core.services.sent_twice import made_lately
from volunteers.models import Expense, Volunteer
from volunteers.models.shift import ExpenseKind

NOTED = ("volunteer_id", "offer_id", "kind", "day", "km", "amount", "words", "by_id")


@transaction.atomic
def expense_note(
    *,
    volunteer: Volunteer,
    kind: ExpenseKind,
    day: date,
    km: Decimal | None = None,
    amount: Decimal | None = None,
    offer: Offer | None = None,
    words: str = "",
    by: User | None,
) -> Expense:
    """`by` None: she herself. Noting the same twice within a minute notes it once.

    Raises DomainError for nothing, a day to come, or somebody else's offer.
    """
    if not km and not amount:
        raise DomainError(_("Skriv hvor langt, eller hvor mye det kostet."))
    if day > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    if offer is not None and offer.municipality_id != volunteer.municipality_id:
        raise DomainError(_("Velg et tilbud i kommunen."))
    made = Expense(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        offer=offer,
        kind=kind,
        day=day,
        km=km or None,
        amount=amount or None,
        words=words,
        by=by,
    )
    same = made_lately(made, "at", NOTED)
    if same is not None:
        return same
    made.save()
    audit_record("expense_noted", made, by=by, on_behalf_of=volunteer.person if by is not None else None)
    return made


@transaction.atomic
def expenses_paid(*, expenses: Collection[Expense], by: User) -> int:
    """How many of these were paid now: those that were already, or were refused, stay as they are."""
    waiting = Expense.objects.filter(
        pk__in=[one.pk for one in expenses], paid_on=None, refused_because=""
    ).select_for_update()
    found = list(waiting.order_by("pk"))
    for one in found:
        one.paid_on, one.paid_by = timezone.localdate(), by
        audit_record("expense_paid", one, by=by)
    Expense.objects.bulk_update(found, ("paid_on", "paid_by"))
    return len(found)


@transaction.atomic
def expense_refuse(*, expense: Expense, because: str, by: User) -> Expense:
    """Raises StateChanged when it is paid, DomainError without a reason."""
    if not because.strip():
        raise DomainError(_("Skriv hvorfor."))
    locked: Expense = Expense.objects.select_for_update(of=("self",)).get(pk=expense.pk)
    if locked.paid_on is not None:
        raise StateChanged(_("Det er allerede utbetalt."))
    locked.refused_because = because.strip()
    locked.save(update_fields=["refused_because"])
    audit_record("expense_refused", locked, by=by)
    return locked


@transaction.atomic
def expense_take_back(*, expense: Expense, by: User | None) -> None:
    """She noted it by mistake. Raises StateChanged when somebody has answered it."""
    locked = Expense.objects.select_for_update(of=("self",)).filter(pk=expense.pk).first()
    if locked is None:
        return
    if locked.paid_on is not None or locked.refused_because:
        raise StateChanged(_("Det er allerede behandlet."))
    audit_record("expense_taken_back", locked, by=by)
    locked.delete()
