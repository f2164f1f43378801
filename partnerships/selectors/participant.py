"""Participants of a process: who asks, whom to ring, how the sides balance, and who sees which names."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from partnerships.models import CodesignProcess, FollowUp, Participant, Person
from partnerships.models.participant import CITIZENS, Side, has_contact
from partnerships.process_asked import PROCESS, OfSeat, answers
from partnerships.seat import Seat
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.core.once import address_under, labels_of
from samskaping.core.sms import shown_number


def place_of(process: CodesignProcess) -> str:
    """Who asks people in, as a message may say it: the place, not a person."""
    place = process.centre or process.organisation
    return place.name if place else municipality_name(process.municipality)


def phone_of(process: CodesignProcess) -> str:
    """Whom the group rings, ready to show: the contact, or the municipality where she hides her number or
    works there no more."""
    convener = process.convener
    if convener is not None and convener.phone and not convener.hide_contact and has_contact(process):
        return shown_number(convener.phone)
    settings = settings_of(process.municipality)
    return shown_number(settings.contact_phone) if settings and not process.organisation_id else ""


# --- Names ----------------------------------------------------------------------------------------------
def first_name(person: Person) -> str:
    return person.name.split()[0] if person.name.strip() else _("En deltaker")


def name_for(seat: Seat, participant: Participant | None) -> str:
    """What this seat may call her. The convener sees names, the group first names of those who want it."""
    if participant is None:
        return _("Fra en lapp")
    if seat.participant is not None and seat.participant.pk == participant.pk:
        return _("Du")
    return known_name(seat, participant) or _("En deltaker")


def known_name(seat: Seat, participant: Participant) -> str:
    """Her name as this seat may know it; empty where she is only counted."""
    # Whoever has left is told that what she said stands without her name.
    if participant.left_at is not None:
        return ""
    if seat.convenes:
        return participant.person.name
    hers = seat.participant is not None and seat.participant.pk == participant.pk
    if hers or (seat.sees_names and participant.consent_at is not None):
        return first_name(participant.person)
    return ""


# --- The group ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Balance:
    """How many citizens and employees have said yes, and whether the citizens are at least as many."""

    citizens: int
    employees: int
    others: int

    @property
    def total(self) -> int:
        return self.citizens + self.employees + self.others

    @property
    def holds(self) -> bool:
        return self.citizens >= self.employees

    @property
    def missing(self) -> int:
        return max(self.employees - self.citizens, 0)


@dataclass(frozen=True)
class SideCount:
    label: str
    count: int


@dataclass(frozen=True)
class Group:
    """The group as a seat may know it."""

    balance: Balance
    sides: list[SideCount]
    # For who sees names; who does not want hers seen is only counted. Without sides: her yes was to her name,
    # and a side may say that she receives care.
    names: list[str]

    @property
    def unnamed(self) -> int:
        return self.balance.total - len(self.names)


SIDES = OfSeat(
    lambda: (
        Participant.objects.taking_part()
        .filter(process=PROCESS)
        .order_by()
        .values("side")
        .annotate(number=Count("pk"))
        .values_list("side", "number")
    )
)
NAMED = OfSeat(
    lambda: (
        Participant.objects.taking_part()
        .filter(process=PROCESS)
        .select_related("person")
        .only("left_at", "consent_at", "person__name")
        .order_by("person__name_key", "pk")
    ),
    shown_to=lambda seat: seat.sees_names,
)


def group_of(seat: Seat, *, with_names: bool = True) -> Group:
    count = Counter(dict(SIDES.of(seat)))
    labels = labels_of(Side)
    sides = [SideCount(labels[side], count[side]) for side in Side if count[side]]
    return Group(balance_of(count), sides, list(_names(seat, NAMED.of(seat))) if with_names else [])


def balance_of(count: Counter[str]) -> Balance:
    citizens = sum(count[side] for side in CITIZENS)
    return Balance(citizens, count[Side.STAFF], count[Side.OTHER])


def _names(seat: Seat, participants: Iterable[Participant]) -> Iterable[str]:
    for participant in participants:
        if seat.convenes or participant.consent_at is not None or participant == seat.participant:
            yield name_for(seat, participant)


# --- For who convenes -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Invited:
    """One line of the convener's list."""

    url: str
    name: str
    side: str
    organisation: str
    state: str
    color: str
    next_on: date | None


# All who were asked and have not left, by name.
INVITED = OfSeat(
    lambda: (
        Participant.objects.filter(process=PROCESS, left_at=None)
        .order_by("person__name_key", "pk")
        .values("pk", "side", "joined_at", "declined_at", "person__name", "organisation__name")
    ),
    shown_to=lambda seat: seat.convenes,
)
# When to ring, for who is to: what was said in the last call that said it.
NEXT_ON = OfSeat(
    lambda: (
        FollowUp.objects.filter(
            participant__process=PROCESS, participant__left_at=None, next_on__isnull=False
        )
        .order_by("at", "pk")
        .values_list("participant_id", "next_on")
    ),
    shown_to=lambda seat: seat.is_told,
)


def invited(seat: Seat) -> list[Invited]:
    rows, calls = answers(seat, (INVITED, NEXT_ON))
    next_on, sides = dict(calls), labels_of(Side)
    url = address_under("participant", seat.process.pk)
    found = []
    for row in rows:
        state, color = _answer(row["joined_at"], row["declined_at"])
        found.append(
            Invited(
                url=url(row["pk"]),
                name=row["person__name"] or _("Slettet"),
                side=sides[row["side"]],
                organisation=row["organisation__name"] or "",
                state=state,
                color=color,
                next_on=next_on.get(row["pk"]),
            )
        )
    return found


def state_of(participant: Participant) -> tuple[str, str]:
    if participant.left_at is not None:
        return _("Gått ut"), "neutral"
    return _answer(participant.joined_at, participant.declined_at)


def _answer(joined_at: datetime | None, declined_at: datetime | None) -> tuple[str, str]:
    if joined_at is not None:
        return _("Med"), "success"
    if declined_at is not None:
        return _("Sa nei"), "neutral"
    return _("Ikke svart"), "info"


def holders(seat: Seat) -> list[tuple[Participant, str]]:
    """Whom a task may be given to, by the names this seat may use; those without one take it themselves."""
    taking_part = Participant.objects.taking_part().filter(process=seat.process).select_related("person")
    return [
        (one, name_for(seat, one))
        for one in taking_part.order_by("person__name_key", "pk")
        if seat.convenes or one == seat.participant or (seat.sees_names and one.consent_at is not None)
    ]
