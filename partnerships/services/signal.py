"""«Spørsmål eller endringsønske»: asked, seen, answered, sent on, taken back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    Signal,
    Unit,
    VolunteerCentre,
)
from partnerships.models.areas import Level
from partnerships.models.partnership import Phase
from partnerships.models.signal import SignalKind, SignalState
from partnerships.selectors.signal_access import UNANSWERED
from partnerships.selectors.signal_people import Side, forward_choices, receiver_at
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record


@dataclass(frozen=True)
class To:
    """A level, or one side at it."""

    level: Level
    side: Side = None


@transaction.atomic
def signal_raise(
    *,
    municipality: Municipality,
    partnership: Partnership | None,
    asker: Person,
    from_level: Level,
    to: To,
    subject: str,
    text: str,
    due_on: date,
    by: User,
    kind: SignalKind = SignalKind.QUESTION,
    asker_for: PartnershipParty | None = None,
    follows: Signal | None = None,
) -> Signal:
    """Asks a level or a side; the map says who it goes to. Also for parts that ask from their own pages.

    Raises DomainError for a day that has passed, a partnership that is over, and a side that is not there.
    """
    if kind == SignalKind.DECISION:
        raise DomainError(_("En beslutning kommer som svar på et spørsmål."))
    if due_on < timezone.localdate():
        raise DomainError(_("Velg i dag eller en dag som kommer."))
    _check_place(municipality, partnership, to.side)
    if asker_for is not None and (partnership is None or asker_for.partnership_id != partnership.pk):
        raise DomainError(_("Parten du spør for, er ikke med i samarbeidet."))
    if follows is not None and follows.municipality_id != municipality.pk:
        raise DomainError(_("Spørsmålet det følger opp, hører til et annet sted."))
    receiver = receiver_at(
        municipality=municipality, partnership=partnership, level=to.level, side=to.side, asker=asker
    )
    signal = Signal.objects.create(
        municipality=municipality,
        partnership=partnership,
        kind=kind,
        subject=subject,
        text=text,
        from_level=from_level,
        to_level=to.level,
        unit=to.side if isinstance(to.side, Unit) else None,
        centre=to.side if isinstance(to.side, VolunteerCentre) else None,
        organisation=to.side if isinstance(to.side, Organisation) else None,
        receiver=receiver,
        due_on=due_on,
        raised_by=asker,
        raised_for=asker_for,
        follows=follows,
    )
    audit_record(
        "signal_raised",
        signal,
        by=by,
        on_behalf_of=asker if asker.user_id != by.pk else None,
        data={"level": int(to.level), "receiver": receiver.pk if receiver else None},
    )
    return signal


@transaction.atomic
def signal_see(*, signal: Signal, by: User) -> None:
    """Opened by the one it was sent to. Once; what is seen or answered stays so."""
    locked = _lock(signal)
    if locked.state != SignalState.NEW or locked.kind == SignalKind.DECISION:
        return
    locked.state, locked.seen_at = SignalState.SEEN, timezone.now()
    locked.save(update_fields=["state", "seen_at"])
    audit_record("signal_seen", locked, by=by)


@transaction.atomic
def signal_answer(
    *, signal: Signal, text: str, answered_by: Person, by: User, decision: bool = False
) -> Signal:
    """`decision`: what is said goes down again too, to those who work where it came from.

    Raises StateChanged when somebody answered or it was taken back, DomainError for an answer without words.
    """
    locked = _unanswered(signal)
    if not text.strip():
        raise DomainError(_("Et svar må ha en tekst."))
    now = timezone.now()
    locked.state, locked.seen_at = SignalState.ANSWERED, locked.seen_at or now
    locked.answer, locked.answered_by, locked.answered_at = text, answered_by, now
    locked.save(update_fields=["state", "seen_at", "answer", "answered_by", "answered_at"])
    audit_record(
        "signal_answered", locked, by=by, on_behalf_of=answered_by if answered_by.user_id != by.pk else None
    )
    if decision and locked.partnership is not None:
        _decide(locked, answered_by, by)
    return locked


def _decide(answered: Signal, decided_by: Person, by: User) -> None:
    """Nobody answers a decision, so it is closed from the start; who it concerns is told."""
    made = Signal.objects.create(
        municipality=answered.municipality,
        partnership=answered.partnership,
        kind=SignalKind.DECISION,
        subject=answered.subject,
        text=answered.answer,
        from_level=answered.to_level,
        to_level=answered.from_level,
        state=SignalState.CLOSED,
        closed_at=answered.answered_at,
        raised_by=decided_by,
        follows=answered,
    )
    audit_record("signal_decided", made, by=by, data={"answers": answered.pk})


@transaction.atomic
def signal_forward(*, signal: Signal, receiver: Person, by: User) -> None:
    """To somebody who knows better. The day stays; whoever asked is not made to wait longer.

    Raises StateChanged when it was answered meanwhile, DomainError for somebody who answers nothing here.
    """
    locked = _unanswered(signal)
    if not forward_choices(locked, by).filter(pk=receiver.pk).exists():
        raise DomainError(_("Velg en som svarer på spørsmål her."))
    signal_hand_to(locked, receiver)
    audit_record("signal_forwarded", locked, by=by, data={"receiver": receiver.pk})


@transaction.atomic
def signal_take_back(*, signal: Signal, by: User) -> None:
    """Raises StateChanged when it was answered first."""
    locked = _unanswered(signal)
    _close(locked)
    audit_record("signal_taken_back", locked, by=by)


@transaction.atomic
def signal_close(*, signal: Signal, by: User) -> None:
    """Nothing more is to be said. Raises StateChanged when it has no answer, or is closed."""
    locked = _lock(signal)
    if locked.state != SignalState.ANSWERED:
        raise StateChanged(_("Spørsmålet er lukket, eller har ikke fått svar."))
    _close(locked)
    audit_record("signal_closed", locked, by=by)


def signal_hand_to(locked: Signal, receiver: Person) -> None:
    """New to somebody else; the caller has the lock and says why in the trace."""
    locked.receiver, locked.state, locked.seen_at = receiver, SignalState.NEW, None
    locked.save(update_fields=["receiver", "state", "seen_at"])


def _close(locked: Signal) -> None:
    locked.state, locked.closed_at = SignalState.CLOSED, timezone.now()
    locked.save(update_fields=["state", "closed_at"])


def _lock(signal: Signal) -> Signal:
    """Raises StateChanged when it is gone."""
    locked = (
        Signal.objects.select_for_update(of=("self",))
        .select_related(
            "municipality", "partnership", "receiver", "raised_by", "unit", "centre", "organisation"
        )
        .filter(pk=signal.pk)
        .first()
    )
    if locked is None:
        raise StateChanged(_("Spørsmålet er ikke her lenger."))
    return locked


def _unanswered(signal: Signal) -> Signal:
    locked = _lock(signal)
    if locked.state not in UNANSWERED or locked.kind == SignalKind.DECISION:
        raise StateChanged(_("Spørsmålet er besvart eller trukket tilbake, mens du skrev."))
    return locked


def _check_place(municipality: Municipality, partnership: Partnership | None, side: Side) -> None:
    if partnership is None:
        if side is not None and side.municipality_id != municipality.pk:
            raise DomainError(_("Velg noen fra egen kommune."))
        return
    if partnership.municipality_id != municipality.pk:
        raise DomainError(_("Samarbeidet hører til en annen kommune."))
    if partnership.phase == Phase.ENDED:
        raise DomainError(_("Samarbeidet er avsluttet."))
    if side is not None:
        parties = partnership.parties.taking_part().filter(**{str(side._meta.model_name): side.pk})
        if not parties.exists():
            raise DomainError(_("Velg en part som er med i samarbeidet."))
