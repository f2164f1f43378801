"""Offers in the menu, in the trace, and in what is kept about people."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.current import current_membership
from partnerships.models import CalendarFeed, Offer, OfferRequirement
from partnerships.models.offer import OfferState
from partnerships.retention import person_tie
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.sides import under_own
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.privacy import PersonalRows, personal_rows

audit_says("offer_started", _("%(who)s startet et tilbud"))
audit_says("offer_changed", _("%(who)s endret et tilbud"))
audit_says("offer_times_changed", _("%(who)s endret når et tilbud er"))
audit_says("offer_paused", _("%(who)s satte et tilbud på pause"))
audit_says("offer_resumed", _("%(who)s tok opp et tilbud igjen"))
audit_says("offer_ended", _("%(who)s avsluttet et tilbud"))
audit_says("offer_requirements_taken", _("%(who)s hentet krav fra en avklaring"))
audit_says("offer_requirement_added", _("%(who)s la til et krav"))
audit_says("offer_requirement_removed", _("%(who)s tok bort et krav"))
audit_says("occurrence_added", _("%(who)s la til en gang"))
audit_says("occurrence_moved", _("%(who)s flyttet en gang"))
audit_says("occurrence_cancelled", _("%(who)s avlyste en gang"))
audit_says("occurrence_restored", _("%(who)s tok tilbake en avlysning"))
audit_says("occurrence_noted", _("%(who)s noterte hvor mange som kom"))


def register() -> None:
    partnership_pages.register(MenuItem(_("Tilbud"), "offers", 30, visible=sees_offers))
    history_kind(
        Kind(
            Offer,
            "tilbud",
            _("Tilbud"),
            own=under_own,
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("offer", args=[row.pk]),
        )
    )
    history_kind(
        Kind(
            OfferRequirement,
            "tilbudskrav",
            _("Krav til tilbud"),
            own=lambda access, own: Q(
                Exists(Offer.objects.filter(under_own(access, own), pk=OuterRef("offer")))
            ),
            about=lambda row, _names: f"{row.kind}: {row.offer.title}",
            related=("offer", "kind"),
        )
    )
    personal_rows(
        PersonalRows(
            "offers",
            _("Tilbud hun er kontaktperson for"),
            lambda person: Offer.objects.filter(contact=person),
            ("title", "state"),
            erase=lambda person: Offer.objects.filter(contact=person).update(contact=None),
        )
    )
    personal_rows(
        PersonalRows(
            "calendar_feeds",
            _("Lenker til kalenderen"),
            lambda person: CalendarFeed.objects.filter(person=person),
            ("created_at", "read_at", "revoked_at"),
            erase=lambda person: CalendarFeed.objects.filter(person=person).delete(),
        )
    )
    person_tie(
        "offers",
        lambda _before: Q(
            Exists(Offer.objects.filter(contact=OuterRef("pk")).exclude(state=OfferState.ENDED))
        ),
    )


def sees_offers(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in {*roles_with(Permission.OFFER_READ), Role.GUEST}
