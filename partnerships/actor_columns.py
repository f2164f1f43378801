"""What the columns of somebody's spreadsheet mean, and how their cells become what we keep."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.icnpo import grouped_choices, normal_code
from partnerships.models import Organisation
from partnerships.models.actors import OrganisationKind
from partnerships.models.areas import Area
from partnerships.organisation_number import normal_organisation_number
from partnerships.spreadsheet import Cell, text_of
from samskaping.core.sms import normal_number
from samskaping.core.text import sort_key

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Navn"),
    "number": gettext_lazy("Organisasjonsnummer"),
    "kind": gettext_lazy("Slag"),
    "areas": gettext_lazy("Områder"),
    "icnpo": gettext_lazy("Kategori"),
    "about": gettext_lazy("Om"),
    "email": gettext_lazy("E-post"),
    "phone": gettext_lazy("Telefon"),
    "website": gettext_lazy("Nettside"),
    "street": gettext_lazy("Gateadresse"),
    "postal_code": gettext_lazy("Postnummer"),
    "post_town": gettext_lazy("Poststed"),
}
# As the headings are written in the spreadsheets that are about, without spaces, dots and hyphens.
_SPELLINGS = {
    "name": "navn namn lag lagnavn lagsnavn lagetsnavn navnpålag navnpålaget forening foreningsnavn "
    "lagforening lagellerforening organisasjon organisasjonsnavn organisasjonsnamn navnpåorganisasjon "
    "bedrift firma bedriftsnavn aktør name organisation organization",
    "number": "organisasjonsnummer orgnr orgnummer organisasjonsnr organisasjonnummer orgno",
    "kind": "slag type organisasjonstype typeorganisasjon lagstype slaglag typelag",
    "areas": "område områder virkeområde fagområde tema samarbeidsområde arbeidsområde",
    "icnpo": "kategori icnpo icnpokategori icnpokode aktivitetskategori kategorier",
    "about": "om omlaget omoss beskrivelse skildring omtale formål føremål aktivitet aktiviteter",
    "email": "epost epostadresse email mail mailadresse emailadresse",
    "phone": "telefon telefonnummer tlf tlfnr tlfnummer telefonnr mobil mobiltelefon mobilnummer mobilnr "
    "phone",
    "website": "nettside nettsted nettstad hjemmeside heimeside nettadresse internett internettadresse web "
    "webside www url lenke",
    "street": "adresse gateadresse gate postadresse besøksadresse forretningsadresse vegadresse veiadresse "
    "gatenavn",
    "postal_code": "postnummer postnr postkode",
    "post_town": "poststed poststad sted stad by tettsted",
}
_KINDS = {
    OrganisationKind.ASSOCIATION: "lag forening lagellerforening idrettslag frivillig frivilligorganisasjon "
    "fli organisasjon klubb",
    OrganisationKind.FOUNDATION: "stiftelse stifting sti",
    OrganisationKind.CONGREGATION: "menighet kyrkjelyd trossamfunn menighetellertrossamfunn kirke",
    OrganisationKind.BUSINESS: "næringsliv bedrift firma as aksjeselskap enk",
    OrganisationKind.PUBLIC: "offentlig offentleg kommune kommunal kommunalt",
    OrganisationKind.GROUP: "gruppe gruppeutenorganisasjonsnummer uformellgruppe",
}
# How far down the headings may stand: over them is often a title and a date.
_HEADINGS_WITHIN = 10
# How much of a cell is repeated beside what is wrong with it.
_SHOWN = 40


def _plain(text: str) -> str:
    """«E-post (felles)» and «epost» are the same."""
    return sort_key(re.sub(r"\(.*?\)", "", text)).replace(" ", "")


def _spelled(words: dict[Any, str]) -> dict[str, Any]:
    return {_plain(spelling): key for key, spellings in words.items() for spelling in spellings.split()}


_FIELD_OF = _spelled(_SPELLINGS)
_KIND_OF = _spelled(_KINDS)


def guess(headings: Sequence[str]) -> dict[str, str]:
    """Column → field, for those that are recognised; the first of two that mean the same."""
    found: dict[str, str] = {}
    for column, heading in enumerate(headings):
        field = _FIELD_OF.get(_plain(heading))
        if field and field not in found.values():
            found[str(column)] = field
    return found


def headings_at(rows: Iterable[tuple[int, list[Cell]]]) -> int | None:
    """Which of the first rows is the headings: where most are recognised. None for a sheet without."""
    first = [guess([text_of(cell) for cell in row]) for _number, row in list(rows)[:_HEADINGS_WITHIN]]
    best = max(range(len(first)), key=lambda index: len(first[index]))
    return best if first[best] else None


def _number(text: str) -> str | None:
    if not text:
        return None
    number = normal_organisation_number(text)
    if not number:
        raise ValidationError(_("Dette er ikke et gyldig organisasjonsnummer."))
    return number


def _phone(text: str) -> str:
    number = normal_number(text) if text else ""
    if text and not number:
        raise ValidationError(_("Skriv åtte sifre, eller begynn med + og landskoden."))
    return number


def _kind(text: str) -> str:
    labels = {_plain(str(label)): value for value, label in OrganisationKind.choices}
    known = {"": OrganisationKind.ASSOCIATION, **_KIND_OF, **labels}
    return str(_known(text, known, OrganisationKind.labels))


def _areas(text: str) -> list[str]:
    known = {_plain(str(label)): value for value, label in Area.choices}
    parts = [part for part in re.split(r"[,;/|]", text) if part.strip()]
    return list(dict.fromkeys(str(_known(part, known, Area.labels)) for part in parts))


def _category(text: str) -> str:
    if not text or normal_code(text):
        return normal_code(text)
    named = [choice for _group, choices in grouped_choices() for choice in choices]
    return str(_known(text, {_plain(name): code for code, name in named}))


def _known(text: str, known: dict[str, Any], choices: Iterable[Any] = ()) -> Any:
    """By its label, or another word for it. Raises ValidationError."""
    found = known.get(_plain(text))
    if found is not None:
        return found
    told = ", ".join(str(choice) for choice in choices)
    if told:
        raise ValidationError(_("Vi kjenner ikke dette. Velg mellom: %(choices)s.") % {"choices": told})
    raise ValidationError(_("Vi kjenner ikke dette."))


def _website(text: str) -> str:
    return f"https://{text}" if text and "://" not in text else text


def _postal_code(text: str) -> str:
    """«150» is what a spreadsheet makes of «0150»."""
    if not text:
        return ""
    if re.fullmatch(r"[0-9]{3,4}", text) is None:
        raise ValidationError(_("Et postnummer har fire sifre."))
    return text.zfill(4)


_TAKEN: dict[str, Callable[[str], Any]] = {
    "number": _number,
    "kind": _kind,
    "areas": _areas,
    "icnpo": _category,
    "email": str.lower,
    "phone": _phone,
    "website": _website,
    "postal_code": _postal_code,
}
_ODD = {
    "formula": gettext_lazy("Cellen er en formel. Kopier den, og lim den inn igjen som verdi."),
    "date": gettext_lazy("Regnearket har gjort cellen om til en dato. Gjør den om til tekst."),
    "error": gettext_lazy("Cellen viser en feil i regnearket."),
}


def fill(organisation: Organisation, cells: Sequence[Cell], columns: dict[str, str]) -> list[str]:
    """Puts what the cells say on the organisation, and gives back what is wrong, in plain words.

    Asks the database nothing, so that a thousand rows cost what one does.
    """
    wrong: dict[str, str] = {}
    given: dict[str, str] = {}
    for column, field in columns.items():
        cell = cells[int(column)] if int(column) < len(cells) else ""
        given[field] = text_of(cell)
        if not isinstance(cell, str):
            wrong[field] = str(_ODD[cell["odd"]])
            continue
        try:
            setattr(organisation, field, _TAKEN.get(field, str)(cell))
        except ValidationError as error:
            wrong[field] = error.messages[0]
    if not organisation.name:
        wrong.setdefault("name", _("Navnet mangler."))
    unasked = {field.name for field in organisation._meta.fields} - (given.keys() - wrong.keys())
    try:
        organisation.clean_fields(exclude=unasked)
    except ValidationError as error:
        wrong |= {field: messages[0] for field, messages in error.message_dict.items()}
    return [
        f"{LABELS[field]} «{given[field][:_SHOWN]}»: {wrong[field]}" if given.get(field) else wrong[field]
        for field in LABELS
        if field in wrong
    ]
