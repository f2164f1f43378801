"""What stands on a volunteer's page, for whoever keeps her and for those who only know her name."""

from collections.abc import Mapping
from typing import Any

from partnerships.models.areas import Area
from partnerships.selectors.person import may_keep
from partnerships.selectors.words import sender_name
from samskaping.core.registries import Viewer
from samskaping.core.sms import shown_number
from volunteers.models import Assignment, Volunteer, VolunteerShare
from volunteers.models.assignment import OPEN, AssignmentState
from volunteers.models.volunteer import HowMuch, Language, VolunteerState, WhenFree
from volunteers.page import is_kept
from volunteers.selectors.guardian import code_address
from volunteers.selectors.people import name_of_user
from volunteers.selectors.volunteer import STATE_COLORS, assignments_of, belongs_to, in_words, may_reach

SHOWN_ENDED = 5
ASSIGNMENT_COLORS = {
    AssignmentState.ASKED: "info",
    AssignmentState.INTERESTED: "info",
    AssignmentState.ACTIVE: "success",
    AssignmentState.PAUSED: "warning",
    AssignmentState.ENDED: "neutral",
    AssignmentState.DECLINED: "neutral",
}


def reach_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """Hidden contact details are shown to her keeper alone, who asks for them (`shows_contact` on the page),
    and it is noted."""
    kept = is_kept(volunteer, viewer)
    may = kept or may_reach(viewer.user, volunteer)
    return {
        "kept": kept,
        "may_reach": may,
        "shows": may and not volunteer.person.hide_contact,
        "phone": shown_number(volunteer.person.phone),
        "keeper": sender_name(volunteer.person),
    }


def offers_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    kept = is_kept(volunteer, viewer)
    found = list(assignments_of(volunteer, viewer.user, kept=kept))
    if not found and not kept:
        return None
    known = set(Assignment.objects.known_at_offer().filter(volunteer=volunteer).values_list("pk", flat=True))
    shares = list(VolunteerShare.objects.filter(volunteer=volunteer, ended_at=None)) if kept else []
    at_offer = {share.offer_id: share for share in shares if share.offer_id}
    in_partnership = {share.partnership_id: share for share in shares if share.partnership_id}
    lines = [
        {
            "assignment": one,
            "color": ASSIGNMENT_COLORS[AssignmentState(one.state)],
            "is_open": one.state in OPEN,
            "is_known": one.pk in known,
            "share": at_offer.get(one.offer_id) or in_partnership.get(one.offer.partnership_id),
        }
        for one in found
    ]
    ended = [line for line in lines if not line["is_open"]]
    return {
        "kept": kept,
        "lines": [line for line in lines if line["is_open"]],
        "ended": ended[:SHOWN_ENDED],
        "more_ended": max(len(ended) - SHOWN_ENDED, 0),
        "may_add": kept and volunteer.state != VolunteerState.ENDED,
    }


def about_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    kept = is_kept(volunteer, viewer)
    return {
        "kept": kept,
        "languages": in_words(volunteer.languages, Language),
        "interests": in_words(volunteer.interests, Area),
        "how_much": HowMuch(volunteer.how_much).label if volunteer.how_much else "",
        "free": in_words(volunteer.free, WhenFree),
        # In her own words, to those she said them to.
        "motive": volunteer.motive if kept else "",
        "words": volunteer.interests_words if kept else "",
        "area": volunteer.area_words if kept else "",
    }


def state_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    state = VolunteerState(volunteer.state)
    return {
        "kept": is_kept(volunteer, viewer),
        "state": state,
        "color": STATE_COLORS[state],
        "is_new": state in (VolunteerState.INTERESTED, VolunteerState.STARTING),
    }


def kept_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    kept = is_kept(volunteer, viewer)
    return {
        "kept": kept,
        "keeper": sender_name(volunteer.person),
        "belongs_to": belongs_to(volunteer),
        "follower": name_of_user(volunteer.followed_by, volunteer.municipality) if kept else "",
        "answers_for": kept and may_keep(viewer.user, volunteer.person),
    }


def guardian_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """Only to who keeps her; that she is not yet eighteen is enough for the others."""
    if volunteer.adult_from is None:
        return None
    kept = is_kept(volunteer, viewer)
    guardian = getattr(volunteer, "guardian", None)
    return {
        "kept": kept,
        "guardian": guardian if kept else None,
        "may_ask": guardian is not None and kept and bool(code_address(guardian)),
        "has_yes": guardian is not None and guardian.consented_at is not None,
        "phone": shown_number(guardian.phone) if guardian is not None and kept else "",
    }
