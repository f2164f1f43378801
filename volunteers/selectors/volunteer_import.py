"""A spreadsheet of volunteers on its way in: row by row what would be saved, and what is left alone."""

import json
import re
from collections.abc import Iterable

from django.db.models import CharField, Exists, ManyToOneRel, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from pghistory.models import Event

from partnerships.models import Person
from partnerships.spreadsheet import Sheet, text_of
from samskaping.core.models import AuditEvent
from samskaping.core.text import sort_key
from volunteers.columns import HEADINGS, Row, row_of
from volunteers.models import Volunteer, VolunteerImport
from volunteers.selectors.keeper import Keeper

# Eleven digits that begin with a day and a month, also those of the numbers that stand in for one.
_NUMBER = re.compile(r"\b([0-7]\d)([0-9]\d)\d\d ?\d{5}\b")


def imports_here(keeper: Keeper) -> QuerySet[VolunteerImport]:
    """Those of this controller; one whose file is gone before it was saved was never anything."""
    mine = VolunteerImport.objects.filter(municipality=keeper.municipality, **side_fields(keeper))
    return mine.exclude(saved_at=None, file=None).order_by("-at", "-pk")


def side_fields(keeper: Keeper) -> dict[str, object]:
    fields: dict[str, object] = {"centre": None, "organisation": None}
    return {**fields, **(keeper.belongs("") if keeper.side is not None else {})}


def keeper_of_import(made: VolunteerImport) -> Keeper:
    return Keeper(made.municipality, made.organisation or made.centre)


def sheet_of(made: VolunteerImport) -> Sheet | None:
    """What was read; None when it has gone away by itself."""
    return None if made.file is None else Sheet(**json.loads(bytes(made.file.content)))


def birth_number_at(sheet: Sheet) -> int | None:
    """The first row with what looks like a national identity number; None: there is none."""
    for number, cells in sheet.rows:
        for cell in cells:
            for found in _NUMBER.finditer(text_of(cell)):
                day, month = int(found[1]) % 40, int(found[2]) % 40
                if 1 <= day <= 31 and 1 <= month <= 12:
                    return number
    return None


def rows_of(made: VolunteerImport, sheet: Sheet) -> list[Row]:
    """In the spreadsheet's order; one question to the database, however many rows."""
    emails, numbers = _here(keeper_of_import(made))
    rows = []
    for number, cells in HEADINGS.data_rows(sheet):
        row = row_of(number, cells, made.columns)
        rows.append(row)
        email, named = row.who["email"], (row.who["phone"], sort_key(row.who["name"]))
        if email and email in emails:
            before = emails[email]
        elif named[0] and named in numbers:
            before = numbers[named]
        else:
            emails.setdefault(email, number)
            numbers.setdefault(named, number)
            continue
        row.same = _("Er her fra før.") if before == 0 else _("Samme som rad %(row)s.") % {"row": before}
    return rows


def _here(keeper: Keeper) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Addresses, and numbers with names, of all the controller knows; a number shared with another name is
    another person."""
    known = keeper.people().values_list("email", "phone", "name_key")
    emails: dict[str, int] = {}
    numbers: dict[tuple[str, str], int] = {}
    for email, phone, name in known.iterator(chunk_size=5000):
        if email:
            emails[email.lower()] = 0
        if phone:
            numbers[phone, name] = 0
    return emails, numbers


def made_by(made: VolunteerImport) -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(imported_in=made)


def untouched(made: VolunteerImport) -> QuerySet[Volunteer]:
    """Those nobody has changed, used or written to since: undoing takes them and nothing else."""
    found = made_by(made).filter(version=0, person__user=None, person__held_since=None)
    # Her name or number put right, on her page here or among all people; nothing is counted on her row.
    found = found.exclude(Exists(_changes()))
    found = found.exclude(Q(*_pointing(Volunteer, "pk"), _connector=Q.OR))
    return found.exclude(Q(*_pointing(Person, "person", but=(Volunteer,)), _connector=Q.OR))


def _changes() -> QuerySet[AuditEvent]:
    person = Cast(OuterRef("person"), CharField())
    return AuditEvent.objects.filter(
        object_type=Person._meta.label_lower, object_id=person, verb="person_changed"
    )


def _pointing(model: type[Person] | type[Volunteer], to: str, but: Iterable[type] = ()) -> list[Exists]:
    """Whether any row of any table points there; a table that comes later is asked from its first day."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel):
            continue
        rows = relation.related_model
        if not isinstance(rows, type) or issubclass(rows, Event) or rows in but:
            continue
        found.append(Exists(rows._base_manager.filter(**{relation.field.name: OuterRef(to)})))
    return found
