"""What should be in place before anybody is invited, and the stop sign for those who invite without it."""

from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.access import access_of
from partnerships.models import CodesignProcess, Frame
from partnerships.models.meeting import EMPLOYEES
from partnerships.models.participant import Side
from partnerships.models.partnership import StartedBy
from partnerships.selectors.frame import frame_of, rests_on
from partnerships.selectors.task_check import in_words
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.selectors.content_template import content_template_current

PREPARATION = "forberede-samskaping"
# The points that are answered in words, by the field they stand in; the others are ticked off.
WRITTEN = ("anchored", "led_by", "time_set_aside", "mandate")
# Whom nobody should invite to something that is not allowed to come to anything.
STOPPED_SIDES = (Side.CITIZEN, Side.RECIPIENT)


@dataclass(frozen=True)
class Point:
    key: str
    title: str
    why: str
    # What is written, here or on level 1; empty for a point that is ticked off.
    words: str
    is_done: bool

    @property
    def is_written(self) -> bool:
        return self.key in WRITTEN


def preparation_now(municipality: Municipality) -> ContentTemplate:
    return content_template_current(PREPARATION, municipality=municipality)


def points_of(process: CodesignProcess) -> list[Point]:
    """With what is written already; what stands on level 1 is not asked for again."""
    known = _known(process)
    template = preparation_now(process.municipality)
    return [
        Point(
            key=point["key"],
            title=in_words(point["title"]),
            why=in_words(point["why"]),
            words=known.get(point["key"], ""),
            is_done=bool(known.get(point["key"])) or point["key"] in process.prepared,
        )
        for point in template.data["points"]
    ]


def lacking(points: Iterable[Point]) -> list[Point]:
    """Of what should be known before anybody is invited."""
    return [point for point in points if point.is_written and not point.is_done]


def is_anchored(process: CodesignProcess) -> bool:
    return bool(_known(process)["anchored"])


def stops(process: CodesignProcess, user: User, side: str) -> bool:
    """Whether she is asked to stop before she invites somebody on this side.

    Only those who work for the municipality, about what the municipality started, and once: whoever chose to
    invite anyway has said why. What starts from below needs nobody's yes.
    """
    return (
        side in STOPPED_SIDES
        and process.started_by == StartedBy.MUNICIPALITY
        and process.invited_anyway_at is None
        and _works_for_municipality(user, process.municipality_id)
        and not is_anchored(process)
    )


def _works_for_municipality(user: User, municipality_id: int) -> bool:
    return any(
        membership.municipality_id == municipality_id and membership.role in EMPLOYEES
        for membership in access_of(user).memberships
    )


def _known(process: CodesignProcess) -> dict[str, str]:
    """By point: the process's own words before those of its partnership's frame."""
    frame = frame_of(process.partnership) if process.partnership is not None else None
    convener = process.convener.name if process.convener is not None else ""
    return {
        "anchored": process.anchored or _anchored_by(frame),
        "led_by": process.led_by or convener,
        "time_set_aside": process.time_set_aside or (frame.resources if frame else ""),
        "mandate": process.mandate or (frame.mandate if frame else ""),
    }


def _anchored_by(frame: Frame | None) -> str:
    """A strategy it rests on, or somebody in office who has said yes."""
    return rests_on(frame) or (frame.decided_by if frame else "")
