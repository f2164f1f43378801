"""What roles and levels are called: the municipality's own words where it has some, else ours."""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from partnerships.models.person import Person
from partnerships.models.settings import MunicipalitySettings
from samskaping.accounts.permissions import ROLE_LABELS, Role
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number

LEVELS = (1, 2, 3)
LEVEL_LABELS = {
    1: _("Forankring og ansvarsfordeling"),
    2: _("Tjenesteutvikling og oppgavefordeling"),
    3: _("Drift og rekruttering"),
}
# National analysts and guests are not a municipality's to name.
NAMED_ROLES = tuple(role for role in Role if role not in (Role.NATIONAL, Role.GUEST))


def settings_of(municipality: Municipality | None) -> MunicipalitySettings | None:
    """The municipality's settings; None when it has not begun. Free when they were joined in."""
    if municipality is None:
        return None
    try:
        return municipality.settings
    except ObjectDoesNotExist:
        return None


def language_of(municipality: Municipality) -> str:
    """What the municipality writes in: its own choice, else the official one."""
    settings = settings_of(municipality)
    return settings.language if settings else municipality.language


def municipality_name(municipality: Municipality) -> str:
    """«Fjordvik kommune» where somebody wrote so, else the official name."""
    settings = settings_of(municipality)
    return (settings.display_name if settings else "") or municipality.name


def municipality_name_at(path: str) -> Subquery:
    """The same, worked out by the database: `path` leads from the row to its municipality."""
    municipality = Municipality.objects.filter(pk=OuterRef(path)).order_by()
    own = NullIf(F("settings__display_name"), Value(""))
    return Subquery(municipality.values(shown=Coalesce(own, F("name"))))


def sender_name(person: Person) -> str:
    """Who writes to her and rings her: the one that keeps her data."""
    kept_by = person.controller_organisation or person.controller_centre
    return kept_by.name if kept_by else municipality_name(person.municipality)


def contact_phone(person: Person) -> str:
    """Whom she may ring; empty where nobody has said, or where it is not the municipality that asks."""
    settings = settings_of(person.municipality)
    if settings is None or person.controller_organisation_id or person.controller_centre_id:
        return ""
    return shown_number(settings.contact_phone)


def role_word(role: Role | str, municipality: Municipality | None) -> str:
    return _own_word(f"role.{Role(role)}", municipality) or str(ROLE_LABELS[Role(role)])


def level_word(level: int, municipality: Municipality | None) -> str:
    return _own_word(f"level.{level}", municipality) or str(LEVEL_LABELS[level])


def _own_word(key: str, municipality: Municipality | None) -> str:
    settings = settings_of(municipality)
    return str(settings.words.get(key, "")) if settings else ""
