"""Participants of a process: who asks, whom to ring, how the sides balance, and who sees which names."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.models import CodesignProcess, Participant, Person
from partnerships.models.participant import CITIZENS, Side, has_contact
from partnerships.seat import Seat
from partnerships.selectors.words import municipality_name, settings_of
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


def group_of(seat: Seat, known: Sequence[Participant] | None = None) -> Group:
    """`known`: those of the process by name, where the page has read them already."""
    found = known if known is not None else (
        Participant.objects.taking_part()
        .filter(process=seat.process)
        .select_related("person")
        .order_by("person__name_key", "pk")
    )  # fmt: skip
    taking_part = [participant for participant in found if participant.takes_part]
    count = Counter(participant.side for participant in taking_part)
    sides = [SideCount(str(side.label), count[side]) for side in Side if count[side]]
    return Group(balance_of(count), sides, list(_names(seat, taking_part)))


def balance_of(count: Counter[str]) -> Balance:
    citizens = sum(count[side] for side in CITIZENS)
    return Balance(citizens, count[Side.STAFF], count[Side.OTHER])


def _names(seat: Seat, participants: Iterable[Participant]) -> Iterable[str]:
    if not seat.sees_names:
        return
    for participant in participants:
        if seat.convenes or participant.consent_at is not None or participant == seat.participant:
            yield name_for(seat, participant)


# --- For who convenes -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Invited:
    """One line of the convener's list."""

    participant: Participant
    state: str
    color: str
    next_on: object = None


def invited(seat: Seat) -> list[Invited]:
    """All who were asked and have not left, by name; when to ring, for who is to."""
    found = (
        Participant.objects.filter(process=seat.process, left_at=None)
        .select_related("person", "organisation")
        .order_by("person__name_key", "pk")
    )
    if seat.is_told:
        found = found.prefetch_related("follow_ups")
    return [Invited(one, *state_of(one), next_on=_next_on(one) if seat.is_told else None) for one in found]


def state_of(participant: Participant) -> tuple[str, str]:
    if participant.takes_part:
        return _("Med"), "success"
    if participant.left_at is not None:
        return _("Gått ut"), "neutral"
    if participant.declined_at is not None:
        return _("Sa nei"), "neutral"
    return _("Ikke svart"), "info"


def _next_on(participant: Participant) -> object:
    return next((call.next_on for call in participant.follow_ups.all() if call.next_on), None)


def holders(seat: Seat) -> list[tuple[Participant, str]]:
    """Whom a task may be given to, by the names this seat may use; those without one take it themselves."""
    taking_part = Participant.objects.taking_part().filter(process=seat.process).select_related("person")
    return [
        (one, name_for(seat, one))
        for one in taking_part.order_by("person__name_key", "pk")
        if seat.convenes or one == seat.participant or (seat.sees_names and one.consent_at is not None)
    ]
