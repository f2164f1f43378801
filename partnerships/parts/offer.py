"""Offers in the menu, in the trace, and in what is kept about people."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.current import current_membership
from partnerships.models import CalendarFeed, Occurrence, Offer, OfferNews, OfferRequirement
from partnerships.models.offer import OfferState
from partnerships.retention import person_tie
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.sides import under_own
from samskaping.accounts.permissions import Permission, Role, roles_with
from samskaping.core.audit_words import audit_says
from samskaping.core.models import Municipality
from samskaping.core.navigation import MenuItem, partnership_pages, signed_in
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.retention import Rule, retention_rule

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
            _("Kontaktperson for tilbud"),
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
    for rule in RULES:
        retention_rule(rule)
    person_tie(
        "offers",
        lambda _before: Q(
            Exists(Offer.objects.filter(contact=OuterRef("pk")).exclude(state=OfferState.ENDED))
        ),
    )


def _lines(town: Municipality, before: datetime) -> QuerySet[Occurrence]:
    """What somebody wrote about a time; how many came stays, and names nobody."""
    written = Occurrence.objects.filter(municipality=town, ends_at__lt=before)
    return written.exclude(feedback="", cancelled_because="")


RULES = (
    Rule(
        "occurrence_lines",
        _("Linjene om hvordan en gang i et tilbud var"),
        _("Nyttig når dere ser tilbake på året, og året før. Hvor mange som kom, blir stående."),
        least_days=180,
        most_days=1825,
        find=_lines,
        erase=lambda rows: rows.model._default_manager.filter(
            pk__in=list(rows.values_list("pk", flat=True))
        ).update(feedback="", cancelled_because=""),
    ),
    Rule(
        "offer_news",
        _("Beskjeder om tilbud: pauser, avlysninger og nye tider"),
        _("Nok til å se hva som ble sagt det siste året."),
        least_days=90,
        most_days=1825,
        find=lambda town, before: OfferNews.objects.filter(municipality=town, at__lt=before),
        erase=lambda rows: rows.delete()[1].get("partnerships.OfferNews", 0),
    ),
    Rule(
        "calendar_feeds",
        _("Lenker til kalenderen som er stoppet"),
        _("En stoppet lenke åpner ingenting."),
        least_days=1,
        most_days=365,
        find=lambda town, before: CalendarFeed.objects.filter(municipality=town, revoked_at__lt=before),
        erase=lambda rows: rows.delete()[1].get("partnerships.CalendarFeed", 0),
    ),
)


def sees_offers(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in {*roles_with(Permission.OFFER_READ), Role.GUEST}
