"""Changing what a municipality has decided for itself."""

from typing import Any

from django.db import transaction

from partnerships.models import MunicipalitySettings
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import stored_file_add_image

# What a person may change; the rest is kept by the portal.
FIELDS = frozenset(
    {
        "display_name",
        "language",
        "contact_name",
        "contact_email",
        "contact_phone",
        "reply_days",
        "archive_email",
        "accessibility_statement_url",
        "whistleblowing_url",
        "deviation_url",
        "concern_url",
        "words",
        "modules",
        "login_domain",
    }
)


@transaction.atomic
def settings_change(
    *, municipality: Municipality, version: int, changes: dict[str, Any], by: User
) -> MunicipalitySettings:
    """Saves what differs. `version` is the one the person read.

    Raises ChangedMeanwhile when somebody saved after that, so that neither overwrites the other unseen.
    """
    locked = _lock(municipality, by)
    unchanged_since(locked, version)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("settings_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def settings_change_logo(
    *, municipality: Municipality, content: bytes | None, name: str = "", by: User
) -> MunicipalitySettings:
    """A new logo, or none. Raises FileRefused for what is no picture we can use."""
    locked = _lock(municipality, by)
    old = locked.logo
    locked.logo = (
        stored_file_add_image(content, name=name, municipality=municipality, by=by) if content else None
    )
    count(locked, by=by, fields=["logo"])
    audit_record("settings_changed", locked, by=by, data={"fields": ["logo"]})
    if old is not None:
        old.delete()
    return locked


def _lock(municipality: Municipality, by: User) -> MunicipalitySettings:
    """The row, made at the first change: having one is what «in use» means."""
    MunicipalitySettings.objects.get_or_create(municipality=municipality, defaults={"updated_by": by})
    return MunicipalitySettings.objects.select_for_update(of=("self",)).get(municipality=municipality)
