"""A guardian says yes by a link and a code; the link alone tells nobody about whom."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from samskaping.core.models import OneTimeCode, Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.volunteers import VolunteerFactory
from volunteers.guardian_messages import send_guardian_ask, send_guardian_code
from volunteers.models import Guardian, Volunteer
from volunteers.services.guardian import guardian_set, guardian_token


@pytest.fixture
def guardian(town: Any) -> Guardian:
    volunteer = VolunteerFactory.create(person__municipality=town.municipality, person__name="Ung Prøve")
    return guardian_set(
        volunteer=volunteer, adult_from=timezone.localdate() + timedelta(days=500), name="Foresatt Prøve",
        email="foresatt@prove.example", phone="", consented=False, by=town.coordinator.user,
    )  # fmt: skip


def digits() -> str:
    return one_time_code_digits(OneTimeCode.objects.latest("created_at"))


def answer(client: Client, guardian: Guardian, choice: str) -> str:
    client.post(reverse("guardian_open", args=[guardian_token(guardian)]))
    page = client.post(reverse("guardian_code"), {"code": digits()}).content.decode()
    assert "Ung Prøve" in page
    seat = page.split('name="seat" value="')[1].split('"')[0]
    return client.post(reverse("guardian_code"), {"seat": seat, "answer": choice}).content.decode()


def test_yes_with_a_code(town: Any, guardian: Guardian, client: Client, mailoutbox: list[Any]) -> None:
    boss = Client()
    boss.force_login(town.coordinator.user)
    boss.post(reverse("volunteer_guardian_ask", args=[guardian.volunteer_id]))
    assert send_guardian_ask(Outbox.objects.get(kind="guardian_ask"))
    asked = mailoutbox[-1]
    assert "Ung" not in asked.subject + asked.body
    link = reverse("guardian_open", args=[guardian_token(guardian)])
    assert link in asked.body
    page = client.get(link).content.decode()
    assert "Ung Prøve" not in page
    assert "foresatt@prove.example" not in page
    # Looking consumes nothing, and sends nothing.
    assert not Outbox.objects.filter(kind="guardian_code").exists()
    assert client.post(link).status_code == 302
    assert send_guardian_code(Outbox.objects.get(kind="guardian_code"))
    assert digits() in mailoutbox[-1].body.replace(" ", "")
    assert "Takk for svaret" in answer(client, guardian, "yes")
    guardian.refresh_from_db()
    assert guardian.consented_at is not None
    assert guardian.noted_by is None
    assert "Foresatt sa ja" in boss.get(reverse("volunteer", args=[guardian.volunteer_id])).content.decode()
    # Answered: nothing more is sent.
    assert not send_guardian_ask(Outbox.objects.get(kind="guardian_ask"))


def test_no_and_another_mind(town: Any, guardian: Guardian, client: Client) -> None:
    answer(client, guardian, "no")
    guardian.refresh_from_db()
    assert (guardian.consented_at, guardian.declined_at is None) == (None, False)
    answer(client, guardian, "yes")
    guardian.refresh_from_db()
    assert (guardian.consented_at is None, guardian.declined_at) == (False, None)


def test_no_answer_without_the_code(town: Any, guardian: Guardian, client: Client) -> None:
    client.post(reverse("guardian_open", args=[guardian_token(guardian)]))
    url = reverse("guardian_code")
    wrong = f"{(int(digits()) + 1) % 10**6:06d}"
    page = client.post(url, {"code": wrong}).content.decode()
    assert "Ung Prøve" not in page
    client.post(url, {"seat": "gjettet", "answer": "yes"})
    guardian.refresh_from_db()
    assert guardian.consented_at is None
    # A code to the one before opens nothing for the next, and neither does her link.
    old = guardian_token(guardian)
    guardian_set(
        volunteer=Volunteer.objects.get(), adult_from=timezone.localdate() + timedelta(days=500),
        name="En annen", email="annen@prove.example", phone="", consented=False, by=town.coordinator.user,
    )  # fmt: skip
    assert client.get(reverse("guardian_open", args=[old])).status_code == 410
    assert "Ung Prøve" not in client.post(url, {"code": digits()}).content.decode()


def test_a_yes_noted_by_mistake_is_taken_back(town: Any, guardian: Guardian) -> None:
    boss = Client()
    boss.force_login(town.coordinator.user)
    typed = {"adult_from": guardian.volunteer.adult_from, "name": guardian.name, "email": guardian.email}
    url = reverse("volunteer_guardian", args=[guardian.volunteer_id])
    boss.post(url, {**typed, "consented": "1"})
    assert 'name="said_yes" value="True"' in boss.get(url).content.decode()
    boss.post(url, {**typed, "said_yes": "True"})
    guardian.refresh_from_db()
    assert (guardian.consented_at, guardian.declined_at is None) == (None, False)
    assert guardian.noted_by == town.coordinator.user
    page = boss.get(reverse("volunteer", args=[guardian.volunteer_id])).content.decode()
    assert "Foresatt sa nei" in page
    assert "Spør den foresatte" in page


def test_her_own_answer_stands_over_an_older_page(town: Any, guardian: Guardian, client: Client) -> None:
    boss = Client()
    boss.force_login(town.coordinator.user)
    typed = {"adult_from": guardian.volunteer.adult_from, "name": guardian.name, "email": guardian.email}
    url = reverse("volunteer_guardian", args=[guardian.volunteer_id])
    answer(client, guardian, "yes")
    boss.post(url, {**typed, "said_yes": "False"})
    guardian.refresh_from_db()
    assert guardian.consented_at is not None
    answer(client, guardian, "no")
    boss.post(url, {**typed, "said_yes": "True", "consented": "1"})
    stands = Guardian.objects.get()
    assert (stands.consented_at, stands.noted_by) == (None, None)
