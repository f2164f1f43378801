"""Ivaretakingshjulet: what comes next for a volunteer, by itself from a plan or by hand, and short notes.

The plans are texts of ours (core/data/content/checklist/oppfolging-*.json): low-key volunteers are
asked little, those who are alone with somebody, and new ones, more. A municipality may have its own copies.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate
from samskaping.core.selectors.content_template import content_template_current
from samskaping.core.services.audit import audit_record
from volunteers.models import CareNote, CareStep, Volunteer
from volunteers.models.care import CareKind, CarePhase
from volunteers.models.volunteer import CameBy, HowMuch, VolunteerState

PLAN_LIGHT, PLAN_USUAL, PLAN_CLOSE = "oppfolging-lite", "oppfolging-vanlig", "oppfolging-tett"
# For so long she is new.
NEW_FOR = timedelta(days=183)
# A note is for the next talk, not for a file about somebody.
NOTE_DAYS = (30, 90, 180)
PHASE_OF = {
    CareKind.FIRST_CONTACT: CarePhase.INTRODUCTION,
    CareKind.START_TALK: CarePhase.START,
    CareKind.FIRST_TASK: CarePhase.START,
    CareKind.INTRO_COURSE: CarePhase.START,
    CareKind.CLARIFY_TALK: CarePhase.ENDING,
    CareKind.GOODBYE: CarePhase.ENDING,
}
_PHASE_OF_STATE = {
    VolunteerState.INTERESTED: CarePhase.INTRODUCTION,
    VolunteerState.STARTING: CarePhase.START,
    VolunteerState.ENDED: CarePhase.ENDING,
}
RETURNED = "returned"
# What a change of state has done by itself: whoever is taken in has been contacted.
_DONE_BY = {
    VolunteerState.STARTING: {CareKind.FIRST_CONTACT},
    VolunteerState.ACTIVE: {CareKind.FIRST_CONTACT, CareKind.FIRST_TASK, CareKind.RETURN},
}
# What is still to be done after it; the rest of the plan is let go.
_STILL = {
    VolunteerState.STARTING: {CareKind.START_TALK, CareKind.FIRST_TASK, CareKind.INTRO_COURSE},
    VolunteerState.ACTIVE: {
        *(CareKind.INTRO_COURSE, CareKind.HOW_IT_WENT, CareKind.FOLLOW_UP_TALK, CareKind.CLARIFY_TALK),
        CareKind.THANK,
    },
}


def phase_of(volunteer: Volunteer) -> CarePhase:
    """Where in the wheel she is."""
    return _PHASE_OF_STATE.get(VolunteerState(volunteer.state), CarePhase.CARE)


def plan_key(volunteer: Volunteer, today: date) -> str:
    if volunteer.one_to_one:
        return PLAN_CLOSE
    if volunteer.how_much in (HowMuch.SOMETIMES, HowMuch.ONCE):
        return PLAN_LIGHT
    is_new = volunteer.created_at is None or timezone.localdate(volunteer.created_at) > today - NEW_FOR
    return PLAN_CLOSE if is_new else PLAN_USUAL


# --- What comes by itself --------------------------------------------------------------------------------
def care_follow(*, volunteer: Volunteer, was: str, by: User | None) -> None:
    """Called by the services that change where she is, in their transaction. `was`: the state before."""
    if volunteer.came_by == CameBy.IMPORT and not was:
        return  # those who were there already are not begun with anew
    state = VolunteerState(volunteer.state)
    steps = _open(volunteer)
    if state == was:
        if volunteer.paused_until:
            steps.filter(kind=CareKind.RETURN).update(due_on=volunteer.paused_until)
        return
    now = timezone.now()
    if state == VolunteerState.ENDED:
        steps.update(let_go_at=now)
    else:
        plan = steps.exclude(plan="")
        plan.filter(kind__in=_DONE_BY.get(state, ())).update(done_at=now, done_by=by)
        plan.filter(at=None).exclude(kind__in=_STILL.get(state, ())).update(let_go_at=now)
    moment = RETURNED if was == VolunteerState.PAUSED and state == VolunteerState.ACTIVE else state.value
    _make(volunteer, moment)


def _make(volunteer: Volunteer, moment: str) -> None:
    today = timezone.localdate()
    key = plan_key(volunteer, today)
    there = set(_open(volunteer).values_list("kind", flat=True))
    made = []
    for step in _steps(volunteer, key):
        kind = CareKind(step["kind"])
        if step["on"] != moment or kind in there:
            continue
        due_on = today + timedelta(days=int(step["days"]))
        if kind == CareKind.FIRST_CONTACT and volunteer.reply_by:
            due_on = volunteer.reply_by
        elif kind == CareKind.RETURN and volunteer.paused_until:
            due_on = volunteer.paused_until
        made.append(
            CareStep(
                municipality_id=volunteer.municipality_id,
                volunteer=volunteer,
                phase=PHASE_OF.get(kind, CarePhase.CARE),
                kind=kind,
                due_on=due_on,
                owner_id=volunteer.followed_by_id,
                plan=key,
            )
        )
    CareStep.objects.bulk_create(made)


def _steps(volunteer: Volunteer, key: str) -> "Iterable[dict[str, str]]":
    try:
        steps: list[dict[str, str]] = content_template_current(key, municipality=volunteer.municipality).data[
            "steps"
        ]
    except ContentTemplate.DoesNotExist:
        # A portal whose texts are not loaded has no plans, and that keeps nobody from coming.
        return ()
    return steps


def _open(volunteer: Volunteer) -> "QuerySet[CareStep]":
    return CareStep.objects.filter(volunteer=volunteer, done_at=None, let_go_at=None)


# --- By hand ----------------------------------------------------------------------------------------------
@transaction.atomic
def care_step_add(
    *, volunteer: Volunteer, kind: CareKind, words: str, due_on: date, owner: User | None, by: User
) -> CareStep:
    """Raises DomainError for a day that has been."""
    if due_on < timezone.localdate():
        raise DomainError(_("Velg i dag eller en dag som kommer."))
    made = CareStep.objects.create(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        phase=PHASE_OF.get(kind, phase_of(volunteer)),
        kind=kind,
        words=words,
        due_on=due_on,
        owner=owner,
    )
    audit_record("care_step_added", made, by=by, data={"kind": kind.value})
    return made


@transaction.atomic
def care_step_done(*, step: CareStep, by: User) -> CareStep:
    """What the plan has after it comes by itself. Doing it twice does it once.

    Raises StateChanged for one that was let go.
    """
    locked = _lock(step)
    if locked.let_go_at is not None:
        raise StateChanged(_("Dette steget er droppet."))
    if locked.done_at is None:
        locked.done_at, locked.done_by = timezone.now(), by
        locked.save(update_fields=["done_at", "done_by"])
        audit_record("care_step_done", locked, by=by, data={"kind": locked.kind})
        if locked.volunteer.state == VolunteerState.ACTIVE:
            _make(locked.volunteer, f"after:{locked.kind}")
    return locked


@transaction.atomic
def care_step_let_go(*, step: CareStep, by: User) -> CareStep:
    """Not needed after all. Raises StateChanged for one that is done."""
    locked = _lock(step)
    if locked.done_at is not None:
        raise StateChanged(_("Dette steget er gjort."))
    if locked.let_go_at is None:
        locked.let_go_at = timezone.now()
        locked.save(update_fields=["let_go_at"])
        audit_record("care_step_let_go", locked, by=by, data={"kind": locked.kind})
    return locked


@transaction.atomic
def care_step_move(*, step: CareStep, due_on: date, owner: User | None, by: User) -> CareStep:
    """Another day, or somebody else's. A talk with an hour is moved by `care_talk_set`.

    Raises StateChanged for one that is over, DomainError for a day that has been.
    """
    locked = _lock_open(step)
    if due_on < timezone.localdate():
        raise DomainError(_("Velg i dag eller en dag som kommer."))
    if locked.at is not None and due_on != locked.due_on:
        raise DomainError(_("Samtalen har et tidspunkt. Velg et nytt, så får den frivillige vite det."))
    if (locked.due_on, locked.owner) != (due_on, owner):
        locked.due_on, locked.owner = due_on, owner
        locked.save(update_fields=["due_on", "owner"])
        audit_record("care_step_moved", locked, by=by)
    return locked


@transaction.atomic
def care_talk_set(*, step: CareStep, at: datetime, place: str, by: User) -> CareStep:
    """An hour and a place, which she is told of and asked about. A new hour is a new step: what she said of
    the old one does not stand for it. The same hour and place again change nothing.

    Raises StateChanged for one that is over, DomainError for what is no talk or an hour that has been.
    """
    locked = _lock_open(step)
    now = timezone.now()
    if not locked.is_talk:
        raise DomainError(_("Bare samtaler har et tidspunkt."))
    if at <= now:
        raise DomainError(_("Velg et tidspunkt som kommer."))
    if (locked.at, locked.place) == (at, place):
        return locked
    if locked.at is not None:
        locked.let_go_at = now
        locked.save(update_fields=["let_go_at"])
        locked = CareStep(
            municipality_id=locked.municipality_id,
            volunteer=locked.volunteer,
            phase=locked.phase,
            kind=locked.kind,
            words=locked.words,
            owner=locked.owner,
            plan=locked.plan,
            uid=locked.uid,
            sequence=locked.sequence + 1,
        )
    locked.at, locked.place, locked.at_set_at, locked.suits = at, place, now, None
    locked.due_on = timezone.localdate(at)
    locked.save()
    audit_record("care_talk_set", locked, by=by)
    return locked


@transaction.atomic
def care_talk_answer(*, step: CareStep, suits: bool, by: User | None) -> CareStep:
    """`by`: who noted it on her behalf; None when she says it herself. She may change her mind.

    Raises StateChanged when it is no longer asked.
    """
    locked = _lock_open(step)
    if locked.at is None or locked.at <= timezone.now():
        raise StateChanged(_("Denne samtalen er ikke lenger aktuell."))
    if locked.suits != suits:
        locked.suits = suits
        locked.save(update_fields=["suits"])
        audit_record(
            "care_talk_answered",
            locked,
            by=by,
            on_behalf_of=locked.volunteer.person if by is not None else None,
            data={"suits": suits},
        )
    return locked


# --- Notes ------------------------------------------------------------------------------------------------
@transaction.atomic
def care_note_add(*, volunteer: Volunteer, line: str, days: int, by: User) -> CareNote:
    made = CareNote.objects.create(
        municipality_id=volunteer.municipality_id,
        volunteer=volunteer,
        line=line,
        gone_on=timezone.localdate() + timedelta(days=days),
        by=by,
    )
    audit_record("care_note_added", made, by=by)
    return made


@transaction.atomic
def care_note_remove(*, note: CareNote, by: User) -> None:
    audit_record("care_note_removed", note, by=by)
    note.delete()


def _lock(step: CareStep) -> CareStep:
    locked: CareStep = (
        CareStep.objects.select_for_update(of=("self",))
        .select_related("volunteer__person", "volunteer__municipality", "owner")
        .get(pk=step.pk)
    )
    return locked


def _lock_open(step: CareStep) -> CareStep:
    """Raises StateChanged for one that is over."""
    locked = _lock(step)
    if not locked.is_open:
        raise StateChanged(_("Dette steget er ferdig."))
    return locked
