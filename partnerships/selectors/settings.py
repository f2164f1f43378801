"""A municipality's settings as somebody may see them, and who changed them when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from partnerships.access import access_of
from partnerships.models import MunicipalitySettings, Person
from samskaping.accounts.models import User
from samskaping.core.models import AuditEvent, Municipality, StoredFile
from samskaping.core.modules import modules

HISTORY = 20


@dataclass(frozen=True)
class Change:
    at: datetime
    who: str
    fields: list[str]


def settings_for(municipality: Municipality) -> MunicipalitySettings:
    """The row, or what it will be at the first save."""
    found = MunicipalitySettings.objects.filter(municipality=municipality).first()
    return found or MunicipalitySettings(municipality=municipality, language=municipality.language)


def settings_history(settings: MunicipalitySettings) -> list[Change]:
    """The latest changes. Names of fields, never what stood in them."""
    if settings.pk is None:
        return []
    events = list(
        AuditEvent.objects.filter(
            object_type=settings._meta.label_lower, object_id=str(settings.pk), verb="settings_changed"
        )[:HISTORY]
    )
    people = Person.objects.filter(
        user__in={event.actor_id for event in events}, municipality=settings.municipality_id
    )
    names = {person.user_id: person.name for person in people}
    return [
        Change(event.at, names.get(event.actor_id, ""), [_label(name) for name in event.data["fields"]])
        for event in events
    ]


def _label(field: str) -> str:
    return str(MunicipalitySettings._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def module_is_on(key: str, municipality: Municipality) -> bool:
    """Whether the municipality uses this module: its own choice, else ours."""
    module = next((module for module in modules.all() if module.key == key), None)
    if module is None:
        return False
    chosen = settings_for(municipality).modules
    return bool(chosen.get(key, module.on_from_start))


def logos_visible_to(user: User) -> QuerySet[StoredFile]:
    """The logos of the municipalities she works in."""
    logos = MunicipalitySettings.objects.filter(
        logo=OuterRef("pk"), municipality__in=access_of(user).municipality_ids
    )
    return StoredFile.objects.filter(Exists(logos))
