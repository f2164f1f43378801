"""Who helps in both towns: of several controllers, one without e-mail, one not yet eighteen, one on pause."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    Offer,
    OfferRequirement,
    Organisation,
    Person,
    RequirementKind,
    Unit,
    VolunteerCentre,
)
from partnerships.models.person import Channel
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from volunteers.models import (
    Assignment,
    Exemption,
    Guardian,
    PoliceFact,
    PoliceResponsible,
    Volunteer,
    VolunteerRequirement,
    VolunteerShare,
)
from volunteers.models.assignment import AssignmentState
from volunteers.models.requirement import MetBy, PoliceBasis, PoliceOutcome
from volunteers.models.volunteer import CameBy, HowMuch, LeavingReason, VolunteerState, WhenFree

# After the offers they come to.
ORDER = 100
STATES = {
    VolunteerState.INTERESTED: AssignmentState.INTERESTED,
    VolunteerState.STARTING: AssignmentState.INTERESTED,
    VolunteerState.ACTIVE: AssignmentState.ACTIVE,
    VolunteerState.PAUSED: AssignmentState.PAUSED,
    VolunteerState.ENDED: AssignmentState.ENDED,
}
DAY, EVENING, WEEKEND = WhenFree.WEEKDAY, WhenFree.EVENING, WhenFree.WEEKEND


class Helper(NamedTuple):
    name: str
    phone: str = ""
    # The part before @demo.example; empty: she has no e-mail.
    email: str = ""
    # Whose she is, or where she belongs; empty is the municipality's own.
    place: str = ""
    state: VolunteerState = VolunteerState.ACTIVE
    days: int = 200
    offers: tuple[str, ...] = ()
    # Titles of offers where others may know her by name.
    shared_at: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("no",)
    how_much: HowMuch = HowMuch.REGULAR
    free: tuple[WhenFree, ...] = (DAY,)
    motive: str = ""
    words: str = ""
    language: str = "nb"
    home: tuple[str, str, str] = ("", "", "")
    one_to_one: bool = False
    # Requirements in order: key and for how many more days; None lasts.
    has: tuple[tuple[str, int | None], ...] = ()
    hides: bool = False
    guardian: tuple[str, str] = ("", "")
    reason: LeavingReason | None = None


SIGNED = (("taushetserklaring", None), ("frivilligavtale", 160))
FJORDVIK = (
    Helper(
        "Liv Berntsen", "+4755501010", "volunteer", "Fjordvik frivilligsentral", days=410,
        offers=("Sangstund på Fjordheimen", "Språkkafé på biblioteket"), interests=("elderly", "culture"),
        languages=("no", "en"), free=(DAY, EVENING), has=SIGNED,
        motive="Mor bodde på Fjordheimen. Jeg fikk så mye igjen for å være der at jeg ble.",
        words="Spiller litt piano.",
    ),
    Helper(
        "Harald Tangen", "+4755501311", days=530, place="Fjordheimen sykehjem",
        offers=("Sangstund på Fjordheimen",), interests=("elderly", "culture"),
        home=("Strandgata 8", "9901", "Fjordvik"),
        motive="Jeg liker å synge, og det gjør de der også.",
        has=(("taushetserklaring", None), ("frivilligavtale", 21)),
    ),
    Helper(
        "Oksana Melnyk", "+4755501312", "oksana", "Fjordvik bibliotek", days=150,
        offers=("Språkkafé på biblioteket",), interests=("language", "inclusion"),
        languages=("uk", "ru", "en", "no"), free=(EVENING,), motive="Noen hjalp meg da jeg kom.",
    ),
    Helper(
        "Solveig Aune", "+4755501313", "solveig", "Fjordvik bibliotek", days=300,
        offers=("Språkkafé på biblioteket",), interests=("language", "culture"), languages=("no", "de"),
        free=(EVENING, WEEKEND), how_much=HowMuch.SOMETIMES,
    ),
    Helper(
        "Mina Lunde", "+4755501314", "mina", "Fjordvik skole", days=60, offers=("Leksehjelp",),
        interests=("upbringing", "language"), languages=("no", "en"), how_much=HowMuch.SOMETIMES,
        motive="Vil bli lærer.", guardian=("Kristin Lunde", "+4755501315"),
        has=(("taushetserklaring", None),),
    ),
    Helper(
        "Eirik Nordby", "+4755501316", "eirik", "Fjordvik skole", days=420, offers=("Leksehjelp",),
        interests=("upbringing",), has=(("taushetserklaring", None), ("frivilligavtale", -12)),
    ),
    Helper(
        "Arne Vik", "+4755501317", "arne", "Fjordvik frivilligsentral", state=VolunteerState.PAUSED, days=35,
        offers=("Middag i lag",), interests=("meeting_places", "elderly"), how_much=HowMuch.SOMETIMES,
    ),
    Helper(
        "Gerd Moen", "+4755501318", "gerd", "Fjordvik frivilligsentral", state=VolunteerState.ENDED, days=50,
        offers=("Middag i lag",), interests=("elderly",), reason=LeavingReason.DONE,
    ),
    Helper(
        "Fatuma Ali", "+4755501319", "fatuma", "Fjordvik frivilligsentral",
        state=VolunteerState.STARTING, days=6,
        interests=("inclusion", "upbringing"), languages=("so", "en", "no"), free=(WEEKEND,),
        how_much=HowMuch.SOMETIMES, motive="Vil bli kjent med flere her.",
    ),
    Helper(
        "Jostein Bakke", "+4755501320", "jostein", "Fjordheimen sykehjem",
        state=VolunteerState.STARTING, days=14,
        offers=("Sangstund på Fjordheimen",), interests=("elderly", "transport"), one_to_one=True, hides=True,
    ),
    Helper(
        "Marit Lien", "+4755501331", "marit", "Fjordvik turlag", days=700,
        offers=("Turgruppa på Nes", "Middag i lag"), shared_at=("Middag i lag",),
        interests=("outdoors", "health"),
    ),
    Helper(
        "Knut Hovden", "+4755501332", "knut", "Fjordvik turlag", days=380,
        offers=("Turgruppa på Nes", "Sangstund på Fjordheimen"), interests=("outdoors",),
        how_much=HowMuch.SOMETIMES,
    ),
    Helper(
        "Turid Hauge", "+4755501333", "turid", "Fjordvik bygdekvinnelag", days=250, offers=("Middag i lag",),
        interests=("elderly", "meeting_places"),
    ),
    Helper(
        "Anne-Lise Berg", "+4755501334", "", "Fjordvik bygdekvinnelag", days=250, offers=("Middag i lag",),
        interests=("elderly",), home=("Kirkevegen 2", "9901", "Fjordvik"),
    ),
    Helper(
        "Ruth Eide", "+4755501335", "ruth", "Ytre Fjordvik frivilligsentral", days=330,
        interests=("transport",),
        words="Kjører gjerne, har plass til tre.", free=(DAY, WEEKEND),
    ),
)  # fmt: skip
SUNNDALSFJORD = (
    Helper(
        "Ingebjørg Moe", "+4755502311", "ingebjorg", "Sunndalsfjord frivilligsentral", days=390,
        offers=("Laurdagsope bibliotek",), interests=("meeting_places", "culture"), free=(WEEKEND,),
        motive="Biblioteket er den beste stova i bygda.", language="nn", has=SIGNED,
    ),
    Helper(
        "Nils Kvamme", "+4755502312", "", "Heimetenesta", days=610, interests=("transport", "elderly"),
        home=("Elvegata 11", "9902", "Sunndalsfjord"), language="nn", words="Har bil.",
    ),
    Helper(
        "Selam Tesfay", "+4755502313", "selam", "Sunndalsfjord folkebibliotek", days=90,
        offers=("Språkpraksis",), interests=("language",), languages=("ti", "en", "no"), free=(EVENING,),
        language="nn",
    ),
    Helper(
        "Johannes Fure", "+4755502314", "johannes", "Sunndalsfjord frivilligsentral",
        state=VolunteerState.PAUSED, days=20, offers=("Laurdagsope bibliotek",), language="nn",
    ),
    Helper(
        "Marta Øvrebø", "+4755502315", "marta", "Indre fjord turlag", days=540,
        offers=("Tysdagstur langs elva",), interests=("outdoors",), language="nn",
    ),
    Helper(
        "Leif Hjelme", "+4755502316", "leif", "Indre fjord turlag", days=200,
        offers=("Tysdagstur langs elva",), interests=("outdoors", "health"), language="nn",
    ),
)  # fmt: skip
# What the offers ask for, beside what their task checks said: town, title, key, why.
ASKED = (
    ("9901", "Sangstund på Fjordheimen", "taushetserklaring", "Vi møter folk der de bor."),
    ("9901", "Sangstund på Fjordheimen", "frivilligavtale", "Alle faste får en avtale."),
    ("9901", "Leksehjelp", "taushetserklaring", "Barn forteller ting."),
    ("9901", "Leksehjelp", "politiattest", "Skolen ber om det av alle som er der jevnlig."),
    ("9901", "Leksehjelp", "frivilligavtale", "Alle faste får en avtale."),
    ("9902", "Laurdagsope bibliotek", "frivilligavtale", "Den som låser opp, har avtale."),
)


def load() -> None:
    """Each once; what somebody has changed in her record stays changed."""
    for asked in ASKED:
        _ask(*asked)
    for number, login, helpers in (("9901", "coordinator", FJORDVIK), ("9902", "neighbour", SUNNDALSFJORD)):
        town = Municipality.objects.get(number=number)
        by = User.objects.get(email=f"{login}@demo.example")
        for helper in helpers:
            _tell(helper, town, by)
    _police()


def _ask(number: str, title: str, key: str, because: str) -> None:
    offer = Offer.objects.filter(municipality__number=number, title=title).first()
    kind = RequirementKind.objects.filter(municipality=None, key=key).first()
    if offer is not None and kind is not None and not offer.requirements.filter(kind=kind).exists():
        OfferRequirement.objects.create(
            municipality=offer.municipality, offer=offer, kind=kind, because=because, by=offer.created_by
        )


def _tell(helper: Helper, town: Municipality, by: User) -> None:
    place = _place(helper, town)
    person = _person(helper, town, place)
    if Volunteer.objects.filter(person=person).exists():
        return
    today = timezone.localdate()
    begun = today - timedelta(days=helper.days)
    ended = helper.state == VolunteerState.ENDED
    volunteer = Volunteer.objects.create(
        municipality=town,
        person=person,
        state=helper.state,
        state_since=begun,
        paused_until=today + timedelta(days=40) if helper.state == VolunteerState.PAUSED else None,
        ended_on=begun if ended else None,
        leaving_reason=helper.reason or "",
        languages=list(helper.languages),
        interests=list(helper.interests),
        interests_words=helper.words,
        motive=helper.motive,
        how_much=helper.how_much,
        free=list(helper.free),
        one_to_one=helper.one_to_one,
        adult_from=today + timedelta(days=600) if helper.guardian[0] else None,
        came_by=CameBy.ORGANISATION if "organisation" in place else CameBy.STAFF,
        followed_by=by if person.controller_organisation_id is None else None,
        created_by=by,
        updated_by=by,
        **place,
    )
    if helper.guardian[0]:
        name, phone = helper.guardian
        now = timezone.now()
        Guardian.objects.create(
            municipality=town,
            volunteer=volunteer,
            name=name,
            phone=phone,
            asked_at=now - timedelta(days=58),
            consented_at=now - timedelta(days=57),
            noted_by=by,
        )
    _takes_part(helper, volunteer, by)
    for key, days in helper.has:
        kind = RequirementKind.objects.get(municipality=None, key=key)
        VolunteerRequirement.objects.create(
            municipality=town,
            volunteer=volunteer,
            kind=kind,
            asked_on=begun,
            met_on=min(begun + timedelta(days=5), today),
            met_by=MetBy.REGISTERED,
            holds_to=today + timedelta(days=days) if days is not None else None,
            by=by,
        )


def _person(helper: Helper, town: Municipality, place: dict[str, Any]) -> Person:
    centre = place.get("centre")
    controller = {
        "controller_organisation": place.get("organisation"),
        "controller_centre": centre if centre is not None and centre.is_controller else None,
    }
    found = Person.objects.filter(
        municipality=town, name=helper.name, phone=helper.phone, **controller
    ).first()
    if found is not None:
        return found
    street, postal_code, post_town = helper.home
    return Person.objects.create(
        municipality=town,
        name=helper.name,
        phone=helper.phone,
        email=f"{helper.email}@demo.example" if helper.email else "",
        language=helper.language,
        channel=Channel.EMAIL if helper.email else Channel.LETTER,
        street=street,
        postal_code=postal_code,
        post_town=post_town,
        hide_contact=helper.hides,
        **controller,
    )


def _place(helper: Helper, town: Municipality) -> dict[str, Any]:
    kinds: tuple[tuple[str, Any], ...] = (
        ("organisation", Organisation),
        ("centre", VolunteerCentre),
        ("unit", Unit),
    )
    for kind, model in kinds:
        found = model._default_manager.filter(municipality=town, name=helper.place).first()
        if found is not None:
            return {kind: found}
    return {}


def _takes_part(helper: Helper, volunteer: Volunteer, by: User) -> None:
    for offer in Offer.objects.filter(municipality=volunteer.municipality, title__in=helper.offers):
        Assignment.objects.create(
            municipality=volunteer.municipality,
            volunteer=volunteer,
            offer=offer,
            state=STATES[helper.state],
            starts_on=volunteer.state_since,
            ended_on=volunteer.ended_on,
            created_by=by,
            updated_by=by,
        )
        if offer.title in helper.shared_at:
            VolunteerShare.objects.create(
                municipality=volunteer.municipality, volunteer=volunteer, offer=offer, by_herself=True
            )


def _police() -> None:
    """One shown and one asked for; and who handles them in the club."""
    today = timezone.localdate()
    by = User.objects.get(email="coordinator@demo.example")
    for name, outcome, days in (
        ("Eirik Nordby", PoliceOutcome.SHOWN, 380),
        ("Mina Lunde", PoliceOutcome.ASKED, 20),
    ):
        volunteer = Volunteer.objects.filter(municipality__number="9901", person__name=name).first()
        if volunteer is None or PoliceFact.objects.filter(volunteer=volunteer).exists():
            continue
        day = today - timedelta(days=days)
        shown = {"shown_on": day, "issued_on": day - timedelta(days=20), "shown_to": by}
        PoliceFact.objects.create(
            municipality=volunteer.municipality,
            volunteer=volunteer,
            outcome=outcome,
            basis=PoliceBasis.SCHOOL,
            asked_on=day - timedelta(days=10),
            **(shown if outcome == PoliceOutcome.SHOWN else {}),
        )
    club = Organisation.objects.get(municipality__number="9901", name="Fjordvik turlag")
    PoliceResponsible.objects.get_or_create(
        organisation=club,
        is_deputy=False,
        ended_at=None,
        defaults={
            "municipality": club.municipality,
            "user": User.objects.get(email="centre_leader@demo.example"),
            "named_by": by,
        },
    )
    kind = RequirementKind.objects.get(municipality=None, key="frivilligavtale")
    jostein = Volunteer.objects.filter(municipality__number="9901", person__name="Jostein Bakke").first()
    if jostein is not None and not jostein.exemptions.exists():
        Exemption.objects.create(
            municipality=jostein.municipality,
            volunteer=jostein,
            kind=kind,
            because="Prøver seg to ganger først.",
            until=today + timedelta(days=21),
            by=by,
        )
