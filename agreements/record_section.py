"""A volunteer's papers on her page: which she has, and one button for the rest."""

from collections.abc import Mapping
from typing import Any

from agreements.selectors.papers import begun_among, on_paper, papers_of
from agreements.services.requirement import MEETS
from partnerships.access import access_of
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer
from volunteers.models import Volunteer
from volunteers.models.volunteer import VolunteerState
from volunteers.page import Section, is_kept, record


def register() -> None:
    record.add(Section("papers", 35, "agreements/papers/_section.html", papers_section))


def papers_section(volunteer: Volunteer, viewer: Viewer) -> Mapping[str, Any] | None:
    """To those who keep her and write agreements."""
    if not is_kept(volunteer, viewer) or not access_of(viewer.user).may(Permission.AGREEMENT_DRAFT):
        return None
    papers = papers_of(volunteer, viewer.user)
    ended = volunteer.state == VolunteerState.ENDED
    if ended and not papers:
        return None
    return {
        "papers": papers,
        "may_send": not ended and begun_among(paper.agreement for paper in papers) < set(MEETS),
        "on_paper": on_paper(volunteer),
    }
