"""Ansvarskart: who holds what now, what stands empty, and whom to ask."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.models import Duty, DutyHolder, Membership, Partnership, Person, ResponsibilityMap, Unit
from partnerships.models.areas import Level
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import DutyGroup, DutyLevel, HolderPart
from partnerships.selectors.absence import people_away
from partnerships.selectors.words import language_of
from samskaping.accounts.permissions import Role
from samskaping.core.models import ContentTemplate
from samskaping.core.models.content_template import ContentKind
from samskaping.core.written import Given, Written

# Which duties a level's questions are about, and in which column to look first.
_ASKED_AT = {
    Level.ANCHORING: (DutyLevel.STRATEGIC, DutyGroup.LEADERS),
    Level.DEVELOPMENT: (DutyLevel.TACTICAL, DutyGroup.COORDINATOR),
    Level.OPERATION: (DutyLevel.OPERATIVE, DutyGroup.STAFF),
}


class Maps(NamedTuple):
    """A partnership's own, when it has one, and the one it builds on."""

    own: ResponsibilityMap | None
    inherited: ResponsibilityMap | None


def gone(today: Any = None) -> Q:
    """For holders: she worked there, and does so no more. Who never had a role has none to lose."""
    roles = Membership.objects.filter(person=OuterRef("person")).exclude(role=Role.GUEST)
    lasting = roles.filter(
        Q(valid_to=None) | Q(valid_to__gte=today or timezone.localdate()), ended_at=None, user__is_active=True
    )
    return Q(Exists(roles)) & ~Q(Exists(lasting))


def red(duties: QuerySet[Duty], today: date | Given | None = None) -> QuerySet[Duty]:
    """Those nobody holds, or whose holder is leaving or gone; not where the co-operation is over."""
    kept = DutyHolder.objects.now().filter(part=HolderPart.HOLDER, leaves_on=None, duty=OuterRef("pk"))
    return duties.filter(~Exists(kept.exclude(gone(today))), removed_at=None).exclude(
        map__partnership__phase=Phase.ENDED
    )


_OWN_MAP = Written(
    lambda: ResponsibilityMap.objects.filter(partnership=Given("partnership")).select_related(
        "inherits__unit", "municipality"
    )
)
_MAPS_TO_INHERIT = Written(
    lambda: ResponsibilityMap.objects.filter(municipality=Given("town"), partnership=None).select_related(
        "unit"
    )
)


def maps_of(partnership: Partnership) -> Maps:
    own = next(iter(_OWN_MAP.rows(partnership=partnership.pk)), None)
    return Maps(own, own.inherits if own is not None and own.inherits else inherited_by(partnership))


def inherited_by(partnership: Partnership) -> ResponsibilityMap | None:
    """The nearest unit's that has one, from a party upwards; else the municipality's."""
    maps: dict[int | None, ResponsibilityMap] = {
        found.unit_id: found for found in _MAPS_TO_INHERIT.rows(town=partnership.municipality_id)
    }
    if len(maps) > 1:
        above = dict(
            Unit.objects.filter(municipality=partnership.municipality_id).values_list("pk", "parent_id")
        )
        for unit in partnership.parties.taking_part().order_by("pk").values_list("unit_id", flat=True):
            while unit is not None and unit in above:
                if unit in maps:
                    return maps[unit]
                unit = above[unit]
    return maps.get(None)


def suggested_duties(partnership: Partnership) -> list[str]:
    """What its set-up has as duties, in the municipality's language; none where it began with nothing."""
    if not partnership.template:
        return []
    setup = (
        ContentTemplate.objects.filter(key=partnership.template, kind=ContentKind.PARTNERSHIP)
        .filter(Q(municipality=None) | Q(municipality=partnership.municipality_id))
        .order_by(F("municipality").asc(nulls_last=True), "-version")
        .first()
    )
    texts = setup.data.get("duties", {}) if setup is not None else {}
    return list(texts.get(language_of(partnership.municipality), texts.get("nb", ())))


def _holders() -> QuerySet[DutyHolder]:
    """Those who hold a duty of a level on these maps."""
    staying = Q(leaves_on=None) | Q(leaves_on__gt=Given("day"))
    duties = Q(duty__map__in=Given("maps"), duty__removed_at=None, duty__level=Given("level"))
    return (
        DutyHolder.objects.now()
        .filter(staying, duties, person__isnull=False)
        .exclude(gone(Given("today")))
        .annotate(is_away=Exists(people_away(Given("day"))))
        .select_related("person", "duty")
    )


_HOLDERS = Written(_holders)


def receiver_for(partnership: Partnership, level: Level | int, *, on: date | None = None) -> Person | None:
    """Whom the map suggests for a question to this level of the partnership; None when it names nobody.

    The partnership's own duties before the inherited ones; the deputy while the holder is away.
    """
    own, inherited = maps_of(partnership)
    maps = [found.pk for found in (own, inherited) if found is not None]
    duty_level, group = _ASKED_AT[Level(level)]
    day = on or timezone.localdate()
    holders = _HOLDERS.rows(maps=maps, level=duty_level.value, day=day, today=timezone.localdate())

    def how_far(holder: DutyHolder) -> tuple[bool, bool, bool, int, int, bool]:
        duty = holder.duty
        return (
            getattr(holder, "is_away", False),
            own is None or duty.map_id != own.pk,
            duty.group != group,
            duty.order,
            duty.pk,
            holder.part != HolderPart.HOLDER,
        )

    nearest = min(holders, key=how_far, default=None)
    return nearest.person if nearest else None
