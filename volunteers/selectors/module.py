"""«Vakter og timer» is a module: some municipalities keep track in another app, and only link to it."""

from django.db.models import Q
from django.http import Http404

from partnerships.selectors.words import settings_of
from samskaping.core.models import Municipality

SHIFTS = "shifts"


def shifts_on(municipality: Municipality | None) -> bool:
    """Free where the settings were joined in."""
    settings = settings_of(municipality)
    return settings is not None and bool(settings.modules.get(SHIFTS, False))


def with_shifts(path: str = "") -> Q:
    """Rows of municipalities that have it on; `path` leads from the row to its municipality."""
    return Q(**{f"{path}settings__modules__contains": {SHIFTS: True}})


def need_shifts(municipality: Municipality | None) -> None:
    """Raises Http404 where the module is off: the pages are not there."""
    if not shifts_on(municipality):
        raise Http404
