"""How long this app keeps what it has: rows that are old enough, and how they go."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.models import Invitation, Membership, Notice, Person
from partnerships.services.privacy import MayNotErase, person_erase
from samskaping.core.models import AuditEvent, Municipality
from samskaping.core.retention import Rule, retention_rule
from samskaping.core.services.audit import trace_forget

# What else ties a person to the place: each gives a condition on Person, told the moment that counts.
Tie = Callable[[datetime], Q]
_ties: dict[str, Tie] = {}


def person_tie(name: str, tie: Tie) -> None:
    """Later parts say here what keeps somebody known. Raises ValueError when the name is taken."""
    if name in _ties:
        message = f"There is a tie called {name!r} already."
        raise ValueError(message)
    _ties[name] = tie


def register() -> None:
    person_tie("roles", _has_role)
    person_tie("invitations", _is_invited)
    person_tie("notices", _is_told)
    person_tie("sign_in", lambda before: Q(user__last_login__gte=before))
    retention_rule(
        Rule(
            "people_without_ties",
            _("Personer som ikke har noen rolle eller oppgave lenger"),
            _("Vi trenger dem ikke etter at de sluttet. Et halvt år gir tid til å komme tilbake."),
            least_days=30,
            most_days=730,
            find=lambda town, before: _without_ties(town, before).filter(held_since=None),
            erase=_erase_people,
            held=lambda town, before: _without_ties(town, before).exclude(held_since=None).count(),
        )
    )
    retention_rule(
        Rule(
            "invitations",
            _("Invitasjoner som ikke ble brukt"),
            _("En invitasjon uten svar sier bare at noen ble spurt."),
            least_days=30,
            most_days=365,
            find=lambda town, before: _unused(town, before).filter(person__held_since=None),
            erase=lambda rows: rows.delete()[1].get("partnerships.Invitation", 0),
            held=lambda town, before: _unused(town, before).exclude(person__held_since=None).count(),
        )
    )
    retention_rule(
        Rule(
            "notices",
            _("Beskjeder, svar og telefonnotater"),
            _("Nok til å se hva som ble sagt det siste året, ikke til å føre bok over folk."),
            least_days=90,
            most_days=1095,
            find=_old_notices,
            erase=lambda rows: rows.delete()[1].get("partnerships.Notice", 0),
            held=lambda town, before: _done(town, before).exclude(person__held_since=None).count(),
        )
    )
    retention_rule(
        Rule(
            "trace",
            _("Historikken: hvem som gjorde hva, når"),
            _("Viser at kommunen har gjort det den skulle. Uten navn, og ikke lenger enn det trengs."),
            least_days=366,
            most_days=3650,
            find=lambda town, before: _old_trace(town, before).filter(~_somebody_is_held(town)),
            erase=_forget_trace,
            held=lambda town, before: _old_trace(town, before).filter(_somebody_is_held(town)).count(),
        )
    )


def _without_ties(town: Municipality, before: datetime) -> QuerySet[Person]:
    people = Person.objects.filter(municipality=town, created_at__lt=before, erased_at=None)
    for tie in _ties.values():
        people = people.exclude(tie(before))
    return people


def _has_role(before: datetime) -> Q:
    roles = Membership.objects.filter(person=OuterRef("pk"))
    lasting = Q(ended_at=None) & (Q(valid_to=None) | Q(valid_to__gte=before))
    return Q(Exists(roles.filter(lasting | Q(ended_at__gte=before))))


def _is_invited(_before: datetime) -> Q:
    open_ones = Invitation.objects.filter(person=OuterRef("pk"), accepted_at=None, withdrawn_at=None)
    return Q(Exists(open_ones))


def _is_told(_before: datetime) -> Q:
    return Q(Exists(Notice.objects.open().filter(person=OuterRef("pk"))))


def _erase_people(people: QuerySet[Person]) -> int:
    done = 0
    for person in people:
        try:
            person_erase(person=person, by=None)
        except MayNotErase:
            continue  # held back since we looked: next night's report counts her there
        done += 1
    return done


def _unused(town: Municipality, before: datetime) -> QuerySet[Invitation]:
    unused = Q(withdrawn_at__lt=before) | Q(accepted_at=None, withdrawn_at=None, expires_at__lt=before)
    return Invitation.objects.filter(unused, municipality=town)


def _done(town: Municipality, before: datetime) -> QuerySet[Notice]:
    return Notice.objects.filter(municipality=town, done_at__lt=before)


def _old_notices(town: Municipality, before: datetime) -> QuerySet[Notice]:
    return _done(town, before).filter(person__held_since=None)


def _old_trace(town: Municipality, before: datetime) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(municipality=town, at__lt=before)


def _somebody_is_held(town: Municipality) -> Q:
    """The trace names nobody, so while a case needs one person's, the town's stays whole."""
    return Q(Exists(Person.objects.filter(municipality=town).exclude(held_since=None)))


def _forget_trace(rows: QuerySet[AuditEvent]) -> int:
    """Through the one route past append-only, which takes all that is as old, and the history beside it."""
    newest = rows.order_by("-at").first()
    if newest is None:
        return 0
    return trace_forget(newest.municipality_id, before=newest.at + timedelta(microseconds=1))
