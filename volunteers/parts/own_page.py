"""Min side of a volunteer: where she helps, what people ask, what she decides; and who has such a page."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from partnerships.selectors.newcomer import own_page_for
from samskaping.core.registries import Viewer
from volunteers.models import CourseSeat, Volunteer
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Section, my_page
from volunteers.selectors.own_page import meant, own_offers_of


def register() -> None:
    own_page_for("volunteer", _has_page)
    my_page.add(Section("state", 1, "volunteers/own/_state.html", state))
    my_page.add(Section("offers", 30, "volunteers/own/_offers.html", offers))
    my_page.add(Section("meant", 55, "volunteers/own/_meant.html", what_it_meant))
    my_page.add(Section("mine", 60, "volunteers/own/_mine.html", mine, aside=True))


def _has_page() -> Q:
    """Whoever helps, has helped, or is to come to a course."""
    return Q(Exists(Volunteer.objects.filter(person=OuterRef("pk")))) | Q(
        Exists(CourseSeat.objects.filter(person=OuterRef("pk")))
    )


def state(volunteer: Volunteer, _viewer: Viewer) -> Mapping[str, Any] | None:
    """Only where there is something to say: a pause, an end, or that somebody will ring."""
    return None if volunteer.state == VolunteerState.ACTIVE else {}


def offers(volunteer: Volunteer, _viewer: Viewer) -> Mapping[str, Any] | None:
    if volunteer.state == VolunteerState.ENDED:
        return None
    return {"offers": own_offers_of(volunteer)}


def what_it_meant(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    found = meant(volunteer, viewer.today)
    return {"meant": found} if found.hours or found.said else None


def mine(volunteer: Volunteer, _viewer: Viewer) -> Mapping[str, Any]:
    return {"ended": volunteer.state == VolunteerState.ENDED}
