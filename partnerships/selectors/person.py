"""People: a user's own rows, and one person as somebody else may see her."""

from typing import Any

from django.db.models import QuerySet

from partnerships.models import ErasureRequest, Membership, Notice, Person, PersonExport
from partnerships.selectors.words import sender_name
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.sms import shown_number

NOTICES_SHOWN = 10


def own_people(user: User, *, first: Membership | None = None) -> list[Person]:
    """Her rows, the one she works as now first."""
    people = list(
        Person.objects.filter(user=user)
        .select_related("municipality", "controller_organisation", "controller_centre")
        .order_by("pk")
    )
    return sorted(people, key=lambda person: first is None or person.pk != first.person_id)


def may_keep(user: User, person: Person) -> bool:
    """Whether the user answers for what is kept about her."""
    return Person.objects.reached_by(user, Permission.PRIVACY_MANAGE).filter(pk=person.pk).exists()


def person_page(person: Person, user: User) -> dict[str, Any]:
    keeps = may_keep(user, person)
    roles = person.memberships.current().select_related(
        "municipality__settings", "unit", "centre", "organisation"
    )
    return {
        "person": person,
        "phone": shown_number(person.phone),
        "controller": sender_name(person),
        "roles": roles,
        "keeps": keeps,
        "shows_contact": not person.hide_contact,
        "notices": notices_to(person, user),
        "exports": exports_for(person, user) if keeps else [],
        "asked": ErasureRequest.objects.filter(person=person, answered_at=None).first() if keeps else None,
    }


def notices_to(person: Person, user: User) -> QuerySet[Notice]:
    return Notice.objects.visible_to(user).filter(person=person).order_by("-tell_on", "-pk")[:NOTICES_SHOWN]


def exports_for(person: Person, user: User) -> QuerySet[PersonExport]:
    """The copies this user asked for that are on their way or still there."""
    return PersonExport.objects.filter(person=person, asked_by=user).exclude(made_at__isnull=False, file=None)
