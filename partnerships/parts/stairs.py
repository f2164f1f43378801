"""Involveringstrappa in the menu and in the trace."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.current import current_membership
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in

audit_says("stair_check_noted", _("%(who)s svarte på involveringstrappa"))


def register() -> None:
    partnership_pages.register(MenuItem(_("Involveringstrappa"), "stairs", 70, visible=_reads))


def _reads(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in roles_with(Permission.MAP_READ)
