"""A process of the portal that does what it is told, a line at a time: python -m tests.faults.hand.

Reads one JSON object per line, {"do": name, …}, and answers with one: {"got": …} or {"error": type}.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

from tests.faults import worker_app  # noqa: F401 - sets Django up, and has the kinds

# isort: split
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils import timezone

from partnerships.models import Membership, Person
from partnerships.models.person import Digest
from partnerships.services.notice import notices_derive, notices_queue
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.accounts.services.session import IDLE, SEEN, SINCE
from samskaping.core.services.outbox import (
    LEASE,
    outbox_add,
    outbox_add_many,
    outbox_claim,
    outbox_sweep,
)
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import member


def promise(kind: str, keys: list[str]) -> list[str]:
    """Each in a transaction of its own, as if as many people had pressed a button. Those that were new."""
    made = []
    for key in keys:
        with transaction.atomic():
            row = outbox_add(kind, key, payload={})
        if row is not None:
            made.append(key)
    return made


def promise_held(key: str) -> float:
    """One that somebody took and is busy with; for how many seconds."""
    with transaction.atomic():
        row = outbox_add("fault_mail", key, payload={})
        assert row is not None
        outbox_claim(row.pk)
    return LEASE.total_seconds()


def promise_many(kind: str, keys: list[str], municipality: int) -> int:
    with transaction.atomic():
        return outbox_add_many(
            kind, {key: {} for key in keys}, municipality_ids=dict.fromkeys(keys, municipality)
        )


def municipality() -> int:
    made: int = MunicipalityFactory.create().pk
    return made


def reminded(count: int) -> list[str]:
    """People whose role ends soon, of which each is to be told once; their addresses."""
    where = MunicipalityFactory.create()
    ending = timezone.localdate() + timedelta(days=10)
    people = [member(where, Role.OBSERVER, valid_to=ending).person for _ in range(count)]
    Person.objects.update(digest=Digest.AT_ONCE)
    return [person.email for person in people if person is not None]


def many_to_remind(count: int) -> int:
    """As `reminded`, for a crowd; a row at a time would take longer than what is to be measured."""
    where = MunicipalityFactory.create()
    ending = timezone.localdate() + timedelta(days=10)
    users = User.objects.bulk_create(User(email=f"mange{number}@prove.example") for number in range(count))
    people = Person.objects.bulk_create(
        Person(
            municipality=where, user=user, name="Mange Prøve", email=user.email or "", digest=Digest.AT_ONCE
        )
        for user in users
    )
    Membership.objects.bulk_create(
        Membership(municipality=where, user=person.user, person=person, role=Role.OBSERVER, valid_to=ending)
        for person in people
    )
    return len(people)


def derive() -> float:
    began = time.perf_counter()
    notices_derive(timezone.localdate())
    return time.perf_counter() - began


def queue() -> float:
    began = time.perf_counter()
    notices_queue(timezone.now())
    return time.perf_counter() - began


def coordinator() -> list[str]:
    """Somebody who may invite, signed in: her cookie's name and value."""
    where = MunicipalityFactory.create()
    membership = member(where, Role.COORDINATOR)
    client = Client()
    client.force_login(membership.user)
    session = client.session
    session.update({SINCE: time.time(), SEEN: time.time(), IDLE: 3600})
    session.save()
    return [settings.SESSION_COOKIE_NAME, str(session.session_key)]


def sweep() -> int:
    return outbox_sweep()


def users(first: int, count: int) -> None:
    kept = make_password("et langt passord ingen gjetter")
    User.objects.bulk_create(
        User(email=f"kjent{number}@prove.example", password=kept) for number in range(first, first + count)
    )


_TASKS = (
    promise, promise_held, promise_many, municipality, reminded, many_to_remind, derive, queue, coordinator,
    sweep, users,
)  # fmt: skip
_DO = {function.__name__: function for function in _TASKS}


def main() -> None:
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        close_old_connections()
        try:
            answer: dict[str, Any] = {"got": _DO[asked.pop("do")](**asked)}
        except Exception as error:
            answer = {"error": type(error).__name__, "said": str(error)[:300]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
