"""Follow-up: what comes next for somebody, who may take it, and what is due today."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.models import Absence, Membership
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, roles_with
from volunteers.models import CareStep, Thanks, Volunteer
from volunteers.models.care import CarePhase
from volunteers.models.volunteer import LeavingReason, VolunteerQuerySet, VolunteerState
from volunteers.services.care import phase_of

# What the link to a talk in a calendar programme is for.
TALK_FILE = "volunteers.talk_file"
DONE_SHOWN, THANKS_SHOWN = 5, 5
# Fewer than this are not counted out loud.
FEW = 5


@dataclass(frozen=True)
class StepLine:
    step: CareStep
    owner: str
    is_late: bool
    # «Tirsdag 3. mars kl. 10.00, biblioteket»; empty without an hour.
    talk: str


@dataclass(frozen=True)
class Care:
    """What the record shows of it."""

    phases: list[dict[str, Any]]
    next: StepLine | None
    later: list[StepLine]
    done: list[StepLine]
    thanks: list[Thanks]


def care_of(volunteer: Volunteer, today: date) -> Care:
    names = {}
    steps = list(CareStep.objects.filter(volunteer=volunteer, let_go_at=None).order_by("due_on", "pk"))
    users = {step.owner_id for step in steps if step.owner_id}
    if users:
        names = names_of(users, volunteer.municipality_id)
    open_ones = [step for step in steps if step.done_at is None]
    been = sorted(
        (step for step in steps if step.done_at is not None), key=lambda step: str(step.done_at), reverse=True
    )
    lines = [_line(step, names, today) for step in open_ones]
    here = phase_of(volunteer)
    order = list(CarePhase)
    return Care(
        phases=[
            {
                "label": phase.label,
                "is_here": phase == here,
                "has_been": order.index(phase) < order.index(here),
            }
            for phase in order
        ],
        next=lines[0] if lines else None,
        later=lines[1:],
        done=[_line(step, names, today) for step in been[:DONE_SHOWN]],
        thanks=list(Thanks.objects.filter(volunteer=volunteer).select_related("offer")[:THANKS_SHOWN]),
    )


def _line(step: CareStep, names: dict[int, str], today: date) -> StepLine:
    return StepLine(
        step=step,
        owner=names.get(step.owner_id or 0, ""),
        is_late=step.is_open and step.due_on < today,
        talk=talk_words(step),
    )


def talk_words(step: CareStep) -> str:
    if step.at is None:
        return ""
    at = timezone.localtime(step.at)
    when = _("%(day)s kl. %(clock)s") % {"day": capfirst(date_format(at, "l j. F")), "clock": f"{at:%H.%M}"}
    return f"{when}, {step.place}" if step.place else when


def names_of(users: set[int], municipality_id: int) -> dict[int, str]:
    held = Membership.objects.filter(user__in=users, municipality=municipality_id, person__isnull=False)
    return dict(held.values_list("user", "person__name"))


def owners_for(volunteer: Volunteer) -> list[tuple[int, str]]:
    """Those who may look after her, by name: colleagues of her own controller only."""
    person = volunteer.person
    held = Membership.objects.current().filter(
        municipality=volunteer.municipality_id, role__in=roles_with(Permission.VOLUNTEER_CONTACT)
    )
    if person.controller_organisation_id:
        held = held.filter(organisation=person.controller_organisation_id)
    elif person.controller_centre_id:
        held = held.filter(centre=person.controller_centre_id)
    else:
        whole = Q(unit=None, centre=None, organisation=None)
        held = held.filter(whole | Q(centre=volunteer.centre_id, centre__isnull=False))
    rows = held.filter(person__isnull=False).order_by("person__name_key").values_list("user", "person__name")
    return list(dict(rows).items())


def due_for(user: User, municipality_id: Any, today: Any) -> QuerySet[CareStep]:
    """What is due, of volunteers she keeps: hers, those of whoever left it to her, and nobody's."""
    kept: VolunteerQuerySet = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT)
    away = Absence.objects.filter(
        membership__user=OuterRef("owner"),
        membership__ended_at=None,
        municipality=OuterRef("municipality"),
        away_from__lte=today,
        away_to__gte=today,
        deputy__user=user,
    )
    works = Membership.objects.current(today).filter(
        user=OuterRef("owner"), municipality=OuterRef("municipality")
    )
    hers = Q(owner=user) | Q(owner=None) | Exists(away) | ~Exists(works)
    return CareStep.objects.filter(
        hers,
        municipality=municipality_id,
        done_at=None,
        let_go_at=None,
        due_on__lte=today,
        volunteer__in=kept.order_by().values("pk"),
    )


def leaving_reasons(user: User, municipality_id: int, since: date) -> list[dict[str, Any]]:
    """Why people left, of those she keeps, as numbers; reasons few have given are told together, without one.

    No sum: from it and all numbers but one the last would follow.
    """
    kept = Volunteer.objects.kept_by(user, Permission.VOLUNTEER_CONTACT)
    left = kept.filter(
        municipality=municipality_id, state=VolunteerState.ENDED, ended_on__gte=since
    ).order_by()
    counts = dict(
        left.values("leaving_reason").annotate(number=Count("pk")).values_list("leaving_reason", "number")
    )
    labels = {**dict(LeavingReason.choices), "": _("Ikke sagt hvorfor")}
    return [
        {"label": labels[reason], "number": number}
        for reason, number in sorted(counts.items(), key=lambda pair: -pair[1])
        if number >= FEW
    ]
