"""«Verdt å feire»: said by anybody who sits at the process, taken away again by those who edit it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import CodesignProcess, Win
from partnerships.services.process import not_over
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.services.audit import audit_record


@transaction.atomic
def win_add(*, process: CodesignProcess, text: str, on: date, by: User | None) -> Win:
    """`by` is nobody when a participant says it by her link. Raises DomainError for a day to come,
    StateChanged when the process is over.
    """
    not_over(process)
    if on > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    made = Win.objects.create(
        municipality_id=process.municipality_id,
        process=process,
        text=" ".join(text.split()),
        on=on,
        by=by,
        updated_by=by,
    )
    audit_record("win_added", process, by=by)
    return made


@transaction.atomic
def win_remove(*, win: Win, by: User) -> None:
    """Safe to press twice."""
    if Win.objects.filter(pk=win.pk).delete()[0]:
        audit_record("win_removed", win.process, by=by)
