"""The words of what is done with a spreadsheet of volunteers."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says
from volunteers.services import volunteer_import  # noqa: F401 - what the worker saves

audit_says("volunteer_import_read", _("%(who)s leste inn et regneark med frivillige"))
audit_says("volunteer_import_columns", _("%(who)s endret hva kolonnene i regnearket betyr"))
audit_says("volunteer_import_asked", _("%(who)s ba om at frivillige legges inn fra et regneark"))
audit_says("volunteer_import_saved", _("Frivillige fra et regneark ble lagt inn"))
audit_says("volunteer_import_undone", _("%(who)s angret en import av frivillige"))
audit_says("volunteer_import_discarded", _("%(who)s kastet et regneark uten å ta det inn"))


def register() -> None:
    """The list of volunteers leads here."""
