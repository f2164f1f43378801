"""Who may open which file. Apps say so from `AppConfig.ready()`, since a file belongs to what points to it.

A provider gets a user and answers with the files that user may open, as a queryset; it asks `visible_to`
itself. A file no provider answers for is nobody's to open.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from samskaping.core.models import StoredFile

Provider = Callable[[Any], "QuerySet[StoredFile]"]

_providers: dict[str, Provider] = {}


def file_access_from(name: str, provider: Provider) -> None:
    """Raises ValueError when the name is taken: two apps would overwrite each other."""
    if name in _providers:
        message = f"There is a provider called {name!r} already."
        raise ValueError(message)
    _providers[name] = provider


def files_open_to(user: Any) -> QuerySet[StoredFile]:
    allowed = Q(pk__in=())
    for provider in _providers.values():
        allowed |= Q(pk__in=provider(user).values("pk"))
    return StoredFile.objects.filter(allowed)
