"""Changing what a municipality has decided for itself."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import MunicipalitySettings, Person
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged
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
        "accessibility_statement_url",
        "whistleblowing_url",
        "deviation_url",
        "concern_url",
        "words",
        "modules",
        "login_domain",
    }
)


class SettingsChanged(StateChanged):
    """Somebody else saved in between; `current` is what stands now."""

    def __init__(self, sentence: str, current: MunicipalitySettings) -> None:
        super().__init__(sentence)
        self.current = current


@transaction.atomic
def settings_change(
    *, municipality: Municipality, version: int, changes: dict[str, Any], by: User
) -> MunicipalitySettings:
    """Saves what differs. `version` is the one the person read.

    Raises SettingsChanged when somebody saved after that, so that neither overwrites the other unseen.
    """
    locked = _lock(municipality, by)
    if locked.version != version:
        raise SettingsChanged(_who_and_when(locked), locked)
    changed = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
    if not set(changed) <= FIELDS:
        message = "These are not the municipality's to set."
        raise ValueError(message)
    if changed:
        for name in changed:
            setattr(locked, name, changes[name])
        _save(locked, by=by, fields=changed)
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
    _save(locked, by=by, fields=["logo"])
    if old is not None:
        old.delete()
    return locked


def _lock(municipality: Municipality, by: User) -> MunicipalitySettings:
    """The row, made at the first change: having one is what «in use» means."""
    MunicipalitySettings.objects.get_or_create(municipality=municipality, defaults={"updated_by": by})
    return MunicipalitySettings.objects.select_for_update(of=("self",)).get(municipality=municipality)


def _save(locked: MunicipalitySettings, *, by: User, fields: list[str]) -> None:
    locked.version += 1
    locked.updated_by = by
    locked.save(update_fields=[*fields, "version", "updated_by", "updated_at"])
    audit_record("settings_changed", locked, by=by, data={"fields": fields})


def _who_and_when(settings: MunicipalitySettings) -> str:
    who = Person.objects.filter(user=settings.updated_by, municipality=settings.municipality_id).first()
    when = timezone.localtime(settings.updated_at)
    clock = f"{when:%H.%M}"
    if who is None or settings.updated_by is None:
        return _("Innstillingene ble endret kl. %(clock)s, mens du skrev.") % {"clock": clock}
    return _("%(name)s endret innstillingene kl. %(clock)s, mens du skrev.") % {
        "name": who.name,
        "clock": clock,
    }
