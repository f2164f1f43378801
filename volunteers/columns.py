"""What the columns of a spreadsheet of volunteers mean, and what a row becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models.areas import Area
from partnerships.models.person import Channel
from partnerships.selectors.channel import gets_sms
from partnerships.sheet_columns import (
    ODD,
    SHOWN,
    Headings,
    known_word,
    known_words,
    phone,
    plain,
    postal_code,
    spelled,
)
from partnerships.spreadsheet import Cell, text_of
from volunteers.models.volunteer import HowMuch, Language

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Navn"),
    "first_name": gettext_lazy("Fornavn"),
    "last_name": gettext_lazy("Etternavn"),
    "email": gettext_lazy("E-post"),
    "phone": gettext_lazy("Telefon"),
    "street": gettext_lazy("Gateadresse"),
    "postal_code": gettext_lazy("Postnummer"),
    "post_town": gettext_lazy("Poststed"),
    "interests": gettext_lazy("Interesser"),
    "interests_words": gettext_lazy("Annet den frivillige vil eller kan"),
    "languages": gettext_lazy("Språk"),
    "how_much": gettext_lazy("Hvor mye"),
}
HEADINGS = Headings(
    {
        "name": "navn namn frivillig frivillige fulltnavn heltnavn person deltaker name",
        "first_name": "fornavn førenamn fornamn firstname",
        "last_name": "etternavn etternamn slektsnavn lastname surname",
        "email": "epost epostadresse email mail mailadresse emailadresse",
        "phone": "telefon telefonnummer tlf tlfnr tlfnummer telefonnr mobil mobiltelefon mobilnummer mobilnr "
        "phone",
        "street": "adresse gateadresse gate postadresse vegadresse veiadresse gatenavn bostedsadresse",
        "postal_code": "postnummer postnr postkode",
        "post_town": "poststed poststad sted stad by tettsted",
        "interests": "interesse interesser område områder ønsker ynske aktivitet aktiviteter oppgaver",
        "interests_words": "annet anna kompetanse kanbidramed",
        "languages": "språk morsmål languages",
        "how_much": "hvormye kormykje omfang hvorofte korofte",
    }
)
_HOW_MUCH = {
    HowMuch.REGULAR: "fast jevnlig jamleg ukentlig kvarveke hveruke",
    HowMuch.SOMETIMES: "avogtil sporadisk iblant innimellom månedlig",
    HowMuch.ONCE: "éngang engang eingong enkelt enkeltoppdrag",
}
_REACHED = ("name", "email", "phone", "street", "postal_code", "post_town")
_LONGEST = {"name": 120, "email": 254, "street": 120, "post_town": 60, "interests_words": 300}


@dataclass
class Row:
    """What one row would become: a person, and what is known of her."""

    number: int
    who: dict[str, Any]
    about: dict[str, Any]
    problems: list[str] = field(default_factory=list)
    # She is here already, or stands further up: left alone.
    same: str = ""

    @property
    def is_taken(self) -> bool:
        return not (self.problems or self.same)


def row_of(number: int, cells: Sequence[Cell], columns: Mapping[str, str]) -> Row:
    """Asks the database nothing, so that ten thousand rows cost what they cost to read."""
    given: dict[str, Any] = {}
    typed: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for column, name in columns.items():
        cell = cells[int(column)] if int(column) < len(cells) else ""
        typed[name] = text_of(cell)
        if not isinstance(cell, str):
            wrong[name] = str(ODD[cell["odd"]])
            continue
        try:
            given[name] = _TAKEN.get(name, str)(cell)
        except ValidationError as error:
            wrong[name] = error.messages[0]
        if len(typed[name]) > _LONGEST.get(name, 1000):
            wrong[name] = _("Teksten er for lang.")
    whole = " ".join((given.get("name") or "").split())
    parts = [given.get("first_name") or "", given.get("last_name") or ""]
    given["name"] = (whole or " ".join(" ".join(parts).split()))[: _LONGEST["name"]]
    if not given["name"]:
        wrong.setdefault("name", _("Navnet mangler."))
    who = {name: given.get(name, "") for name in _REACHED}
    channel = channel_for(who)
    if channel is None and not wrong:
        wrong["email"] = _("Ingen vei fram: skriv e-post, telefon eller hele postadressen.")
    problems = [
        f"{LABELS[name]} «{typed[name][:SHOWN]}»: {wrong[name]}" if typed.get(name) else wrong[name]
        for name in LABELS
        if name in wrong
    ]
    about = {
        name: given[name]
        for name in ("interests", "interests_words", "languages", "how_much")
        if given.get(name)
    }
    return Row(number, {**who, "channel": channel or Channel.EMAIL}, about, problems)


def channel_for(who: Mapping[str, Any]) -> Channel | None:
    """How somebody is reached with what is known: e-mail, else her mobile, her telephone, or a letter."""
    if who["email"]:
        return Channel.EMAIL
    if who["phone"]:
        return Channel.SMS if gets_sms(who["phone"]) else Channel.PHONE
    if who["street"] and who["postal_code"] and who["post_town"]:
        return Channel.LETTER
    return None


def _email(text: str) -> str:
    if text:
        validate_email(text)
    return text.lower()


def _choices(kind: Any, also: Mapping[Any, str] | None = None) -> dict[str, Any]:
    return {**spelled(also or {}), **{plain(str(label)): value for value, label in kind.choices}}


def _how_much(text: str) -> str:
    return str(known_word(text, _choices(HowMuch, _HOW_MUCH), HowMuch.labels)) if text else ""


_TAKEN: dict[str, Callable[[str], Any]] = {
    "email": _email,
    "phone": phone,
    "postal_code": postal_code,
    "interests": lambda text: known_words(text, _choices(Area), Area.labels),
    "languages": lambda text: known_words(text, _choices(Language)),
    "how_much": _how_much,
}
