"""A map beside the template it began as, and beside itself as it was."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from partnerships.models import Duty, DutyHolder, ResponsibilityMap
from partnerships.models.responsibility import DutyGroup, HolderPart
from partnerships.selectors.responsibility_board import board_of, who, with_standing
from samskaping.accounts.models import User
from samskaping.core.history import TRACKED
from samskaping.core.models import ContentTemplate
from samskaping.core.selectors.content_template import content_template_current

YEAR = timedelta(days=365)


class Fate(Enum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Beside:
    """One duty on both sides; an empty text is a side where it is not."""

    fate: Fate
    group: str
    before: str
    after: str
    holder_before: str = ""
    holder_after: str = ""
    # A point of the template that can be taken in.
    key: str = ""

    @property
    def changed_hands(self) -> bool:
        return bool(self.before and self.after) and self.holder_before != self.holder_after


def beside_template(plan: ResponsibilityMap, key: str) -> list[Beside]:
    """The newest template first, point by point, then what is the map's own."""
    template = content_template_current(key, municipality=plan.municipality)
    duties = {duty.template_key: duty for duty in Duty.objects.filter(map=plan, removed_at=None)}
    found = []
    for point in template.data["duties"]:
        ours = duties.get(point["key"])
        group = str(DutyGroup(point["group"]).label)
        text = point["texts"].get(get_language() or "nb") or point["texts"]["nb"]
        if ours is None:
            found.append(Beside(Fate.REMOVED, group, before=text, after="", key=point["key"]))
        elif ours.text in point["texts"].values():
            found.append(Beside(Fate.SAME, group, before=ours.text, after=ours.text))
        else:
            found.append(Beside(Fate.CHANGED, group, before=text, after=ours.text))
    known = {point["key"] for point in template.data["duties"]}
    own = Duty.objects.filter(map=plan, removed_at=None).exclude(template_key__in=known)
    found += [Beside(Fate.ADDED, duty.get_group_display(), before="", after=duty.text) for duty in own]
    return found


def point_of(template: ContentTemplate, key: str) -> dict[str, Any] | None:
    return next((point for point in template.data["duties"] if point["key"] == key), None)


def beside_day(plan: ResponsibilityMap, day: date, viewer: User) -> list[Beside]:
    """As it was when the day was over, and now; with who held it, for those who may know the names."""
    until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    before = _duties_at(plan, until)
    held = _holders_at(before, until, viewer)
    now = {card.duty.pk: card for card in board_of([plan], viewer).cards}
    found = []
    for pk, event in before.items():
        card = now.pop(pk, None)
        group = str(DutyGroup(event.group).label)
        if card is None:
            found.append(Beside(Fate.REMOVED, group, event.text, "", held.get(pk, "")))
            continue
        fate = Fate.SAME if card.duty.text == event.text else Fate.CHANGED
        holder = card.holder.name if card.holder else ""
        found.append(Beside(fate, group, event.text, card.duty.text, held.get(pk, ""), holder))
    for card in now.values():
        holder = card.holder.name if card.holder else ""
        found.append(
            Beside(Fate.ADDED, card.duty.get_group_display(), "", card.duty.text, holder_after=holder)
        )
    return found


def first_day_of(plan: ResponsibilityMap, today: date) -> date:
    """A year ago, or the day the map was made."""
    return max(today - YEAR, timezone.localdate(plan.created_at))


def _duties_at(plan: ResponsibilityMap, until: datetime) -> dict[int, Any]:
    """From what rows were: the newest of each duty before then, unless it was taken away."""
    events = (
        TRACKED[Duty]
        .objects.filter(map=plan.pk, pgh_created_at__lt=until)
        .order_by("pgh_obj_id", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    standing = [event for event in events if event.removed_at is None and event.pgh_label != "delete"]
    order = {group: place for place, group in enumerate(DutyGroup)}
    return {event.pgh_obj_id: event for event in sorted(standing, key=lambda e: order[DutyGroup(e.group)])}


def _holders_at(before: dict[int, Any], until: datetime, viewer: User) -> dict[int, str]:
    rows = DutyHolder.objects.filter(
        Q(until=None) | Q(until__gte=until), duty__in=before, part=HolderPart.HOLDER, accepted_at__lt=until
    )
    return {row.duty_id: who(row, viewer).name for row in with_standing(rows, viewer)}
