"""T7: what lets somebody in stands in her message and nowhere else: on no row, no staff page, in no log."""

import logging

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from partnerships.models import Invitation
from partnerships.services.invitation import invitation_code_send, invitation_send, invitation_token
from partnerships.services.participant import participant_code_send, participant_token
from samskaping.accounts.permissions import Role
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.codesign import ParticipantFactory, ProcessFactory
from tests.partnerships.conftest import Town, deliver

STAFF_PAGES = ("members", "member_invite", "this_week", "overview", "my_page", "profile", "account_security")


def rows_with(word: str) -> list[str]:
    """The tables of which some row, written out as text, holds the word."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} AS t WHERE t::text LIKE %s", [f"%{word}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


@pytest.fixture
def invitation(town: Town) -> Invitation:
    return invitation_send(
        municipality=town.municipality,
        role=Role.STAFF,
        unit=town.unit,
        name="Turid Invitert",
        email="turid@prove.example",
        by=town.coordinator.user,
    )


def test_link_and_code_are_in_the_messages_only(
    town: Town, invitation: Invitation, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = invitation_code_send(invitation=invitation)
    deliver()
    secret = invitation_token(invitation).partition("-")[2]
    digits = one_time_code_digits(code)
    invited, coded = (message.body for message in mail.outbox)
    assert secret in invited
    assert digits in coded
    assert secret not in coded  # a forwarded code does not bring the link along

    client.force_login(town.coordinator.user)
    assert "Turid Invitert" in client.get(reverse("members")).content.decode()
    for page in STAFF_PAGES:
        shown = client.get(reverse(page), follow=True).content.decode()
        assert secret not in shown, page
        assert digits not in shown, page
    assert rows_with(secret) == []
    # Six digits may turn up in any number; as a text of their own they must not.
    assert rows_with(f'"{digits}"') == rows_with(f",{digits},") == []
    assert secret not in caplog.text
    assert digits not in caplog.text


def test_a_participants_link_and_code_are_in_her_messages_only(
    town: Town, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    process = ProcessFactory.create(municipality=town.municipality)
    hers = ParticipantFactory.create(process=process, person__email="aase@prove.example")
    client.post(reverse("participant_find"), {"who": "aase@prove.example"})
    code = participant_code_send(participant=hers)
    deliver()
    secret = participant_token(hers).partition("-")[2]
    digits = one_time_code_digits(code)
    led, coded = (message.body for message in mail.outbox)
    assert secret in led
    assert digits in coded
    assert secret not in coded
    client.force_login(town.coordinator.user)
    pages = [reverse(name) for name in (*STAFF_PAGES, "notices")]
    pages += [reverse(name, args=[process.pk]) for name in ("process", "participants")]
    for page in (*pages, reverse("participant", args=[process.pk, hers.pk])):
        shown = client.get(page, follow=True).content.decode()
        assert secret not in shown, page
        assert digits not in shown, page
    assert rows_with(secret) == []
    assert rows_with(f'"{digits}"') == rows_with(f",{digits},") == []
    assert secret not in caplog.text
    assert digits not in caplog.text


def test_the_search_sees_what_is_there(town: Town, invitation: Invitation) -> None:
    assert "partnerships_invitation" in rows_with(invitation.nonce)
