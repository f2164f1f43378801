"""Ideas: from anyone, with a day for the answer; yes in one step, or something more."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import CodesignProcess, Initiative, Notice, Partnership
from partnerships.models.initiative import InitiativeState
from partnerships.models.partnership import StartedBy
from partnerships.public import usual_reply_days
from partnerships.services.initiative import (
    Giver,
    initiative_answer,
    initiative_give,
    initiative_hand_over,
    initiative_token,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models.content_template import ContentKind
from samskaping.core.registries import Viewer
from samskaping.core.working_days import working_days_later
from tests.factories import partnerships as made
from tests.factories.core import ContentTemplateFactory
from tests.partnerships.conftest import Town, deliver
from tests.partnerships.noticing import at, round_of
from tests.work_list import waiting

pytestmark = pytest.mark.django_db
TYPED = {"title": "Benk ved brua", "text": "Mange snur der.", "where": "Nes"}
REACH = "giver@prove.example"


@pytest.fixture
def idea(town: Town) -> Initiative:
    return initiative_give(
        municipality=town.municipality,
        title="Benk ved brua",
        text="Mange snur der.",
        giver=Giver(name="Prøve Giver", email=REACH),
    )


@pytest.fixture
def staff(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def give(client: Client, **data: Any) -> Any:
    return client.post(reverse("idea"), {**TYPED, **data})


def acts(client: Client, name: str, idea: Initiative, **data: Any) -> Any:
    return client.post(reverse(name, args=[idea.pk]), data)


def test_a_person_and_a_day_at_once(town: Town, client: Client) -> None:
    town.settings.contact_name = "Servicetorget"
    town.settings.save()
    answer = give(client, name="Prøve Giver", reach=REACH)
    found = Initiative.objects.get()
    assert found.reply_by == working_days_later(timezone.localdate(), 5)
    assert found.holder == town.coordinator
    page = client.get(answer.url).content.decode()
    assert "Servicetorget svarer deg innen" in page
    assert "Prøve Giver" not in page, "whoever holds the link learns no name"
    deliver()
    assert mail.outbox[0].to == [REACH]
    # A subject shows on a locked screen: always the same words.
    assert mail.outbox[0].subject == "Takk for ideen"
    assert set(client.cookies) <= {"csrf"}


def test_nobody_has_to_say_who_she_is(town: Town, client: Client) -> None:
    answer = give(client)
    found = Initiative.objects.get()
    assert (found.name, found.email, found.phone) == ("", "", "")
    assert deliver() == []
    assert "Ta vare på adressen til denne siden" in client.get(answer.url).content.decode()
    initiative_answer(
        initiative=found, state=InitiativeState.YES, text="Ja, gjør det!", by=town.coordinator.user
    )
    assert "Ja, gjør det!" in client.get(answer.url).content.decode()


def test_where_there_are_two_she_says_which(town: Town, neighbour: Town, client: Client) -> None:
    assert give(client).status_code == 200
    give(client, town=neighbour.municipality.number)
    assert Initiative.objects.get().municipality == neighbour.municipality
    chosen = client.get(reverse("idea"), {"kommune": town.municipality.number}).content.decode()
    assert f'value="{town.municipality.number}" selected' in chosen


def test_a_link_we_did_not_make(town: Town, client: Client) -> None:
    for token in ("1-abc", "x", "9" * 30):
        assert client.get(reverse("idea_thanks", args=[token])).status_code == 410


def test_yes_in_one_step(town: Town, idea: Initiative, staff: Client) -> None:
    page = staff.get(reverse("initiative", args=[idea.pk])).content.decode()
    assert "Ja, gjør det! Det er en fin idé." in page
    acts(staff, "initiative_yes", idea, text="Ja, gjør det!")
    idea.refresh_from_db()
    assert (idea.state, idea.answered_by) == (InitiativeState.YES, town.coordinator.user)
    deliver()
    assert "Ja, gjør det!" in mail.outbox[-1].body
    assert mail.outbox[-1].subject == "Svar på ideen din"


def test_not_now_has_a_reason(idea: Initiative, staff: Client) -> None:
    assert acts(staff, "initiative_answer", idea, state="no", text="").status_code == 200
    acts(staff, "initiative_answer", idea, state="no", text="Brua skal rives.")
    idea.refresh_from_db()
    assert (idea.state, idea.answer) == (InitiativeState.NO, "Brua skal rives.")


@pytest.mark.parametrize("page", ["initiative_yes", "initiative_answer"])
def test_what_she_wrote_is_not_lost(town: Town, idea: Initiative, staff: Client, page: str) -> None:
    too_long = acts(staff, page, idea, state="answered", text="Ja, gjerne! " * 100).content.decode()
    assert "Ja, gjerne! Ja, gjerne!" in too_long
    assert Initiative.objects.get().state == InitiativeState.NEW
    # A colleague was first.
    initiative_answer(initiative=idea, state=InitiativeState.NO, text="Nei", by=town.coordinator.user)
    late = acts(staff, page, idea, state="answered", text="Så lurt, det gjør vi.").content.decode()
    assert "Så lurt, det gjør vi." in late
    assert "Noen har svart på denne allerede." in late


def test_a_foreign_number_is_not_written_to(town: Town, client: Client, texts: list[tuple[str, str]]) -> None:
    give(client, reach="+46 70 123 45 67")
    give(client, reach="902 12 345")
    deliver()
    assert [number for number, _words in texts] == ["+4790212345"]


def test_sent_twice_is_one_idea(town: Town, client: Client) -> None:
    assert give(client).url == give(client).url
    assert Initiative.objects.count() == 1


@pytest.fixture
def set_up(db: None) -> None:
    ContentTemplateFactory.create(key="samarbeid-tomt", kind=ContentKind.PARTNERSHIP)


@pytest.mark.usefixtures("set_up")
def test_it_becomes_a_partnership(town: Town, idea: Initiative, staff: Client) -> None:
    url = reverse("initiative_to_partnership", args=[idea.pk])
    assert 'value="Benk ved brua"' in staff.get(url).content.decode()
    staff.post(url, {"title": "Benker i bygda", "template": "samarbeid-tomt"})
    partnership = Partnership.objects.get()
    assert (partnership.title, partnership.started_by) == ("Benker i bygda", StartedBy.CITIZEN)
    idea.refresh_from_db()
    assert (idea.state, idea.partnership) == (InitiativeState.BECAME, partnership)
    deliver()
    assert "Ideen din har blitt et samarbeid." in mail.outbox[-1].body


def test_it_becomes_a_process(idea: Initiative, staff: Client) -> None:
    url = reverse("initiative_to_process", args=[idea.pk])
    assert "Mange snur der." in staff.get(url).content.decode()
    staff.post(url, {"title": "Benker", "problem": "Mange snur", "from_citizen": "on"})
    process = CodesignProcess.objects.get()
    assert process.started_by == StartedBy.CITIZEN
    idea.refresh_from_db()
    assert (idea.state, idea.process) == (InitiativeState.BECAME, process)


@pytest.mark.usefixtures("set_up")
def test_answered_once(town: Town, idea: Initiative, staff: Client) -> None:
    acts(staff, "initiative_yes", idea, text="Ja")
    with pytest.raises(StateChanged):
        initiative_answer(initiative=idea, state=InitiativeState.NO, text="Nei", by=town.coordinator.user)
    # And nothing is made of it a second time.
    staff.post(
        reverse("initiative_to_partnership", args=[idea.pk]), {"title": "Benk", "template": "samarbeid-tomt"}
    )
    assert not Partnership.objects.exists()


def test_given_to_somebody_else(town: Town, neighbour: Town, idea: Initiative, client: Client) -> None:
    leader = made.member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    client.force_login(leader.user)
    assert client.get(reverse("initiative", args=[idea.pk])).status_code == 404
    with pytest.raises(DomainError):
        initiative_hand_over(initiative=idea, holder=neighbour.coordinator, by=town.coordinator.user)
    initiative_hand_over(initiative=idea, holder=leader, by=town.coordinator.user)
    assert client.get(reverse("initiative", args=[idea.pk])).status_code == 200
    assert client.get(reverse("ideas")).status_code == 200


def test_the_neighbour_sees_nothing(neighbour: Town, idea: Initiative, client: Client) -> None:
    client.force_login(neighbour.coordinator.user)
    assert client.get(reverse("initiative", args=[idea.pk])).status_code == 404
    assert idea.title not in client.get(reverse("ideas")).content.decode()


def test_it_waits_and_is_due(town: Town, idea: Initiative) -> None:
    viewer = Viewer(town.coordinator.user, town.coordinator, timezone.localdate())
    assert [item.title for item in waiting(viewer, "Idé")] == ["Benk ved brua"]
    Initiative.objects.update(reply_by=timezone.localdate())
    round_of(timezone.now())
    assert Notice.objects.filter(kind="initiative_waits", person=town.coordinator.person).count() == 1


def test_how_soon_we_answer_is_told_of_five(town: Town, client: Client) -> None:
    # At noon: at midnight a week in which summer time ends has a day less.
    given_at = at(timezone.localdate() - timedelta(days=30), hour=12)
    for number, took in enumerate((1, 2, 2, 4)):
        _answered(town, number, given_at, took)
    assert usual_reply_days(town.municipality) is None
    _answered(town, 9, given_at, 12)
    # Four of five came within four days.
    assert usual_reply_days(town.municipality) == 4
    page = client.get(reverse("municipality", args=[town.municipality.number])).content.decode()
    assert "Vi svarer vanligvis innen 4 dager." in page


def _answered(town: Town, number: int, given_at: Any, took: int) -> None:
    idea = Initiative.objects.create(
        municipality=town.municipality,
        title=f"Idé {number}",
        reply_by=timezone.localdate(),
        state=InitiativeState.YES,
        answered_at=given_at + timedelta(days=took),
    )
    Initiative.objects.filter(pk=idea.pk).update(given_at=given_at)


def test_the_link_survives_the_answer(idea: Initiative, client: Client) -> None:
    assert client.get(reverse("idea_thanks", args=[initiative_token(idea)])).status_code == 200
