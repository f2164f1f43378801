"""The first ten minutes: ticking off those one knows, and remembering how far one came."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from partnerships.models import FirstMinutes, Organisation, RegisteredOrganisation
from partnerships.services.actor import actors_named
from partnerships.services.register import organisations_add_registered
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

LAST_STEP = 4


@transaction.atomic
def first_minutes_reach(*, municipality: Municipality, step: int, by: User) -> FirstMinutes:
    """She is at this step now. One who goes back to look has still come as far as she had."""
    FirstMinutes.objects.get_or_create(municipality=municipality)
    locked = FirstMinutes.objects.select_for_update(of=("self",)).get(municipality=municipality)
    if step > locked.step:
        locked.step = min(step, LAST_STEP)
        locked.save(update_fields=["step"])
        audit_record("first_minutes_step", locked, by=by, data={"step": locked.step})
    return locked


@transaction.atomic
def first_minutes_finish(*, municipality: Municipality, by: User) -> None:
    """Gone through or put away: the home page does not begin with them again."""
    now = first_minutes_reach(municipality=municipality, step=1, by=by)
    if now.finished_at is None:
        now.finished_at, now.finished_by = timezone.now(), by
        now.save(update_fields=["finished_at", "finished_by"])
        audit_record("first_minutes_finished", now, by=by)


@transaction.atomic
def first_steps_put_away(*, municipality: Municipality, away: bool, by: User) -> None:
    """Off the home page, or back on it."""
    now = first_minutes_reach(municipality=municipality, step=1, by=by)
    now.steps_put_away_at = timezone.now() if away else None
    now.save(update_fields=["steps_put_away_at"])
    audit_record("first_steps_put_away" if away else "first_steps_taken_out", now, by=by)


@transaction.atomic
def organisations_ticked(
    *,
    municipality: Municipality,
    registered: Iterable[RegisteredOrganisation],
    names: Iterable[str] = (),
    by: User,
) -> int:
    """Those she knows become ours: from the registers' list, and by names she wrote. Gives how many came.

    One that is here already, by its number or its name, is left as it is. Raises DomainError for those who
    may not add anybody.
    """
    before = Organisation.objects.filter(municipality=municipality).count()
    actors_named(names, municipality=municipality, by=by)
    numbers = [line.number for line in registered]
    organisations_add_registered(municipality=municipality, numbers=numbers, by=by)
    return Organisation.objects.filter(municipality=municipality).count() - before
