"""Offers, the times of them, and the calendar."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from partnerships.models import OfferNews
from partnerships.models.offer import NewsKind
from partnerships.services.calendar_feed import calendar_feed_make
from partnerships.services.offer_requirement import offer_requirement_add
from tests.factories.offers import OccurrenceFactory, OfferFactory
from tests.factories.work import RequirementKindFactory
from tests.permissions.areas.partnerships import READERS
from tests.permissions.frame import Place, Row

# The unit's, in a partnership with the centre and the organisation; the place contact is the offer's contact.
RUNS = "coordinator,unit_leader,place_contact,centre_leader,organisation_rep"
SEES = "chief,sector_chief,staff,guest"


def _offer(world: Any, place: Place) -> dict[str, Any]:
    return {"pk": world.town(place).things["offer"].pk}


def _thing(name: str) -> Any:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _runs(path: Any = _offer, *, get: bool = True, **data: Any) -> Row:
    cell = f"{RUNS}:%s {SEES}:403 *:404 anonymous:login"
    return Row(get=cell % 200 if get else "", post=cell % 302, path=path, data=lambda _world: data)


SEEN = f"{READERS},guest:200 *:404 anonymous:login"
ROWS: dict[str, Row] = {
    "offers": Row(get=f"{READERS},guest:200 *:403 anonymous:login"),
    "offer_start": Row(
        get=f"{RUNS}:200 *:403 anonymous:login",
        post=f"{RUNS}:302 *:403 anonymous:login",
        data=lambda _world: {"title": "Prøve turgruppe"},
    ),
    "offer_start_in": Row(
        get=f"{RUNS}:200 {SEES}:403 *:404 anonymous:login",
        post=f"{RUNS}:302 {SEES}:403 *:404 anonymous:login",
        path=lambda world, place: {"pk": world.town(place).partnership.pk},
        data=lambda _world: {"title": "Prøve turgruppe"},
    ),
    "offer": Row(get=SEEN, path=_offer),
    "offer_edit": _runs(title="Ny tittel", version=0),
    "offer_times": _runs(every="week", version=0),
    "offer_pause": _runs(because="Ferie"),
    "offer_resume": _runs(get=False),
    "offer_end": _runs(ended_on="2026-01-31"),
    "offer_requirements": Row(
        get=f"{RUNS}:200 {SEES}:403 *:404 anonymous:login",
        post=f"{RUNS}:200 {SEES}:403 *:404 anonymous:login",
        path=_offer,
    ),
    "offer_requirements_take": _runs(
        lambda world, place: {**_offer(world, place), "check": world.town(place).things["task_check"].pk},
        get=False,
    ),
    "offer_requirement_out": _runs(_thing("offer_requirement"), because="Trengs ikke"),
    "offer_sheet": Row(get=SEEN, path=_offer),
    "offer_sheet_pdf": Row(get=SEEN, path=_offer),
    "occurrences": Row(get=SEEN, path=_offer),
    "occurrence_add": _runs(day="2090-01-03", from_time="10:00", to_time="12:00"),
    "occurrence": Row(
        get=SEEN,
        post=f"{RUNS}:302 {SEES}:403 *:404 anonymous:login",
        path=_thing("occurrence"),
        data=lambda _world: {"cancel": "1", "cancel-because": "Glatt"},
    ),
    "occurrence_restore": _runs(_thing("occurrence"), get=False),
    # Everybody has one, if only with what is her own.
    "calendar": Row(get="*:200 anonymous:login"),
    "calendar_feeds": Row(get="user,superuser,national:403 participant:200 *:200 anonymous:login"),
    "calendar_feed_new": Row(
        post="user,superuser,national:403 participant:200 *:200 anonymous:login",
        data=lambda _world: {"what": "all"},
    ),
    "calendar_feed_stop": Row(post="coordinator:302 *:404 anonymous:login", path=_thing("calendar_feed")),
    # The secret is the key: whoever has it reads, and so does a calendar programme without a session.
    "calendar_feed": Row(
        get="*:200",
        foreign_get="*:200",
        shows_its_own=True,
        path=lambda world, place: {"token": world.town(place).things["calendar_secret"].text},
    ),
}


class Secret:
    """Kept among the town's things; it is no row, and has no number."""

    pk = ""

    def __init__(self, text: str) -> None:
        self.text = text


def furnish(town: Any, word: str) -> None:
    offer = OfferFactory.create(
        partnership=town.partnership,
        unit=town.unit,
        title=f"{word} høytlesing",
        about=f"{word} leser",
        place=f"{word} stua",
        contact=town.members["place_contact"].person,
        expect=[f"{word} stoler"],
    )
    soon = OccurrenceFactory.create(offer=offer, place=f"{word} peisestua")
    OccurrenceFactory.create(
        offer=offer,
        starts_at=timezone.now() - timedelta(days=7),
        attendance=7,
        feedback=f"{word} fint",
    )
    OfferNews.objects.create(
        municipality=town.municipality,
        offer=offer,
        kind=NewsKind.MOVED,
        day=timezone.localdate(),
        occurrence=soon,
        because=f"{word} glatt",
    )
    coordinator = town.members["coordinator"]
    kind = RequirementKindFactory.create(
        municipality=town.municipality, key="ved-tilbudet", names={"nb": f"{word} førstehjelp"}
    )
    requirement = offer_requirement_add(offer=offer, kind=kind, because=f"{word} trygt", by=coordinator.user)
    feed, secret = calendar_feed_make(
        person=coordinator.person, membership=coordinator, only_own=False, by=coordinator.user
    )
    town.things.update(
        {
            "offer": offer,
            "occurrence": soon,
            "offer_requirement": requirement,
            "calendar_feed": feed,
            "calendar_secret": Secret(secret),
        }
    )
