"""Makes the copy somebody asked for: the same content for machines, the screen and paper, in one file."""

import io
import json
import zipfile

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.models import Person, PersonExport
from partnerships.selectors.words import sender_name
from partnerships.services.privacy import export_expires
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.file_access import file_access_from
from samskaping.core.models import Outbox, StoredFile
from samskaping.core.pdf import render
from samskaping.core.privacy import export_of
from samskaping.core.services.outbox import outbox_handler
from samskaping.core.services.stored_file import stored_file_keep

JOINED = (
    *("person__municipality__settings", "person__controller_organisation", "person__controller_centre"),
    *("person__user", "asked_by", "municipality"),
)


def register() -> None:
    file_access_from("person_exports", own_exports)


def own_exports(user: object) -> QuerySet[StoredFile]:
    """Whoever asked for the copy, while it is about herself or about somebody whose data she answers for."""
    if not isinstance(user, User):
        return StoredFile.objects.none()
    kept = Person.objects.reached_by(user, Permission.PRIVACY_MANAGE)
    mine = PersonExport.objects.filter(file=OuterRef("pk"), asked_by=user).filter(
        Q(person__user=user) | Q(person__in=kept)
    )
    return StoredFile.objects.filter(Exists(mine))


@outbox_handler("person_export")
def make_export(row: Outbox) -> bool:
    export = PersonExport.objects.select_related(*JOINED).filter(pk=row.payload["export"]).first()
    if export is None or export.person.erased_at is not None:
        return False
    if export.file is not None:
        return True  # made by a worker that was killed before it could say so
    person, asker = export.person, export.asked_by
    herself = person.user_id == asker.pk
    language = person.language if herself else (asker.language or person.language)
    with translation.override(language):
        sections = export_of(person, herself=herself)
        title = _("Opplysninger om %(name)s") % {"name": person.name}
        context = {
            "title": title,
            "sections": sections,
            "sender": sender_name(person),
            "made_at": timezone.localtime(),
            "herself": herself,
            "language": language,
        }
        html = render_to_string("partnerships/privacy/export.html", context)
        names = {"json": _("opplysninger.json"), "html": _("opplysninger.html"), "pdf": _("opplysninger.pdf")}
        file_name = _("Opplysninger")
    pdf = render("person_export", context, language=language, title=title)
    data = {section.key: section.rows for section in sections}
    content = {
        names["json"]: json.dumps(data, ensure_ascii=False, indent=2).encode(),
        names["html"]: html.encode(),
        names["pdf"]: pdf,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, one in content.items():
            archive.writestr(name, one)
    with transaction.atomic():
        # Erased, or made by somebody else, while this was being made: then it is nobody's.
        still = PersonExport.objects.select_for_update(of=("self",)).filter(pk=export.pk, file=None).first()
        if still is None:
            return False
        still.file = stored_file_keep(
            packed.getvalue(),
            name=f"{file_name}.zip",
            content_type="application/zip",
            municipality=export.municipality,
            by=asker,
            expires_at=export_expires(),
        )
        still.made_at = timezone.now()
        still.save(update_fields=["file", "made_at"])
    return True
