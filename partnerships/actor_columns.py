"""What the columns of somebody's spreadsheet mean, and how their cells become what we keep."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.icnpo import grouped_choices, normal_code
from partnerships.models import Organisation
from partnerships.models.actors import OrganisationKind
from partnerships.models.areas import Area
from partnerships.organisation_number import normal_organisation_number
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
HEADINGS = Headings(_SPELLINGS)
_KIND_OF = spelled(_KINDS)


def _number(text: str) -> str | None:
    if not text:
        return None
    number = normal_organisation_number(text)
    if not number:
        raise ValidationError(_("Dette er ikke et gyldig organisasjonsnummer."))
    return number


def _kind(text: str) -> str:
    labels = {plain(str(label)): value for value, label in OrganisationKind.choices}
    known = {"": OrganisationKind.ASSOCIATION, **_KIND_OF, **labels}
    return str(known_word(text, known, OrganisationKind.labels))


def _areas(text: str) -> list[str]:
    known = {plain(str(label)): value for value, label in Area.choices}
    return known_words(text, known, Area.labels)


def _category(text: str) -> str:
    if not text or normal_code(text):
        return normal_code(text)
    named = [choice for _group, choices in grouped_choices() for choice in choices]
    return str(known_word(text, {plain(name): code for code, name in named}))


def _website(text: str) -> str:
    return f"https://{text}" if text and "://" not in text else text


_TAKEN: dict[str, Callable[[str], Any]] = {
    "number": _number,
    "kind": _kind,
    "areas": _areas,
    "icnpo": _category,
    "email": str.lower,
    "phone": phone,
    "website": _website,
    "postal_code": postal_code,
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
            wrong[field] = str(ODD[cell["odd"]])
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
        f"{LABELS[field]} «{given[field][:SHOWN]}»: {wrong[field]}" if given.get(field) else wrong[field]
        for field in LABELS
        if field in wrong
    ]
