"""Taking in a spreadsheet of volunteers: looked through, saved by the worker, undone as one."""

import json
import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Person
from partnerships.selectors.words import language_of
from partnerships.spreadsheet import read_sheet
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import NotYet, outbox_add, outbox_handler
from samskaping.core.services.stored_file import file_checked, stored_file_keep
from samskaping.core.text import sort_key
from volunteers.columns import HEADINGS, LABELS, Row
from volunteers.models import Volunteer, VolunteerImport
from volunteers.models.volunteer import CameBy, VolunteerState
from volunteers.selectors.keeper import Keeper
from volunteers.selectors.volunteer_import import (
    birth_number_at,
    keeper_of_import,
    made_by,
    rows_of,
    sheet_of,
    side_fields,
    untouched,
)

KIND, UNDO = "volunteer_import", "volunteer_import_undo"
MOST_ROWS = 10_000
# What was read and never saved goes away by itself.
KEPT_FOR = timedelta(days=7)
# Saved so many at a time, so that how far it has come is seen; and for so long before others have a turn.
AT_ONCE = 250
AT_IT = 15.0


@transaction.atomic
def volunteer_import_read(*, keeper: Keeper, content: bytes, name: str, by: User) -> VolunteerImport:
    """Keeps what stands in the sheet, as text, for a week; never the file itself.

    Raises FileRefused for what is no sheet, DomainError for one with national identity numbers in it.
    """
    file_checked(content)
    sheet = read_sheet(content, most=MOST_ROWS)
    row = birth_number_at(sheet)
    if row is not None:
        raise DomainError(
            _("Rad %(row)s ser ut til å ha et fødselsnummer. Ta bort den kolonnen, og last opp på nytt.")
            % {"row": row}
        )
    file = stored_file_keep(
        json.dumps(sheet.as_data(), ensure_ascii=False).encode(),
        name=name,
        content_type="application/json",
        municipality=keeper.municipality,
        by=by,
        expires_at=timezone.now() + KEPT_FOR,
    )
    made = VolunteerImport.objects.create(
        municipality=keeper.municipality,
        file_name=name[:150],
        file=file,
        columns=HEADINGS.guessed(sheet),
        rows=len(HEADINGS.data_rows(sheet)),
        by=by,
        **side_fields(keeper),
    )
    audit_record("volunteer_import_read", made, by=by, data={"rows": made.rows})
    return made


@transaction.atomic
def volunteer_import_columns(
    *, made: VolunteerImport, columns: Mapping[str, str], by: User
) -> VolunteerImport:
    """Raises DomainError when two columns mean the same, or none is the name."""
    locked = _waiting(made)
    fields = list(columns.values())
    twice = [LABELS[field] for field in LABELS if fields.count(field) > 1]
    if twice:
        raise DomainError(_("Bare én kolonne kan være «%(label)s».") % {"label": twice[0]})
    if not {"name", "first_name", "last_name"} & set(fields):
        raise DomainError(_("Velg hvilken kolonne som er navnet."))
    locked.columns = dict(columns)
    locked.save(update_fields=["columns"])
    audit_record("volunteer_import_columns", locked, by=by)
    return locked


@transaction.atomic
def volunteer_import_ask(*, made: VolunteerImport, by: User) -> VolunteerImport:
    """Promises to save the rows that can be; the worker does it. Asking twice asks once."""
    locked = _waiting(made)
    sheet = sheet_of(locked)
    if sheet is None or not any(row.is_taken for row in rows_of(locked, sheet)):
        raise DomainError(_("Det er ingen rader som kan lagres."))
    locked.asked_at = timezone.now()
    locked.save(update_fields=["asked_at"])
    audit_record("volunteer_import_asked", locked, by=by)
    outbox_add(KIND, str(locked.pk), payload={"import": locked.pk}, municipality=locked.municipality)
    return locked


@transaction.atomic
def volunteer_import_discard(*, made: VolunteerImport, by: User) -> None:
    """She changed her mind before anything was saved."""
    locked = _waiting(made)
    audit_record("volunteer_import_discarded", locked, by=by)
    file = locked.file
    locked.delete()
    if file is not None:
        file.delete()


@transaction.atomic
def volunteer_import_undo(*, made: VolunteerImport, by: User) -> int:
    """Those nobody has touched since go; how many stay. Doing it twice does it once.

    A short list goes at once. Of a long one the worker takes the rest, so many at a time: for each who goes
    the database looks through every table that could point to her, which is too much for one request.

    Raises StateChanged before it is saved.
    """
    locked = _lock(made)
    if locked.saved_at is None:
        raise StateChanged(_("Regnearket er ikke ferdig lagret ennå."))
    if locked.undone_at is not None:
        return made_by(locked).count()
    there, going = made_by(locked).count(), untouched(locked).count()
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    audit_record("volunteer_import_undone", locked, by=by, data={"rows": going})
    _undo_some(locked)
    if going > AT_ONCE:
        outbox_add(UNDO, str(locked.pk), payload={"import": locked.pk}, municipality=locked.municipality)
    return there - going


@outbox_handler(UNDO)
def undo_promised(row: Outbox) -> bool:
    """What was promised when it was undone. A worker that is killed goes on where it was."""
    end = time.monotonic() + AT_IT
    made = VolunteerImport.objects.filter(pk=row.payload["import"], undone_at__isnull=False).first()
    if made is None:
        return False
    while True:
        with transaction.atomic():
            if not _undo_some(made):
                return True
        if time.monotonic() > end:
            raise NotYet(timezone.now())


def _undo_some(made: VolunteerImport) -> int:
    """Locked first and then looked at: nobody begins to use her meanwhile. How many were looked at: fewer may
    have gone, and then there are more behind them."""
    rows = Volunteer.objects.select_for_update(of=("self", "person")).select_related("person")
    some = list(untouched(made).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    people = {row.pk: row.person_id for row in rows.filter(pk__in=some).order_by("pk")}
    going = list(untouched(made).filter(pk__in=people).values_list("pk", flat=True))
    # Nothing points to them, so nothing has to be gathered first.
    Volunteer.objects.filter(pk__in=going)._raw_delete("default")
    Person.objects.filter(pk__in=[people[pk] for pk in going])._raw_delete("default")
    return len(some)


@outbox_handler(KIND)
def save_promised(row: Outbox) -> bool:
    """Some at a time, each lot in a transaction of its own with how far it came: a worker that is killed
    goes on where it was."""
    end = time.monotonic() + AT_IT
    made = (
        VolunteerImport.objects.select_related(
            "municipality__settings", "file", "centre", "organisation", "by"
        )
        .filter(pk=row.payload["import"], saved_at=None)
        .first()
    )
    sheet = sheet_of(made) if made is not None else None
    if made is None or sheet is None:
        return False
    # After a pause those it saved itself are here from before; they stand before `done`, and are not read.
    rows = rows_of(made, sheet)
    while made.done < len(rows):
        _save_some(made, rows)
        if time.monotonic() > end and made.done < len(rows):
            raise NotYet(timezone.now())
    _finish(made)
    return True


def _save_some(made: VolunteerImport, rows: list[Row]) -> None:
    with transaction.atomic():
        locked = VolunteerImport.objects.select_for_update(of=("self",)).get(pk=made.pk)
        lot = rows[locked.done : locked.done + AT_ONCE]
        taken = [row for row in lot if row.is_taken]
        _make(made, taken)
        VolunteerImport.objects.filter(pk=locked.pk).update(
            done=F("done") + len(lot),
            made_count=F("made_count") + len(taken),
            left_count=F("left_count") + len(lot) - len(taken),
        )
    made.done = locked.done + len(lot)


def _make(made: VolunteerImport, rows: list[Row]) -> None:
    keeper = keeper_of_import(made)
    town, today = made.municipality, timezone.localdate()
    # Asked once for all of them.
    language, controller, belongs = language_of(town), keeper.controller, keeper.belongs("")
    people = Person.objects.bulk_create(
        Person(
            municipality=town,
            name_key=sort_key(row.who["name"]),
            language=language,
            **row.who,
            **controller,
        )
        for row in rows
    )
    Volunteer.objects.bulk_create(
        Volunteer(
            municipality=town,
            person=person,
            # They help already: that is why they stand in somebody's list.
            state=VolunteerState.ACTIVE,
            state_since=today,
            came_by=CameBy.IMPORT,
            imported_in=made,
            created_by=made.by,
            updated_by=made.by,
            **row.about,
            **belongs,
        )
        for person, row in zip(people, rows, strict=True)
    )


@transaction.atomic
def _finish(made: VolunteerImport) -> None:
    locked = _lock(made)
    if locked.saved_at is not None:
        return
    file, locked.file = locked.file, None
    locked.saved_at = timezone.now()
    locked.save(update_fields=["saved_at", "file"])
    if file is not None:
        # What was not taken in is nobody's to keep.
        file.delete()
    audit_record("volunteer_import_saved", locked, by=locked.by, data={"rows": locked.made_count})


def _lock(made: VolunteerImport) -> VolunteerImport:
    rows = VolunteerImport.objects.select_for_update(of=("self",))
    return rows.select_related("municipality", "file", "centre", "organisation", "by").get(pk=made.pk)


def _waiting(made: VolunteerImport) -> VolunteerImport:
    """Raises DomainError for one that is on its way in already."""
    locked = _lock(made)
    if locked.asked_at is not None:
        raise DomainError(_("Dette regnearket er allerede på vei inn."))
    return locked
