"""Told in time: what was decided about a task is to be looked at again."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, PartnershipParty, TaskCheck
from partnerships.selectors.sides import people_of
from samskaping.core.templatetags.letters import without_links

BEFORE = timedelta(days=14)
# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=30)


def register() -> None:
    due_source(
        DueSource(
            kind="task_check_again",
            label=gettext_lazy("Se på nytt om frivillige kan gjøre dette"),
            derive=_due,
            about=_still_due,
            words=_words,
        )
    )


def _due(day: date) -> Iterator[Due]:
    """To all sides: what volunteers may do is for them as much as for the municipality."""
    checks = TaskCheck.objects.filter(
        replaced_by=None,
        look_again_on__range=(day - TOLD_WITHIN, day + BEFORE),
        partnership__ended_on=None,
        partnership__paused_since=None,
    )
    for check in checks:
        if check.look_again_on is None:
            continue
        parties = PartnershipParty.objects.taking_part().filter(partnership=check.partnership_id)
        for people in people_of(parties).values():
            for person in people:
                yield Due(person, check, due_on=check.look_again_on, tell_on=check.look_again_on - BEFORE)


def _still_due(notice: Notice) -> TaskCheck | None:
    found = TaskCheck.objects.filter(
        pk=notice.object_id,
        replaced_by=None,
        look_again_on=notice.due_on,
        partnership__ended_on=None,
        partnership__paused_since=None,
    )
    return found.select_related("partnership").first()


def _words(notice: Notice, check: TaskCheck) -> Words:
    day = formats.date_format(notice.due_on, "SHORT_DATE_FORMAT") if notice.due_on else ""
    return Words(
        title=_("Se på nytt om frivillige kan gjøre dette"),
        lines=(
            _("I «%(title)s» er det tid for å se på «%(task)s» på nytt, innen %(day)s.")
            % {
                "title": without_links(check.partnership.title),
                "task": without_links(check.task),
                "day": day,
            },
        ),
        url=reverse("task_check", args=[check.partnership_id, check.pk]),
        link=_("Se på svaret"),
    )
