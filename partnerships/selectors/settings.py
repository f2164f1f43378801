"""A municipality's settings as somebody may see them."""

from django.db.models import Exists, OuterRef, QuerySet

from partnerships.access import access_of
from partnerships.models import MunicipalitySettings
from samskaping.accounts.models import User
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.modules import modules


def settings_for(municipality: Municipality) -> MunicipalitySettings:
    """The row, or what it will be at the first save."""
    found = MunicipalitySettings.objects.filter(municipality=municipality).first()
    return found or MunicipalitySettings(municipality=municipality, language=municipality.language)


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
