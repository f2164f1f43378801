"""Two people editing the same thing: neither overwrites the other unseen.

Whoever saves says which version she read. Under the row's lock, `unchanged_since` refuses an older one and
`edited` counts the save. The view saves through `EditingForm.saved_by`, which shows both versions.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.core.errors import StateChanged


class ChangedMeanwhile(StateChanged):
    """Somebody else saved in between; `current` is what stands now."""

    def __init__(self, current: Edited) -> None:
        super().__init__(_("Noen andre endret dette, mens du skrev."))
        self.current = current


def unchanged_since(locked: Edited, version: int) -> None:
    """`version` is the one the person read. Raises ChangedMeanwhile when another one stands."""
    if locked.version != version:
        raise ChangedMeanwhile(locked)


def edited(
    locked: Edited, changes: Mapping[str, Any], *, may_change: Collection[str], by: User | None
) -> list[str]:
    """Saves what differs and counts it. Returns the names of the changed fields, for the trace.

    Nothing differs: nothing is saved, and nobody is told of a change. Raises ValueError for a field that is
    not in `may_change`.
    """
    if not set(changes) <= set(may_change):
        message = f"Not for this service to change: {sorted(set(changes) - set(may_change))}"
        raise ValueError(message)
    changed = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
    for name in changed:
        setattr(locked, name, changes[name])
    if changed:
        count(locked, by=by, fields=changed)
    return changed


def count(locked: Edited, *, by: User | None, fields: Collection[str] = ()) -> None:
    """One more version, saved with these fields: also when what changed stands in rows under this one."""
    locked.version += 1
    locked.updated_by = by
    locked.save(update_fields=[*fields, "version", "updated_by", "updated_at"])
