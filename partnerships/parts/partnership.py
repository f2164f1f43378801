"""Partnerships in the menu, on their own page and on home pages; the words of what is done to them."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.current import current_membership
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, partnership_pages, signed_in

audit_says("partnership_started", _("%(who)s startet samarbeidet"))
audit_says("partnership_changed", _("%(who)s endret samarbeidet"))
audit_says("partnership_track_changed", _("%(who)s endret hvor stort samarbeidet er"))
audit_says("party_asked", _("%(who)s spurte en part om å være med"))


def register() -> None:
    menu.register(
        MenuItem(_("Samarbeid"), "partnerships", 30, visible=sees_partnerships, section=partnership_pages)
    )
    partnership_pages.register(MenuItem(_("Samarbeid"), "partnerships", 10, visible=sees_partnerships))


def sees_partnerships(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in {
        *roles_with(Permission.PARTNERSHIP_READ),
        Role.GUEST,
    }
