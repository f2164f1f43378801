"""What stands about organisations and centres in the demo: areas, categories, whom to ring, «slik er vi»."""

import csv
from pathlib import Path
from typing import Any, NamedTuple

from partnerships.models import Contact, Organisation, Person, VolunteerCentre
from partnerships.models.actors import CentreProfile, OrganisationKind, RegisterState
from partnerships.models.person import Channel
from partnerships.services.register import register_fetch
from samskaping.core.models import Municipality

# Before the partnerships they are parties of.
ORDER = 10
_REGISTER = Path(__file__).parent.parent / "data" / "demo_register.csv"


class About(NamedTuple):
    name: str
    areas: tuple[str, ...]
    icnpo: str
    contact: tuple[str, str, str]
    about: str
    values: str = ""
    decision_path: str = ""
    pace: str = ""
    kind: OrganisationKind = OrganisationKind.ASSOCIATION


TOWNS: dict[str, tuple[About, ...]] = {
    "9901": (
        About(
            "Fjordvik bygdekvinnelag",
            ("elderly", "meeting_places", "inclusion"),
            "4100",
            ("Turid Hamre", "leder", "+4755501201"),
            "Vi er 34 medlemmer som baker, møtes og stiller opp.",
            "At ingen skal sitte alene med kaffekoppen.",
            "Styret møtes første tirsdag i måneden. Større ting tar vi på årsmøtet i mars.",
            "Spør oss en måned før. I desember har vi nok å gjøre.",
        ),
        About(
            "Fjordvik helselag",
            ("health", "elderly"),
            "3400",
            ("Per Otto Lid", "leder", "+4755501202"),
            "Vi driver hyggestund på sykehjemmet og låner ut hjelpemidler.",
            "Godt stell og god tid.",
            "Lederen og kassereren avgjør det meste mellom styremøtene.",
            "Vi svarer innen en uke.",
        ),
        About(
            "Fjordvik turlag",
            ("outdoors", "health", "inclusion"),
            "1300",
            ("Åse Fjordheim", "turleder", "+4755501203"),
            "Turer hver onsdag og annenhver søndag, for alle som kan gå en kilometer.",
            "Alle skal kunne være med på tur, i sitt eget tempo.",
            "Turlederne bestemmer turene, styret bestemmer resten.",
            "Programmet settes i august og januar.",
        ),
        About(
            "Fjordvik idrettslag",
            ("outdoors", "upbringing"),
            "1200",
            ("Geir Solvang", "daglig leder", "+4755501204"),
            "Fotball, ski og barneidrett. 412 medlemmer.",
            "Flest mulig, lengst mulig.",
            "Hver gruppe har sitt styre; hovedstyret møtes hver måned.",
        ),
        About(
            "Nattljos besøkstjeneste",
            ("elderly", "health"),
            "4100",
            ("Ragnhild Støle", "vaktleder", "+4755501205"),
            "Vi sitter hos mennesker som ikke bør være alene om natta.",
            "Stillhet, varme og taushet.",
            "To vaktledere avgjør sammen.",
            "Vi trenger tre timer fra dere ringer.",
        ),
        About(
            "Fjordvik mannskor",
            ("culture", "elderly"),
            "1100",
            ("Oddvar Nes", "formann", "+4755501206"),
            "22 mann synger på torsdager.",
        ),
        About(
            "Brygga kafé og håndverk AS",
            ("meeting_places", "inclusion"),
            "",
            ("Silje Vågen", "eier", "+4755501207"),
            "Kafé med verksted. Låner ut lokalet gratis på mandager.",
            kind=OrganisationKind.BUSINESS,
        ),
    ),
    "9902": (
        About(
            "Sunndalsfjord bygdekvinnelag",
            ("elderly", "meeting_places"),
            "4100",
            ("Oddny Skeide", "leiar", "+4755502201"),
            "Vi er 19 medlemer og lagar mat til dei fleste tilskipingar i bygda.",
            "At folk møtest rundt eit bord.",
            "Styret møtest annankvar månad.",
            "Helst ikkje i slåtten.",
        ),
        About(
            "Sunndalsfjord ungdomslag",
            ("culture", "upbringing"),
            "1100",
            ("Eirik Indrehus", "leiar", "+4755502202"),
            "Dans, teater og eit hus med scene.",
            "Huset skal vere ope for alle.",
            "Medlemsmøtet avgjer det som kostar pengar.",
        ),
        About(
            "Indre fjord turlag",
            ("outdoors", "health"),
            "1300",
            ("Marta Heimdal", "turleiar", "+4755502203"),
            "Korte turar for dei som ikkje går langt lenger.",
            "Ingen går sist.",
        ),
    ),
}
CENTRES = {
    "Fjordvik frivilligsentral": (CentreProfile.BOTH, ("inclusion", "elderly", "meeting_places"), False),
    "Ytre Fjordvik frivilligsentral": (CentreProfile.BRIDGE, ("transport", "elderly"), True),
    "Sunndalsfjord frivilligsentral": (CentreProfile.OWN_ACTIVITY, ("meeting_places", "language"), None),
}


def load() -> None:
    with _REGISTER.open(encoding="utf-8", newline="") as source:
        numbers = {(row["municipality"], row["name"]): row["number"] for row in csv.DictReader(source)}
    for town, rows in TOWNS.items():
        municipality = Municipality.objects.get(number=town)
        register_fetch(municipality=municipality)
        for about in rows:
            _organisation(municipality, about, numbers.get((town, about.name)))
    for name, (profile, areas, has_full_position) in CENTRES.items():
        VolunteerCentre.objects.filter(name=name, municipality__is_demo=True, areas=[]).update(
            profile=profile,
            areas=list(areas),
            has_advisory_body=True,
            has_own_accounts=True,
            has_premises=True,
            has_full_position=has_full_position,
        )


def _organisation(municipality: Municipality, about: About, number: str | None) -> None:
    """What somebody has written in the demo since stays: only an organisation without areas is filled in."""
    found = Organisation.objects.get(municipality=municipality, name=about.name)
    if found.areas:
        return
    given: dict[str, Any] = {
        **{key: value for key, value in about._asdict().items() if key not in ("contact", "name")},
        "areas": list(about.areas),
        "number": number,
        "language": municipality.language,
        "register_state": RegisterState.ACTIVE if number else RegisterState.UNKNOWN,
    }
    for name, value in given.items():
        setattr(found, name, value)
    found.save()
    name, title, phone = about.contact
    person = Person.objects.filter(controller_organisation=found, name=name).first()
    person = person or Person.objects.create(
        municipality=municipality,
        controller_organisation=found,
        name=name,
        phone=phone,
        channel=Channel.PHONE,
        language=municipality.language,
    )
    Contact.objects.get_or_create(
        organisation=found, order=1, defaults={"municipality": municipality, "person": person, "title": title}
    )
