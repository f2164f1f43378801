"""Whom a question goes to, and who is next when nobody answers.

The ladder: the map's suggestion or whoever answers for that side, then those above. While somebody is away
her deputy stands on her rung.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.models import (
    Absence,
    Contact,
    Membership,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Signal,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Level
from partnerships.selectors.absence import deputy_of
from partnerships.selectors.responsibility import receiver_for
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.models import Municipality
from samskaping.core.working_days import working_days_later
from samskaping.core.written import Given, Written

Side = Unit | VolunteerCentre | Organisation | None

# Unanswered this many working days after the day she was to answer, it goes on to the next.
CLIMBS_AFTER = 5
ANSWER_WITHIN = 10


class Rung(NamedTuple):
    level: Level
    person: Person
    # Who stands in for her today.
    deputy: Person | None

    @property
    def now(self) -> Person:
        return self.deputy or self.person

    def holds(self, person: Person | None) -> bool:
        return person is not None and any(_same(person, other) for other in (self.person, self.deputy))


def climbs_on(signal: Signal) -> date | None:
    """The day an unanswered question goes on; None for what asks for no answer."""
    return working_days_later(signal.due_on, CLIMBS_AFTER) if signal.due_on else None


def side_of(signal: Signal) -> Side:
    return signal.unit or signal.centre or signal.organisation


def receiver_at(
    *,
    municipality: Municipality,
    partnership: Partnership | None,
    level: Level,
    side: Side,
    asker: Person | None,
    on: date | None = None,
) -> Person | None:
    """Who is asked first; never the one who asks. None when nobody there answers questions."""
    rungs = _ladder(municipality, partnership, level, side, asker, on or timezone.localdate())
    return next((rung.now for rung in rungs), None)


def next_above(signal: Signal, on: date) -> Rung | None:
    """Who gets it when its receiver does not answer; None at the top."""
    level, side = Level(signal.to_level), side_of(signal)
    rungs = list(_ladder(signal.municipality, signal.partnership, level, side, signal.raised_by, on))
    held = [number for number, rung in enumerate(rungs) if rung.holds(signal.receiver)]
    if held:
        # From her last: a deputy with a rung of her own above would get it from herself.
        return next(iter(rungs[held[-1] + 1 :]), None)
    # Sent to somebody beside the ladder: on to the level above, or to the side's own first.
    return next((rung for rung in rungs if side is not None or rung.level < level), None)


def forward_choices(signal: Signal, by: User) -> QuerySet[Person]:
    """Those who answer questions at the parties, the owner's leadership, and the parties' contacts; outside
    a partnership those of the municipality, for who belongs to it."""
    answers = Membership.objects.current().filter(
        person=OuterRef("pk"),
        role__in=sorted(roles_with(Permission.SIGNAL_ANSWER)),
        user__is_active=True,
    )
    if signal.partnership is not None:
        own = signal.partnership.owned_by()
        answers = answers.filter(
            Q(unit__in=own.unit_ids)
            | Q(centre__in=own.centre_ids)
            | Q(organisation__in=own.organisation_ids)
            | Q(municipality=signal.municipality_id, role__in=(Role.COORDINATOR, Role.CHIEF))
        )
    else:
        hers = Membership.objects.current().filter(user=by, municipality=signal.municipality_id)
        answers = answers.filter(Exists(hers), municipality=signal.municipality_id)
    contacts = Contact.objects.filter(
        person=OuterRef("pk"),
        party__partnership=signal.partnership_id,
        party__accepted_at__isnull=False,
        party__left_on=None,
    )
    found = Person.objects.filter(Exists(answers) | Exists(contacts), erased_at=None)
    return found.exclude(pk__in=[pk for pk in (signal.receiver_id, signal.raised_by_id) if pk]).order_by(
        "name_key", "pk"
    )


def _away() -> QuerySet[Membership]:
    day = Given("day")
    away = Absence.objects.filter(membership=OuterRef("pk"), away_from__lte=day, away_to__gte=day)
    now = Membership.objects.current(Given("today"))
    return now.filter(Exists(away), person=Given("person")).order_by("pk")


_AWAY = Written(_away)


def deputy_for(person: Person, day: date, *, asker: Person | None) -> Person | None:
    """Who answers for her on this day; nobody answers her own question."""
    for membership in _AWAY.rows(person=person.pk, day=day, today=timezone.localdate()):
        deputy = deputy_of(membership, day)
        if deputy is not None and not (asker and _same(deputy, asker)):
            return deputy
    return None


# --- The ladder ---------------------------------------------------------------------------------------
def _ladder(
    municipality: Municipality,
    partnership: Partnership | None,
    level: Level,
    side: Side,
    asker: Person | None,
    day: date,
) -> Iterator[Rung]:
    """Each human once, and never the one who asks."""
    met: list[Person] = [asker] if asker else []
    for at, choices in _groups(municipality, partnership, level, side, day):
        for person in choices:
            if any(_same(person, other) for other in met):
                continue
            met.append(person)
            yield Rung(at, person, deputy_for(person, day, asker=asker))
            # One for each step: a colleague beside her is no step up. A side's own people are all asked.
            if not isinstance(side, VolunteerCentre | Organisation):
                break


def _groups(
    municipality: Municipality, partnership: Partnership | None, level: Level, side: Side, day: date
) -> Iterator[tuple[Level, Iterable[Person]]]:
    if side is None:
        units = _upwards(_party_units(partnership))
        for above in range(level, 0, -1):
            yield Level(above), _at_level(municipality, partnership, Level(above), units, day)
        yield Level.ANCHORING, _people(municipality, Role.CHIEF, unit=None)
        return
    yield level, _contacts(partnership, side)
    if isinstance(side, Unit):
        units = _upwards([side])
        leaders = _leaders(side.municipality, Role.UNIT_LEADER, units)
        chiefs = _leaders(side.municipality, Role.CHIEF, units)
        for unit in units:
            yield level, leaders[unit]
            yield Level.ANCHORING, chiefs[unit]
        yield Level.ANCHORING, _people(side.municipality, Role.CHIEF, unit=None)
    elif isinstance(side, VolunteerCentre):
        yield level, _people(side.municipality, Role.CENTRE_LEADER, centre=side.pk)
    else:
        yield level, _people(side.municipality, Role.ORGANISATION_REP, organisation=side.pk)
    yield Level.DEVELOPMENT, _people(municipality, Role.COORDINATOR)


def _at_level(
    municipality: Municipality, partnership: Partnership | None, level: Level, units: list[int], day: date
) -> Iterator[Person]:
    """The map's suggestion, then by role."""
    suggested = receiver_for(partnership, level, on=day) if partnership else None
    if suggested is not None:
        yield suggested
    if level == Level.ANCHORING:
        yield from _each(_leaders(municipality, Role.CHIEF, units))
        yield from _people(municipality, Role.CHIEF, unit=None)
        return
    if level == Level.OPERATION:
        yield from _each(_leaders(municipality, Role.UNIT_LEADER, units))
        if partnership is not None:
            own = partnership.owned_by()
            yield from _people(municipality, Role.CENTRE_LEADER, centre__in=own.centre_ids)
            yield from _people(municipality, Role.ORGANISATION_REP, organisation__in=own.organisation_ids)
    yield from _people(municipality, Role.COORDINATOR)


def _party_units(partnership: Partnership | None) -> list[Unit]:
    if partnership is None:
        return []
    parties = _OWN_UNITS.rows(partnership=partnership.pk, municipality=partnership.municipality_id)
    return [party.unit for party in parties]


_OWN_UNITS = Written(
    lambda: (
        PartnershipParty.objects.taking_part()
        .filter(
            partnership=Given("partnership"), party_municipality=Given("municipality"), unit__isnull=False
        )
        .select_related("unit")
        .order_by("pk")
    )
)
_ABOVE = Written(lambda: Unit.objects.filter(municipality=Given("town")).values_list("pk", "parent_id"))


def _upwards(units: list[Unit]) -> list[int]:
    """Each unit and those it lies under, nearest first, each once."""
    if not units:
        return []
    above: dict[int, int | None] = dict(_ABOVE.rows(town=units[0].municipality_id))
    met: dict[int, None] = {}
    for unit in units:
        at: int | None = unit.pk
        while at is not None and at not in met:
            met[at] = None
            at = above.get(at)
    return list(met)


def _contacts(partnership: Partnership | None, side: Unit | VolunteerCentre | Organisation) -> list[Person]:
    """The party's own in this partnership, or else the actor's."""
    name = str(side._meta.model_name)
    own = Q(**{name: side.pk}) if partnership is None else Q(
        **{f"party__{name}": side.pk}, party__partnership=partnership, party__left_on=None
    )  # fmt: skip
    found = Contact.objects.filter(own, person__erased_at=None).select_related("person")
    return [contact.person for contact in found.order_by("order", "pk")]


def _people(municipality: Municipality, role: Role, **place: object) -> list[Person]:
    """Those who are it now, who has been it longest first."""
    return [membership.person for membership in _held(municipality, role, **place) if membership.person]


def _leaders(municipality: Municipality, role: Role, units: list[int]) -> dict[int, list[Person]]:
    """Those who lead these units, in the order of the units: one query."""
    found: dict[int, list[Person]] = {unit: [] for unit in units}
    for membership in _held(municipality, role, unit__in=units) if units else ():
        if membership.person and membership.unit_id:
            found[membership.unit_id].append(membership.person)
    return found


def _each(by_unit: dict[int, list[Person]]) -> Iterator[Person]:
    return chain.from_iterable(by_unit.values())


_looked_up: ContextVar[dict[str, list[Membership]] | None] = ContextVar("looked_up", default=None)


@contextmanager
def looked_up_once() -> Iterator[None]:
    """Nobody is looked up twice: where nobody answers, the ladders of two levels are mostly the same."""
    before = _looked_up.set({})
    try:
        yield
    finally:
        _looked_up.reset(before)


def _held(municipality: Municipality, role: Role, **place: Any) -> list[Membership]:
    """Those who have the role now, at this place; at none where the place is None."""
    at = {f"{name}__isnull" if value is None else name: value for name, value in place.items()}
    known, which = _looked_up.get(), repr((municipality.pk, role, sorted(at.items())))
    if known is not None and which in known:
        return known[which]
    held: list[Membership] = _held_at(*at).rows(
        municipality=municipality.pk, role=role.value, day=timezone.localdate(), **at
    )
    if known is not None:
        known[which] = held
    return held


@cache
def _held_at(*at: str) -> Written:
    def make() -> QuerySet[Membership]:
        held = Membership.objects.current(Given("day")).filter(
            municipality=Given("municipality"), role=Given("role"), person__isnull=False, user__is_active=True
        )
        for name in at:
            held = held.filter(**{name: True if name.endswith("__isnull") else Given(name)})
        return held.select_related("person").order_by("valid_from", "granted_at", "pk")

    return Written(make)


def _same(one: Person, other: Person | None) -> bool:
    """One human may have a row with each who keeps something about her."""
    return other is not None and (
        one.pk == other.pk or (one.user_id is not None and one.user_id == other.user_id)
    )
