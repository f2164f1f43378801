"""Where somebody is looked for in both towns, and those who have written."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import MunicipalitySettings, Offer
from partnerships.public import reply_by
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from volunteers.models import Opening, SignUp
from volunteers.models.sign_up import SignUpKind, SignUpOutcome
from volunteers.selectors.opening import is_light

# After the offers and the volunteers.
ORDER = 130


class Wanted(NamedTuple):
    town: str
    offer: str
    title: str
    about: str
    how_much: str
    wanted: int
    languages: tuple[str, ...] = ()
    for_young: bool = False
    at_once: bool = False
    # Days from today.
    closes: int | None = None


OPENINGS = (
    Wanted(
        "9901", "Språkkafé på biblioteket", "Snakke norsk med nye naboer",
        "Du sitter ved et bord med tre eller fire, og snakker om det dere har lyst til. Du trenger ikke være "
        "lærer. Kaffen står klar.",
        "sometimes", 3, ("no", "uk"), for_young=True, at_once=True,
    ),
    Wanted(
        "9901", "Turgruppa på Nes", "Gå bakerst på tur",
        "Vi går så alle kommer med. Du går sist, og ser at ingen blir igjen.", "regular", 2,
    ),
    Wanted(
        "9901", "Sangstund på Fjordheimen", "Spille til sangstunden",
        "Piano, gitar eller trekkspill. Vi synger det alle kan.", "sometimes", 1, closes=40,
    ),
    Wanted(
        "9901", "Middag i lag", "Dekke bord og prate",
        "Tre timer, én torsdag i måneden. Du spiser sammen med oss.", "sometimes", 4,
    ),
    Wanted(
        "9902", "Tysdagstur langs elva", "Gå tur på tysdagar",
        "Roleg tempo og god tid. Vi drikk kaffi ved brua etterpå.", "sometimes", 2,
    ),
    Wanted(
        "9902", "Laurdagsope bibliotek", "Ope bibliotek ein laurdag i månaden",
        "Du låser opp, kokar kaffi og er der. Vi viser deg alt.", "sometimes", 2, for_young=True,
    ),
)  # fmt: skip


class Wrote(NamedTuple):
    town: str
    kind: SignUpKind
    name: str
    email: str
    phone: str
    words: str
    opening: str = ""
    # Days ago.
    days: int = 1
    language: str = "nb"
    more: Mapping[str, Any] = MappingProxyType({})
    answer: str = ""


WROTE = (
    Wrote(
        "9901", SignUpKind.INTEREST, "Live Solvangen", "live@folk.demo.example", "",
        "Jeg har nettopp sluttet å jobbe, og har god tid på dagen.", days=4,
        more={"interests": ["elderly", "culture"], "how_much": "regular", "free": ["weekday"]},
    ),
    Wrote(
        "9901", SignUpKind.QUESTION, "Odin Furulia", "", "+4790000161",
        "Må jeg kunne ukrainsk for å være med?", "Snakke norsk med nye naboer", days=1,
    ),
    Wrote(
        "9901", SignUpKind.INTEREST, "Dina Havneset", "dina@folk.demo.example", "",
        "Jeg går på videregående, og spiller gitar.", "Spille til sangstunden", days=9,
        more={"under_18": True, "free": ["evening"]},
    ),
    Wrote(
        "9901", SignUpKind.QUESTION, "Birk Steindalen", "birk@folk.demo.example", "",
        "Er det farlig om jeg ikke kan komme hver gang?", "Gå bakerst på tur", days=20,
        answer="Nei, slett ikke. Vi er flere som bytter på. Velkommen!",
    ),
    Wrote(
        "9902", SignUpKind.INTEREST, "Kaia Lyngvika", "kaia@folk.demo.example", "",
        "Eg vil gjerne vere med ut.", "Gå tur på tysdagar", days=2, language="nn",
        more={"free": ["weekday"]},
    ),
)  # fmt: skip


def load() -> None:
    """Each once; what somebody has changed stays changed."""
    for wanted in OPENINGS:
        _look_for(wanted)
    for wrote in WROTE:
        _write(wrote)


def _look_for(wanted: Wanted) -> None:
    offer = Offer.objects.filter(municipality__number=wanted.town, title=wanted.offer).first()
    if offer is None or Opening.objects.filter(offer=offer, title=wanted.title).exists():
        return
    today = timezone.localdate()
    Opening.objects.create(
        municipality=offer.municipality,
        offer=offer,
        title=wanted.title,
        about=wanted.about,
        how_much=wanted.how_much,
        wanted=wanted.wanted,
        languages=list(wanted.languages),
        for_young=wanted.for_young,
        at_once=wanted.at_once and is_light(offer),
        closes_on=today + timedelta(days=wanted.closes) if wanted.closes is not None else None,
        created_by=offer.created_by,
        updated_by=offer.created_by,
    )


def _write(wrote: Wrote) -> None:
    town = Municipality.objects.get(number=wrote.town)
    if not MunicipalitySettings.objects.filter(municipality=town).exists():
        return
    if SignUp.objects.filter(municipality=town, name=wrote.name).exists():
        return
    at = timezone.now() - timedelta(days=wrote.days)
    coordinator = "coordinator" if wrote.town == "9901" else "neighbour"
    answered: dict[str, Any] = {}
    if wrote.answer:
        answered = {
            "answer": wrote.answer,
            "outcome": SignUpOutcome.ANSWERED,
            "answered_at": at + timedelta(days=2),
            "answered_by": User.objects.filter(email=f"{coordinator}@demo.example").first(),
        }
    made = SignUp.objects.create(
        municipality=town,
        kind=wrote.kind,
        opening=Opening.objects.filter(municipality=town, title=wrote.opening).first(),
        name=wrote.name,
        email=wrote.email,
        phone=wrote.phone,
        words=wrote.words,
        language=wrote.language,
        reply_by=reply_by(town, timezone.localdate(at)),
        **wrote.more,
        **answered,
    )
    SignUp.objects.filter(pk=made.pk).update(at=at)
