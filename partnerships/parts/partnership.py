"""Partnerships in the menu and in the trace; what is done to them, in words."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.access import Access, Own
from partnerships.current import current_membership
from partnerships.models import Grant, NeighbourAsk, Partnership, PartnershipParty
from partnerships.selectors.history_kinds import Kind, history_kind, own_parties
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, menu, partnership_pages, signed_in

audit_says("partnership_started", _("%(who)s startet samarbeidet"))
audit_says("partnership_changed", _("%(who)s endret samarbeidet"))
audit_says("partnership_track_changed", _("%(who)s endret hvor stort samarbeidet er"))
audit_says("phase_moved", _("%(who)s flyttet samarbeidet til en annen fase"))
audit_says("partnership_paused", _("%(who)s satte samarbeidet på pause"))
audit_says("partnership_resumed", _("%(who)s tok opp samarbeidet etter pausen"))
audit_says("partnership_ended", _("%(who)s avsluttet samarbeidet"))
audit_says("partnership_reopened", _("%(who)s åpnet samarbeidet igjen"))
audit_says("party_asked", _("%(who)s spurte en part om å være med"))
audit_says("party_accepted", _("%(who)s takket ja til å være med"))
audit_says("party_declined", _("%(who)s takket nei til å være med"))
audit_says("party_withdrawn", _("%(who)s trakk spørsmålet tilbake"))
audit_says("party_left", _("%(who)s noterte at parten har gått ut"))
audit_says("party_contact_added", _("%(who)s la til en kontakt"))
audit_says("party_contact_removed", _("%(who)s tok bort en kontakt"))
audit_says("neighbour_asked", _("%(who)s spurte en annen kommune"))
audit_says("neighbour_answered", _("%(who)s svarte en annen kommune"))
audit_says("neighbour_ask_withdrawn", _("%(who)s trakk spørsmålet til en annen kommune tilbake"))
audit_says("log_added", _("%(who)s skrev et notat"))
audit_says("log_changed", _("%(who)s rettet et notat"))
audit_says("log_done", _("%(who)s krysset av for et notat"))
audit_says("grant_added", _("%(who)s la inn et tilskudd"))
audit_says("grant_changed", _("%(who)s endret et tilskudd"))
audit_says("grant_reported", _("%(who)s merket et tilskudd som rapportert"))


def register() -> None:
    menu.register(
        MenuItem(_("Samarbeid"), "partnerships", 30, visible=sees_partnerships, section=partnership_pages)
    )
    partnership_pages.register(MenuItem(_("Samarbeid"), "partnerships", 10, visible=sees_partnerships))
    for kind in (
        Kind(
            PartnershipParty,
            "part",
            _("Parter"),
            own=of_own_partnerships,
            about=lambda row, _names: f"{row.actor.name}: {row.partnership.title}",
            related=("partnership", "unit", "centre", "organisation"),
        ),
        Kind(
            NeighbourAsk,
            "nabo",
            _("Spørsmål til andre kommuner"),
            own=of_own_partnerships,
            about=lambda row, _names: f"{row.name}: {row.partnership.title}",
            related=("partnership",),
        ),
        Kind(
            Grant,
            "tilskudd",
            _("Tilskudd"),
            own=of_own_partnerships,
            about=lambda row, _names: f"{row.source}: {row.partnership.title}",
            related=("partnership",),
        ),
    ):
        history_kind(kind)


def of_own_partnerships(access: Access, own: Own) -> Q:
    return Q(partnership__in=Partnership.objects.filter(own_parties(access, own)))


def sees_partnerships(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    if membership is None:
        return False
    return membership.role in roles_with(Permission.PARTNERSHIP_READ) or membership.partnership_id is not None
