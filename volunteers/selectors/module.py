"""«Vakter og timer» is a module: some municipalities keep track in another app, and only link to it."""

from django.db.models import Q
from django.http import Http404

from partnerships.models import MunicipalitySettings
from partnerships.selectors.words import settings_of
from samskaping.core.models import Municipality

SHIFTS = "shifts"


def shifts_on(municipality: Municipality | None) -> bool:
    """Free where the settings were joined in."""
    settings = settings_of(municipality)
    return settings is not None and bool(settings.modules.get(SHIFTS, False))


def with_shifts() -> Q:
    """Rows of municipalities that have it on: by key, so that none of the 357 is read for it."""
    on = MunicipalitySettings.objects.filter(modules__contains={SHIFTS: True})
    return Q(municipality__in=on.values("municipality"))


def need_shifts(municipality: Municipality | None) -> None:
    """Raises Http404 where the module is off: the pages are not there."""
    if not shifts_on(municipality):
        raise Http404
