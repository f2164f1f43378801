"""The screen on the wall of a place: its link is made, and taken back."""

from django.db import transaction
from django.utils import timezone

from partnerships.models import Unit
from samskaping.accounts.models import User
from samskaping.core.link_token import link_token, row_of_token
from samskaping.core.services.audit import audit_record
from volunteers.models import Wall

SALT = "volunteers.wall"


@transaction.atomic
def wall_make(*, unit: Unit, name: str, by: User) -> Wall:
    made = Wall.objects.create(municipality_id=unit.municipality_id, unit=unit, name=name, made_by=by)
    audit_record("wall_made", made, by=by)
    return made


@transaction.atomic
def wall_revoke(*, wall: Wall, by: User) -> None:
    """From now on the screen shows nothing. Taking it back twice takes it back once."""
    if Wall.objects.filter(pk=wall.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit_record("wall_revoked", wall, by=by)


def wall_token(wall: Wall) -> str:
    return link_token(SALT, wall)


def wall_of(token: str) -> Wall | None:
    """None for one that was taken back, and for what we never made."""
    rows = Wall.objects.select_related("unit", "municipality__settings")
    found = row_of_token(token, SALT, rows)
    return found if found is not None and found.revoked_at is None else None
