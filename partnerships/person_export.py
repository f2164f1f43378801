"""Makes the copy somebody asked for: the same content for machines, the screen and paper, in one file."""

import io
import json
import zipfile

from django.db.models import Exists, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.models import PersonExport
from partnerships.selectors.words import sender_name
from partnerships.services.privacy import export_expires
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
    """Only whoever asked for the copy may open it."""
    mine = PersonExport.objects.filter(file=OuterRef("pk"), asked_by=user)  # type: ignore[misc]
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
    export.file = stored_file_keep(
        packed.getvalue(),
        name=f"{file_name}.zip",
        content_type="application/zip",
        municipality=export.municipality,
        by=asker,
        expires_at=export_expires(),
    )
    export.made_at = timezone.now()
    export.save(update_fields=["file", "made_at"])
    return True
