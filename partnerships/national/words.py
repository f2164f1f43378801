"""Names put together of parts, so that nobody's and no real club's is meant."""

from functools import cache
from random import Random

from samskaping.core.text import sort_key

_FIRST = (
    "Sol",
    "Nord",
    "Vest",
    "Furu",
    "Bjørke",
    "Elve",
    "Hav",
    "Lyng",
    "Stein",
    "Måne",
    "Ask",
    "Åker",
    "Øy",
)
_LAST = ("vangen", "lia", "haugen", "neset", "bakken", "dalen", "tunet", "vika", "moen", "åsen", "sletta")
_CLUBS = (
    "turlag", "bygdelag", "sanglag", "velforening", "historielag", "hagelag", "spelemannslag", "kulturlag",
    "helselag", "ungdomslag", "idrettslag", "pensjonistlag", "kvinnelag", "lesering", "skolekorps", "båtlag",
)  # fmt: skip
UNITS = ("sykehjem", "barneskole", "ungdomsskole", "dagsenter", "bibliotek", "hjemmetjeneste", "barnehage",
         "bofellesskap", "aktivitetssenter", "helsestasjon")  # fmt: skip
SECTORS = ("Helse og omsorg", "Oppvekst", "Kultur og samfunn", "Inkludering")
TITLES = (
    "Våketjeneste", "Besøksvenn", "Turgruppe", "Språkkafé", "Leksehjelp", "Møteplass", "Skyss", "Spisevenn",
    "Strikkekafé", "Høytlesning", "Hagegruppe", "Formiddagstreff", "Verksted", "Datahjelp", "Trilletur",
)  # fmt: skip
PURPOSES = (
    "Flere skal ha noen å gå sammen med, og komme seg ut hver uke.",
    "Ingen skal være alene når det trengs noen, og pårørende skal få hvile.",
    "Nye innbyggere skal bli kjent med språket, bygda og naboene.",
    "Barn og unge skal ha et sted å være etter skolen, med voksne som har tid.",
    "De som ikke kommer seg ut selv, skal få sang, samtale og et måltid i hyggelig lag.",
)
DUTIES = (
    "Setter av tid til frivillighet", "Har frivillige på møtene", "Finner partnere",
    "Følger opp de frivillige", "Låser opp", "Koker kaffe", "Sier fra til de som kommer",
    "Takker for innsatsen",
)  # fmt: skip
_PEOPLE = (
    "Alva",
    "Birk",
    "Dina",
    "Eivor",
    "Frode",
    "Gaute",
    "Hedda",
    "Iver",
    "Jorunn",
    "Kaia",
    "Live",
    "Odin",
)


def place(random: Random) -> str:
    return random.choice(_FIRST) + random.choice(_LAST)


def club(random: Random) -> str:
    return f"{place(random)} {random.choice(_CLUBS)}"


def person(random: Random) -> str:
    return f"{random.choice(_PEOPLE)} {random.choice(_FIRST)}{random.choice(_LAST)}"


@cache
def key(text: str) -> str:
    """The same few thousand names again and again."""
    return sort_key(text)
