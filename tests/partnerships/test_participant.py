"""Asking people in, in each one's channel; yes and no; names and needs; leaving, and what is left."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Adaptation,
    CodesignProcess,
    FollowUp,
    Notice,
    Participant,
    Person,
    Proposal,
)
from partnerships.models.notice import Answer
from partnerships.models.participant import Side
from partnerships.models.person import Channel
from partnerships.selectors.participant_letter import LETTER, paragraphs
from partnerships.services.participant import participant_join, participant_leave, participant_token
from partnerships.services.participant_invite import (
    Somebody,
    adaptation_set,
    follow_up_note,
    participant_invite,
    participant_invite_again,
)
from partnerships.services.privacy import person_erase
from partnerships.services.process_task import process_task_add
from partnerships.services.reply import reply_give, reply_link
from samskaping.accounts.permissions import Role
from samskaping.core.audit_words import unsigned_actor
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, ContentTemplate
from samskaping.core.models.content_template import ContentKind
from samskaping.core.privacy import all_personal_rows
from samskaping.core.retention import rule_of
from tests.factories.codesign import ParticipantFactory, ProcessFactory, ProposalFactory
from tests.factories.core import ContentTemplateFactory
from tests.factories.partnerships import OrganisationFactory, member
from tests.partnerships.conftest import Town
from tests.partnerships.noticing import THURSDAY, Clock, at, deliver, round_of
from tests.partnerships.test_seat import home, walk_in

pytestmark = pytest.mark.django_db

BODY = "{sted} spør deg.\n\nDet handler om {problem}\n\nGruppa bestemmer {bestemme}\n\nIngen spør hvorfor."
ADDRESS = {"street": "Fjordveien 1", "postal_code": "1234", "post_town": "Fjordvik"}


@pytest.fixture(autouse=True)
def letter(db: None) -> ContentTemplate:
    texts = {
        "nb": {"title": "Vil du være med?", "body": BODY},
        "nn": {"title": "Vil du vere med?", "body": "Ingen spør kvifor."},
    }
    return ContentTemplateFactory.create(key=LETTER, kind=ContentKind.LETTER, texts=texts)


@pytest.fixture
def process(town: Town) -> CodesignProcess:
    """The municipality's own: the coordinator convenes."""
    return ProcessFactory.create(municipality=town.municipality, convener=town.coordinator.person)


def invite(town: Town, process: CodesignProcess, name: str = "Åse Nordmann", **fields: Any) -> Participant:
    ways = {"email": fields.pop("email", ""), "phone": fields.pop("phone", "")}
    given: dict[str, Any] = {"side": Side.CITIZEN, "joined": False, **fields}
    details = given.pop("details", {})
    return participant_invite(
        process=process, who=Somebody(name, **ways, details=details), by=town.coordinator.user, **given
    )


def told(participant: Participant) -> Notice:
    return Notice.objects.get(kind="participant_invited", person=participant.person)


# --- Asked, in each one's channel ------------------------------------------------------------------------
def test_the_letter_goes_by_email_at_once(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 20))
    hers = invite(town, process, email="aase@prove.example")
    round_of(at(THURSDAY, 20))
    deliver()
    (message,) = mail.outbox
    assert message.to == ["aase@prove.example"]
    assert f"/prosess/{participant_token(hers)}/" in message.body
    assert "Mange er alene om kvelden." in message.body
    assert "Gruppa bestemmer" not in message.body, "the process has no mandate yet"
    assert process.title not in str(message.subject)
    assert hers.letter is not None
    assert ContentTemplate.objects.get(pk=hers.letter.pk).first_used_at is not None


def test_in_her_language(town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    invite(town, process, email="aase@prove.example", details={"language": "nn"})
    round_of(at(THURSDAY, 9))
    deliver()
    assert "Ingen spør kvifor." in mail.outbox[0].body


def test_sms_holds_one_line_and_the_way_in(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        "partnerships.notice_messages.send_sms", lambda _row, *, number, text: sent.append(number + text)
    )
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = invite(town, process, phone="+4790000001", details={"channel": Channel.SMS})
    round_of(at(THURSDAY, 9))
    deliver()
    (message,) = sent
    assert message.startswith("+4790000001")
    assert f"/prosess/{participant_token(hers)}/" in message
    assert reply_link(told(hers)) in message


@pytest.mark.parametrize(
    ("channel", "ways"),
    [("letter", {"details": {"channel": "letter", **ADDRESS}}),
     ("phone", {"phone": "+4755500100", "details": {"channel": "phone"}})],
)  # fmt: skip
def test_without_email_she_is_on_a_list(
    town: Town,
    process: CodesignProcess,
    monkeypatch: pytest.MonkeyPatch,
    client: Client,
    channel: str,
    ways: dict[str, Any],
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = invite(town, process, **ways)
    round_of(at(THURSDAY, 9))
    notice = told(hers)
    assert (notice.channel, notice.state) == (channel, "listed")
    # What staff read out or post holds the letter's words, and never the link.
    client.force_login(town.coordinator.user)
    pages = ["notices", "letters", "calls"]
    shown = "".join(client.get(reverse(name)).content.decode() for name in pages)
    if channel == "phone":
        shown += client.get(reverse("call", args=[notice.pk])).content.decode()
        assert "Ingen spør hvorfor." in shown
    assert participant_token(hers) not in shown
    assert hers.person.name in shown


def test_nothing_reaches_her(town: Town, process: CodesignProcess) -> None:
    with pytest.raises(DomainError):
        invite(town, process, details={"street": "Fjordveien 1"})


def test_asked_twice(town: Town, process: CodesignProcess) -> None:
    invite(town, process, email="aase@prove.example")
    with pytest.raises(StateChanged):
        invite(town, process, email="AASE@prove.example")
    invite(town, process, details=ADDRESS)
    with pytest.raises(StateChanged):
        invite(town, process, name="åse nordmann", details=ADDRESS)
    assert Person.objects.filter(name="Åse Nordmann").count() == 2


def test_who_is_known_keeps_her_own_words(town: Town, process: CodesignProcess) -> None:
    known = member(town.municipality, Role.STAFF, unit=town.unit, name="Kari Kjent").person
    assert known is not None
    details = {"language": "en", "channel": "letter", **ADDRESS}
    hers = invite(town, process, name="kari kjent", email=known.email, details=details, side=Side.STAFF)
    assert hers.person == known
    known.refresh_from_db()
    assert (known.name, known.language, known.street) == ("Kari Kjent", "nb", "")


def test_two_of_a_family_share_an_address(town: Town, process: CodesignProcess) -> None:
    first = invite(town, process, name="Knut Nordmann", email="knut@prove.example")
    second = invite(town, process, name="Olga Nordmann", email="knut@prove.example")
    assert first.person != second.person
    assert second.person.name == "Olga Nordmann"


def test_an_organisations_people_are_its_own(town: Town) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=club)
    process = ProcessFactory.create(municipality=town.municipality, organisation=club)
    hers = participant_invite(
        process=process,
        who=Somebody("Åse Nordmann", email="aase@prove.example"),
        side=Side.CITIZEN,
        joined=False,
        by=rep.user,
    )
    assert hers.person.controller_organisation == club
    assert not Person.objects.visible_to(town.coordinator.user).filter(pk=hers.person_id).exists()


def test_a_new_link_stops_the_old_and_tells_again(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    hers = invite(town, process, email="aase@prove.example")
    old = reverse("participant_open", args=[participant_token(hers)])
    with pytest.raises(StateChanged):
        participant_invite_again(participant=hers, by=town.coordinator.user)
    Participant.objects.filter(pk=hers.pk).update(invited_at=timezone.now() - timedelta(days=3))
    again = participant_invite_again(participant=hers, by=town.coordinator.user)
    assert client.get(old).status_code == 410
    assert client.get(reverse("participant_open", args=[participant_token(again)])).status_code == 200


# --- The stop sign ---------------------------------------------------------------------------------------
def test_stopped_before_citizens_not_before_employees(
    town: Town, process: CodesignProcess, client: Client
) -> None:
    client.force_login(town.coordinator.user)
    form = reverse("participant_invite", args=[process.pk])
    assert client.get(form).headers["Location"] == reverse("process_stop", args=[process.pk])
    assert client.get(f"{form}?som=staff").status_code == 200
    sent = {
        "name": "Åse",
        "side": "citizen",
        "channel": "email",
        "email": "a@prove.example",
        "language": "nb",
    }
    html = client.post(form, sent).content.decode()
    assert "a@prove.example" in html, "nothing typed is lost"
    assert reverse("process_stop", args=[process.pk]) in html
    assert not process.participants.exists()
    client.post(form, {**sent, "side": "staff"})
    assert process.participants.count() == 1


# --- Yes and no ------------------------------------------------------------------------------------------
def test_yes_by_the_questions_own_link_closes_it(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = invite(town, process, email="aase@prove.example")
    round_of(at(THURSDAY, 9))
    deliver()
    path = reply_link(told(hers)).split("testserver")[-1]
    client = Client()
    path = "/" + path.split("/", 3)[-1] if path.startswith("http") else path
    after = client.post(path, {"answer": "yes"})
    hers.refresh_from_db()
    assert hers.takes_part
    assert hers.consent_at is None, "her name is shown when she says so herself"
    # Who finds her letter later does not end her part by it: the way out is behind her code.
    client.get(after.headers["Location"])
    client.post(path, {"answer": "no"})
    hers.refresh_from_db()
    assert hers.takes_part


def test_no_on_the_telephone_is_noted_on_her_behalf(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = invite(town, process, phone="+4755500100", details={"channel": "phone"})
    round_of(at(THURSDAY, 9))
    reply_give(notice=told(hers), answer=Answer.NO, by=town.coordinator.user)
    hers.refresh_from_db()
    assert hers.declined_at is not None
    event = AuditEvent.objects.get(verb="participant_declined")
    assert event.on_behalf_of == f"partnerships.person:{hers.person_id}"


def test_nobody_is_told_who_has_answered(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 5))
    hers = invite(town, process, email="aase@prove.example")
    round_of(at(THURSDAY, 5))
    participant_join(participant=hers, consent=True, by=town.coordinator.user)
    Clock(monkeypatch).set(at(THURSDAY, 9))
    round_of(at(THURSDAY, 9))
    deliver()
    assert mail.outbox == []


def test_the_convener_notes_a_yes_from_paper(town: Town, process: CodesignProcess, client: Client) -> None:
    hers = invite(town, process, details=ADDRESS)
    client.force_login(town.coordinator.user)
    url = reverse("participant_answer_for", args=[process.pk, hers.pk])
    client.post(url, {"answer": "yes", "consent": "on"})
    hers.refresh_from_db()
    assert hers.takes_part
    assert hers.consent_at
    assert AuditEvent.objects.get(verb="participant_joined").on_behalf_of


# --- Names, needs and balance ----------------------------------------------------------------------------
def test_names_are_hers_to_show_and_hide(process: CodesignProcess, client: Client) -> None:
    hers = ParticipantFactory.create(process=process, person__name="Oda Åpen")
    other, mine = Client(), client
    walk_in(other, ParticipantFactory.create(process=process))
    walk_in(mine, hers)
    group = reverse("participants", args=[process.pk])
    assert "Oda" in other.get(group).content.decode()
    assert "Åpen" not in other.get(group).content.decode()
    mine.post(reverse("participant_consent", args=[process.pk]), {"consent": "0"})
    page = other.get(group).content.decode()
    assert "Oda" not in page
    assert "og 1 til" in page


def test_needs_are_for_the_contact(town: Town, client: Client) -> None:
    process = ProcessFactory.create(municipality=town.municipality, unit=town.unit)
    hers = ParticipantFactory.create(process=process, person__name="Oda Åpen")
    walk_in(client, hers)
    form = reverse("participant_adaptation", args=[process.pk])
    assert client.post(form, {"text": "Teleslynge"}).status_code == 200, "not without her yes"
    client.post(form, {"text": "Teleslynge", "consent": "on"})
    page = reverse("participant", args=[process.pk, hers.pk])
    contact = member(town.municipality, Role.STAFF, unit=town.unit)
    CodesignProcess.objects.filter(pk=process.pk).update(convener=contact.person)
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    colleague = member(town.municipality, Role.STAFF, unit=town.unit)
    allowed = Client()
    allowed.force_login(contact.user)
    assert "Teleslynge" in allowed.get(page).content.decode()
    assert Adaptation.objects.visible_to(contact.user).exists()
    # She said yes to one who reads it: not to her colleagues, her leader or the coordinator.
    for user, status in ((colleague.user, 403), (town.coordinator.user, 403), (leader.user, 200)):
        refused = Client()
        refused.force_login(user)
        answer = refused.get(page)
        assert answer.status_code == status
        assert "Teleslynge" not in answer.content.decode()
        for name in ("process", "participants"):
            assert "Teleslynge" not in refused.get(reverse(name, args=[process.pk])).content.decode()
        assert not Adaptation.objects.visible_to(user).exists()
        copied = {rows.key for rows in all_personal_rows() if not rows.only_to_herself}
        assert not copied & {"adaptations", "follow_ups"}, "nor to who may make a copy of what is kept of her"
    client.post(form, {"text": ""})
    assert not Adaptation.objects.exists()


def test_consent_is_noted_on_the_telephone(town: Town, process: CodesignProcess, client: Client) -> None:
    hers = ParticipantFactory.create(process=process)
    client.force_login(town.coordinator.user)
    url = reverse("participant_answer_for", args=[process.pk, hers.pk])
    client.post(url, {"answer": "hide"})
    hers.refresh_from_db()
    assert (hers.consent_at, hers.takes_part) == (None, True)
    assert AuditEvent.objects.get(verb="participant_consent").on_behalf_of
    client.post(url, {"answer": "show"})
    hers.refresh_from_db()
    assert hers.consent_at


def test_her_name_is_not_shown_unless_she_ticks_it(process: CodesignProcess, client: Client) -> None:
    hers = ParticipantFactory.create(process=process, joined_at=None, consent_at=None)
    walk_in(client, hers)
    page = client.get(reverse("participant_answer", args=[process.pk])).content.decode()
    assert 'name="consent"' in page
    assert "checked" not in page


def test_balance_is_said_in_words(town: Town, process: CodesignProcess, client: Client) -> None:
    for side in (Side.STAFF, Side.STAFF, Side.CITIZEN):
        ParticipantFactory.create(process=process, side=side)
    client.force_login(town.coordinator.user)
    group = reverse("participants", args=[process.pk])
    assert "Det mangler 1 innbygger" in client.get(group).content.decode()
    ParticipantFactory.create(process=process, side=Side.RECIPIENT)
    assert "minst like mange innbyggere som ansatte" in client.get(group).content.decode()


# --- Leaving, and what is left ---------------------------------------------------------------------------
def test_leaving_asks_nothing_and_takes_the_notes_along(
    town: Town, process: CodesignProcess, client: Client
) -> None:
    hers = ParticipantFactory.create(process=process)
    adaptation_set(participant=hers, text="Teleslynge", by=None)
    follow_up_note(participant=hers, line="Alt vel", next_on=None, by=town.coordinator.user)
    task = process_task_add(process=process, text="Kaffe", holder=hers, due_on=None, by=None)
    ProposalFactory.create(process=process, participant=hers)
    walk_in(client, hers)
    leave = reverse("participant_leave", args=[process.pk])
    assert "hvorfor" in client.get(leave).content.decode()
    client.post(leave)
    hers.refresh_from_db()
    task.refresh_from_db()
    assert (hers.takes_part, hers.consent_at, task.holder) == (False, None, None)
    assert not Adaptation.objects.exists()
    assert not FollowUp.objects.exists()
    assert Proposal.objects.count() == 1
    assert client.get(home(hers)).status_code == 302


def test_erased_her_answered_words_stay_without_her(town: Town, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    ProposalFactory.create(process=process, participant=hers, text="ubesvart")
    answered = {"outcome": "taken_in", "reason": "Ja.", "answered_at": timezone.now()}
    ProposalFactory.create(process=process, participant=hers, text="besvart", **answered)
    participant_leave(participant=hers, by=None)
    person_erase(person=hers.person, by=town.coordinator.user)
    assert [(p.text, p.participant) for p in Proposal.objects.all()] == [("besvart", None)]
    assert not Participant.objects.exists()


def test_names_go_some_time_after_the_process(town: Town, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    rule = rule_of("participants")
    assert rule is not None
    assert list(rule.find(town.municipality, timezone.now())) == []
    long_ago = timezone.localdate() - timedelta(days=400)
    CodesignProcess.objects.filter(pk=process.pk).update(state="ended", ended_on=long_ago)
    old = timezone.now() - timedelta(days=180)
    assert list(rule.find(town.municipality, old)) == [hers]
    Person.objects.filter(pk=hers.person_id).update(held_since=long_ago)
    assert list(rule.find(town.municipality, old)) == []
    assert rule.held(town.municipality, old) == 1


def test_paragraphs_without_words_are_left_out(process: CodesignProcess) -> None:
    process.mandate = "sted og dag"
    assert paragraphs("A {bestemme}.\n\nB {lover}.\n\nC\nD {ukjent}", process) == ["A sted og dag."]


def test_what_she_does_by_link_was_not_the_portal(process: CodesignProcess, client: Client) -> None:
    hers = ParticipantFactory.create(process=process, joined_at=None, consent_at=None)
    participant_join(participant=hers, consent=True, by=None)
    event = AuditEvent.objects.get(verb="participant_joined")
    assert event.actor is None
    assert str(unsigned_actor(event.verb)) == "En deltaker"


def test_a_side_written_wrong_is_mended(town: Town, client: Client) -> None:
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    process = ProcessFactory.create(
        municipality=town.municipality, unit=town.unit, convener=leader.person, anchored="Ja"
    )
    employee = ParticipantFactory.create(process=process, side=Side.CITIZEN)
    club = OrganisationFactory.create(municipality=town.municipality)
    client.force_login(leader.user)
    url = reverse("participant_side", args=[process.pk, employee.pk])
    assert url in client.get(reverse("participant", args=[process.pk, employee.pk])).content.decode()
    client.post(url, {"side": Side.STAFF})
    employee.refresh_from_db()
    assert (employee.side, employee.organisation) == (Side.STAFF, None)
    client.post(url, {"side": Side.VOLUNTEER, "organisation": club.pk})
    employee.refresh_from_db()
    assert (employee.side, employee.organisation) == (Side.VOLUNTEER, club)
    assert AuditEvent.objects.filter(verb="participant_side_set").count() == 2
    # Nobody comes around the stop sign by way of another side.
    CodesignProcess.objects.filter(pk=process.pk).update(anchored="")
    Participant.objects.filter(pk=employee.pk).update(side=Side.STAFF)
    assert client.post(url, {"side": Side.CITIZEN}).status_code == 200
    employee.refresh_from_db()
    assert employee.side == Side.STAFF
