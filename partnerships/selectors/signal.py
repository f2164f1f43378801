"""Questions as lists, as the thread of one, and as what a partnership's page shows of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.models import Membership, Partnership, PartnershipParty, Signal
from partnerships.models.signal import SignalKind, SignalQuerySet, SignalState
from partnerships.page import Between, Stage
from partnerships.selectors.signal_people import Rung, climbs_on, next_above, side_of
from partnerships.selectors.words import level_word
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.text import sort_key

SHOWN_ON_PAGE = 5
ROW_READS = (
    "municipality__settings",
    "partnership",
    "unit",
    "centre",
    "organisation",
    "receiver",
    "raised_by",
)
COLOURS = {
    SignalState.NEW: "info",
    SignalState.SEEN: "info",
    SignalState.ANSWERED: "success",
    SignalState.CLOSED: "neutral",
}


class Tab(StrEnum):
    TO_ME = "meg"
    MINE = "mine"
    ALL = "alle"


TAB_LABELS = {
    Tab.TO_ME: gettext_lazy("Til meg"),
    Tab.MINE: gettext_lazy("Mine spørsmål"),
    Tab.ALL: gettext_lazy("Alle jeg ser"),
}


class Shown(StrEnum):
    """What a list is filtered to."""

    WAITING = "venter"
    LATE = "over-tiden"
    ANSWERED = "besvart"
    CLOSED = "lukket"
    DECISIONS = "beslutninger"


SHOWN_LABELS = {
    Shown.WAITING: gettext_lazy("Venter på svar"),
    Shown.LATE: gettext_lazy("Over tiden"),
    Shown.ANSWERED: gettext_lazy("Besvart"),
    Shown.CLOSED: gettext_lazy("Lukket"),
    Shown.DECISIONS: gettext_lazy("Beslutninger"),
}


def signals_here(user: User, membership: Membership | None) -> SignalQuerySet:
    """What she may see, of the place she works now: its own, and those of partnerships it is a party of."""
    seen = Signal.objects.visible_to(user)
    if membership is None or membership.municipality_id is None:
        return seen.none()
    town = membership.municipality_id
    parties = PartnershipParty.objects.filter(party_municipality=town).taking_part()
    return seen.filter(
        Q(municipality=town)
        | Q(receiver__municipality=town)
        | Q(partnership__in=parties.values("partnership"))
    )


def waiting_for(user: User, membership: Membership | None) -> SignalQuerySet:
    """Those she is to answer. The menu counts the same (MembershipQuerySet.with_questions)."""
    if membership is None or membership.municipality_id is None:
        return Signal.objects.none()
    return Signal.objects.unanswered().filter(
        receiver__user=user, receiver__municipality=membership.municipality_id
    )


def on_tab(user: User, membership: Membership | None, tab: Tab) -> SignalQuerySet:
    found = signals_here(user, membership)
    if tab == Tab.TO_ME:
        # Answered ones stay where she answered them; what waits stands first.
        found = found.filter(Q(receiver__user=user) | Q(answered_by__user=user)).exclude(
            kind=SignalKind.DECISION
        )
    elif tab == Tab.MINE:
        found = found.filter(raised_by__user=user)
    if tab != Tab.TO_ME:
        return found.order_by("-raised_at", "-pk")
    waits = When(state__in=(SignalState.NEW, SignalState.SEEN), then=Value(0))
    return found.order_by(Case(waits, default=Value(1)), "due_on", "-raised_at", "-pk")


def matching(
    found: SignalQuerySet, *, q: str = "", shown: str = "", partnership: Partnership | None = None
) -> SignalQuerySet:
    """Every word of `q` stands in the subject, the question or the answer, or names the partnership."""
    for word in q.split():
        said = Q(subject__icontains=word) | Q(text__icontains=word) | Q(answer__icontains=word)
        found = found.filter(said | Q(partnership__title_key__contains=sort_key(word) or word))
    if shown in (Shown.WAITING, Shown.LATE):
        found = found.unanswered()
    if shown == Shown.LATE:
        found = found.filter(due_on__lt=timezone.localdate())
    if shown == Shown.ANSWERED:
        found = found.filter(state=SignalState.ANSWERED)
    if shown == Shown.CLOSED:
        found = found.filter(state=SignalState.CLOSED).exclude(kind=SignalKind.DECISION)
    if shown == Shown.DECISIONS:
        found = found.filter(kind=SignalKind.DECISION)
    return found.filter(partnership=partnership) if partnership else found


@dataclass(frozen=True)
class Line:
    """One question in a list."""

    signal: Signal
    to: str
    asker: str
    state: str
    color: str
    is_late: bool


def lines_of(keys: Iterable[int], today: date) -> list[Line]:
    """In the order of the keys. What a line joins in is read for those that are shown: together with who
    sees what, the database plans it longer than it reads.
    """
    keys = list(keys)
    found = Signal.objects.select_related(*ROW_READS).in_bulk(keys)
    return [line_of(found[key], today) for key in keys]


def line_of(signal: Signal, today: date) -> Line:
    waits = signal.state in (SignalState.NEW, SignalState.SEEN)
    is_late = waits and signal.due_on is not None and signal.due_on < today
    if signal.kind == SignalKind.DECISION:
        state, color = str(SignalKind.DECISION.label), "accent"
    elif is_late:
        state, color = _("Over tiden"), "danger"
    elif signal.state == SignalState.CLOSED and signal.answered_at is None:
        state, color = _("Trukket tilbake"), "neutral"
    else:
        state, color = signal.get_state_display(), COLOURS[SignalState(signal.state)]
    asker = signal.raised_by.name if signal.raised_by else _("en som ikke lenger er her")
    return Line(signal, to_words(signal), asker, state, color, is_late)


def to_words(signal: Signal) -> str:
    """Whom it is to: the side, or what the level is called there."""
    side = side_of(signal)
    return side.name if side is not None else level_word(signal.to_level, signal.municipality)


@dataclass(frozen=True)
class SignalPage:
    line: Line
    # Questions before and after this one, the first first; itself among them.
    thread: list[Line]
    asker_side: str
    climbs_on: date | None
    next: Rung | None


def signal_page(signal: Signal, user: User, today: date) -> SignalPage:
    waits = signal.state in (SignalState.NEW, SignalState.SEEN) and signal.kind != SignalKind.DECISION
    return SignalPage(
        line=line_of(signal, today),
        thread=[line_of(one, today) for one in _thread(signal, user)],
        asker_side=signal.raised_for.actor.name if signal.raised_for else "",
        climbs_on=climbs_on(signal) if waits else None,
        next=next_above(signal, today) if waits else None,
    )


def _thread(signal: Signal, user: User) -> list[Signal]:
    """Up and down: what it follows, and what followed. Read a generation at a time, and never in a circle."""
    seen = Signal.objects.visible_to(user).select_related(*ROW_READS)
    if signal.follows_id is None and not signal.followed_by.exists():
        return []
    found = {signal.pk: signal}
    wave = {signal}
    while wave and len(found) < 50:
        ids = [one.pk for one in wave]
        before = [one.follows_id for one in wave if one.follows_id]
        wave = {one for one in seen.filter(Q(pk__in=before) | Q(follows__in=ids)) if one.pk not in found}
        found |= {one.pk: one for one in wave}
    return sorted(found.values(), key=lambda one: (one.raised_at, one.pk))


# --- A partnership's page -------------------------------------------------------------------------------
def partnership_signals(partnership: Partnership, user: User, today: date) -> dict[str, Any] | None:
    """The newest, what waits first; None for those who only look in."""
    seen = Signal.objects.visible_to(user).filter(partnership=partnership)
    may_raise = access_of(user).covers(Permission.SIGNAL_RAISE, partnership)
    found = list(seen.order_by("-raised_at", "-pk").values_list("pk", flat=True)[: SHOWN_ON_PAGE + 1])
    if not found and not may_raise:
        return None
    return {
        "lines": lines_of(found[:SHOWN_ON_PAGE], today),
        "more": len(found) > SHOWN_ON_PAGE,
        "may_raise": may_raise and partnership.ended_on is None,
    }


def between(partnership: Partnership, user: User) -> Iterator[Between]:
    """Open and answered questions between each level and the next."""
    seen = Signal.objects.visible_to(user).filter(partnership=partnership).exclude(kind=SignalKind.DECISION)
    counted = (
        seen.exclude(from_level=F("to_level"))
        .order_by()
        .values("from_level", "to_level")
        .annotate(
            open=Count("pk", filter=Q(state__in=(SignalState.NEW, SignalState.SEEN))),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
        )
    )
    totals: dict[int, list[int]] = {}
    for row in counted:
        total = totals.setdefault(min(row["from_level"], row["to_level"]), [0, 0])
        total[0] += row["open"]
        total[1] += row["answered"]
    for after, (is_open, answered) in sorted(totals.items()):
        yield Between(Stage(after), open=is_open, answered=answered)
