"""What volunteers must have: on their page, on an offer's, and in the trace. Never what papers say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Offer, Person
from partnerships.offer_sections import OfferSection, offer_section
from samskaping.accounts.permissions import Permission, Role
from samskaping.core.audit_words import audit_says
from samskaping.core.navigation import MenuItem, volunteer_pages
from samskaping.core.one_query import Question, Row, as_day, number_in
from samskaping.core.registries import Viewer, WorkItem, work_source
from volunteers.models import Assignment, Volunteer, VolunteerRequirement
from volunteers.models.assignment import THERE, offers_reached
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Section, is_kept, record
from volunteers.parts.volunteer import knows
from volunteers.selectors.police import handles_police
from volunteers.selectors.requirement import (
    RENEW_WITHIN,
    asked_by,
    asks_for_police,
    expiring,
    needs_for,
    needs_of,
)
from volunteers.selectors.unnamed import unnamed_in_words
from volunteers.selectors.volunteer import volunteers_seen

SHOWN = 12
KEEPERS = (Role.COORDINATOR, Role.CENTRE_LEADER, Role.ORGANISATION_REP)

audit_says("requirement_asked", _("%(who)s ba en frivillig om noe som kreves"))
audit_says("requirement_met", _("%(who)s førte at et krav er i orden"))
audit_says("requirement_cleared", _("%(who)s tok bort noe som var ført ved en feil"))
audit_says("exemption_given", _("%(who)s ga unntak fra et krav"))
audit_says("exemption_ended", _("%(who)s tok bort et unntak"))
audit_says("guardian_set", _("%(who)s førte hvem som er foresatt"))
audit_says("guardian_asked", _("%(who)s spurte en foresatt"))
audit_says("guardian_answered", _("%(who)s svarte"), unsigned=_("Den foresatte"))
audit_says("guardian_removed", _("%(who)s tok bort en foresatt"))
audit_says("police_fact_set", _("%(who)s førte noe om politiattest"))
audit_says("police_fact_seen", _("%(who)s så på hva som er ført om politiattest"))
audit_says("police_fact_removed", _("%(who)s tok bort det som var ført om politiattest"))
audit_says("police_responsible_named", _("%(who)s pekte ut ansvarlig for politiattester"))
audit_says("police_responsible_ended", _("%(who)s fjernet en ansvarlig for politiattester"))


def register() -> None:
    from volunteers import guardian_messages  # noqa: F401 - it registers what is sent

    keeps = knows(Permission.VOLUNTEER_CONTACT)
    volunteer_pages.register(MenuItem(_("Krav"), "requirements_expiring", 35, visible=keeps))
    record.add(Section("requirements", 30, "volunteers/requirement/_section.html", needs_section))
    record.add(Section("police", 40, "volunteers/requirement/_police.html", police_section, aside=True))
    offer_section(OfferSection("ready", 40, "volunteers/requirement/_offer.html", offer_ready))
    work_source("requirements_ending", _ending, ending)
    due_source(
        DueSource(
            kind="requirement_ends",
            label=_("Krav til en frivillig går ut"),
            derive=_due,
            about=_still_ending,
            words=_ending_words,
        )
    )


def needs_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """To who keeps her all of it; to the others what the offers they run ask for."""
    kept = is_kept(volunteer, viewer)
    offers = None if kept else offers_reached(viewer.user, Permission.VOLUNTEER_NAMES)
    found = needs_of([volunteer.pk], offers=offers, also_unasked=kept, today=viewer.today)[volunteer.pk]
    asked = [need for need in found if need.offers]
    if not asked and not kept:
        return None
    return {
        "kept": kept,
        "may_note": kept and volunteer.state != VolunteerState.ENDED,
        "needs": asked,
        "others": [need for need in found if not need.offers],
    }


def police_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """The way to it, for who handles it; what is noted stands there."""
    if volunteer.state == VolunteerState.ENDED or not handles_police(viewer.user, volunteer):
        return None
    asked = volunteer.assignments.filter(
        state__in=THERE,
        offer__requirements__removed_at=None,
        offer__requirements__kind__is_police_certificate=True,
    )
    return {"asked": asked.exists()}


def offer_ready(offer: Offer, viewer: Viewer) -> Mapping[str, Any] | None:
    """Who may take this task now, and what is missing for the others: of those she may know by name."""
    if not offers_reached(viewer.user, Permission.VOLUNTEER_NAMES).filter(pk=offer.pk).exists():
        return None
    there = Assignment.objects.there().filter(offer=offer)
    known = volunteers_seen(viewer.user, offer.municipality)
    people = list(
        known.filter(pk__in=there.values("volunteer"))
        .select_related("person")
        .order_by("person__name_key", "pk")[: SHOWN + 1]
    )
    more = 0
    if len(people) > SHOWN:
        more = known.filter(pk__in=there.values("volunteer")).count() - SHOWN
        people = people[:SHOWN]
    needs = needs_for(offer, [one.pk for one in people], today=viewer.today)
    shown = [
        {
            "volunteer": one,
            "name": one.person.name,
            "lacks": [str(need.kind) for need in needs[one.pk] if need.is_lacking],
        }
        for one in people
    ]
    others = unnamed_in_words(there, viewer.user, offer.municipality)
    if not shown and not others and not asked_by(offer):
        return None
    return {
        "people": sorted(shown, key=lambda one: bool(one["lacks"])),
        "more": more,
        "others": others,
        "asks_police": asks_for_police(offer),
    }


# --- What ends soon ----------------------------------------------------------------------------------------
def _ending(viewer: Viewer) -> Question | None:
    """One line for all of it, to those who keep volunteers: each is a click away on the page it leads to."""
    membership = viewer.membership
    if membership is None or membership.role not in KEEPERS:
        return None
    kept = Volunteer.objects.kept_by(viewer.user, Permission.VOLUNTEER_CONTACT)
    soon = expiring(kept, by=viewer.today + RENEW_WITHIN).filter(municipality=membership.municipality_id)
    return Question(soon.order_by(), number=Count("pk"), first=Min("holds_to"))


def ending(viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    number = number_in(rows)
    first = as_day(rows[0]["first"]) if number else None
    if first is None:
        return
    yield WorkItem(
        tag=gettext("Krav"),
        color="warning",
        title=ngettext("%(count)s krav til frivillige går ut", "%(count)s krav til frivillige går ut", number)
        % {"count": number},
        note=gettext("Ingen mister oppdraget av det. Se hvem det gjelder."),
        url=reverse("requirements_expiring"),
        # What is over already waits as long as the rest.
        due_on=max(first, viewer.today),
    )


def _due(day: date) -> Iterator[Due]:
    """To whoever follows her up, a month before."""
    here = Volunteer.objects.filter(followed_by__isnull=False)
    rows = expiring(here, by=day + RENEW_WITHIN).filter(holds_to__gte=timezone.localdate())
    rows = rows.select_related("volunteer__person")
    followers = rows.values_list("volunteer__followed_by", flat=True).order_by()
    people = {
        (person.user_id, person.municipality_id): person
        for person in Person.objects.filter(user__in=followers, erased_at=None).order_by("-pk")
    }
    for row in rows.iterator(chunk_size=1000):
        person = people.get((row.volunteer.followed_by_id, row.municipality_id))
        if person is not None and row.holds_to is not None:
            yield Due(person, row, due_on=row.holds_to, tell_on=row.holds_to - RENEW_WITHIN)


def _still_ending(notice: Notice) -> Any:
    """None when it was renewed, or is not asked for any more."""
    return (
        expiring(Volunteer.objects.all(), by=notice.due_on)
        .filter(pk=notice.object_id, holds_to=notice.due_on)
        .first()
    )


def _ending_words(notice: Notice, row: VolunteerRequirement) -> Words:
    """Names nobody: who it is, stands behind the link."""
    told = {"kind": str(row.kind), "day": formats.date_format(notice.due_on, "j. F Y")}
    return Words(
        title=gettext("Et krav går snart ut"),
        lines=(
            gettext("%(kind)s går ut %(day)s for en frivillig du følger opp.") % told,
            gettext("Ingen mister oppdraget av det. Avtal når det kan fornyes."),
        ),
        url=reverse("volunteer", args=[row.volunteer_id]),
        link=gettext("Se hvem det gjelder"),
    )
