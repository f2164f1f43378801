"""Whose address it was that a server or supplier refused for good, so that staff see it and ring instead."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.db.models.functions import Now

from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.accounts.services.notice import KIND as SECURITY_NOTICE
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import on_address_refused

_people: dict[str, Callable[[Outbox], QuerySet[Person]]] = {}


def sent_to(kind: str, people: Callable[[Outbox], QuerySet[Person]]) -> None:
    """Says whom messages of a kind go to. Raises ValueError when the kind is taken."""
    if kind in _people:
        message = f"Somebody has said whom {kind!r} goes to."
        raise ValueError(message)
    _people[kind] = people


@on_address_refused
def remember(row: Outbox, what: str) -> None:
    people = _people.get(row.kind)
    if people is not None:
        people(row).update(**{f"{what}_failed_at": Now()})


def _invited(row: Outbox) -> QuerySet[Person]:
    return Person.objects.filter(invitations=row.payload["invitation"])


def _of_account(row: Outbox) -> QuerySet[Person]:
    """Her rows with the account's own address; another that a controller wrote was not tried."""
    user = User.objects.get(pk=row.payload["user"])
    same = {"email__iexact": user.email} if user.email else {"phone": user.phone}
    return Person.objects.filter(user=user, **same)


sent_to("invitation", _invited)
sent_to("invitation_code", _invited)
sent_to(SECURITY_NOTICE, _of_account)
