"""Signing in with a code: who gets in, what everybody else is told, and where the code goes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from samskaping.accounts.models import User
from samskaping.core.models import AuditEvent, DemoPost, OneTimeCode, Outbox
from samskaping.core.models.one_time_code import CodePurpose
from samskaping.core.services.one_time_code import one_time_code_digits, one_time_code_use
from tests.accounts.doing import (
    app_code,
    ask_code,
    deliver_all,
    digits,
    give_app,
    newest_code,
    sign_in,
    signed_in,
    write_code,
    wrong_digits,
)
from tests.factories.accounts import UserFactory
from tests.pages import without_tokens

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["kari@prove.example", " Kari@Prove.example ", "902 12 345", "+47 90212345"])
def test_right_code(client: Client, who: str) -> None:
    UserFactory.create(email="kari@prove.example", phone="+4790212345", password=None)
    assert ask_code(client, who)["Location"] == "/logg-inn/kode/skriv/"
    assert write_code(client, digits()).status_code == 302
    assert signed_in(client)


@pytest.mark.parametrize("grouped", ["{} {}", "{}-{}", " {}{} "])
def test_code_may_be_written_in_groups(client: Client, kari: User, grouped: str) -> None:
    ask_code(client, kari.email)
    write_code(client, grouped.format(digits()[:3], digits()[3:]))
    assert signed_in(client)


def test_a_code_works_once(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    code, state = digits(), dict(client.session["one_time_code"])
    write_code(client, code)
    again = Client()
    session = again.session
    session["one_time_code"] = state
    session.save()
    again.cookies["samskaping"] = str(session.session_key)
    assert write_code(again, code).status_code == 200
    assert not signed_in(again)


def test_a_code_answers_only_to_the_browser_that_asked(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    other = Client()
    assert write_code(other, digits())["Location"] == "/logg-inn/kode/"
    ask_code(other, "ola@prove.example")
    code = OneTimeCode.objects.exclude(subject="").get()
    write_code(other, one_time_code_digits(code))
    assert not signed_in(other)


def test_an_old_code_says_so(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    code = digits()
    OneTimeCode.objects.update(expires_at="2020-01-01T00:00Z")
    session = client.session
    session["one_time_code"]["sign_in"]["asked_at"] -= 700
    session["one_time_code"] = session["one_time_code"]
    session.save()
    page = write_code(client, code).content.decode()
    assert "mer enn ti minutter" in page
    assert not signed_in(client)


def test_ten_thousand_wrong_tries_evaluate_five(kari: User, client: Client) -> None:
    """The row is read for its digits only after a try was taken from it."""
    ask_code(client, kari.email)
    code, wrong, looked = newest_code(), wrong_digits(), 0
    for _ in range(10_000):
        with CaptureQueriesContext(connection) as queries:
            assert one_time_code_use(code.pk, CodePurpose.SIGN_IN, wrong) is None
        looked += any("FOR UPDATE" in query["sql"] for query in queries)
    assert looked == 5
    assert one_time_code_use(code.pk, CodePurpose.SIGN_IN, digits()) is None


def test_words_count_down(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    pages = [write_code(client, wrong_digits()).content.decode() for _ in range(6)]
    assert "4 forsøk igjen" in pages[0]
    assert "ett forsøk igjen" in pages[3]
    assert "fem forsøk" in pages[4]
    write_code(client, digits())
    assert not signed_in(client), "five wrong ones end the right one, too"


def test_three_codes_in_a_quarter_of_an_hour(client: Client, kari: User) -> None:
    answers = [ask_code(client, who) for who in (kari.email, "KARI@prove.example", kari.email, kari.email)]
    assert [a.status_code for a in answers] == [302, 302, 302, 429]


def test_a_newer_code_ends_the_older(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    older = digits()
    ask_code(client, kari.email)
    if older != digits():
        write_code(client, older)
        assert not signed_in(client)
    write_code(client, digits())
    assert signed_in(client)


# --- Known and unknown -------------------------------------------------------------------------------
@pytest.mark.parametrize("known", ["kari@prove.example", "+4790212345"])
def test_known_and_unknown_cannot_be_told_apart(known: str) -> None:
    UserFactory.create(email="kari@prove.example", phone="+4790212345")
    unknown = "ola@prove.example" if "@" in known else "+4790212346"
    seen = [everything_seen(who) for who in (known, unknown)]
    assert seen[0] == seen[1]


def everything_seen(who: str) -> list[tuple[int, str, int]]:
    client = Client()
    steps = [lambda: ask_code(client, who), lambda: client.get("/logg-inn/kode/skriv/")]
    steps += [lambda: write_code(client, "not it")] * 6
    steps += [lambda: ask_code(client, who)] * 3
    found = []
    for step in steps:
        with CaptureQueriesContext(connection) as queries:
            response = step()
        body = without_tokens(response.content.decode()).replace(who, "WHO")
        found.append((response.status_code, body, len(queries)))
    return found


def test_message_goes_to_the_owner_and_to_nobody_else(kari: User, mailoutbox: Any) -> None:
    for who in ("kari@prove.example", "ola@prove.example", "90299999"):
        ask_code(Client(), who)
    assert deliver_all() == ["sent", "dropped", "dropped"]
    assert [mail.to for mail in mailoutbox] == [["kari@prove.example"]]
    assert digits_of(kari) in mailoutbox[0].body
    assert not any(char.isdigit() for char in mailoutbox[0].subject)


ODD = [
    "kari@prove.example,ola@evil.example",
    "kari@prove.example;ola@evil.example",
    "ola@evil.example kari@prove.example",
    "kari@prove.example\nBcc: ola@evil.example",
    "kari@prove.example\r\n",
    "kari@prove.example\0",
    "<kari@prove.example>",
    "['kari@prove.example','ola@evil.example']",
    '{"email": "kari@prove.example"}',
    "\u212aari@prove.example",  # the Kelvin sign, whose small letter is k
    "k\u0430ri@prove.example",  # a Cyrillic a
    "kari@prove\u3002example",
    "kari@prove.example.",
    "kari%40prove.example",
    "@",
    "1234567",
    "\uff19\uff10\uff12\uff11\uff12\uff13\uff14\uff15",
    "kari@prove.example" + "x" * 300,
]


@pytest.mark.parametrize("who", ODD)
def test_odd_addresses_mail_only_the_owner(client: Client, kari: User, who: str, mailoutbox: Any) -> None:
    assert ask_code(client, who).status_code in (200, 302)
    deliver_all()
    assert all(mail.recipients() == ["kari@prove.example"] for mail in mailoutbox)


@pytest.mark.parametrize("path", ["/logg-inn/kode/", "/glemt-passord/"])
def test_two_addresses_at_once_are_refused(client: Client, kari: User, path: str) -> None:
    body = "who=kari@prove.example&who=ola@evil.example"
    client.post(path, body, content_type="application/x-www-form-urlencoded")
    client.post(path, {"who[]": ["kari@prove.example", "ola@evil.example"]})
    client.post(path, {"email": "kari@prove.example"}, content_type="application/json")
    assert not Outbox.objects.exists()


def test_code_by_sms_goes_to_the_number_on_the_account(client: Client, settings: Any) -> None:
    settings.SMS_ADAPTER = "samskaping.core.sms.DemoSms"
    UserFactory.create(email=None, phone="+4790212345")
    ask_code(client, "902 12 345")
    assert deliver_all() == ["sent"]
    assert digits() in DemoPost.objects.get(recipient="+4790212345").text


def digits_of(user: User) -> str:
    return one_time_code_digits(OneTimeCode.objects.get(subject=f"accounts.user:{user.pk}"))


def test_two_who_share_a_telephone_get_no_code(client: Client) -> None:
    UserFactory.create(phone="+4790212345")
    UserFactory.create(phone="+4790212345")
    ask_code(client, "90212345")
    assert deliver_all() == ["dropped"]


def test_closed_account_gets_no_code(client: Client) -> None:
    user = UserFactory.create(phone="+4790212345", is_active=False)
    ask_code(client, user.email)
    assert deliver_all() == ["dropped"]


@pytest.mark.parametrize(
    "path", ["/logg-inn/kode/", "/logg-inn/kode/skriv/", "/glemt-passord/", "/glemt-passord/kode/"]
)
def test_get_and_head_change_nothing(client: Client, kari: User, path: str) -> None:
    ask_code(client, kari.email)
    client.post("/glemt-passord/", {"who": kari.email})
    before = list(OneTimeCode.objects.order_by("pk").values())
    for _ in range(5):
        client.head(path)
        client.get(path, {"code": digits(), "who": str(kari.email)})
    assert list(OneTimeCode.objects.order_by("pk").values()) == before
    assert not signed_in(client)


# --- After the code: the same gate as for a password -------------------------------------------------
def test_code_does_not_go_round_the_second_factor(client: Client, kari: User) -> None:
    secret = give_app(kari)
    ask_code(client, kari.email, next="/om/")
    assert write_code(client, digits())["Location"] == "/logg-inn/to-faktor/"
    assert not signed_in(client)
    assert client.post("/logg-inn/to-faktor/", {"code": app_code(secret)})["Location"] == "/om/"
    assert signed_in(client)


def test_session_is_a_new_one_after_the_code(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    before = client.session.session_key
    write_code(client, digits())
    assert client.session.session_key != before


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_nobody_is_sent_elsewhere(client: Client, kari: User, target: str) -> None:
    ask_code(client, kari.email, next=target)
    assert "evil" not in write_code(client, digits())["Location"]


def test_a_used_code_is_traced_without_the_address(client: Client, kari: User) -> None:
    ask_code(client, kari.email)
    write_code(client, digits())
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", "data"))
    assert [verb for verb, _data in verbs] == ["code_used", "signed_in"]
    assert "kari" not in str(verbs)


def test_those_signed_in_need_no_code(client: Client, kari: User) -> None:
    sign_in(client, kari.email)
    assert client.get("/logg-inn/kode/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_evaluate_five(client: Client) -> None:
    user = UserFactory.create()
    ask_code(client, user.email)
    code, wrong = newest_code(), wrong_digits()

    def guess(_number: int) -> int:
        try:
            with CaptureQueriesContext(connection) as queries:
                one_time_code_use(code.pk, CodePurpose.SIGN_IN, wrong)
            return any("FOR UPDATE" in query["sql"] for query in queries)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        looked = sum(pool.map(guess, range(100)))
    assert looked == 5
