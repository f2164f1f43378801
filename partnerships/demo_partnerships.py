"""The partnerships of the demo: a year in Fjordvik and Sunndalsfjord, invented in every detail. Data only.

Most of them thrive, one in each town rests, and some ended and say why. Days are counted back from the day
the demo is loaded.
"""

from typing import NamedTuple

from partnerships.models.partnership import LogKind, Phase, StartedBy, Track


class Side(NamedTuple):
    name: str
    # Name, what she is there, telephone.
    contact: tuple[str, str, str] | None = None
    town: str = ""
    answered: bool = True


class Note(NamedTuple):
    days_ago: int
    kind: LogKind
    line: str
    who: str = ""
    by: str = "coordinator"
    next_in: int | None = None
    done: bool = False


class Money(NamedTuple):
    source: str
    amount: int
    ends_in: int
    report_in: int


class Story(NamedTuple):
    town: str
    title: str
    template: str
    track: Track
    phase: Phase
    purpose: str
    areas: tuple[str, ...]
    voluntary_role: str
    sides: tuple[Side, ...]
    notes: tuple[Note, ...]
    days_ago: int
    started_by: StartedBy = StartedBy.MUNICIPALITY
    running_since: int | None = None  # days ago
    paused: tuple[int, int] | None = None  # days ago, and days until
    ended: tuple[int, str] | None = None
    money: Money | None = None


PHONE, MEETING, NOTE, PHASE, PARTY = (
    LogKind.PHONE,
    LogKind.MEETING,
    LogKind.NOTE,
    LogKind.PHASE,
    LogKind.PARTY,
)

STORIES = (
    Story(
        "9901", "Språkkafé", "samarbeid-sprakkafe", Track.FULL, Phase.OPERATION,
        "Et sted å øve norsk ved å snakke om vanlige ting, og å bli kjent med folk i Fjordvik.",
        ("language", "inclusion", "meeting_places"), "strengthen",
        (
            Side("Fjordvik bibliotek", ("Jonas Ekrem", "biblioteksjef", "+4755501030")),
            Side("Fjordvik bygdekvinnelag", ("Kåre Nesvik", "leder", "+4755501031")),
            Side("Fjordvik frivilligsentral", ("Åse Fjordheim", "daglig leder", "+4755501006")),
            Side("Flyktningtjenesten"),
        ),
        (
            Note(330, MEETING, "Første møte. Deltakerne ønsker torsdager, fordi da går bussen."),
            Note(300, PHASE, "Fase: Utvikling."),
            Note(240, PHASE, "Fase: I drift. Første kveld: 14 kom."),
            Note(120, PHONE, "Biblioteket spør om vi kan bruke barneavdelingen også. Ja.", "Jonas"),
            Note(31, NOTE, "To av deltakerne holder nå i et bord selv."),
            Note(6, PHONE, "Trenger en til som kan låse opp når Jonas er borte.", "Kåre", next_in=4),
        ),
        350, running_since=240, money=Money("IMDi, tilskudd til møteplasser", 90000, 60, 45),
    ),
    Story(
        "9901", "Våketjeneste på Fjordheimen", "samarbeid-vaketjeneste", Track.FULL, Phase.DEVELOPMENT,
        "Ingen på Fjordheimen skal måtte være alene mot slutten når de ikke ønsker det.",
        ("elderly", "health"), "supplement",
        (
            Side("Fjordheimen sykehjem", ("Randi Myklestad", "enhetsleder", "+4755501040")),
            Side("Fjordvik helselag", ("Per Otto Lid", "leder", "+4755501041")),
            Side("Nattljos besøkstjeneste", answered=False),
        ),
        (
            Note(80, MEETING, "Randi og Per Otto vil prøve. Vi begynner med fem frivillige."),
            Note(40, PHASE, "Fase: Utvikling.", by="unit_leader"),
            Note(12, PHONE, "Nattljos skal ta det opp på styremøtet.", "styrelederen", next_in=2),
        ),
        95,
    ),
    Story(
        "9901", "Turgruppa på Nes", "samarbeid-turgruppe", Track.LIGHT, Phase.OPERATION,
        "Gå sammen hver tirsdag, i et tempo der alle holder følge, og ta en kaffe etterpå.",
        ("outdoors", "elderly"), "supplement",
        (
            Side("Fjordvik turlag", ("Åse Fjordheim", "turleder", "+4755501006")),
            Side("Fjordvik frivilligsentral"),
        ),
        (
            Note(200, NOTE, "Ny, kortere runde for dem som vil ha det."),
            Note(45, PHONE, "Glatt i bakken. De avlyser selv, og sier fra på Facebook.", "Åse"),
        ),
        320, StartedBy.ORGANISATION, running_since=2500,
    ),
    Story(
        "9901", "Middag i lag på Solkroken", "samarbeid-spisevenn", Track.LIGHT, Phase.OPERATION,
        "Middag smaker bedre i lag. Én torsdag i måneden spiser vi sammen.",
        ("elderly", "meeting_places"), "supplement",
        (
            Side("Dagsenteret Solkroken"),
            Side("Fjordvik bygdekvinnelag", ("Kåre Nesvik", "leder", "+4755501031")),
            Side("Nesodden barnehage"),
        ),
        (
            Note(150, MEETING, "Barnehagen vil være med annenhver gang."),
            Note(20, NOTE, "23 til bords. Barna sang."),
        ),
        260, StartedBy.ORGANISATION, running_since=230,
    ),
    Story(
        "9901", "Besøksvenner i Ytre Fjordvik", "samarbeid-besoksvenn", Track.FULL, Phase.OPERATION,
        "Den som vil ha besøk, får besøk av samme person over tid.",
        ("elderly", "inclusion"), "supplement",
        (
            Side("Ytre Fjordvik frivilligsentral", ("Bente Øygarden", "daglig leder", "+4755501050")),
            Side("Hjemmetjenesten"),
            Side("Indre fjord turlag", town="9902"),
        ),
        (
            Note(290, PARTY, "Ytre Fjordvik frivilligsentral er med.", by="centre_ytre"),
            Note(100, PHONE, "Sju koblinger nå. Én ville bytte, det gikk fint.", "Bente"),
            Note(15, MEETING, "Turlaget over kommunegrensa tar med besøksvenner på tur.", by="centre_ytre"),
        ),
        300, StartedBy.CENTRE, running_since=280, money=Money("Stiftelsen Dam", 150000, 200, 20),
    ),
    Story(
        "9901", "Leksehjelp på skolen", "samarbeid-leksehjelp", Track.LIGHT, Phase.OPERATION,
        "Ro, en matbit og en voksen som har tid, to ettermiddager i uka.",
        ("upbringing", "language"), "strengthen",
        (Side("Fjordvik skole"), Side("Fjordvik idrettslag")),
        (
            Note(210, NOTE, "Politiattest er avklart for alle fire."),
            Note(60, NOTE, "Pause over jul er avtalt med skolen."),
        ),
        220, running_since=205, paused=(18, 40),
    ),
    Story(
        "9901", "Sangstund på Fjordheimen", "", Track.LIGHT, Phase.OPERATION,
        "Mannskoret øver på Fjordheimen en gang i måneden, med åpen dør.",
        ("culture", "elderly"), "supplement",
        (
            Side("Fjordvik mannskor"),
            Side("Fjordheimen sykehjem", ("Elin Strandheim", "aktivitør", "+4755501042")),
        ),
        (Note(75, PHONE, "Koret synes akustikken i matsalen er best.", "Elin", by="place_contact"),),
        180, StartedBy.ORGANISATION, running_since=1200,
    ),
    Story(
        "9901", "Håndverkskafé på Brygga", "samarbeid-moteplass", Track.LIGHT, Phase.ANCHORING,
        "Et sted å lage noe med hendene sammen, for dem som savner en arbeidsplass.",
        ("inclusion", "meeting_places"), "strengthen",
        (Side("Brygga kafé og håndverk AS"), Side("Fjordvik frivilligsentral", answered=False)),
        (Note(9, PHONE, "Kaféen har et rom ledig på formiddagen.", "kaféverten", next_in=6),),
        14,
    ),
    Story(
        "9901", "Skyss til legen", "samarbeid-skyss", Track.FULL, Phase.ENDED,
        "Følge og skyss for dem som ikke har noen å spørre.",
        ("transport", "elderly"), "supplement",
        (Side("Fjordvik helselag"), Side("Hjemmetjenesten")),
        (
            Note(340, PHASE, "Fase: I drift."),
            Note(190, PHONE, "To av tre sjåfører har sluttet. Hvem betaler bompengene?", "Per Otto"),
            Note(130, PHASE, "Samarbeidet er avsluttet."),
        ),
        360, running_since=340,
        ended=(
            130,
            "Vi kjørte før vi hadde avklart forsikring og bompenger. Neste gang er vi åtte før vi begynner.",
        ),
    ),
    Story(
        "9902", "Vaketeneste i Sunndalsfjord", "samarbeid-vaketjeneste", Track.FULL, Phase.OPERATION,
        "Ingen på Sundheimen skal døy åleine når dei ikkje ønskjer det.",
        ("elderly", "health"), "supplement",
        (
            Side("Sundheimen omsorgssenter"),
            Side("Sunndalsfjord frivilligsentral", ("Solveig Indrehus", "dagleg leiar", "+4755502050")),
            Side("Sunndalsfjord bygdekvinnelag"),
        ),
        (
            Note(310, MEETING, "Alle tre vil vere med. Solveig ringjer rundt.", by="neighbour"),
            Note(200, PHASE, "Fase: I drift.", by="neighbour"),
            Note(25, PHONE, "Elleve frivillige. Samtale etter kvar vake.", "Solveig", "neighbour", 9),
        ),
        330, running_since=200,
    ),
    Story(
        "9902", "Tysdagstur langs elva", "samarbeid-turgruppe", Track.LIGHT, Phase.OPERATION,
        "Gå saman kvar tysdag, i eit tempo der alle held følgje.",
        ("outdoors",), "supplement",
        (Side("Indre fjord turlag"), Side("Sunndalsfjord frivilligsentral")),
        (Note(50, NOTE, "Bruk brodd frå november.", by="neighbour"),),
        280, StartedBy.ORGANISATION, running_since=1900,
    ),
    Story(
        "9902", "Ope bibliotek på laurdagar", "samarbeid-moteplass", Track.LIGHT, Phase.OPERATION,
        "Ungdomslaget held biblioteket ope når dei tilsette har fri.",
        ("meeting_places", "culture"), "strengthen",
        (Side("Sunndalsfjord folkebibliotek"), Side("Sunndalsfjord ungdomslag")),
        (Note(140, NOTE, "Ny nøkkelordning: to i laget har nøkkel.", by="neighbour"),),
        240, running_since=225, money=Money("Sparebankstiftinga", 40000, 30, 12),
    ),
    Story(
        "9902", "Besøksvenner i Sunndalsfjord", "samarbeid-besoksvenn", Track.FULL, Phase.DEVELOPMENT,
        "Den som vil ha besøk, får besøk av same person over tid.",
        ("elderly", "inclusion"), "supplement",
        (Side("Heimetenesta"), Side("Sunndalsfjord bygdekvinnelag", answered=False)),
        (Note(30, PHONE, "Heimetenesta kjenner fem som ønskjer besøk.", "Olav", by="neighbour", next_in=3),),
        60,
    ),
    Story(
        "9902", "Språkpraksis på ungdomshuset", "samarbeid-sprakkafe", Track.LIGHT, Phase.OPERATION,
        "Øve norsk medan vi lagar mat saman.",
        ("language", "upbringing"), "strengthen",
        (Side("Sunndalsfjord ungdomslag"), Side("Sunndalsfjord folkebibliotek")),
        (Note(70, NOTE, "Kjøkenet er oppteke i konfirmasjonstida.", by="neighbour"),),
        190, StartedBy.ORGANISATION, running_since=160, paused=(25, 30),
    ),
    Story(
        "9902", "Fredagskafé på Sundheimen", "samarbeid-spisevenn", Track.LIGHT, Phase.ENDED,
        "Kaffi og vaflar kvar fredag.",
        ("elderly", "meeting_places"), "supplement",
        (Side("Sundheimen omsorgssenter"), Side("Sunndalsfjord ungdomslag")),
        (Note(90, PHASE, "Samarbeidet er avslutta.", by="neighbour"),),
        300, running_since=290,
        ended=(90, "Dei unge hadde skule på fredagar. Tida passa dei tilsette, ikkje dei som skulle kome."),
    ),
)  # fmt: skip
