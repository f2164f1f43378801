"""Somebody we know who has no account yet: whom a code to this address lets in, and to which rows of hers.

Parts say who has a page of her own to come in to (`own_page_for`); to everybody else there is nothing to see.
"""

from collections.abc import Callable

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Lower

from partnerships.models import Person
from samskaping.core.link_token import proof_of
from samskaping.core.services.audit import object_name

SALT = "partnerships.newcomer"
# More rows than anybody has; beyond it the address is no longer one human's.
AT_MOST = 12
FIELDS = ("email", "phone")
_own_pages: dict[str, Callable[[], Q]] = {}


def own_page_for(name: str, whose: Callable[[], Q]) -> None:
    """`whose`: a condition on people. Raises ValueError when the name is taken."""
    if name in _own_pages:
        message = f"Somebody has said who has a page as {name!r}."
        raise ValueError(message)
    _own_pages[name] = whose


def people_at(field: str, address: str) -> QuerySet[Person]:
    """Rows without an account that are reached there, by e-mail or telephone."""
    if field == "email":
        rows = Person.objects.alias(lowered=Lower("email")).filter(lowered=address.lower())
    else:
        rows = Person.objects.filter(phone=address)
    return rows.filter(user=None, erased_at=None).order_by("pk")


def newcomers(field: str, address: str) -> list[Person]:
    """All her rows; none when two share the address, since a code would not tell which of them it is, and
    none when no part has a page for her. One question, whoever it is: it tells nobody whom we know."""
    found = list(with_own_page(people_at(field, address))[: AT_MOST + 1])
    if len({person.name_key for person in found}) != 1 or len(found) > AT_MOST:
        return []
    return found if any(person.own_page for person in found) else []  # type: ignore[attr-defined]


def with_own_page(people: QuerySet[Person]) -> QuerySet[Person]:
    """`own_page`: whether a part has a page for her."""
    whose = Q(pk__in=[])
    for condition in _own_pages.values():
        whose |= condition()
    return people.annotate(own_page=ExpressionWrapper(whose, BooleanField()))


def newcomer_subject(person: Person, field: str) -> str:
    """Whose a code is: this row, as long as its address is the one the code went to."""
    return proof_of(SALT, f"{object_name(person)}:{field}", getattr(person, field).lower())


def newcomer_of(subject: str) -> tuple[Person, str] | None:
    """The row and the field of a code's subject; None for anything else, and once the address is another."""
    label, _colon, rest = subject.partition(":")
    number, _colon, tail = rest.partition(":")
    field = tail.partition(":")[0]
    if label != Person._meta.label_lower or not number.isdigit() or field not in FIELDS:
        return None
    person = Person.objects.filter(pk=int(number), erased_at=None).first()
    if person is None or newcomer_subject(person, field) != subject:
        return None
    return person, field
