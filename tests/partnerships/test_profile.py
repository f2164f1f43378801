"""One's own account: all own rows at once, addresses by code only."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partnerships.models import Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.models import OneTimeCode
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import member
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Ny  Navn",
    "language": "nn",
    "channel": "email",
    "digest": "monday",
    "street": "",
    "postal_code": "",
    "post_town": "",
}


@pytest.fixture
def her(town: Town, neighbour: Town, client: Client) -> Client:
    """Somebody two municipalities keep a row about."""
    member(neighbour.municipality, Role.STAFF, user=town.coordinator.user, unit=neighbour.unit)
    client.force_login(town.coordinator.user)
    return client


def digits(client: Client) -> str:
    return one_time_code_digits(OneTimeCode.objects.get(pk=client.session["contact_change"]))


def ask(client: Client, what: str, value: str) -> Any:
    return client.post(reverse("contact_new", args=[what]), {"value": value})


def confirm(client: Client, what: str, code: str) -> Any:
    return client.post(reverse("contact_confirm", args=[what]), {"code": code})


def test_one_form_changes_all_her_rows_and_nobody_elses(town: Town, her: Client) -> None:
    assert "Disse har opplysninger om deg" in her.get(reverse("profile")).content.decode()
    other = member(town.municipality, Role.OBSERVER, name="En Annen").person
    response = her.post(reverse("profile"), FORM)
    assert response.status_code == 302
    assert set(Person.objects.filter(user=town.coordinator.user).values_list("name", "language")) == {
        ("Ny Navn", "nn")
    }
    assert other is not None
    assert Person.objects.get(pk=other.pk).name == "En Annen"
    assert User.objects.get(pk=town.coordinator.user_id).language == "nn"
    assert her.cookies["sprak"].value == "nn"


def test_extra_fields_change_nothing(town: Town, her: Client) -> None:
    her.post(
        reverse("profile"),
        {**FORM, "email": "tyv@evil.example", "phone": "+4790000009", "user": "1", "municipality": "1"},
    )
    person = Person.objects.get(pk=town.coordinator.person_id)
    assert person.email == town.coordinator.user.email
    assert person.municipality == town.municipality


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "letter"},
        {"channel": "sms"},
        {"channel": "phone"},
        {"channel": "dove"},
        {"postal_code": "12"},
        {"name": ""},
        {"language": "no"},
    ],
)
def test_what_cannot_be_is_said(her: Client, changes: dict[str, str]) -> None:
    page = her.post(reverse("profile"), {**FORM, **changes})
    assert page.status_code == 200
    assert "ds-error-summary" in page.content.decode()


def test_letter_needs_an_address(her: Client) -> None:
    letter = {**FORM, "channel": "letter", "street": "Storgata 1", "postal_code": "6600", "post_town": "Vik"}
    assert her.post(reverse("profile"), letter).status_code == 302


def test_new_address_by_code_and_the_old_one_is_told(town: Town, her: Client) -> None:
    before = town.coordinator.user.email
    ask(her, "e-post", "Ny@Prove.example")
    deliver()
    assert [m.to for m in mail.outbox] == [["ny@prove.example"]]
    assert User.objects.get(pk=town.coordinator.user_id).email == before
    assert confirm(her, "e-post", digits(her)).status_code == 302
    deliver()
    assert mail.outbox[-1].to == [before]
    assert User.objects.get(pk=town.coordinator.user_id).email == "ny@prove.example"
    assert set(Person.objects.filter(user=town.coordinator.user).values_list("email", flat=True)) == {
        "ny@prove.example"
    }


def test_wrong_code_changes_nothing(town: Town, her: Client) -> None:
    ask(her, "e-post", "ny@prove.example")
    right = digits(her)
    for guess in range(6):
        wrong = f"{(int(right) + guess + 1) % 1_000_000:06d}"
        assert confirm(her, "e-post", wrong).status_code == 200
    assert confirm(her, "e-post", right).status_code == 200
    assert User.objects.get(pk=town.coordinator.user_id).email == town.coordinator.user.email


def test_anothers_address_is_asked_the_same_and_refused_with_the_code(town: Town, her: Client) -> None:
    UserFactory.create(email="annen@prove.example")
    assert ask(her, "e-post", "annen@prove.example").status_code == 302
    page = confirm(her, "e-post", digits(her))
    assert "hører til en annen konto" in page.content.decode()
    assert User.objects.get(pk=town.coordinator.user_id).email == town.coordinator.user.email


def test_anothers_code_is_no_use(town: Town, neighbour: Town, her: Client) -> None:
    ask(her, "e-post", "ny@prove.example")
    code_id, code = her.session["contact_change"], digits(her)
    her.force_login(neighbour.coordinator.user)
    session = her.session
    session["contact_change"] = code_id
    session.save()
    assert confirm(her, "e-post", code).status_code == 200
    assert not User.objects.filter(email="ny@prove.example").exists()


def test_mobile_by_code(town: Town, her: Client, texts: list[tuple[str, str]]) -> None:
    ask(her, "mobil", "900 00 001")
    deliver()
    assert texts[0][0] == "+4790000001"
    confirm(her, "mobil", digits(her))
    assert User.objects.get(pk=town.coordinator.user_id).phone == "+4790000001"
    assert Person.objects.get(pk=town.coordinator.person_id).phone == "+4790000001"


def test_unknown_kind_of_address(her: Client) -> None:
    assert her.get(reverse("contact_new", args=["fax"])).status_code == 404


@pytest.mark.parametrize(
    "value", ["a@b.example\r\nBcc: x@evil.example", "a@b", "", "a@b.example,c@d.example"]
)
def test_odd_addresses_are_refused(her: Client, value: str) -> None:
    assert ask(her, "e-post", value).status_code == 200
    deliver()
    assert mail.outbox == []


def test_who_has_no_person_sees_her_address(client: Client, db: None) -> None:
    client.force_login(UserFactory.create(email="drift@prove.example", is_superuser=True))
    page = client.get(reverse("profile"))
    assert page.status_code == 200
    assert "drift@prove.example" in page.content.decode()
    assert client.post(reverse("profile"), FORM).status_code == 200
