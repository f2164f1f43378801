"""Starting a process, changing what stands about it, and its steps from the beginning to the end."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import (
    Adaptation,
    CodesignProcess,
    FollowUp,
    Meeting,
    Organisation,
    Partnership,
    Person,
    ProblemVersion,
    VolunteerCentre,
)
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import convenes_here
from partnerships.models.partnership import Phase, StartedBy, Track
from partnerships.selectors.meeting import coming
from partnerships.selectors.process import side_of
from partnerships.services.editing import edited, unchanged_since
from partnerships.services.meeting import meeting_cancel
from partnerships.services.partnership import Actor, partnership_start, party_field
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record

# What the form changes; the problem, the preparation and the steps have services of their own.
FIELDS = frozenset(
    {
        "title",
        "target_group",
        "duration",
        "mandate",
        "promises",
        "convener",
        "channel_name",
        "channel_url",
    }
)


@transaction.atomic
def process_start(
    *,
    municipality: Municipality,
    title: str,
    by: User,
    own: Actor | None = None,
    partnership: Partnership | None = None,
    problem: str = "",
    target_group: str = "",
    from_citizen: bool = False,
    convener: Person | None = None,
) -> CodesignProcess:
    """A name is enough. `own` is the side that invites; none: the whole municipality.

    Raises DomainError for a side that is not hers, and for a partnership that is over.
    """
    _may_start(by, municipality, own)
    # A neighbour's side takes part as itself, never as the municipality whose partnership it is.
    if own is None and partnership is not None and partnership.municipality_id != municipality.pk:
        raise DomainError(_("Velg hvem som inviterer."))
    if partnership is not None and partnership.phase == Phase.ENDED:
        raise DomainError(_("Samarbeidet er avsluttet. Ta det opp igjen først."))
    # The side that invites answers for those it asks in: a neighbour's, also in a partnership we own.
    process = CodesignProcess(
        municipality=municipality,
        partnership=partnership,
        title=" ".join(title.split()),
        problem=problem,
        target_group=target_group,
        started_by=StartedBy.CITIZEN if from_citizen else _started_by(own),
        convener=convener if convener is not None and convener.erased_at is None else None,
        created_by=by,
        updated_by=by,
        **({party_field(own): own} if own is not None else {}),
    )
    process.save()
    if problem:
        _add_version(process, by=by)
    audit_record("process_started", process, by=by)
    return process


@transaction.atomic
def process_change(
    *, process: CodesignProcess, version: int, changes: dict[str, Any], by: User
) -> CodesignProcess:
    """Saves what differs.

    Raises ChangedMeanwhile when somebody saved after `version` was read, DomainError for another contact by
    somebody who does not convene: the contact reads what is for her alone.
    """
    locked = process_lock(process)
    unchanged_since(locked, version)
    if changes.get("convener", locked.convener) != locked.convener and not convenes_here(by, locked):
        raise DomainError(_("Bare de som inviterer, velger kontaktperson for gruppa."))
    changed = edited(locked, changes, may_change=FIELDS, by=by)
    if changed:
        audit_record("process_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def process_problem_write(
    *, process: CodesignProcess, version: int, text: str, because: str, by: User
) -> CodesignProcess:
    """What it is about, as the group understands it now; what stood there stays as a version.

    Raises ChangedMeanwhile when somebody saved after `version` was read, StateChanged when it is over.
    """
    locked = process_lock(process)
    not_over(locked)
    unchanged_since(locked, version)
    if edited(locked, {"problem": text}, may_change={"problem"}, by=by):
        made = _add_version(locked, because=because, by=by)
        audit_record("process_problem_written", locked, by=by, data={"number": made.number})
    return locked


@transaction.atomic
def process_attach(*, process: CodesignProcess, partnership: Partnership, by: User) -> CodesignProcess:
    """Into a partnership, where what comes of it will stand.

    Raises StateChanged when it is in one already, DomainError for one of another municipality or one that is
    over.
    """
    locked = process_lock(process)
    if locked.partnership_id is not None:
        raise StateChanged(_("Prosessen hører allerede til et samarbeid."))
    if partnership.municipality_id != locked.municipality_id or partnership.phase == Phase.ENDED:
        raise DomainError(_("Velg et samarbeid i kommunen som er i gang."))
    edited(locked, {"partnership": partnership}, may_change={"partnership"}, by=by)
    audit_record("process_attached", locked, by=by)
    return locked


@transaction.atomic
def process_partnership(*, process: CodesignProcess, by: User) -> Partnership:
    """The partnership it belongs to; where there is none, a light one of the same name is made.

    Raises DomainError when whoever asks may start none.
    """
    locked = process_lock(process)
    if locked.partnership is not None:
        return locked.partnership
    made = partnership_start(
        municipality=locked.municipality,
        title=locked.title,
        own=side_of(locked),
        track=Track.LIGHT,
        by=by,
    )
    process_attach(process=locked, partnership=made, by=by)
    return made


@transaction.atomic
def process_run(*, process: CodesignProcess, by: User) -> CodesignProcess:
    """From preparing to running: at the first invitation, or by a button. Safe to call again.

    Not a save of anybody's words: it counts no version, so that whoever is writing is not held up.
    """
    locked = process_lock(process)
    if locked.state == ProcessState.PREPARING:
        locked.state = ProcessState.RUNNING
        locked.save(update_fields=["state"])
        audit_record("process_running", locked, by=by)
    return locked


@transaction.atomic
def process_end(*, process: CodesignProcess, ended_on: date, because: str, by: User) -> CodesignProcess:
    """How it went is asked for and never required. Meetings to come are called off, and the group told.

    What was noted for the meetings to come, about single people, is gone at once; names go with the retention
    rule `participants`, and what the group made stays.

    Raises StateChanged when it is over already, DomainError for a day to come and while somebody waits for
    the answer she was promised.
    """
    locked = process_lock(process)
    not_over(locked)
    if ended_on > timezone.localdate():
        raise DomainError(_("Velg en dag som har vært."))
    if locked.proposals.filter(answered_at=None).exists():
        raise DomainError(_("Noen venter på svar på innspillene sine. Svar på dem først."))
    for meeting in coming(Meeting.objects.filter(process=locked)):
        meeting_cancel(meeting=meeting, by=by)
    changes = {"state": ProcessState.ENDED, "ended_on": ended_on, "ended_because": because}
    _step(locked, "process_ended", changes, by)
    for notes in (Adaptation, FollowUp):
        notes._default_manager.filter(participant__process=locked).delete()
    return locked


@transaction.atomic
def process_reopen(*, process: CodesignProcess, by: User) -> CodesignProcess:
    """Raises StateChanged when it is not over."""
    locked = process_lock(process)
    if locked.state != ProcessState.ENDED:
        raise StateChanged(_("Prosessen er ikke avsluttet."))
    # What was learnt stands, for when it ends again.
    changes = {"state": ProcessState.RUNNING, "ended_on": None}
    _step(locked, "process_reopened", changes, by)
    return locked


@transaction.atomic
def process_publish(*, process: CodesignProcess, public: bool, by: User) -> CodesignProcess:
    """A page that anybody may read, or no longer. Safe to press twice."""
    locked = process_lock(process)
    if public != (locked.public_at is not None):
        verb = "process_published" if public else "process_hidden"
        _step(locked, verb, {"public_at": timezone.now() if public else None}, by)
    return locked


def process_lock(process: CodesignProcess) -> CodesignProcess:
    rows = CodesignProcess.objects.select_for_update(of=("self",)).select_related("municipality")
    return rows.get(pk=process.pk)


def not_over(process: CodesignProcess) -> None:
    """Raises StateChanged."""
    if process.state == ProcessState.ENDED:
        raise StateChanged(_("Prosessen er avsluttet. Ta den opp igjen først."))


def _step(locked: CodesignProcess, verb: str, changes: dict[str, Any], by: User) -> None:
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.updated_by = by
    locked.save(update_fields=[*changes, "version", "updated_by", "updated_at"])
    audit_record(verb, locked, by=by)


def _add_version(process: CodesignProcess, *, because: str = "", by: User) -> ProblemVersion:
    last = ProblemVersion.objects.filter(process=process).aggregate(last=Max("number"))["last"] or 0
    return ProblemVersion.objects.create(
        municipality_id=process.municipality_id,
        process=process,
        number=last + 1,
        text=process.problem,
        because=because,
        by=by,
    )


def _may_start(by: User, municipality: Municipality, own: Actor | None) -> None:
    access = access_of(by)
    everywhere = municipality.pk in access.municipalities_all(Permission.PROCESS_EDIT)
    if own is None and everywhere:
        return
    hers = own is not None and (everywhere or access.own(Permission.PROCESS_EDIT).meets(own.owned_by()))
    if own is None or own.municipality_id != municipality.pk or own.ended_at or not hers:
        raise DomainError(_("Velg hvem som inviterer."))


def _started_by(own: Actor | None) -> StartedBy:
    if isinstance(own, Organisation):
        return StartedBy.ORGANISATION
    return StartedBy.CENTRE if isinstance(own, VolunteerCentre) else StartedBy.MUNICIPALITY
