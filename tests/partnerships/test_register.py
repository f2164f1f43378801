"""What the public registers say, also when they say it badly or not at all."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partnerships.icnpo import category_name, grouped_choices, main_group, main_groups, normal_code
from partnerships.models import Organisation, RegisteredOrganisation, RegisterFetch
from partnerships.models.actors import RegisterState
from partnerships.organisation_number import normal_organisation_number, shown_organisation_number
from partnerships.register import client
from partnerships.selectors.register import list_state, look_up, registered_not_taken_in
from partnerships.services.register import (
    organisation_check,
    organisations_add_registered,
    register_fetch,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError
from samskaping.core.models import AuditEvent, Outbox
from samskaping.core.models.outbox import OutboxState
from samskaping.core.services.outbox import outbox_deliver_row
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, UnitFactory, member
from tests.factories.work import RegisteredFactory
from tests.partnerships.conftest import Town
from tests.partnerships.register_server import Register, register_server, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(settings: Any) -> Iterator[Register]:
    cache.clear()
    with register_server() as register:
        settings.REGISTER_URL = register.url
        yield register
    cache.clear()


def deliver_all() -> None:
    while (row := Outbox.objects.filter(state=OutboxState.WAITING).first()) is not None:
        if outbox_deliver_row(row.pk) != OutboxState.SENT:
            return


# --- Numbers and categories ---------------------------------------------------------------------
@pytest.mark.parametrize("number", ["974760673", "964965226", "912660680", "123456785"])
def test_numbers_that_can_exist(number: str) -> None:
    assert normal_organisation_number(number) == number
    assert normal_organisation_number(f" NO {number[:3]} {number[3:6]}\u00a0{number[6:]} mva") == number


@pytest.mark.parametrize(
    "typed",
    [
        "123456789",
        "97476067",
        "9747606733",
        "000000000",
        "",
        "navn",
        *(f"90000009{digit}" for digit in range(10)),
        "٩٧٤٧٦٠٦٧٣",
    ],
)
def test_numbers_that_cannot(typed: str) -> None:
    assert normal_organisation_number(typed) == ""


def test_number_is_shown_in_threes() -> None:
    assert shown_organisation_number("974760673") == "974\u00a0760\u00a0673"


def test_categories_are_fourteen_and_thirty_two_in_three_languages() -> None:
    assert len(main_groups()) == 14
    assert sum(len(subs) for _name, subs in grouped_choices()) == 32
    assert normal_code("10 100") == "10100"
    assert main_group("10100") == "10"
    assert normal_code("99 999") == ""
    with translation.override("nn"):
        assert category_name("2200") == "Høgskule og universitet"
    with translation.override("en"):
        assert category_name("1200") == "Sports"


def test_categories_are_called_what_the_register_calls_them() -> None:
    with translation.override("nb"):
        assert category_name("6") == "Bolig- og lokalmiljø"
        assert category_name("11") == "Yrkes-, bransje- og fagforeninger"
        assert category_name("11300") == "Arbeidstakerorganisasjoner"


# --- One number --------------------------------------------------------------------------------
def test_fills_in_what_the_registers_know(register: Register) -> None:
    register.says("123456785", unit("123456785", "Prøve turlag", epostadresse="POST@prove.example"))
    register.says_voluntary(
        "123456785",
        {
            "icnpoKategorier": [
                {"icnpoNummer": "4 100", "rekkefoelge": 2},
                {"icnpoNummer": "1 300", "rekkefoelge": 1},
            ],
            "kontonummer": "12345678901",
        },
    )
    found = look_up("NO 123 456 785 MVA")
    assert found.state == RegisterState.ACTIVE
    assert found.fields == {
        "number": "123456785",
        "name": "Prøve turlag",
        "kind": "association",
        "language": "nn",
        "email": "post@prove.example",
        "phone": "+4790212345",
        "website": "https://prove.example",
        "street": "Prøveveien 1",
        "postal_code": "9901",
        "post_town": "PRØVE",
        "icnpo": "1300",
    }
    assert all("samskaping" in agent for agent in register.agents)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"slettedato": "2024-01-01"}, RegisterState.DELETED),
        ({"konkurs": True}, RegisterState.BANKRUPT),
        ({"underAvvikling": True}, RegisterState.DISSOLVING),
        ({"underTvangsavviklingEllerTvangsopplosning": True}, RegisterState.DISSOLVING),
    ],
)
def test_says_how_it_stands(register: Register, more: dict[str, Any], state: RegisterState) -> None:
    register.says("123456785", unit("123456785", "Prøve turlag", **more))
    assert look_up("123456785").state == state


def test_gone_and_unknown(register: Register) -> None:
    register.says("123456785", b"", status=410)
    assert look_up("123456785").state == RegisterState.DELETED
    assert look_up("912660680").state == RegisterState.NOT_FOUND
    assert look_up("123456789").state == RegisterState.NOT_FOUND


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"a":"' + b"x" * 3_100_000 + b'"}']
)
def test_what_is_no_answer_is_a_register_that_is_away(register: Register, body: bytes) -> None:
    register.says("123456785", body)
    with pytest.raises(client.RegisterAway):
        look_up("123456785")


def test_goes_nowhere_else(register: Register) -> None:
    register.says("912660680", unit("912660680", "Et annet lag"))
    register.says("123456785", b"", status=302, Location="/enhetsregisteret/api/enheter/912660680")
    with pytest.raises(client.RegisterAway):
        look_up("123456785")
    assert len(register.asked) == 1


@pytest.fixture
def silence(register: Register, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """A register that takes the question and says nothing. We wait a moment, not five seconds."""
    monkeypatch.setattr(client, "TIMEOUT", 0.2)
    register.silent_until = threading.Event()
    yield register
    register.silent_until.set()


def test_a_silent_register_is_said_in_words_and_typing_goes_on(
    silence: Register, town: Town, client: Client
) -> None:
    client.force_login(town.coordinator.user)
    page = client.get(reverse("actor_add", args=["lag"]), {"number": "123 456 785"}).content.decode()
    assert "Registeret svarer ikke akkurat nå. Skriv det inn selv" in page
    assert 'value="123\u00a0456\u00a0785"' in page
    register_fetch(municipality=town.municipality)
    deliver_all()
    assert "svarer ikke akkurat nå" in list_state(town.municipality).sentence
    assert silence.asked


def test_an_answer_that_drips_is_not_waited_for(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; the whole of it would not."""
    monkeypatch.setattr(client, "LONGEST", 0.2)
    body = json.dumps(unit("123456785", "Tregt lag")).encode()
    register.says("123456785", body)
    register.drips = 0.01
    with pytest.raises(client.RegisterAway):
        look_up("123456785")
    assert 0 < register.dripped < len(body)


def test_wrong_types_leave_gaps_and_no_errors(register: Register) -> None:
    register.says(
        "123456785",
        {"navn": 7, "organisasjonsform": "FLI", "forretningsadresse": ["x"], "telefon": None, "maalform": {}},
    )
    assert look_up("123456785").fields == {"number": "123456785", "kind": "association", "language": "nb"}


def test_asks_once_a_day_and_again_after_it_was_away(register: Register) -> None:
    register.is_down = True
    with pytest.raises(client.RegisterAway):
        look_up("123456785")
    register.is_down = False
    register.says("123456785", unit("123456785", "Prøve", registrertIFrivillighetsregisteret=False))
    look_up("123456785")
    look_up("123456785")
    assert len(register.asked) == 2


# --- The list of a municipality -------------------------------------------------------------------
def test_fetches_the_list_page_by_page(register: Register) -> None:
    town = MunicipalityFactory.create()
    register.rows = [unit(f"{n:09}", "x") for n in range(3)]  # numbers that cannot exist
    register.rows += [unit(number, f"Lag {number}") for number in _numbers(230)]
    register.rows.append(unit("123456785", "Slettet lag", slettedato="2024-01-01"))
    register_fetch(municipality=town)
    assert list_state(town).is_waiting
    deliver_all()
    assert RegisteredOrganisation.objects.filter(municipality=town).count() == 230
    assert not list_state(town).is_waiting
    assert len(register.asked) == 3
    # A fresh list is not asked for again.
    register_fetch(municipality=town)
    assert not Outbox.objects.filter(state=OutboxState.WAITING).exists()


def test_says_in_plain_words_that_the_register_is_away(register: Register) -> None:
    town = MunicipalityFactory.create()
    register.is_down = True
    register_fetch(municipality=town)
    deliver_all()
    assert "svarer ikke" in list_state(town).sentence
    assert Outbox.objects.get().state == OutboxState.WAITING


def test_the_demo_never_asks(register: Register) -> None:
    town = MunicipalityFactory.create(number="9901", is_demo=True)
    register_fetch(municipality=town)
    assert RegisteredOrganisation.objects.filter(municipality=town).count() >= 43
    assert register.asked == []
    for row in RegisteredOrganisation.objects.all():
        assert normal_organisation_number(row.number)
        assert category_name(row.icnpo)


def test_adds_those_she_knows(register: Register) -> None:
    town = MunicipalityFactory.create(number="9901", is_demo=True)
    coordinator = member(town, Role.COORDINATOR)
    by_hand = OrganisationFactory.create(municipality=town, name="Fjordvik turlag", number=None)
    register_fetch(municipality=town)
    shown = registered_not_taken_in(coordinator.user, town)
    assert by_hand.name not in {row.name for row in shown}
    numbers = list(RegisteredOrganisation.objects.values_list("number", flat=True))
    made = organisations_add_registered(municipality=town, numbers=numbers, by=coordinator.user)
    assert len(made) == len(numbers) - 1
    by_hand.refresh_from_db()
    assert by_hand.number in numbers
    assert made[0].icnpo
    assert registered_not_taken_in(coordinator.user, town).count() == 0
    assert organisations_add_registered(municipality=town, numbers=numbers, by=coordinator.user) == []
    staff = member(town, Role.STAFF, unit=UnitFactory.create(municipality=town))
    with pytest.raises(DomainError):
        organisations_add_registered(municipality=town, numbers=numbers, by=staff.user)


def test_check_keeps_what_somebody_wrote(register: Register) -> None:
    organisation = OrganisationFactory.create(number="123456785", icnpo="4100", name="Vårt eget navn")
    register.says("123456785", unit("123456785", "REGISTERETS NAVN", konkurs=True))
    register.says_voluntary("123456785", {"icnpoKategorier": [{"icnpoNummer": "1 200"}]})
    organisation_check(organisation=organisation)
    deliver_all()
    kept = Organisation.objects.get(pk=organisation.pk)
    assert (kept.name, kept.icnpo, kept.register_state) == ("Vårt eget navn", "4100", RegisterState.BANKRUPT)
    assert kept.register_checked_at


def test_a_number_put_right_is_checked_at_once(register: Register) -> None:
    organisation = OrganisationFactory.create(number="912660680")
    register.says("123456785", unit("123456785", "Laget", konkurs=True))
    organisation_check(organisation=organisation)
    deliver_all()
    organisation.number = "123456785"
    organisation.save()
    organisation_check(organisation=organisation)
    deliver_all()
    assert Organisation.objects.get(pk=organisation.pk).register_state == RegisterState.BANKRUPT


def test_an_answer_about_the_number_before_is_let_go(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = OrganisationFactory.create(number="123456785")
    register.says("123456785", unit("123456785", "Et annet lag", konkurs=True))

    def slowly(number: str, town: Any) -> Any:
        Organisation.objects.filter(pk=organisation.pk).update(number="912660680")
        return look_up(number)

    monkeypatch.setattr("partnerships.services.register.look_up_here", slowly)
    organisation_check(organisation=organisation)
    assert outbox_deliver_row(Outbox.objects.get().pk) == OutboxState.DROPPED
    kept = Organisation.objects.get(pk=organisation.pk)
    assert (kept.number, kept.register_checked_at) == ("912660680", None)


def test_a_number_from_the_list_is_a_change_like_any_other() -> None:
    town = MunicipalityFactory.create()
    by = member(town, Role.COORDINATOR).user
    by_hand = OrganisationFactory.create(municipality=town, name="Turlaget", number=None)
    numbers = ["123456785", "912660680"]
    for number in numbers:
        RegisteredFactory.create(
            municipality=town,
            number=number,
            name="Turlaget",
            name_key=by_hand.name_key,
            details={"number": number, "name": "Turlaget"},
        )
    made = organisations_add_registered(municipality=town, numbers=numbers, by=by)
    by_hand.refresh_from_db()
    assert (by_hand.version, by_hand.updated_by) == (1, by)
    assert AuditEvent.objects.get(verb="organisation_changed").data == {"fields": ["number"]}
    # One of the two is her Turlaget; the other is another of the same name.
    assert {by_hand.number, *(one.number for one in made)} == set(numbers)


def test_an_older_round_changes_nothing(register: Register) -> None:
    town = MunicipalityFactory.create()
    register.rows = [unit("123456785", "Lag")]
    register_fetch(municipality=town)
    old = Outbox.objects.get()
    RegisterFetch.objects.all().update(asked_at="2026-01-01T00:00:00Z")
    assert outbox_deliver_row(old.pk) == OutboxState.DROPPED
    assert not RegisteredOrganisation.objects.exists()


def _numbers(count: int) -> list[str]:
    found = [n for base in range(10_000_000, 10_000_000 + 2 * count) if (n := _with_check(base))]
    return found[:count]


def _with_check(base: int) -> str:
    return next((n for digit in range(10) if (n := normal_organisation_number(f"{base}{digit}"))), "")
