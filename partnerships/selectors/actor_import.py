"""A spreadsheet on its way in: its columns, and row by row what would be saved and what is wrong."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import ManyToOneRel, QuerySet
from django.utils.translation import gettext as _
from pghistory.models import Event

from partnerships.actor_columns import HEADINGS, fill
from partnerships.models import ActorImport, Organisation
from partnerships.spreadsheet import Sheet
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


def imports_here(user: User, municipality: Municipality) -> QuerySet[ActorImport]:
    """What was saved, and what waits to be; one whose file is gone was never anything."""
    mine = ActorImport.objects.visible_to(user).filter(municipality=municipality)
    return mine.exclude(saved_at=None, file=None).order_by("-made_at", "-pk")


def sheet_of(actor_import: ActorImport) -> Sheet | None:
    """What was read; None when it has gone away by itself."""
    if actor_import.file is None:
        return None
    return Sheet(**json.loads(bytes(actor_import.file.content)))


@dataclass
class ImportRow:
    """What one row would become."""

    number: int
    organisation: Organisation
    problems: list[str]
    # An organisation with this number is here already: it can only be left out.
    is_here: bool = False
    # Somebody is called the same, here or further up: perhaps the same one, so she is asked.
    same: str = ""

    @property
    def is_to_be_saved(self) -> bool:
        """Before anybody has ticked anything."""
        return not (self.is_here or self.same)


def rows_of(actor_import: ActorImport, sheet: Sheet) -> list[ImportRow]:
    """In the spreadsheet's order. One question to the database, however many rows."""
    municipality = actor_import.municipality
    language = "nn" if municipality.language == "nn" else "nb"
    present = Organisation.objects.filter(municipality=municipality).values_list("number", "name_key", "name")
    numbers = {number: name for number, _key, name in present if number}
    names = {key: name for _number, key, name in present}
    above: dict[str, int] = {}
    rows = []
    for number, cells in HEADINGS.data_rows(sheet):
        organisation = Organisation(
            municipality=municipality,
            language=language,
            imported_by=actor_import,
        )
        row = ImportRow(number, organisation, fill(organisation, cells, actor_import.columns))
        rows.append(row)
        key = sort_key(organisation.name)
        if organisation.number in numbers:
            row.is_here = True
            told = {"name": numbers[organisation.number]}
            row.problems.append(_("Nummeret hører til «%(name)s», som er lagt inn fra før.") % told)
        elif key and key in names:
            row.same = _("«%(name)s» er lagt inn fra før.") % {"name": names[key]}
        elif key and key in above:
            row.same = _("Samme navn som rad %(row)s.") % {"row": above[key]}
        above.setdefault(key, number)
    return rows


def wrong_rows(rows: Iterable[ImportRow], anyway: set[int]) -> dict[int, list[str]]:
    """What keeps each of these from being saved together. `anyway`: saved although the name is taken."""
    first: dict[str, int] = {}
    wrong = {}
    for row in rows:
        problems = list(row.problems)
        if row.same and row.number not in anyway:
            problems.append(row.same)
        number = row.organisation.number
        if number and first.setdefault(number, row.number) != row.number:
            problems.append(_("Samme organisasjonsnummer som rad %(row)s.") % {"row": first[number]})
        if problems:
            wrong[row.number] = problems
    return wrong


def organisations_of(actor_import: ActorImport, user: User) -> QuerySet[Organisation]:
    found = Organisation.objects.visible_to(user).filter(imported_by=actor_import)
    return found.order_by("name_key", "pk")


def used_of(actor_import: ActorImport) -> list[Organisation]:
    """Those somebody has written about since, or that anything points to: undoing would take that too."""
    made = Organisation.objects.filter(imported_by=actor_import)
    used = set(made.filter(version__gt=0).values_list("pk", flat=True))
    used |= set(made.filter(ended_at__isnull=False).values_list("pk", flat=True))
    # Also those without a name on our side: a table that comes to point here is asked from its first day.
    for relation in Organisation._meta.get_fields(include_hidden=True):
        model: Any = relation.related_model
        if not isinstance(relation, ManyToOneRel) or issubclass(model, Event):
            continue  # what was written down of it stands, whatever becomes of it
        name = relation.field.name
        pointing = model._base_manager.filter(**{f"{name}__in": made})
        used |= set(pointing.values_list(name, flat=True))
    return list(made.filter(pk__in=used))
