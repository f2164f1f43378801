"""Who lives in the demo: Fjordvik and Sunndalsfjord, invented in every detail. Data only.

Logins end in @demo.example, which no mail server answers for; nothing is sent to the telephone numbers,
because the demo puts every SMS in its own post (settings/post.py).
"""

from typing import NamedTuple

from partnerships.models.person import Channel
from samskaping.accounts.permissions import Role

PASSWORD = "demo-samskaping"  # noqa: S105 - told to everybody who tries the demo
COUNTY = ("99", "Demofylket")


class Town(NamedTuple):
    number: str
    name: str
    language: str
    population: int
    contact: tuple[str, str, str]
    # How the numbers of its units and centres begin; two figures more make one.
    switchboard: str
    # A unit, and the one it lies under.
    units: tuple[tuple[str, str], ...]
    # A centre, and who owns it.
    centres: tuple[tuple[str, str], ...]
    organisations: tuple[str, ...]


FJORDVIK = Town(
    number="9901",
    name="Fjordvik",
    language="nb",
    population=9840,
    contact=("Servicetorget", "servicetorg@fjordvik.demo.example", "+4755500100"),
    switchboard="+47555011",
    units=(
        ("Helse og omsorg", ""),
        ("Fjordheimen sykehjem", "Helse og omsorg"),
        ("Hjemmetjenesten", "Helse og omsorg"),
        ("Dagsenteret Solkroken", "Helse og omsorg"),
        ("Oppvekst", ""),
        ("Fjordvik skole", "Oppvekst"),
        ("Nesodden barnehage", "Oppvekst"),
        ("Kultur og innbygger", ""),
        ("Fjordvik bibliotek", "Kultur og innbygger"),
        ("Flyktningtjenesten", "Kultur og innbygger"),
    ),
    centres=(("Fjordvik frivilligsentral", "municipal"), ("Ytre Fjordvik frivilligsentral", "cooperative")),
    organisations=(
        "Fjordvik bygdekvinnelag",
        "Fjordvik helselag",
        "Fjordvik turlag",
        "Fjordvik idrettslag",
        "Nattljos besøkstjeneste",
        "Fjordvik mannskor",
        "Brygga kafé og håndverk AS",
    ),
)
SUNNDALSFJORD = Town(
    number="9902",
    name="Sunndalsfjord",
    language="nn",
    population=3120,
    contact=("Sørvistorget", "sorvistorg@sunndalsfjord.demo.example", "+4755500200"),
    switchboard="+47555021",
    units=(
        ("Helse og omsorg", ""),
        ("Sundheimen omsorgssenter", "Helse og omsorg"),
        ("Heimetenesta", "Helse og omsorg"),
        ("Oppvekst og kultur", ""),
        ("Sunndalsfjord folkebibliotek", "Oppvekst og kultur"),
    ),
    centres=(("Sunndalsfjord frivilligsentral", "municipal"),),
    organisations=("Sunndalsfjord bygdekvinnelag", "Sunndalsfjord ungdomslag", "Indre fjord turlag"),
)
TOWNS = (FJORDVIK, SUNNDALSFJORD)


class Part(NamedTuple):
    """One role of one person; `place` is the name of a unit, centre or organisation there."""

    town: str
    role: Role
    place: str = ""
    since_days: int = 200
    # A role that ends soon: its holder is told, on whatever channel she wants.
    days_left: int | None = None


class Human(NamedTuple):
    login: str
    name: str
    parts: tuple[Part, ...]
    language: str = "nb"
    phone: str = ""
    channel: Channel = Channel.EMAIL
    # Street, postal code and town.
    home: tuple[str, str, str] = ("", "", "")


PEOPLE = (
    Human(
        "coordinator",
        "Ingrid Solbakken",
        (Part("9901", Role.COORDINATOR, since_days=610),),
        phone="+4755501001",
    ),
    Human("coordinator2", "Amund Leirvåg", (Part("9901", Role.COORDINATOR, since_days=90),)),
    # Works in two municipalities: shows the switch in the header.
    Human(
        "chief",
        "Torbjørn Haugland",
        (
            Part("9901", Role.CHIEF, since_days=800),
            Part("9902", Role.CHIEF, "Helse og omsorg", since_days=75),
        ),
    ),
    Human("unit_leader", "Randi Myklestad", (Part("9901", Role.UNIT_LEADER, "Fjordheimen sykehjem", 540),)),
    Human(
        "place_contact", "Elin Strandheim", (Part("9901", Role.PLACE_CONTACT, "Fjordheimen sykehjem", 320),)
    ),
    Human("staff", "Samira Holte", (Part("9901", Role.STAFF, "Fjordheimen sykehjem", 150),)),
    Human(
        "centre_leader",
        "Åse Fjordheim",
        (
            Part("9901", Role.CENTRE_LEADER, "Fjordvik frivilligsentral", 930),
            Part("9901", Role.ORGANISATION_REP, "Fjordvik turlag", 400),
        ),
        phone="+4755501006",
    ),
    Human(
        "organisation_rep",
        "Kåre Nesvik",
        (Part("9901", Role.ORGANISATION_REP, "Fjordvik bygdekvinnelag", 365),),
    ),
    Human("observer", "Marit Aasgård", (Part("9901", Role.OBSERVER, since_days=380),)),
    Human("neighbour", "Gunnhild Sunde", (Part("9902", Role.COORDINATOR, since_days=450),), language="nn"),
    Human("library", "Jonas Ekrem", (Part("9901", Role.UNIT_LEADER, "Fjordvik bibliotek", 280),)),
    Human(
        "centre_ytre",
        "Bente Øygarden",
        (Part("9901", Role.CENTRE_LEADER, "Ytre Fjordvik frivilligsentral", 500),),
    ),
    Human("health", "Per Otto Lid", (Part("9901", Role.ORGANISATION_REP, "Fjordvik helselag", 230),)),
    Human(
        "centre_nn",
        "Solveig Indrehus",
        (Part("9902", Role.CENTRE_LEADER, "Sunndalsfjord frivilligsentral", 410),),
        language="nn",
    ),
    Human("home_nn", "Olav Skeide", (Part("9902", Role.UNIT_LEADER, "Heimetenesta", 190),), language="nn"),
    # Who wants paper or a call, and has something to be told: the lists of letters and calls have somebody.
    Human(
        "letter",
        "Borghild Eikeland",
        (Part("9901", Role.STAFF, "Dagsenteret Solkroken", 355, days_left=10),),
        channel=Channel.LETTER,
        home=("Bryggevegen 14", "9901", "Fjordvik"),
    ),
    Human(
        "phone",
        "Arvid Tveit",
        (Part("9901", Role.STAFF, "Hjemmetjenesten", 355, days_left=10),),
        phone="+4755501017",
        channel=Channel.PHONE,
    ),
    Human(
        "letter_nn",
        "Magnhild Brekke",
        (Part("9902", Role.STAFF, "Sundheimen omsorgssenter", 355, days_left=10),),
        language="nn",
        channel=Channel.LETTER,
        home=("Elvegata 3", "9902", "Sunndalsfjord"),
    ),
    Human(
        "phone_nn",
        "Einar Hjelle",
        (Part("9902", Role.STAFF, "Heimetenesta", 355, days_left=10),),
        language="nn",
        phone="+4755502017",
        channel=Channel.PHONE,
    ),
)
# Known to the municipality, with no role: her rights come from being herself.
VOLUNTEER = ("volunteer", "Liv Berntsen", "9901", "+4755501010")
NATIONAL = "national"
# Asked, and has not answered yet.
INVITED = ("Hanne Rødseth", "invitert@demo.example", "9901", "Dagsenteret Solkroken")
