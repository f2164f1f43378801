"""Openings on an offer's page; those who wrote in the menu, among what waits, and in what is due."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.current import current_membership
from partnerships.models import Offer
from partnerships.models.offer import OfferState
from partnerships.offer_sections import OfferSection, offer_section
from partnerships.selectors.history_kinds import Kind, history_kind
from partnerships.selectors.offer import may_edit
from partnerships.selectors.sides import under_own
from samskaping.accounts.permissions import Role
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, signed_in, volunteer_pages
from samskaping.core.one_query import Question, Row, as_day
from samskaping.core.registries import Viewer, WorkItem, work_source
from volunteers.models import Opening
from volunteers.models.sign_up import SignUpKind
from volunteers.selectors.opening import openings_of
from volunteers.selectors.sign_up import sign_ups_here

# Whoever writes from the open pages is signed in nowhere.
_OUTSIDE = gettext_lazy("En som vil bli frivillig")
audit_says("opening_added", gettext_lazy("%(who)s la ut et oppdrag"))
audit_says("opening_changed", gettext_lazy("%(who)s endret et oppdrag som søker folk"))
audit_says("opening_closed", gettext_lazy("%(who)s tok ned et oppdrag"))
audit_says("opening_reopened", gettext_lazy("%(who)s la ut et oppdrag igjen"))
audit_says("sign_up_made", gettext_lazy("%(who)s skrev fra de åpne sidene"), unsigned=_OUTSIDE)
audit_says("sign_up_confirmed", gettext_lazy("%(who)s bekreftet med kode"), unsigned=_OUTSIDE)
audit_says("sign_up_withdrawn", gettext_lazy("%(who)s trakk det som var sendt"), unsigned=_OUTSIDE)
audit_says("sign_up_answered", gettext_lazy("%(who)s svarte på en henvendelse"))

# They answer for whole municipalities, a centre, an organisation.
ANSWERS = (Role.COORDINATOR, Role.CENTRE_LEADER, Role.ORGANISATION_REP)
AT_MOST, SHOWN = 10, 6


def register() -> None:
    from volunteers import sign_up_due, sign_up_messages  # noqa: F401 - it registers what is sent

    sign_up_due.register()
    volunteer_pages.register(MenuItem(gettext_lazy("Henvendelser"), "sign_ups", 20, visible=answers))
    offer_section(OfferSection("openings", 20, "volunteers/opening/_section.html", openings))
    work_source("sign_ups", _waiting, waiting)
    history_kind(
        Kind(
            Opening,
            "oppdrag-ute",
            gettext_lazy("Oppdrag som søker folk"),
            own=lambda access, own: Q(
                Exists(Offer.objects.filter(under_own(access, own), pk=OuterRef("offer")))
            ),
            about=lambda row, _names: row.title,
            page=lambda row, _user: reverse("opening", args=[row.pk]),
        )
    )


def answers(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.role in ANSWERS


def openings(offer: Offer, viewer: Viewer) -> Mapping[str, Any] | None:
    edits = may_edit(offer, viewer.user) and offer.state != OfferState.ENDED
    found = list(openings_of(offer)[:SHOWN])
    return {"openings": found, "may_edit": edits} if found or edits else None


def _waiting(viewer: Viewer) -> Question | None:
    membership = viewer.membership
    if membership is None or membership.role not in ANSWERS:
        return None
    here = sign_ups_here(viewer.user, membership).waiting()
    return Question(
        here.order_by("reply_by", "pk")[:AT_MOST],
        pk="pk",
        kind="kind",
        about=F("opening__title"),
        reply_by="reply_by",
    )


def waiting(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        asks = row["kind"] == SignUpKind.QUESTION
        yield WorkItem(
            tag=_("Frivillig"),
            color="info",
            title=_("Noen har spurt om å være frivillig") if asks else _("Noen vil bli frivillig"),
            note=row["about"] or "",
            url=reverse("sign_up", args=[row["pk"]]),
            due_on=as_day(row["reply_by"]),
        )
