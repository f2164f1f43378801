"""A map in every municipality, and one on every full partnership, with duties somebody has."""

from collections.abc import Iterator

from django.utils import timezone

from partnerships.models import Duty, DutyHolder, Membership, Partnership, Person, ResponsibilityMap
from partnerships.models.partnership import Track
from partnerships.models.responsibility import DutyGroup, DutyLevel
from partnerships.national.nation import Nation
from partnerships.national.words import DUTIES
from samskaping.accounts.permissions import Role

ORDER = 30


def load(nation: Nation) -> None:
    if nation.has(ResponsibilityMap.objects.all()):
        return
    whole = nation.write(
        ResponsibilityMap, (ResponsibilityMap(municipality=town) for town in nation.municipalities)
    )
    of_town = {plan.municipality_id: plan for plan in whole}
    full = Partnership.objects.filter(municipality__is_demo=False, track=Track.FULL).order_by("pk")
    own = nation.write(
        ResponsibilityMap,
        (
            ResponsibilityMap(
                municipality_id=partnership.municipality_id, partnership=partnership,
                inherits=of_town[partnership.municipality_id],
            )
            for partnership in full.only("municipality_id")
        ),
    )  # fmt: skip
    duties = nation.write(
        Duty,
        (duty for plans, many in ((whole, 8), (own, 4)) for plan in plans for duty in _duties(plan, many)),
    )
    coordinators = Membership.objects.filter(role=Role.COORDINATOR, municipality__is_demo=False)
    people = {m.municipality_id: m.person for m in coordinators.select_related("person")}
    nation.write(
        DutyHolder, (_holder(nation, duty, people[duty.municipality_id]) for duty in _held(nation, duties))
    )


def _duties(plan: ResponsibilityMap, many: int) -> Iterator[Duty]:
    for order in range(many):
        yield Duty(
            municipality_id=plan.municipality_id, map=plan, text=DUTIES[order], order=order,
            group=DutyGroup.values[order % 4], level=DutyLevel.values[order % 3],
        )  # fmt: skip


def _held(nation: Nation, duties: list[Duty]) -> Iterator[Duty]:
    """One in ten is vacant."""
    return (duty for duty in duties if nation.random.random() < 0.9)


def _holder(nation: Nation, duty: Duty, person: Person | None) -> DutyHolder:
    """The coordinator has one in fifty of them: more than anybody looks through, less than all."""
    is_hers = nation.random.random() < 0.02
    return DutyHolder(
        municipality_id=duty.municipality_id, duty=duty, accepted_at=timezone.now(),
        person=person if is_hers else None, position="" if is_hers else "Aktivitør",
    )  # fmt: skip
