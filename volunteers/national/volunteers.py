"""Volunteers in every municipality: half of them its own, at its offers, with what they need."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from partnerships.models import Offer, OfferRequirement, Organisation, Person, RequirementKind, Unit
from partnerships.models.areas import Area
from partnerships.models.person import Channel
from partnerships.national.nation import DOMAIN, Nation
from partnerships.national.words import key, person
from samskaping.core.models import Municipality
from volunteers.models import Assignment, Volunteer, VolunteerRequirement
from volunteers.models.assignment import AssignmentState
from volunteers.models.requirement import MetBy
from volunteers.models.volunteer import CameBy, HowMuch, VolunteerState, WhenFree

# After the offers they come to.
ORDER = 70
# In a whole nation; the largest municipality has a tenth of them (performance.md).
VOLUNTEERS = 200_000
LARGEST = 0.10
STATES = (
    *(VolunteerState.ACTIVE,) * 16,
    *(VolunteerState.PAUSED, VolunteerState.STARTING, VolunteerState.ENDED, VolunteerState.ENDED),
)
ASKED = ("taushetserklaring", "frivilligavtale")


def load(nation: Nation) -> None:
    if nation.has(Volunteer.objects.all()):
        return
    kinds = list(RequirementKind.objects.filter(municipality=None, key__in=ASKED).order_by("key"))
    offers = _by_town(Offer.objects.filter(municipality__is_demo=False).only("municipality_id"))
    clubs = _by_town(Organisation.objects.filter(municipality__is_demo=False).only("municipality_id"))
    units = _by_town(Unit.objects.filter(municipality__is_demo=False).only("municipality_id"))
    people = sum(town.population for town in nation.municipalities)
    nation.write(
        OfferRequirement,
        (
            OfferRequirement(
                municipality_id=offer.municipality_id, offer=offer, kind=kind, because="Alle faste har det."
            )
            for some in offers.values()
            for offer in some[::3]
            for kind in kinds
        ),
    )
    for town in nation.municipalities:
        share = min(LARGEST, 1.06 * town.population / people)
        many = max(2, round(VOLUNTEERS * nation.scale * share))
        _town(nation, town, many, kinds, offers.get(town.pk, []), clubs[town.pk], units[town.pk])


def _by_town(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("pk").iterator(chunk_size=5000):
        found.setdefault(row.municipality_id, []).append(row)
    return found


def _town(
    nation: Nation,
    town: Municipality,
    many: int,
    kinds: list[RequirementKind],
    offers: list[Offer],
    clubs: list[Organisation],
    units: list[Unit],
) -> None:
    """One municipality at a time: so many rows are not held at once."""
    people = nation.write(Person, (_person(nation, town, clubs, number) for number in range(many)))
    volunteers = nation.write(Volunteer, (_volunteer(nation, who, units) for who in people))
    here = [one for one in volunteers if one.state != VolunteerState.ENDED]
    nation.write(Assignment, (one for volunteer in here for one in _assignments(nation, volunteer, offers)))
    nation.write(VolunteerRequirement, (one for volunteer in here for one in _had(nation, volunteer, kinds)))


def _person(nation: Nation, town: Municipality, clubs: list[Organisation], number: int) -> Person:
    name = person(nation.random)
    # One in eight has no e-mail.
    reached = (
        {"email": f"frivillig-{town.number}-{number}{DOMAIN}"}
        if number % 8
        else {
            "channel": Channel.LETTER,
            "street": "Nasjonsvegen 1",
            "postal_code": "0000",
            "post_town": "Nasjon",
        }
    )
    return Person(
        municipality=town, name=name, name_key=key(name), language=town.language,
        controller_organisation=nation.random.choice(clubs) if number % 2 else None, **reached,
    )  # fmt: skip


def _volunteer(nation: Nation, who: Person, units: list[Unit]) -> Volunteer:
    chance, state = nation.random, nation.random.choice(STATES)
    since = nation.days_ago(900)
    is_municipal = who.controller_organisation_id is None
    return Volunteer(
        municipality_id=who.municipality_id, person=who, organisation_id=who.controller_organisation_id,
        unit=chance.choice(units) if is_municipal else None, state=state, state_since=since,
        ended_on=since if state == VolunteerState.ENDED else None,
        languages=["no"] if chance.random() < 0.8 else ["no", chance.choice(["uk", "so", "ar", "pl"])],
        interests=chance.sample(Area.values, 2), how_much=chance.choice(HowMuch.values),
        free=[chance.choice(WhenFree.values)],
        came_by=CameBy.IMPORT if is_municipal else CameBy.ORGANISATION,
    )  # fmt: skip


def _assignments(nation: Nation, volunteer: Volunteer, offers: list[Offer]) -> Iterator[Assignment]:
    for offer in nation.random.sample(offers, min(len(offers), nation.random.randrange(3))):
        yield Assignment(
            municipality_id=volunteer.municipality_id, volunteer=volunteer, offer=offer,
            state=AssignmentState.ACTIVE, starts_on=volunteer.state_since,
        )  # fmt: skip


def _had(
    nation: Nation, volunteer: Volunteer, kinds: list[RequirementKind]
) -> Iterator[VolunteerRequirement]:
    for kind in kinds:
        if nation.random.random() < 0.7:
            ends = nation.today + timedelta(days=nation.random.randrange(-20, 360))
            yield VolunteerRequirement(
                municipality_id=volunteer.municipality_id, volunteer=volunteer, kind=kind,
                met_on=ends - timedelta(days=365), met_by=MetBy.REGISTERED,
                holds_to=ends if kind.renew_months else None,
            )  # fmt: skip
