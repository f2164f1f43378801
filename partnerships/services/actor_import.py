"""Taking in a spreadsheet of organisations: looked through, saved whole or not at all, undone as one."""

import json
from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.actor_columns import HEADINGS, LABELS
from partnerships.models import ActorImport, Organisation
from partnerships.selectors.actor_import import rows_of, sheet_of, used_of, wrong_rows
from partnerships.services.register import organisation_check
from partnerships.spreadsheet import read_sheet
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import file_checked, stored_file_keep

# What was read and never saved goes away by itself.
KEPT_FOR = timedelta(days=7)
# How many are named when something cannot be undone.
NAMED = 5


class RowsWrong(DomainError):
    """Some of the rows cannot be saved, so none are."""

    def __init__(self, wrong: dict[int, list[str]]) -> None:
        super().__init__(gettext_lazy("Ingenting er lagret, for noen av radene har feil."))
        self.wrong = wrong


@transaction.atomic
def actor_import_read(*, municipality: Municipality, content: bytes, name: str, by: User) -> ActorImport:
    """Keeps what stands in the sheet, as text; never the file itself. Raises FileRefused, and DomainError for
    those who may not add organisations here.
    """
    if municipality.pk not in access_of(by).municipalities_all(Permission.ACTOR_EDIT):
        raise DomainError(_("Du kan ikke legge inn lag for hele kommunen."))
    file_checked(content)
    sheet = read_sheet(content)
    file = stored_file_keep(
        json.dumps(sheet.as_data(), ensure_ascii=False).encode(),
        name=name,
        content_type="application/json",
        municipality=municipality,
        by=by,
        expires_at=timezone.now() + KEPT_FOR,
    )
    made = ActorImport.objects.create(
        municipality=municipality,
        made_by=by,
        name=name[:150],
        file=file,
        columns=HEADINGS.guessed(sheet),
    )
    audit_record("actor_import_read", made, by=by, data={"rows": len(sheet.rows)})
    return made


@transaction.atomic
def actor_import_columns(*, actor_import: ActorImport, columns: Mapping[str, str], by: User) -> ActorImport:
    """Raises DomainError when two columns mean the same, none is the name, or it is saved already."""
    locked = _waiting(actor_import)
    fields = list(columns.values())
    twice = [LABELS[field] for field in LABELS if fields.count(field) > 1]
    if twice:
        raise DomainError(_("Bare én kolonne kan være «%(label)s».") % {"label": twice[0]})
    if "name" not in fields:
        raise DomainError(_("Velg hvilken kolonne som er navnet."))
    if locked.columns != dict(columns):
        locked.columns = dict(columns)
        locked.save(update_fields=["columns"])
        audit_record("actor_import_columns", locked, by=by)
    return locked


@transaction.atomic
def actor_import_save(
    *, actor_import: ActorImport, chosen: set[int], anyway: set[int], leave_out_wrong: bool = False, by: User
) -> ActorImport:
    """Saves the rows with these numbers, all of them or none. `anyway`: those whose name is taken, which she
    says is another one.

    Raises RowsWrong, unless the wrong ones are to be left out, and DomainError when there is nothing to save.
    """
    locked = _waiting(actor_import)
    sheet = sheet_of(locked)
    rows = rows_of(locked, sheet) if sheet else []
    taken = [row for row in rows if row.number in chosen | anyway]
    wrong = wrong_rows(taken, anyway)
    if wrong and not leave_out_wrong:
        raise RowsWrong(wrong)
    organisations = [row.organisation for row in taken if row.number not in wrong]
    if not organisations:
        raise DomainError(_("Kryss av for minst én rad som kan lagres."))
    for organisation in organisations:
        organisation.updated_by = by
        organisation.save()
        audit_record("organisation_added", organisation, by=by)
        organisation_check(organisation=organisation)
    locked.saved_at, locked.saved_rows = timezone.now(), len(organisations)
    file, locked.file = locked.file, None
    locked.save(update_fields=["saved_at", "saved_rows", "file"])
    if file is not None:
        # What was not taken in is nobody's to keep.
        file.delete()
    audit_record("actor_import_saved", locked, by=by, data={"rows": len(organisations)})
    return locked


@transaction.atomic
def actor_import_undo(*, actor_import: ActorImport, by: User) -> ActorImport:
    """All of them go, or none. Raises DomainError when any is in use."""
    locked = _lock(actor_import)
    if locked.saved_at is None or locked.undone_at is not None:
        return locked
    made = Organisation.objects.select_for_update(of=("self",)).filter(imported_by=locked)
    # In a list of their own, so that they are locked before anybody asks what points to them.
    pks = [organisation.pk for organisation in made]
    used = used_of(locked)
    if used:
        names = ", ".join(organisation.name for organisation in used[:NAMED])
        if len(used) > NAMED:
            names = _("%(names)s og %(count)s til") % {"names": names, "count": len(used) - NAMED}
        raise DomainError(
            _("Importen kan ikke angres, for noen av lagene er tatt i bruk: %(names)s.") % {"names": names}
        )
    Organisation.objects.filter(pk__in=pks).delete()
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    audit_record("actor_import_undone", locked, by=by, data={"rows": len(pks)})
    return locked


@transaction.atomic
def actor_import_discard(*, actor_import: ActorImport, by: User) -> None:
    """She changed her mind before anything was saved. Raises DomainError when it is."""
    locked = _waiting(actor_import)
    audit_record("actor_import_discarded", locked, by=by)
    file = locked.file
    locked.delete()
    if file is not None:
        file.delete()


def _lock(actor_import: ActorImport) -> ActorImport:
    # The municipality's row is the lock for names and numbers, as for everybody who adds an organisation.
    Municipality.objects.select_for_update(no_key=True).get(pk=actor_import.municipality_id)
    rows = ActorImport.objects.select_for_update(of=("self",)).select_related("municipality", "file")
    return rows.get(pk=actor_import.pk)


def _waiting(actor_import: ActorImport) -> ActorImport:
    """Raises DomainError for one that is saved already."""
    locked = _lock(actor_import)
    if locked.saved_at is not None:
        raise DomainError(_("Dette regnearket er allerede tatt inn."))
    return locked
