"""What a partnership's page says of what is developed in it: the section, the line, and the next step."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import CodesignProcess, Partnership
from partnerships.models.codesign import ProcessState
from partnerships.models.partnership import Phase, Track
from partnerships.page import Fact, NextStep, Section, Stage, asks, line_from, next_steps_from, section
from partnerships.selectors.process import PROCESSES, STATE_COLORS, Developed, processes_of
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer


def register() -> None:
    asks(PROCESSES)
    line_from("processes", facts)
    next_steps_from("processes", steps)
    section(Section("processes", 40, "partnerships/process/_section.html", shown))


def facts(partnership: Partnership, viewer: Viewer) -> Iterator[Fact]:
    """How much was done together, for all who see the partnership; which process, for those who see it."""
    found = processes_of(partnership)
    if not found:
        return
    together = Developed(sum(one.held for one in found), sum(one.given for one in found))  # type: ignore[attr-defined]
    url = _url(found[0]) if _sees(partnership, viewer) else ""
    if together:
        yield Fact(Stage.DEVELOPMENT, str(together), order=10, done=_is_over(found), url=url)
    running = [one for one in found if one.state != ProcessState.ENDED]
    if running and url:
        yield Fact(Stage.DEVELOPMENT, running[0].title, order=20, muted=bool(together), url=url)


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """Small ones that go well need no process; nobody is told that they lack one."""
    if (
        partnership.phase == Phase.DEVELOPMENT
        and partnership.track == Track.FULL
        and not processes_of(partnership)
        and _develops(partnership, viewer)
    ):
        title, note = _("Utvikle det sammen med dem det er for"), _("Det tar under ett minutt å begynne.")
        yield NextStep(_("Samskaping"), title, _start_url(partnership), note, order=28)


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """A guest of the partnership is told that it is developed together, and is no guest of the group."""
    found = processes_of(partnership) if _sees(partnership, viewer) else []
    starts = _develops(partnership, viewer)
    if not found and (partnership.track == Track.LIGHT or not starts):
        return None
    return {
        "processes": [
            {"process": one, "url": _url(one), "color": STATE_COLORS[ProcessState(one.state)]}
            for one in found
        ],
        "start_url": _start_url(partnership) if starts else "",
    }


def _sees(partnership: Partnership, viewer: Viewer) -> bool:
    """All who see the partnership see its processes (`processes_seen_by`), but for its guests."""
    return partnership.pk not in access_of(viewer.user).guest_partnership_ids


def _develops(partnership: Partnership, viewer: Viewer) -> bool:
    return partnership.phase != Phase.ENDED and access_of(viewer.user).covers(
        Permission.PROCESS_EDIT, partnership
    )


def _is_over(found: list[CodesignProcess]) -> bool:
    return all(one.state == ProcessState.ENDED for one in found)


def _url(process: CodesignProcess) -> str:
    return reverse("process", args=[process.pk])


def _start_url(partnership: Partnership) -> str:
    return reverse("process_start", query={"samarbeid": partnership.pk})
