"""Kinds of requirement: ours, loaded with the texts, and those a municipality adds for itself."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from partnerships.models import RequirementKind
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

DATA = Path(__file__).resolve().parent.parent / "data" / "requirement_kinds.json"
FIELDS = frozenset({"names", "about", "renew_months"})
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


def requirement_kinds_load() -> None:
    """Ours, as they stand in the file. A municipality's own are left alone."""
    for row in json.loads(DATA.read_text(encoding="utf-8")):
        RequirementKind.objects.update_or_create(municipality=None, key=row.pop("key"), defaults=row)


@transaction.atomic
def requirement_kind_add(
    *,
    municipality: Municipality,
    names: dict[str, str],
    about: dict[str, str],
    renew_months: int | None,
    by: User,
) -> RequirementKind:
    """Raises DomainError when there is one of that name, ours or its own."""
    _refuse_twin(municipality, names)
    kind = RequirementKind.objects.create(
        municipality=municipality,
        key=_free_key(municipality, names["nb"]),
        names=names,
        about=about,
        renew_months=renew_months,
        updated_by=by,
    )
    audit_record("requirement_kind_added", kind, by=by)
    return kind


@transaction.atomic
def requirement_kind_change(
    *, kind: RequirementKind, version: int, changes: dict[str, Any], by: User
) -> RequirementKind:
    """Its key stays, and what was decided with it. Raises ChangedMeanwhile, and DomainError as adding."""
    locked = _lock(kind)
    unchanged_since(locked, version)
    if "names" in changes and locked.municipality is not None:
        _refuse_twin(locked.municipality, changes["names"], but=locked)
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("requirement_kind_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def requirement_kind_end(*, kind: RequirementKind, by: User) -> RequirementKind:
    """Not offered any more; where it was decided on, it stands. Pressing twice ends it once."""
    locked = _lock(kind)
    if locked.ended_at is None:
        locked.ended_at = timezone.now()
        count(locked, by=by, fields=["ended_at"])
        audit_record("requirement_kind_ended", locked, by=by)
    return locked


def _lock(kind: RequirementKind) -> RequirementKind:
    return RequirementKind.objects.select_for_update(of=("self",)).get(pk=kind.pk, municipality__isnull=False)


def _refuse_twin(
    municipality: Municipality, names: dict[str, str], but: RequirementKind | None = None
) -> None:
    others = RequirementKind.objects.for_municipality(municipality).filter(names__nb__iexact=names["nb"])
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.exists():
        raise DomainError(_("Det finnes et krav med dette navnet allerede."))


def _free_key(municipality: Municipality, name: str) -> str:
    base = slugify(name.lower().translate(_LETTERS))[:50] or "krav"
    taken = set(RequirementKind.objects.filter(municipality=municipality).values_list("key", flat=True))
    return next(key for n in range(len(taken) + 1) if (key := f"{base}-{n + 1}" if n else base) not in taken)
