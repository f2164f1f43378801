"""The demo: somebody in every role, twice is once, nothing real."""

from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partnerships import demo
from partnerships.access import access_of
from partnerships.models import Invitation, Membership, Organisation, Person, Unit
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import Municipality, Outbox

LOGINS = (*(role.value for role in Role if role != Role.GUEST), "volunteer", "neighbour")


@pytest.fixture
def loaded(reference: None) -> None:
    call_command("demo", stdout=StringIO())


def test_twice_is_once(loaded: None) -> None:
    def counts() -> list[int]:
        return [
            m.objects.count()
            for m in (Municipality, Unit, Organisation, User, Person, Membership, Invitation, Outbox)
        ]

    before = counts()
    call_command("demo", stdout=StringIO())
    assert counts() == before


def test_outside_the_357(loaded: None) -> None:
    assert Municipality.objects.filter(is_demo=False).count() == 357
    assert list(Municipality.objects.filter(is_demo=True).values_list("number", "name", "language_form")) == [
        ("9901", "Fjordvik", "nb"),
        ("9902", "Sunndalsfjord", "nn"),
    ]


@pytest.mark.parametrize("login", LOGINS)
def test_everybody_can_sign_in_and_see_a_page(loaded: None, client: Client, login: str) -> None:
    assert client.login(
        email=f"{login}@demo.example", username=f"{login}@demo.example", password=demo.PASSWORD
    )
    assert client.get(reverse("home"), follow=True).status_code == 200


def test_each_has_the_role_of_her_login(loaded: None) -> None:
    for role in Role:
        if role != Role.GUEST:
            user = User.objects.get(email=f"{role.value}@demo.example")
            assert role in {m.role for m in access_of(user).memberships}
    assert access_of(User.objects.get(email="volunteer@demo.example")).memberships == ()
    assert Person.objects.get(user__email="volunteer@demo.example").municipality.number == "9901"


def test_chief_works_in_both(loaded: None) -> None:
    chief = access_of(User.objects.get(email="chief@demo.example"))
    assert {m.municipality.number for m in chief.memberships if m.municipality} == {"9901", "9902"}


@pytest.mark.parametrize("login", ["coordinator", "neighbour"])
@pytest.mark.parametrize("weekday", ["2026-11-20", "2026-11-21"])
def test_letters_and_calls_wait_in_both(reference: None, client: Client, login: str, weekday: str) -> None:
    """On a Friday, and on a Saturday, when nothing leaves."""
    with time_machine.travel(f"{weekday}T12:00:00+00:00", tick=True):
        call_command("demo", stdout=StringIO())
        client.force_login(User.objects.get(email=f"{login}@demo.example"))
        letters, calls = (client.get(reverse(name)).content.decode() for name in ("letters", "calls"))
    assert ("Borghild Eikeland" in letters, "Magnhild Brekke" in letters) == (
        login == "coordinator",
        login == "neighbour",
    )
    assert ("Arvid Tveit" in calls, "Einar Hjelle" in calls) == (login == "coordinator", login == "neighbour")


def test_nobody_in_the_demo_has_a_real_address(loaded: None) -> None:
    assert not User.objects.exclude(email__endswith="@demo.example").exists()
    assert not Person.objects.exclude(email="").exclude(email__endswith="@demo.example").exists()
