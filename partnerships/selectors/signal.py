"""Questions as lists, as the thread of one, and as what a partnership's page shows of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.asked import HERE, TOWN, USER, Asked
from partnerships.models import Membership, Partnership, PartnershipParty, Person, Signal
from partnerships.models.partnership import Phase
from partnerships.models.signal import SignalKind, SignalQuerySet, SignalState
from partnerships.page import Between, Stage
from partnerships.selectors.partnership import works_in
from partnerships.selectors.signal_people import Rung, climbs_on, next_above, side_of
from partnerships.selectors.words import level_word
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer
from samskaping.core.text import sort_key
from samskaping.core.written import Given, Written

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
    # One by one, of what is next door: of the town's own nothing more is asked.
    receiver = Person.objects.filter(pk=OuterRef("receiver"), municipality=town)
    parties = PartnershipParty.objects.filter(
        partnership=OuterRef("partnership"), party_municipality=town
    ).taking_part()
    return seen.filter(Q(municipality=town) | Exists(receiver) | Exists(parties))


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
        herself = Person.objects.filter(user=user).values("pk")
        found = found.filter(Q(receiver__in=herself) | Q(answered_by__in=herself)).exclude(
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


_ROWS = Written(lambda: Signal.objects.filter(pk__in=Given("keys")).select_related(*ROW_READS).order_by())


def lines_of(keys: Iterable[int], today: date) -> list[Line]:
    """In the order of the keys. What a line joins in is read for those that are shown: together with who
    sees what, the database plans it longer than it reads.
    """
    keys = list(keys)
    found = {signal.pk: signal for signal in _ROWS.rows(keys=keys)}
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
    return Line(signal, to_words(signal), asker_name(signal), state, color, is_late)


def asker_name(signal: Signal) -> str:
    return signal.raised_by.name if signal.raised_by else _("en som ikke lenger er her")


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
def _newest(signals: SignalQuerySet) -> SignalQuerySet:
    """What a line shows of each, where the partnership is known."""
    return (
        signals.order_by("-raised_at", "-pk")
        .select_related("unit", "centre", "organisation", "raised_by")
        .only(
            "municipality", "partnership", "kind", "subject", "to_level", "due_on", "state", "raised_at",
            "answered_at", "closed_at", "unit__name", "centre__name", "organisation__name", "raised_by__name",
        )[: SHOWN_ON_PAGE + 1]
    )  # fmt: skip


def _counted(signals: SignalQuerySet) -> Any:
    """Open and answered ones between each two levels."""
    between_levels = signals.exclude(kind=SignalKind.DECISION).exclude(from_level=F("to_level")).order_by()
    return between_levels.values("from_level", "to_level").annotate(
        open=Count("pk", filter=Q(state__in=(SignalState.NEW, SignalState.SEEN))),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
    )


def _waits_here(partnership: Partnership, viewer: Viewer) -> bool:
    """Where it is over, it waits among her questions."""
    works = viewer.membership is not None and viewer.membership.municipality_id is not None
    return works and partnership.phase != Phase.ENDED


# Whoever works in it sees all of its questions (Signal.objects.visible_to).
NEWEST = Asked(lambda: _newest(Signal.objects.filter(partnership=HERE)), shown_to=works_in)
COUNTED = Asked(lambda: _counted(Signal.objects.filter(partnership=HERE)), shown_to=works_in)
# The most pressing of those she is to answer (waiting_for).
WAITING = Asked(
    lambda: (
        Signal.objects.unanswered()
        .filter(partnership=HERE, receiver__user=USER, receiver__municipality=TOWN)
        .select_related("raised_by")
        .only("subject", "raised_by__name")
        .order_by("due_on", "pk")[:1]
    ),
    shown_to=_waits_here,
)


def _seen_by_guest(partnership: Partnership, viewer: Viewer) -> SignalQuerySet:
    return Signal.objects.visible_to(viewer.user).filter(partnership=partnership)


def partnership_signals(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    """The newest; None for those who only look in."""
    may_raise = access_of(viewer.user).covers(Permission.SIGNAL_RAISE, partnership)
    if works_in(partnership, viewer):
        found = NEWEST.of(partnership, viewer)
    else:
        found = list(_newest(_seen_by_guest(partnership, viewer)))
    if not found and not may_raise:
        return None
    for signal in found:
        signal.partnership = partnership
        if signal.municipality_id == partnership.municipality_id:
            signal.municipality = partnership.municipality
    return {
        "lines": [line_of(signal, viewer.today) for signal in found[:SHOWN_ON_PAGE]],
        "more": len(found) > SHOWN_ON_PAGE,
        "may_raise": may_raise and partnership.ended_on is None,
    }


def between(partnership: Partnership, viewer: Viewer) -> Iterator[Between]:
    """Open and answered questions between each level and the next."""
    if works_in(partnership, viewer):
        counted = COUNTED.of(partnership, viewer)
    else:
        counted = _counted(_seen_by_guest(partnership, viewer))
    totals: dict[int, list[int]] = {}
    for row in counted:
        total = totals.setdefault(min(row["from_level"], row["to_level"]), [0, 0])
        total[0] += row["open"]
        total[1] += row["answered"]
    for after, (is_open, answered) in sorted(totals.items()):
        yield Between(Stage(after), open=is_open, answered=answered)
