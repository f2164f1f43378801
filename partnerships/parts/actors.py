"""Organisations, centres and units: in the menu, and the words of what is done to them."""

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.current import current_membership
from partnerships.models import ActorImport
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.services import register as registers  # noqa: F401 - what the worker asks the registers
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, people_pages, signed_in

audit_says("organisation_changed", _("%(who)s endret opplysninger om organisasjonen"))
audit_says("organisation_ended", _("%(who)s avsluttet organisasjonen"))
audit_says("organisation_resumed", _("%(who)s åpnet organisasjonen igjen"))
audit_says("volunteercentre_changed", _("%(who)s endret opplysninger om frivilligsentralen"))
audit_says("volunteercentre_ended", _("%(who)s avsluttet frivilligsentralen"))
audit_says("volunteercentre_resumed", _("%(who)s åpnet frivilligsentralen igjen"))
audit_says("unit_changed", _("%(who)s endret opplysninger om enheten"))
audit_says("unit_ended", _("%(who)s avsluttet enheten"))
audit_says("unit_resumed", _("%(who)s åpnet enheten igjen"))
audit_says("actor_contact_added", _("%(who)s la til en kontakt"))
audit_says("actor_contact_removed", _("%(who)s tok bort en kontakt"))
audit_says("actor_import_read", _("%(who)s leste inn et regneark"))
audit_says("actor_import_columns", _("%(who)s endret hva kolonnene i regnearket betyr"))
audit_says("actor_import_saved", _("%(who)s la inn lag fra et regneark"))
audit_says("actor_import_undone", _("%(who)s angret en import"))
audit_says("actor_import_discarded", _("%(who)s kastet et regneark uten å ta det inn"))


def register() -> None:
    menu.register(MenuItem(_("Folk og lag"), "actors", 40, visible=works_somewhere, section=people_pages))
    people_pages.register(MenuItem(_("Lag"), "organisations", 1, visible=works_somewhere))
    people_pages.register(MenuItem(_("Sentraler"), "centres", 2, visible=works_somewhere))
    people_pages.register(MenuItem(_("Enheter"), "units", 3, visible=works_somewhere))
    people_pages.register(MenuItem(_("Oversikt"), "actor_overview", 4, visible=works_somewhere))
    history_kind(
        Kind(
            model=ActorImport,
            slug="import",
            label=_("Importer"),
            own=lambda _access, _own: Q(pk=None),
            about=lambda row, _names: row.name,
            page=_import_page,
        )
    )


def works_somewhere(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.municipality_id is not None and membership.role != Role.GUEST


def _import_page(row: ActorImport, user: User) -> str:
    may = row.municipality_id in access_of(user).municipalities_all(Permission.ACTOR_EDIT)
    return reverse("actor_import", args=[row.pk]) if may else ""
