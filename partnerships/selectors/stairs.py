"""Involveringstrappa: what a unit answered, this year beside the last, and the next sensible step."""

from dataclasses import dataclass
from typing import Any

from partnerships.access import access_of
from partnerships.models import StairCheck, Unit
from partnerships.selectors.task_check import in_words
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.selectors.content_template import content_template_current

STAIRS = "involveringstrappa"
REACHED, PARTLY, NOT_YET = "yes", "partly", "no"


@dataclass(frozen=True)
class Step:
    key: str
    title: str
    look: str
    answer: str
    before: str


@dataclass(frozen=True)
class UnitStairs:
    unit: Unit
    check: StairCheck | None
    before: StairCheck | None
    may_answer: bool


def stairs_now(municipality: Municipality) -> ContentTemplate:
    return content_template_current(STAIRS, municipality=municipality)


def steps_of(questions: ContentTemplate, check: StairCheck | None, before: StairCheck | None) -> list[Step]:
    """From the lowest; with what was answered this year and the year before."""
    return [
        Step(
            key=step["key"],
            title=in_words(step["title"]),
            look=in_words(step["look"]),
            answer=check.answers.get(step["key"], "") if check else "",
            before=before.answers.get(step["key"], "") if before else "",
        )
        for step in questions.data["steps"]
    ]


def next_step(questions: ContentTemplate, answers: dict[str, Any]) -> str:
    """What is nearest from below. Every step is good in itself: nobody is behind."""
    for step in questions.data["steps"]:
        if answers.get(step["key"]) != REACHED:
            return str(in_words(step["next"]))
    return str(in_words(questions.data["done"]))


def units_here(user: User, municipality: Municipality, year: int) -> list[UnitStairs]:
    """The units whose answers she may read in the municipality she works in, each with its two years."""
    access = access_of(user)
    units = Unit.objects.filter(municipality=municipality, ended_at=None).order_by("name_key", "pk")
    checks = StairCheck.objects.visible_to(user).filter(municipality=municipality, year__in=(year, year - 1))
    found = {(check.unit_id, check.year): check for check in checks}
    return [
        UnitStairs(
            unit,
            found.get((unit.pk, year)),
            found.get((unit.pk, year - 1)),
            access.covers(Permission.MAP_EDIT, unit),
        )
        for unit in units
    ]
