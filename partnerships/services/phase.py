"""Where a partnership is: forward, back with a reason, on pause, ended kindly, and taken up again."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from partnerships.models import Partnership
from partnerships.models.partnership import LogKind, Phase
from partnerships.selectors.words import language_of
from partnerships.services.editing import edited
from partnerships.services.offer import offers_end_with
from partnerships.services.partnership import partnership_lock, portal_notes
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.services.audit import audit_record

ORDER = (Phase.ANCHORING, Phase.DEVELOPMENT, Phase.OPERATION)


@transaction.atomic
def phase_move(*, partnership: Partnership, phase: Phase, because: str = "", by: User) -> Partnership:
    """To another of the three phases. Raises DomainError for a step back that says no reason."""
    locked = partnership_lock(partnership)
    if locked.phase == Phase.ENDED or phase not in ORDER:
        raise StateChanged(gettext_lazy("Samarbeidet er avsluttet. Ta det opp igjen først."))
    if locked.phase == phase:
        return locked
    if ORDER.index(phase) < ORDER.index(Phase(locked.phase)) and not because:
        raise DomainError(gettext_lazy("Skriv kort hvorfor dere går tilbake. Det er lov, og nyttig å vite."))
    changes: dict[str, Any] = {"phase": phase}
    if phase == Phase.OPERATION and locked.running_since is None:
        changes["running_since"] = timezone.localdate()
    return _step(
        locked, "phase_moved", changes, by, lambda: _("Fase: %(phase)s.") % {"phase": phase.label}, because
    )


@transaction.atomic
def partnership_pause(
    *, partnership: Partnership, until: date | None, because: str = "", by: User
) -> Partnership:
    """Nothing is asked of anybody meanwhile. Raises DomainError for a day gone by, or what is over."""
    locked = partnership_lock(partnership)
    today = timezone.localdate()
    if locked.phase == Phase.ENDED or locked.paused_since:
        raise StateChanged(gettext_lazy("Samarbeidet står på pause eller er avsluttet allerede."))
    if until is not None and until <= today:
        raise DomainError(gettext_lazy("Velg en dag som kommer."))
    changes = {"paused_since": today, "paused_until": until}

    def line() -> str:
        if until is None:
            return _("Satt på pause.")
        return _("Satt på pause til %(day)s.") % {"day": formats.date_format(until, "SHORT_DATE_FORMAT")}

    return _step(locked, "partnership_paused", changes, by, line, because)


@transaction.atomic
def partnership_resume(*, partnership: Partnership, by: User) -> Partnership:
    """Raises StateChanged when it is on no pause."""
    locked = partnership_lock(partnership)
    if locked.paused_since is None:
        raise StateChanged(gettext_lazy("Samarbeidet står ikke på pause."))
    changes = {"paused_since": None, "paused_until": None}
    return _step(locked, "partnership_resumed", changes, by, lambda: _("Tatt opp igjen etter pausen."))


@transaction.atomic
def partnership_end(*, partnership: Partnership, ended_on: date, because: str, by: User) -> Partnership:
    """Any party may end it, and its offers end with it. What others can learn is asked for, never required.

    Raises StateChanged when it is over already, DomainError for a day to come.
    """
    locked = partnership_lock(partnership)
    if locked.phase == Phase.ENDED:
        raise StateChanged(gettext_lazy("Samarbeidet er allerede avsluttet."))
    if ended_on > timezone.localdate():
        raise DomainError(gettext_lazy("Velg en dag som har vært, eller sett samarbeidet på pause."))
    offers_end_with(locked, ended_on=ended_on, because=because, by=by)
    changes = {
        "phase": Phase.ENDED,
        "ended_on": ended_on,
        "ended_because": because,
        "paused_since": None,
        "paused_until": None,
    }
    return _step(locked, "partnership_ended", changes, by, lambda: _("Samarbeidet er avsluttet."))


@transaction.atomic
def partnership_reopen(*, partnership: Partnership, by: User) -> Partnership:
    """Back to running if it ever ran, else to the beginning; what was learnt stays in the log.

    Raises StateChanged when it is not over.
    """
    locked = partnership_lock(partnership)
    if locked.phase != Phase.ENDED:
        raise StateChanged(gettext_lazy("Samarbeidet er ikke avsluttet."))
    changes = {
        "phase": Phase.OPERATION if locked.running_since else Phase.ANCHORING,
        "ended_on": None,
        "ended_because": "",
    }
    learnt = locked.ended_because
    return _step(locked, "partnership_reopened", changes, by, lambda: _("Tatt opp igjen."), learnt)


def _step(
    locked: Partnership, verb: str, changes: dict[str, Any], by: User, line: Any, because: str = ""
) -> Partnership:
    """`line` is asked in the owner's language: the log is read by all the parties."""
    edited(locked, changes, may_change=set(changes), by=by)
    with override(language_of(locked.municipality)):
        said = f"{line()} {because}".strip()
    portal_notes(locked, said[:1000], by=by, kind=LogKind.PHASE)
    audit_record(verb, locked, by=by, data={"phase": str(locked.phase)})
    return locked
