"""A question in a message: who can open it, what a press does, and that a look does nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import Notice, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.services.reply import reply_give, reply_link, reply_token
from samskaping.core.errors import StateChanged
from samskaping.core.models import AuditEvent
from tests.factories import notices
from tests.factories.partnerships import PersonFactory
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(town: Town) -> Notice:
    notices.ANSWERS.clear()
    person = PersonFactory.create(
        municipality=town.municipality, name="Åse Nordmann", email="aase@prove.example"
    )
    return notices.notice(person)


def address(notice: Notice) -> str:
    return reverse("reply_open", args=[reply_token(notice)])


def test_looking_shows_the_question_and_changes_nothing(client: Client, notice: Notice) -> None:
    for _time in range(3):
        page = client.get(address(notice))
        client.head(address(notice))
    assert "Kommer du på torsdag?" in page.content.decode()
    assert not Reply.objects.exists()
    assert notices.ANSWERS == []
    assert not AuditEvent.objects.filter(verb="reply_given").exists()
    for personal in ("Nordmann", "aase@"):
        assert personal not in page.content.decode()


def test_pressing_answers_and_leaves_the_address_with_the_token(client: Client, notice: Notice) -> None:
    answer = client.post(address(notice), {"answer": "yes"})
    assert answer.headers["Location"] == reverse("reply_thanks")
    assert "Takk" in client.get(reverse("reply_thanks")).content.decode()
    reply = Reply.objects.get()
    assert (reply.answer, reply.noted_by, notices.ANSWERS) == ("yes", None, ["yes"])
    event = AuditEvent.objects.get(verb="reply_given")
    assert (event.actor_id, event.data) == (None, {"answer": "yes"})


def test_she_may_regret_it_on_the_next_page_and_by_the_link(client: Client, notice: Notice) -> None:
    client.post(address(notice), {"answer": "yes"})
    client.post(reverse("reply_thanks"), {"answer": "no"})
    assert Reply.objects.get().answer == "no"
    client.post(address(notice), {"answer": "yes"})
    assert Reply.objects.get().answer == "yes"
    assert notices.ANSWERS == ["yes", "no", "yes"]


def test_thanks_are_for_the_browser_that_answered(client: Client, notice: Notice) -> None:
    client.post(address(notice), {"answer": "yes"})
    assert Client().get(reverse("reply_thanks")).status_code == 410


def test_made_up_foreign_and_outdated_links_get_the_same_page(client: Client, notice: Notice) -> None:
    other = notices.notice(PersonFactory.create(municipality=notice.municipality))
    mark = reply_token(other).partition("-")[2]
    over = notices.notice(PersonFactory.create(municipality=notice.municipality), state=NoticeState.DROPPED)
    coming = notices.notice(PersonFactory.create(municipality=notice.municipality), state=NoticeState.COMING)
    gone = notices.notice(PersonFactory.create(municipality=notice.municipality, name=notices.GONE))
    tokens = (
        "x", "1", "-", f"{notice.pk}-", f"{notice.pk}-{mark}", f"{10**17}-{mark}", f"{'9' * 30}-{mark}",
        f"²-{mark}", *(reply_token(n) for n in (over, coming, gone)),
    )  # fmt: skip
    for token in tokens:
        for ask in (client.get, client.post):
            page = ask(reverse("reply_open", args=[token]), {"answer": "yes"})
            assert page.status_code == 410, token
            assert "ikke lenger åpent" in page.content.decode()
    assert not Reply.objects.exists()


def test_reason_gone_between_the_page_and_the_press(notice: Notice) -> None:
    notice.person.name = notices.GONE
    notice.person.save()
    with pytest.raises(StateChanged):
        reply_give(notice=notice, answer=Answer.YES)
    assert not Reply.objects.exists()


def test_an_answer_that_is_no_answer_asks_again(client: Client, notice: Notice) -> None:
    for body in ({}, {"answer": "kanskje"}, {"answer": ["yes", "no", ""]}):
        assert client.post(address(notice), body).status_code == 200
    assert not Reply.objects.exists()


def test_pressing_without_end_is_stopped(client: Client, notice: Notice) -> None:
    seen = {client.post(address(notice), {"answer": "yes"}).status_code for _time in range(21)}
    assert seen == {302, 429}


def test_a_form_from_another_page_answers_nothing(notice: Notice) -> None:
    assert Client(enforce_csrf_checks=True).post(address(notice), {"answer": "yes"}).status_code == 403
    assert not Reply.objects.exists()


def test_link_is_whole_and_the_same_each_time(notice: Notice, settings: Any) -> None:
    settings.SITE_URL = "https://samskaping.example"
    assert reply_link(notice) == reply_link(Notice.objects.get(pk=notice.pk))
    assert reply_link(notice).startswith("https://samskaping.example/svar/")


def test_the_page_speaks_her_language(client: Client, notice: Notice) -> None:
    notice.person.language = "en"
    notice.person.save()
    assert 'lang="en"' in client.get(address(notice)).content.decode()


def test_an_answer_noted_for_her_says_so(notice: Notice, town: Town) -> None:
    reply_give(notice=notice, answer=Answer.NO, by=town.coordinator.user)
    event = AuditEvent.objects.get(verb="reply_given")
    assert event.on_behalf_of == f"partnerships.person:{notice.person_id}"
    assert Reply.objects.get().noted_by == town.coordinator.user
