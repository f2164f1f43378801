"""Ansvarskart: maps made from the template, and their duties added, changed, moved and taken away."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Duty, DutyHolder, Partnership, ResponsibilityMap, Unit
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import DutyGroup, DutyLevel
from partnerships.selectors.responsibility import inherited_by, suggested_duties
from partnerships.selectors.words import language_of
from partnerships.services.editing import edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.services.audit import audit_record

TEMPLATE = "ansvarskart"
FIELDS = frozenset({"text", "group", "level"})


@transaction.atomic
def map_make(*, municipality: Municipality, by: User, unit: Unit | None = None) -> ResponsibilityMap:
    """From the newest template, in the municipality's language; what goes by itself has its holder already.

    Raises StateChanged when there is one, ContentTemplate.DoesNotExist when no texts are loaded.
    """
    if unit is not None and (unit.municipality_id != municipality.pk or unit.ended_at is not None):
        raise DomainError(_("Enheten er ikke i bruk i kommunen."))
    # The municipality's row is the lock: two who press at once take turns.
    Municipality.objects.select_for_update(no_key=True).filter(pk=municipality.pk).get()
    if ResponsibilityMap.objects.filter(municipality=municipality, unit=unit, partnership=None).exists():
        raise StateChanged(_("Kartet finnes allerede."))
    template = content_template_current(TEMPLATE, municipality=municipality)
    ContentTemplate.objects.filter(pk=template.pk, first_used_at=None).update(first_used_at=Now())
    made = ResponsibilityMap.objects.create(municipality=municipality, unit=unit, template=template)
    _fill(made, template, by)
    audit_record("map_made", made, by=by)
    return made


def _fill(made: ResponsibilityMap, template: ContentTemplate, by: User) -> None:
    language = language_of(made.municipality)
    now = timezone.now()
    for order, point in enumerate(template.data["duties"], start=1):
        duty = Duty.objects.create(
            municipality=made.municipality,
            map=made,
            group=DutyGroup(point["group"]),
            level=DutyLevel(point["level"]),
            text=in_language(point["texts"], language),
            order=order,
            template_key=point["key"],
            updated_by=by,
        )
        if "held_by" in point:
            DutyHolder.objects.create(
                municipality=made.municipality,
                duty=duty,
                position=in_language(point["held_by"], language),
                asked_by=by,
                accepted_at=now,
            )


def in_language(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts["nb"]


@transaction.atomic
def map_of_partnership(*, partnership: Partnership, by: User) -> ResponsibilityMap:
    """The partnership's own, made at its first duty. It builds on the nearest unit's or the town's.

    Raises StateChanged when the partnership is over.
    """
    locked = Partnership.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.pk)
    not_over(locked)
    found = ResponsibilityMap.objects.filter(partnership=partnership).first()
    if found is not None:
        return found
    made = ResponsibilityMap.objects.create(
        municipality=partnership.municipality, partnership=partnership, inherits=inherited_by(partnership)
    )
    audit_record("map_made", made, by=by)
    return made


@transaction.atomic
def duties_of_setup(*, partnership: Partnership, by: User) -> list[Duty]:
    """The few duties of the set-up the partnership began from, for its volunteers to divide.

    Raises StateChanged when it has duties of its own already, or its set-up suggests none.
    """
    plan = map_of_partnership(partnership=partnership, by=by)
    texts = suggested_duties(partnership)
    if not texts or Duty.objects.filter(map=plan, removed_at=None).exists():
        raise StateChanged(_("Det er ingen forslag å legge inn."))
    return [
        duty_add(plan=plan, text=text, group=DutyGroup.VOLUNTEERS, level=DutyLevel.OPERATIVE, by=by)
        for text in texts
    ]


@transaction.atomic
def duty_add(
    *,
    plan: ResponsibilityMap,
    text: str,
    group: DutyGroup | str,
    level: DutyLevel | str,
    by: User,
    template_key: str = "",
) -> Duty:
    """Last in its column. Raises StateChanged when the partnership is over."""
    not_over(_lock(plan).partnership)
    duty = Duty.objects.create(
        municipality=plan.municipality,
        map=plan,
        group=DutyGroup(group),
        level=DutyLevel(level),
        text=text,
        order=_last(plan, group) + 1,
        template_key=template_key,
        updated_by=by,
    )
    audit_record("duty_added", duty, by=by)
    return duty


@transaction.atomic
def duty_change(*, duty: Duty, version: int, changes: dict[str, Any], by: User) -> Duty:
    """Raises ChangedMeanwhile when somebody saved after `version`, StateChanged when it is taken away."""
    plan = _lock(duty.map)
    locked = _standing(duty)
    unchanged_since(locked, version)
    group = changes.get("group", locked.group)
    if group != locked.group:
        locked.order = _last(plan, group) + 1
        locked.save(update_fields=["order"])
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("duty_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def duty_move(*, duty: Duty, up: bool, by: User) -> None:
    """One place up or down in its column; at the end it stays. Raises StateChanged when it is taken away."""
    plan = _lock(duty.map)
    locked = _standing(duty)
    column = list(Duty.objects.filter(map=plan, group=locked.group, removed_at=None).order_by("order", "pk"))
    at = column.index(locked)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(column):
        return
    column.insert(to, column.pop(at))
    for order, each in enumerate(column, start=1):
        each.order = order
    Duty.objects.bulk_update(column, ["order"])
    audit_record("duty_moved", locked, by=by)


@transaction.atomic
def duty_remove(*, duty: Duty, by: User) -> None:
    """Off the map, for all of it: whoever held it is free. The row stays, for what was.

    Raises StateChanged when it is taken away already.
    """
    _lock(duty.map)
    locked = _standing(duty)
    now = timezone.now()
    DutyHolder.objects.filter(duty=locked, until=None).update(until=now)
    locked.removed_at = now
    locked.save(update_fields=["removed_at", "updated_at"])
    audit_record("duty_removed", locked, by=by)


def not_over(partnership: Partnership | None) -> None:
    if partnership is not None and partnership.phase == Phase.ENDED:
        raise StateChanged(_("Samarbeidet er avsluttet. Ta det opp igjen først."))


def _lock(plan: ResponsibilityMap) -> ResponsibilityMap:
    return (
        ResponsibilityMap.objects.select_for_update(of=("self",), no_key=True)
        .select_related("municipality", "partnership")
        .get(pk=plan.pk)
    )


def _standing(duty: Duty) -> Duty:
    locked = (
        Duty.objects.select_for_update(of=("self",))
        .select_related("municipality")
        .filter(pk=duty.pk, removed_at=None)
        .first()
    )
    if locked is None:
        raise StateChanged(_("Oppgaven er tatt bort fra kartet."))
    return locked


def _last(plan: ResponsibilityMap, group: DutyGroup | str) -> int:
    found = Duty.objects.filter(map=plan, group=group).aggregate(last=Max("order"))["last"]
    return int(found or 0)
