"""Who may do what with a question: product.md § 1, and the one it was sent to."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from partnerships.access import Access, access_of, get_visible
from partnerships.models import Person, Signal
from partnerships.models.areas import Level
from partnerships.models.signal import SignalKind, SignalState
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission, Role

READ_WITH = (
    "municipality__settings",
    "partnership",
    "unit",
    "centre",
    "organisation",
    "receiver",
    "raised_by",
    "answered_by",
    "follows",
    "raised_for__unit",
    "raised_for__centre",
    "raised_for__organisation",
)
UNANSWERED = (SignalState.NEW, SignalState.SEEN)
# Whose word level 1 is; a chief answers there, and what is sent to her.
_LEADERSHIP = (Role.CHIEF, Role.COORDINATOR)

Rule = Callable[[User, Signal], bool]


def signal_for(user: User | AnonymousUser, rule: Rule, pk: int) -> Signal:
    """The question she asked for, if she may do this to it.

    Raises Http404 for what she may not know of, PermissionDenied for what she sees but may not do.
    """
    signal = get_visible(user, Signal.objects.select_related(*READ_WITH), pk=pk)
    if not isinstance(user, User) or not rule(user, signal):
        raise PermissionDenied
    return signal


def waits(signal: Signal) -> bool:
    return signal.kind != SignalKind.DECISION and signal.state in UNANSWERED


def is_asker(user: User, signal: Signal) -> bool:
    return signal.raised_by is not None and signal.raised_by.user_id == user.pk


def is_receiver(user: User, signal: Signal) -> bool:
    """Whoever no longer works there has no questions to answer there."""
    to = signal.receiver
    return to is not None and to.user_id == user.pk and to.municipality_id in access_of(user).municipality_ids


def answers_there(user: User, signal: Signal) -> bool:
    """The one it is sent to, and those who answer for that side or level; never the one who asks.

    It needs no permission to be the receiver: whom the map names is whom they asked.
    """
    if signal.kind == SignalKind.DECISION or is_asker(user, signal):
        return False
    if is_receiver(user, signal):
        return True
    memberships = access_of(user).memberships
    if signal.to_level == Level.ANCHORING and not _to_one_side(signal):
        here = tuple(
            m for m in memberships if m.role in _LEADERSHIP and m.municipality_id == signal.municipality_id
        )
    else:
        here = tuple(m for m in memberships if m.role != Role.CHIEF)
    return Access(here).covers(Permission.SIGNAL_ANSWER, signal)


def notes_for_receiver(user: User, signal: Signal) -> bool:
    """Staff who write down what she said on the telephone: those who send her the portal's messages."""
    return (
        signal.receiver is not None
        and signal.receiver.user_id != user.pk
        and not is_asker(user, signal)
        and Person.objects.reached_by(user, Permission.NOTICES_MANAGE).filter(pk=signal.receiver.pk).exists()
    )


def may_answer(user: User, signal: Signal) -> bool:
    return answers_there(user, signal) or notes_for_receiver(user, signal)


def may_forward(user: User, signal: Signal) -> bool:
    return answers_there(user, signal)


def may_close(user: User, signal: Signal) -> bool:
    return is_asker(user, signal) or answers_there(user, signal)


def may_follow_up(user: User, signal: Signal) -> bool:
    """A new question about the answer: by whoever may ask, in the same partnership."""
    access = access_of(user)
    if signal.partnership is not None:
        return access.covers(Permission.SIGNAL_RAISE, signal.partnership)
    return access.may(Permission.SIGNAL_RAISE, municipality_id=signal.municipality_id)


def _to_one_side(signal: Signal) -> bool:
    return bool(signal.unit_id or signal.centre_id or signal.organisation_id)
