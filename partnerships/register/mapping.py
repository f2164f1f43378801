"""From the registers' words to ours. Fields are absent there rather than empty; nothing is trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.icnpo import normal_code
from partnerships.models.actors import OrganisationKind, RegisterState
from partnerships.organisation_number import normal_organisation_number
from samskaping.core.sms import normal_number

_KINDS: Mapping[str, OrganisationKind] = {
    "FLI": OrganisationKind.ASSOCIATION,
    "STI": OrganisationKind.FOUNDATION,
    "KIRK": OrganisationKind.CONGREGATION,
    "KOMM": OrganisationKind.PUBLIC,
    "FYLK": OrganisationKind.PUBLIC,
    "ORGL": OrganisationKind.PUBLIC,
    "STAT": OrganisationKind.PUBLIC,
    "AS": OrganisationKind.BUSINESS,
    "ASA": OrganisationKind.BUSINESS,
    "ENK": OrganisationKind.BUSINESS,
    "ANS": OrganisationKind.BUSINESS,
    "DA": OrganisationKind.BUSINESS,
    "NUF": OrganisationKind.BUSINESS,
    "SA": OrganisationKind.BUSINESS,
}

STATE_SENTENCES: Mapping[str, str | Promise] = {
    RegisterState.UNKNOWN: _("Vi har ikke sjekket dette i registeret ennå."),
    RegisterState.ACTIVE: _("Registrert i Enhetsregisteret."),
    RegisterState.DELETED: _("Slettet i Enhetsregisteret. Snakk med laget om hvem dere nå har avtale med."),
    RegisterState.BANKRUPT: _(
        "Registeret sier at det er åpnet konkurs. Snakk med laget før dere går videre."
    ),
    RegisterState.DISSOLVING: _(
        "Registeret sier at laget er under avvikling. Snakk med laget om hva det betyr."
    ),
    RegisterState.NOT_FOUND: _("Enhetsregisteret kjenner ikke nummeret. Se om det er skrevet riktig."),
}


@dataclass(frozen=True)
class Found:
    """What the registers said of one number; `fields` are an organisation's, ready to fill in."""

    state: RegisterState
    fields: dict[str, str] = field(default_factory=dict)


def organisation_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """What an organisation can be filled in with. Roles, accounts and people are left where they are."""
    kind = _code(row, "organisasjonsform")
    address = row.get("forretningsadresse") or row.get("postadresse")
    place = address if isinstance(address, dict) else {}
    lines = place.get("adresse")
    street = ", ".join(str(line) for line in lines if line) if isinstance(lines, list) else ""
    code = _text(place, "postnummer", 10)
    found = {
        "number": normal_organisation_number(_text(row, "organisasjonsnummer", 20)),
        "name": " ".join(_text(row, "navn", 150).split()),
        "kind": _KINDS.get(kind, OrganisationKind.ASSOCIATION),
        "language": "nn" if _text(row, "maalform", 20).casefold() == "nynorsk" else "nb",
        "email": _email(_text(row, "epostadresse", 254)),
        "phone": normal_number(_text(row, "telefon", 30) or _text(row, "mobil", 30)) or "",
        "website": _website(_text(row, "hjemmeside", 180)),
        "street": street[:120],
        "postal_code": code if len(code) == 4 and code.isascii() and code.isdigit() else "",
        "post_town": _text(place, "poststed", 60),
    }
    return {name: str(value) for name, value in found.items() if value}


def form_code(row: Mapping[str, Any]) -> str:
    return _code(row, "organisasjonsform")[:6]


def state_of(row: Mapping[str, Any]) -> RegisterState:
    if row.get("slettedato"):
        return RegisterState.DELETED
    if row.get("konkurs") is True:
        return RegisterState.BANKRUPT
    if row.get("underAvvikling") is True or row.get("underTvangsavviklingEllerTvangsopplosning") is True:
        return RegisterState.DISSOLVING
    return RegisterState.ACTIVE


def category_of(row: Mapping[str, Any]) -> str:
    """The first of its categories that we know, in the register's own order."""
    given = row.get("icnpoKategorier")
    rows = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    rows.sort(key=lambda one: str(one.get("rekkefoelge", "")))
    codes = (normal_code(str(one.get("icnpoNummer", ""))) for one in rows)
    return next((code for code in codes if code), "")


def _text(row: Mapping[str, Any], name: str, longest: int) -> str:
    value = row.get(name)
    # PostgreSQL takes no NUL, and nothing here has a use for the other control characters.
    clean = "".join(char if char.isprintable() else " " for char in value) if isinstance(value, str) else ""
    return clean.strip()[:longest]


def _code(row: Mapping[str, Any], name: str) -> str:
    form = row.get(name)
    return _text(form, "kode", 10) if isinstance(form, dict) else ""


def _email(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError:
        return ""
    return typed.lower()


def _website(typed: str) -> str:
    """Written without https:// more often than with; a link that is none is left out."""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = parts.hostname or ""
    return address if parts.scheme in ("http", "https") and "." in host and " " not in address else ""
