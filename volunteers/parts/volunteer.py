"""Volunteers in the menu, on the page of each, and in the trace."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.current import current_membership
from samskaping.accounts.permissions import Permission, Role, reach
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, signed_in, volunteer_pages
from volunteers.page import Section, record
from volunteers.record_sections import (
    about_section,
    guardian_section,
    kept_section,
    offers_section,
    reach_section,
    state_section,
)

audit_says("volunteer_added", _("%(who)s la inn en frivillig"))
audit_says("volunteer_back", _("%(who)s tok inn igjen en frivillig"))
audit_says("volunteer_changed", _("%(who)s endret opplysninger om en frivillig"))
audit_says("volunteer_answered", _("%(who)s svarte en som vil bli frivillig"))
audit_says("volunteer_activated", _("%(who)s merket en frivillig som i gang"))
audit_says("volunteer_paused", _("%(who)s satte en frivillig på pause"))
audit_says("volunteer_returned", _("%(who)s merket en frivillig som tilbake"))
audit_says("volunteer_ended", _("%(who)s avsluttet for en frivillig"))
audit_says("volunteer_end_undone", _("%(who)s tok inn igjen en frivillig"))
audit_says("volunteers_exported", _("%(who)s tok ut lista over frivillige"))
audit_says("volunteers_merged", _("%(who)s slo sammen to frivillige"))
audit_says("assignment_made", _("%(who)s la inn et oppdrag"))
audit_says("assignment_set", _("%(who)s endret status på et oppdrag"))
audit_says("volunteer_shared", _("%(who)s delte en frivillig"))
audit_says("volunteer_unshared", _("%(who)s sluttet å dele en frivillig"))


def register() -> None:
    menu.register(MenuItem(_("Frivillige"), "", 35, visible=volunteer_pages.has_any, section=volunteer_pages))
    names = knows(Permission.VOLUNTEER_NAMES)
    volunteer_pages.register(MenuItem(_("Frivillige"), "volunteers", 10, visible=names))
    record.add(Section("reach", 10, "volunteers/volunteer/_reach.html", reach_section))
    record.add(Section("offers", 20, "volunteers/volunteer/_offers.html", offers_section))
    record.add(Section("about", 60, "volunteers/volunteer/_about.html", about_section))
    record.add(Section("state", 10, "volunteers/volunteer/_state.html", state_section, aside=True))
    record.add(Section("kept", 20, "volunteers/volunteer/_kept.html", kept_section, aside=True))
    record.add(Section("guardian", 30, "volunteers/volunteer/_guardian.html", guardian_section, aside=True))


def knows(permission: Permission) -> Callable[[HttpRequest], bool]:
    def asked(request: HttpRequest) -> bool:
        membership = current_membership(request) if signed_in(request) else None
        return membership is not None and reach(Role(membership.role), permission) is not None

    return asked
