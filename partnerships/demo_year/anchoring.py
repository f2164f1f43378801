"""Level 1 of the demo: strategies, what partnerships rest on, and what their sides are agreed on.

Partnerships are others' to make: what is written here is written where one with the title is.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    Frame,
    Partnership,
    PartnershipParty,
    Strategy,
    StrategyPoint,
    StrategyStance,
    Understanding,
    UnderstandingSide,
)
from partnerships.models.frame import WorkingForm
from partnerships.models.strategy import Stance, StrategyState
from partnerships.models.understanding import UnderstandingState
from samskaping.core.models import Municipality

ORDER = 40


class Plan(NamedTuple):
    town: str
    title: str
    summary: str
    points: tuple[str, ...]
    decided_on: date
    case_number: str
    valid_from: date
    valid_to: date
    # So many days from the day the demo is made.
    revise_in: int
    # Organisations and centres that have confirmed it.
    confirmed: tuple[str, ...] = ()


FRIVILLIGHET = "Frivilligstrategi 2025–2029"
FRIVILLIGHEIT = "Frivilligstrategi for Sunndalsfjord 2024–2027"
PLANS = (
    Plan(
        "9901",
        FRIVILLIGHET,
        "Fjordvik skal være en kommune der det er lett å bidra og godt å høre til.\n"
        "Kommunen og frivilligheten møtes som likeverdige parter.",
        (
            "Frivillige blir spurt før noe er bestemt",
            "Det finnes møteplasser i alle bygder",
            "Den som vil bidra, får svar innen en uke",
            "Nye innbyggere får noen å snakke norsk med",
            "Eldre som ønsker det, har noen å være sammen med",
            "Kommunale lokaler er åpne for lag på kveldstid",
        ),
        date(2025, 2, 13),
        "2025/114",
        date(2025, 3, 1),
        date(2029, 12, 31),
        430,
        ("Fjordvik bygdekvinnelag", "Fjordvik turlag", "Fjordvik frivilligsentral"),
    ),
    # Soon to be looked at again.
    Plan(
        "9902",
        FRIVILLIGHEIT,
        "I Sunndalsfjord hjelper vi kvarandre.\nKommunen legg til rette, og laga avgjer sjølve kva dei vil.",
        (
            "Frivilligsentralen er døra inn for alle som vil hjelpe til",
            "Ingen skal sitje aleine om dei ikkje vil det",
            "Ungdom er med og bestemmer",
            "Laga får bruke kommunale lokale utan å betale",
        ),
        date(2024, 1, 25),
        "2024/31",
        date(2024, 2, 1),
        date(2027, 12, 31),
        35,
        ("Sunndalsfjord bygdekvinnelag",),
    ),
)


class Words(NamedTuple):
    """What is written of one partnership, found by a word in its title."""

    town: str
    title: str
    point: int
    mandate: str
    resources: str
    decided_by: str
    shall: tuple[str, ...]
    shall_not: tuple[str, ...]
    expect: tuple[str, ...]
    # Of the municipality's side, and of the others'.
    municipal: tuple[str, str]
    others: tuple[str, str]
    state: UnderstandingState = UnderstandingState.AGREED
    working_form: WorkingForm = WorkingForm.CO_CREATION
    agreed_days_ago: int = 120


WORDS = (
    Words(
        "9901",
        "språkkafé",
        4,
        "Gruppa velger selv temaer, gjester og hvordan bordene deles.",
        "Biblioteket er åpent til kl. 20.00. Kaffe betales av kommunen.",
        "Leder for kultur og innbygger",
        (
            "Møtes hver torsdag i biblioteket",
            "Ha minst én vert ved hvert bord",
            "Spørre deltakerne hvert halvår hva de vil snakke om",
        ),
        ("Være skole: ingen prøver og ingen karakterer", "Hjelpe med søknader og vedtak"),
        ("Noen å snakke norsk med hver uke", "Å bli ønsket velkommen ved navn"),
        ("At flere nye innbyggere blir kjent i bygda", "Folk finner biblioteket og hverandre"),
        ("Å bli kjent med dem som er nye her", "Flere medlemmer, og en grunn til å møtes om vinteren"),
    ),
    Words(
        "9901",
        "våketjeneste",
        5,
        "Laget velger selv hvem som våker, og setter opp vaktene.",
        "Fjordheimen gir opplæring to kvelder i året, og dekker skyss.",
        "Kommunalsjef for helse og omsorg",
        ("Sitte hos den som er alene den siste tida", "Ha to som kan ta over for hverandre"),
        ("Gi medisiner eller stelle", "Våke uten at pleien vet om det"),
        ("Ingen må være alene mot slutten", "Den som våker, har lovet å ikke fortelle videre"),
        ("At ingen skal dø alene", "Ro i avdelingen, og tid til pleien"),
        ("Å være til hjelp når det betyr mest", "Mening, og et godt fellesskap mellom dem som våker"),
        working_form=WorkingForm.BOTH,
        agreed_days_ago=210,
    ),
    Words(
        "9901",
        "besøksvenn",
        5,
        "",
        "",
        "",
        ("Besøke den samme personen hver uke", "Ringe dagen før"),
        ("Ta imot penger eller gaver",),
        ("Samme person på samme dag",),
        ("At flere får besøk", "Færre som er alene"),
        ("At besøkene blir trygge for begge", ""),
        state=UnderstandingState.PROPOSED,
    ),
    Words(
        "9902",
        "møteplass",
        2,
        "Gruppa bestemmer sjølv kva som skjer på kafeen.",
        "Kommunen held lokale og straum. Laget står for kaffi og kaker.",
        "Kommunedirektøren",
        ("Opne dørene kvar onsdag frå 11 til 14", "Sjå til at alle har nokon å sitje med"),
        ("Ta betalt for å vere der",),
        ("Ein open stad der ingen spør kvifor du kjem",),
        ("At folk møter kvarandre heile året", "Vi høyrer tidleg kva folk treng"),
        ("Liv i grendehuset", "Nye folk i laget, og glade dagar"),
        agreed_days_ago=60,
    ),
    Words(
        "9902",
        "tur",
        2,
        "",
        "",
        "",
        ("Gå tur kvar tysdag, i det tempoet den seinaste har",),
        ("La nokon gå att åleine",),
        ("Turar utan hastverk",),
        ("Fleire ute, også om vinteren", ""),
        ("At det skal vere lett å bli med", "Fleire å gå saman med"),
        state=UnderstandingState.DRAFT,
    ),
)


def load() -> None:
    for plan in PLANS:
        _plan(plan)
    for words in WORDS:
        found = Partnership.objects.filter(
            municipality__number=words.town, title__icontains=words.title, ended_on=None
        ).first()
        if found is not None and not found.understandings.exists():
            _understanding(found, words)
            _frame(found, words)


def _plan(plan: Plan) -> None:
    town = Municipality.objects.get(number=plan.town)
    today = timezone.localdate()
    strategy, made = Strategy.objects.get_or_create(
        municipality=town,
        title=plan.title,
        defaults={
            "state": StrategyState.IN_FORCE,
            "summary": plan.summary,
            "body": "Kommunestyret",
            "case_number": plan.case_number,
            "decided_on": plan.decided_on,
            "valid_from": plan.valid_from,
            "valid_to": plan.valid_to,
            "revise_by": today + timedelta(days=plan.revise_in),
        },
    )
    if not made:
        return
    for number, text in enumerate(plan.points, 1):
        StrategyPoint.objects.create(municipality=town, strategy=strategy, order=number, text=text)
    for name in plan.confirmed:
        side: dict[str, Any] = {
            "organisation": _actor(town, "organisation", name),
            "centre": _actor(town, "centre", name),
        }
        StrategyStance.objects.create(municipality=town, strategy=strategy, stance=Stance.CONFIRMED, **side)


def _actor(town: Municipality, field: str, name: str) -> Any:
    model: Any = StrategyStance._meta.get_field(field).related_model
    return model.objects.filter(municipality=town, name=name).first()


def _frame(partnership: Partnership, words: Words) -> None:
    strategy = Strategy.objects.get(
        municipality=partnership.municipality_id,
        title=FRIVILLIGHET if words.town == "9901" else FRIVILLIGHEIT,
    )
    Frame.objects.get_or_create(
        partnership=partnership,
        defaults={
            "municipality_id": partnership.municipality_id,
            "strategy": strategy,
            "point": strategy.points.get(order=words.point),
            "working_form": words.working_form,
            "mandate": words.mandate,
            "resources": words.resources,
            "decided_by": words.decided_by,
            "decided_on": strategy.valid_from if words.decided_by else None,
        },
    )


def _understanding(partnership: Partnership, words: Words) -> None:
    parties = list(partnership.parties.taking_part().order_by("accepted_at", "pk"))
    agreed = words.state == UnderstandingState.AGREED
    when = timezone.now() - timedelta(days=words.agreed_days_ago)
    asked = words.state == UnderstandingState.PROPOSED
    made = Understanding.objects.create(
        municipality_id=partnership.municipality_id,
        partnership=partnership,
        version=1,
        state=words.state,
        shall=list(words.shall),
        shall_not=list(words.shall_not),
        recipients_can_expect=list(words.expect),
        proposed_at=when if agreed else timezone.now() if asked else None,
        agreed_at=when if agreed else None,
    )
    for party in parties:
        _side(made, party, words, when=when)


def _side(made: Understanding, party: PartnershipParty, words: Words, *, when: Any) -> None:
    wishes, gains = words.municipal if party.is_municipal else words.others
    # The others have answered what is proposed; the municipality's word is awaited.
    confirmed = made.agreed_at is not None or (made.proposed_at is not None and not party.is_municipal)
    UnderstandingSide.objects.create(
        municipality_id=made.municipality_id,
        understanding=made,
        party=party,
        version=1,
        wishes=wishes,
        gains=gains,
        confirmed_version=made.version if confirmed else None,
        confirmed_at=when if confirmed else None,
    )
