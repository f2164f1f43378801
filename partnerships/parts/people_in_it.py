"""The people in what is done together: contacts, duties, log lines, questions. What is told of them, and when
it goes."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Contact, DutyHolder, LogEntry, Person, Signal
from partnerships.models.partnership import Phase
from partnerships.models.signal import SignalState
from partnerships.retention import person_tie
from samskaping.core.models import Municipality
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.retention import Rule, retention_rule


def register() -> None:
    for rows in ROWS:
        personal_rows(rows)
    person_tie("contacts", _is_contact)
    person_tie("duties", _has_duty)
    person_tie("signals", _waits_for_answer)
    for rule in RULES:
        retention_rule(rule)


def signals_of(person: Person) -> QuerySet[Signal]:
    """Those she asked, was asked, or answered."""
    return Signal.objects.filter(Q(raised_by=person) | Q(receiver=person) | Q(answered_by=person))


def _forget_signals(person: Person) -> None:
    """Her name goes; what was asked and answered is the partnership's, and was said with no names in it."""
    for field in ("raised_by", "receiver", "answered_by"):
        Signal.objects.filter(**{field: person}).update(**{field: None})


ROWS = (
    PersonalRows(
        "contacts",
        _("Kontakt for"),
        lambda person: Contact.objects.filter(person=person).select_related(
            "party__partnership", "unit", "centre", "organisation"
        ),
        ("title", "party__partnership__title", "unit__name", "centre__name", "organisation__name"),
        erase=lambda person: Contact.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "duties",
        _("Oppgaver i ansvarskart"),
        lambda person: DutyHolder.objects.filter(person=person).select_related("duty"),
        ("duty__text", "part", "asked_at", "accepted_at", "declined_at", "leaves_on", "until"),
        erase=lambda person: DutyHolder.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "log",
        _("Notater fra samtaler"),
        lambda person: LogEntry.objects.filter(person=person).select_related("partnership"),
        ("partnership__title", "kind", "who", "line", "next_on", "at"),
        erase=lambda person: LogEntry.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "signals",
        _("Spørsmål og svar"),
        lambda person: signals_of(person).select_related("partnership"),
        ("partnership__title", "subject", "text", "raised_at", "answer", "answered_at"),
        erase=_forget_signals,
    ),
)


# --- What keeps somebody known ------------------------------------------------------------------------
def _is_contact(_before: datetime) -> Q:
    """A party's contact no longer, once the party has left or the partnership is over."""
    over = Q(party__partnership__phase=Phase.ENDED) | Q(party__left_on__isnull=False)
    return Q(Exists(Contact.objects.filter(person=OuterRef("pk")).exclude(over)))


def _has_duty(_before: datetime) -> Q:
    """Also one she is only asked to take."""
    return Q(Exists(DutyHolder.objects.filter(person=OuterRef("pk"), until=None, declined_at=None)))


def _waits_for_answer(_before: datetime) -> Q:
    return Q(Exists(Signal.objects.unanswered().filter(raised_by=OuterRef("pk")))) | Q(
        Exists(Signal.objects.unanswered().filter(receiver=OuterRef("pk")))
    )


# --- What goes by itself ------------------------------------------------------------------------------
def _log_of_ended(town: Municipality, before: datetime) -> QuerySet[LogEntry]:
    over = timezone.localdate(before)
    return LogEntry.objects.filter(municipality=town, partnership__ended_on__lt=over)


def _done_signals(town: Municipality, before: datetime) -> QuerySet[Signal]:
    done = Q(state=SignalState.CLOSED, closed_at__lt=before) | Q(
        state=SignalState.ANSWERED, answered_at__lt=before
    )
    return Signal.objects.filter(done, municipality=town)


def _held(rows: QuerySet[Signal]) -> QuerySet[Signal]:
    return rows.exclude(raised_by__held_since=None, receiver__held_since=None, answered_by__held_since=None)


def _free(rows: QuerySet[Signal]) -> QuerySet[Signal]:
    return rows.filter(raised_by__held_since=None, receiver__held_since=None, answered_by__held_since=None)


RULES = (
    Rule(
        "partnership_log",
        _("Loggen til samarbeid som er avsluttet"),
        _("Notatene trengs mens vi samarbeider, og litt etterpå hvis noen vil ta det opp igjen."),
        least_days=180,
        most_days=1825,
        find=lambda town, before: _log_of_ended(town, before).filter(person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("partnerships.LogEntry", 0),
        held=lambda town, before: _log_of_ended(town, before).exclude(person__held_since=None).count(),
    ),
    Rule(
        "signals",
        _("Spørsmål som er besvart eller lukket"),
        _("Svarene er nyttige så lenge samarbeidet ligner på seg selv."),
        least_days=365,
        most_days=3650,
        find=lambda town, before: _free(_done_signals(town, before)),
        erase=lambda rows: rows.delete()[1].get("partnerships.Signal", 0),
        held=lambda town, before: _held(_done_signals(town, before)).count(),
    ),
)
