"""Inviting and accepting: who may, what a link is worth, and what happens when two press at once."""

import re
from datetime import timedelta
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Invitation, Membership, Person
from partnerships.services.invitation import (
    invitation_accept,
    invitation_code_send,
    invitation_code_use,
    invitation_from_token,
    invitation_send,
    invitation_send_again,
    invitation_token,
    invitation_withdraw,
)
from partnerships.services.membership import MayNotGrant
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged, TooMany
from samskaping.core.models import OneTimeCode
from samskaping.core.services.one_time_code import one_time_code_digits
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import member
from tests.pages import without_tokens
from tests.partnerships.conftest import Town, deliver

pytestmark = pytest.mark.django_db

FORM = {"name": "Åse Nordmann", "language": "nb", "password": ""}


def invite(town: Town, **fields: Any) -> Invitation:
    given = {
        "role": Role.STAFF,
        "unit": town.unit,
        "name": "Åse Nordmann",
        "email": "aase@prove.example",
        **fields,
    }
    return invitation_send(municipality=town.municipality, by=town.coordinator.user, **given)


def link(invitation: Invitation) -> str:
    return reverse("invitation_open", args=[invitation_token(invitation)])


def digits(client: Client) -> str:
    return one_time_code_digits(OneTimeCode.objects.get(pk=client.session["invitation"]["code"]))


def walk_in(client: Client, invitation: Invitation, **form: str) -> Any:
    """The whole way: button, code, welcome."""
    assert client.post(link(invitation)).headers["Location"] == reverse("invitation_code")
    client.post(reverse("invitation_code"), {"code": digits(client)})
    return client.post(reverse("invitation_accept"), {**FORM, **form})


# --- Who may invite whom ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        (Role.CENTRE_LEADER, "centre", True),
        (Role.ORGANISATION_REP, "organisation", False),
        (Role.COORDINATOR, None, False),
        (Role.STAFF, "unit", False),
    ],
)
def test_centre_leader_invites_to_her_own_centre_only(
    town: Town, role: Role, place: str | None, may: bool
) -> None:
    leader = member(town.municipality, Role.CENTRE_LEADER, centre=town.centre)
    where = {place: getattr(town, place)} if place else {}
    if may:
        assert invitation_send(
            municipality=town.municipality,
            role=role,
            name="Ny",
            email="ny@prove.example",
            by=leader.user,
            **where,
        ).pk
        return
    with pytest.raises(MayNotGrant):
        invitation_send(
            municipality=town.municipality,
            role=role,
            name="Ny",
            email="ny@prove.example",
            by=leader.user,
            **where,
        )


def test_chief_of_a_sector_invites_inside_it(town: Town) -> None:
    from tests.factories.partnerships import UnitFactory

    below = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    beside = UnitFactory.create(municipality=town.municipality)
    chief = member(town.municipality, Role.CHIEF, unit=town.unit)
    given: dict[str, Any] = {
        "municipality": town.municipality,
        "name": "Ny",
        "email": "ny@prove.example",
        "by": chief.user,
    }
    assert invitation_send(role=Role.STAFF, unit=below, **given).pk
    beyond: list[tuple[Role, dict[str, Any]]] = [
        (Role.STAFF, {"unit": beside}),
        (Role.COORDINATOR, {}),
        (Role.CHIEF, {}),
    ]
    for role, where in beyond:
        with pytest.raises(MayNotGrant):
            invitation_send(role=role, **where, **given)


def test_foreign_place_is_refused(town: Town, neighbour: Town) -> None:
    """A foreign unit smuggled into one's own municipality's invitation."""
    with pytest.raises(MayNotGrant):
        invite(town, unit=neighbour.unit)


def test_nobody_without_the_right_invites(town: Town, neighbour: Town) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    for user in (staff.user, neighbour.coordinator.user, UserFactory.create(is_superuser=True)):
        with pytest.raises(MayNotGrant):
            invitation_send(
                municipality=town.municipality,
                role=Role.STAFF,
                unit=town.unit,
                name="Ny",
                email="ny@prove.example",
                by=user,
            )


def test_invited_twice_and_somebody_who_has_the_role(town: Town) -> None:
    invitation = invite(town)
    with pytest.raises(StateChanged):
        invite(town)
    invitation_accept(invitation=invitation, user=None)
    with pytest.raises(StateChanged):
        invite(town)


# --- The message -------------------------------------------------------------------------------------
def test_mail_speaks_her_language_and_says_who_asks(town: Town) -> None:
    invitation = invite(town, language="en")
    deliver()
    (message,) = mail.outbox
    assert message.to == ["aase@prove.example"]
    assert link(invitation) in message.body
    assert "Nordmann" not in message.subject
    assert str(make_header(decode_header(message.from_email))).startswith(town.municipality.name)
    assert message.extra_headers["Content-Language"] == "en"


def test_sms_to_who_has_no_address(town: Town, texts: list[tuple[str, str]]) -> None:
    invitation = invite(town, email="", phone="+4790000001")
    deliver()
    ((number, words),) = texts
    assert number == "+4790000001"
    assert link(invitation) in words
    assert mail.outbox == []


def test_withdrawn_before_it_left_is_not_sent(town: Town) -> None:
    invitation_withdraw(invitation=invite(town), by=town.coordinator.user)
    deliver()
    assert mail.outbox == []


def test_a_typed_name_makes_no_link(town: Town) -> None:
    invite(town, name="Se https://evil.example\r\nBcc: x@evil.example")
    deliver()
    assert "evil.example" not in mail.outbox[0].body
    assert "evil.example" not in str(mail.outbox[0].message()["Subject"])


def test_sent_again_keeps_the_link_and_stops_at_five(town: Town) -> None:
    invitation = invite(town)
    before = link(invitation)
    for _time in range(4):
        invitation_send_again(invitation=invitation, by=town.coordinator.user)
    deliver()
    assert len(mail.outbox) == 5
    assert link(Invitation.objects.get(pk=invitation.pk)) == before
    with pytest.raises(DomainError):
        invitation_send_again(invitation=invitation, by=town.coordinator.user)


# --- The link -----------------------------------------------------------------------------------------
def test_scanner_opens_five_times_and_she_still_comes_in(town: Town, client: Client) -> None:
    invitation = invite(town)
    scanner = Client()
    for _time in range(5):
        assert scanner.head(link(invitation)).status_code == 200
        assert scanner.get(link(invitation)).status_code == 200
    assert OneTimeCode.objects.count() == 0
    response = walk_in(client, invitation)
    assert response.status_code == 302
    assert Membership.objects.get(invitation=invitation).user_id == int(client.session["_auth_user_id"])


def test_link_alone_lets_nobody_in(town: Town, client: Client) -> None:
    invitation = invite(town)
    client.post(link(invitation))
    for address in ("invitation_accept",):
        assert client.get(reverse(address)).headers["Location"] == reverse("invitation_code")
        assert client.post(reverse(address), FORM).headers["Location"] == reverse("invitation_code")
    assert Membership.objects.filter(role=Role.STAFF).count() == 0


def test_token_stands_in_the_address_once(town: Town, client: Client) -> None:
    invitation = invite(town)
    token = invitation_token(invitation)
    after = client.post(link(invitation))
    assert token not in after.headers["Location"]
    page = client.get(after.headers["Location"])
    assert token not in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_every_dead_link_gets_the_same_page(town: Town, client: Client) -> None:
    used, withdrawn, late, forged = (invite(town, email=f"{n}@prove.example") for n in range(4))
    invitation_accept(invitation=used, user=None)
    invitation_withdraw(invitation=withdrawn, by=town.coordinator.user)
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    paths = [link(i) for i in (used, withdrawn, late)]
    paths += [
        link(forged)[:-2] + "x/",
        "/invitasjon/hei/",
        "/invitasjon/1-/",
        "/invitasjon/99999999999999999999-a/",
        "/invitasjon/١-a/",
    ]
    pages = [client.get(path) for path in paths] + [client.post(path) for path in paths]
    assert {page.status_code for page in pages} == {410}
    bodies = {
        re.sub(r'name="next" value="[^"]*"', "", without_tokens(page.content.decode())) for page in pages
    }
    assert len(bodies) == 1


def test_page_is_in_her_language_and_hides_her_address(town: Town, client: Client) -> None:
    page = client.get(link(invite(town, language="nn")), headers={"Accept-Language": "en"}).content.decode()
    assert 'lang="nn"' in page
    assert "a•••@prove.example" in page
    assert "aase@prove.example" not in page


# --- The code -----------------------------------------------------------------------------------------
def test_code_goes_to_the_address_on_file(town: Town, client: Client) -> None:
    invitation = invite(town)
    deliver()
    client.post(link(invitation), {"email": ["tyv@evil.example", "aase@prove.example"]})
    deliver()
    assert [m.to for m in mail.outbox] == [["aase@prove.example"]] * 2
    assert digits(client) in mail.outbox[1].body


def test_ten_thousand_guesses_get_five_looks(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = invite(town)
    client.post(link(invitation))
    looked: list[int] = []
    from samskaping.core.services import one_time_code

    real = one_time_code.one_time_code_digits

    def looking(code: OneTimeCode) -> str:
        looked.append(1)
        return real(code)

    monkeypatch.setattr(one_time_code, "one_time_code_digits", looking)
    right = real(OneTimeCode.objects.get(pk=client.session["invitation"]["code"]))
    wrong = [f"{n:06d}" for n in range(300) if f"{n:06d}" != right]
    for guess in wrong[:200]:
        client.post(reverse("invitation_code"), {"code": guess})
    assert len(looked) == 5
    client.post(reverse("invitation_code"), {"code": right})
    assert "proven" not in client.session["invitation"]


def test_a_code_for_one_invitation_opens_no_other(town: Town) -> None:
    mine, hers = invite(town), invite(town, email="b@prove.example")
    code = invitation_code_send(invitation=mine)
    assert not invitation_code_use(invitation=hers, code_id=str(code.pk), typed=one_time_code_digits(code))


def test_fourth_code_in_a_quarter_of_an_hour_is_refused(town: Town, client: Client) -> None:
    invitation = invite(town)
    for _time in range(3):
        invitation_code_send(invitation=invitation)
    with pytest.raises(TooMany):
        invitation_code_send(invitation=invitation)
    assert client.post(link(invitation)).status_code == 429


# --- Accepting ----------------------------------------------------------------------------------------
def test_new_person_gets_account_row_and_role_together(town: Town, client: Client) -> None:
    response = walk_in(
        client, invite(town), name="Åse  Nordmann ", language="nn", password="et passord på tolv"
    )
    user = User.objects.get(email="aase@prove.example")
    assert response.headers["Location"] == reverse("home")
    assert (user.language, user.check_password("et passord på tolv")) == ("nn", True)
    assert Person.objects.get(user=user).name == "Åse Nordmann"
    assert Membership.objects.get(user=user).granted_by == town.coordinator.user
    assert client.cookies["sprak"].value == "nn"


def test_without_a_password_she_signs_in_with_codes(town: Town, client: Client) -> None:
    walk_in(client, invite(town))
    assert not User.objects.get(email="aase@prove.example").has_usable_password()


def test_short_password_is_refused_and_nothing_is_lost(town: Town, client: Client) -> None:
    page = walk_in(client, invite(town), name="Et annet navn", password="kort")
    assert page.status_code == 200
    assert "Et annet navn" in page.content.decode()
    assert not User.objects.filter(email="aase@prove.example").exists()


def test_invitation_resets_nobodys_password(town: Town, client: Client) -> None:
    user = UserFactory.create(email="aase@prove.example", password="det gamle passordet")
    walk_in(client, invite(town), password="et nytt passord her")
    user.refresh_from_db()
    assert user.check_password("det gamle passordet")
    assert Membership.objects.get(user=user, role=Role.STAFF)


def test_invited_by_sms_signs_in_with_that_number(town: Town, client: Client) -> None:
    walk_in(client, invite(town, email="", phone="+4790000001"))
    user = User.objects.get(phone="+4790000001")
    assert user.email is None
    assert int(client.session["_auth_user_id"]) == user.pk


def test_a_number_staff_wrote_on_a_person_is_nobodys_account(town: Town, client: Client) -> None:
    """Only a number proven with a code leads to an account; one typed on a row does not."""
    victim = member(town.municipality, Role.STAFF, unit=town.unit)
    Person.objects.filter(memberships=victim).update(phone="+4790000001")
    page = walk_in(client, invite(town, email="", phone="+4790000001", role=Role.OBSERVER, unit=None))
    assert "Logg inn med den først" in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert not Membership.objects.filter(role=Role.OBSERVER).exists()


def test_signed_in_as_another_is_told_and_may_choose(town: Town, client: Client) -> None:
    other = member(town.municipality, Role.OBSERVER, name="Marit Annen")
    client.force_login(other.user)
    invitation = invite(town)
    assert "Marit Annen" in client.get(link(invitation)).content.decode()
    walk_in(client, invitation)
    assert Membership.objects.get(invitation=invitation).user == other.user


def test_used_once(town: Town, client: Client) -> None:
    invitation = invite(town)
    walk_in(client, invitation)
    with pytest.raises(StateChanged):
        invitation_accept(invitation=invitation, user=None)
    assert Client().get(link(invitation)).status_code == 410


def test_token_of_one_key_is_no_token_of_another(town: Town, settings: Any) -> None:
    token = invitation_token(invite(town))
    assert invitation_from_token(token) is not None
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-anybody-to-use"
    assert invitation_from_token(token) is None
