"""Proposals: given by each way, shown as text, answered with a reason, told to the giver, climbing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import CodesignProcess, Participant, Person, Proposal
from partnerships.models.person import Digest
from partnerships.models.proposal import GivenBy, ProposalOutcome
from partnerships.selectors.proposal_receiver import receivers
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.participant import participant_leave
from partnerships.services.proposal import (
    comment_write,
    proposal_answer,
    proposal_change,
    proposal_give,
    proposal_group_set,
    proposal_support,
    proposal_take_back,
    proposals_answer_together,
    proposals_from_notes,
)
from partnerships.services.proposal_climb import proposals_climb
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.codesign import CommentFactory, ParticipantFactory, ProcessFactory, ProposalFactory
from tests.factories.partnerships import OrganisationFactory, member
from tests.partnerships.conftest import Town
from tests.partnerships.noticing import MONDAY, THURSDAY, Clock, at, deliver, round_of
from tests.partnerships.test_seat import walk_in

pytestmark = pytest.mark.django_db

# A wave, a family of joined people, a flag, Arabic and Hebrew, a zero-width joiner, HTML, and a link.
ODD = "👋 👩‍👩‍👧‍👦 🏳️‍🌈 مرحبا بالعالم שלום <script>alert(1)</script><b>fet</b> &amp; \u202eabc\u202c https://evil.example"


@pytest.fixture
def process(town: Town) -> CodesignProcess:
    return ProcessFactory.create(
        municipality=town.municipality, unit=town.unit, convener=town.coordinator.person
    )


def give(participant: Participant, text: str = "Mer kaffe", **fields: Any) -> Proposal:
    given: dict[str, Any] = {"given_by": GivenBy.PORTAL, "by": None, **fields}
    return proposal_give(process=participant.process, text=text, participant=participant, **given)


def answer(proposal: Proposal, town: Town, reason: str = "Det gjør vi fra mandag.") -> Proposal:
    return proposal_answer(
        proposal=proposal,
        version=proposal.version,
        outcome=ProposalOutcome.TAKEN_IN,
        reason=reason,
        answered_by=town.coordinator.person,
        by=town.coordinator.user,
    )


def page(client: Client, name: str, *more: int) -> Any:
    return client.get(reverse(name, args=more))


# --- Given ---------------------------------------------------------------------------------------------
def test_a_citizen_gives_one_by_her_link(client: Client, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    walk_in(client, hers)
    after = client.post(reverse("proposal_new", args=[process.pk]), {"text": "Mer kaffe"})
    proposal = Proposal.objects.get()
    assert after.headers["Location"] == reverse("proposal", args=[process.pk, proposal.pk])
    assert (proposal.participant, proposal.entered_by, proposal.given_by) == (hers, None, GivenBy.PORTAL)
    assert "Mer kaffe" in client.get(after.headers["Location"]).content.decode()


def test_a_participant_gives_for_nobody_else(client: Client, process: CodesignProcess) -> None:
    hers, other = ParticipantFactory.create(process=process), ParticipantFactory.create(process=process)
    walk_in(client, hers)
    sent = {"text": "Mer te", "participant": other.pk, "given_by": "phone"}
    client.post(reverse("proposal_new", args=[process.pk]), sent)
    assert Proposal.objects.get().participant == hers


def test_on_the_telephone_it_is_noted_on_whose_behalf(town: Town, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    proposal = give(hers, given_by=GivenBy.PHONE, by=town.coordinator.user)
    assert proposal.entered_by == town.coordinator.user
    event = AuditEvent.objects.get(verb="proposal_given")
    # The trace is read by those who see no names: it says who typed, and the row for whom.
    assert (event.actor_id, event.on_behalf_of) == (town.coordinator.user.pk, "")
    assert proposal.participant == hers
    assert "kaffe" not in str(event.data)


def test_who_convenes_writes_it_down_for_somebody(
    client: Client, town: Town, process: CodesignProcess
) -> None:
    hers = ParticipantFactory.create(process=process, person__name="Åse Innbygger")
    client.force_login(town.coordinator.user)
    new = reverse("proposal_new", args=[process.pk])
    assert "Åse Innbygger" in client.get(new).content.decode()
    client.post(new, {"text": "Mer kaffe", "given_by": "phone", "participant": hers.pk})
    assert Proposal.objects.get().participant == hers


def test_no_participant_of_another_process(client: Client, town: Town, process: CodesignProcess) -> None:
    foreign = ParticipantFactory.create(process__municipality=town.municipality)
    client.force_login(town.coordinator.user)
    new = reverse("proposal_new", args=[process.pk])
    sent = {"text": "Mer kaffe", "given_by": "phone", "participant": foreign.pk}
    assert client.post(new, sent).status_code == 200
    with pytest.raises(StateChanged):
        proposal_give(process=process, text="x", given_by=GivenBy.PHONE, participant=foreign, by=None)
    assert not Proposal.objects.exists()


def test_paper_notes_become_one_each(town: Town, client: Client, process: CodesignProcess) -> None:
    client.force_login(town.coordinator.user)
    notes = reverse("proposal_notes", args=[process.pk])
    client.post(notes, {"notes": "Mer kaffe\r\n\r\nLengre åpent,\r\nogså fredag\r\n \r\n\r\n"})
    given = Proposal.objects.order_by("pk")
    assert [p.text for p in given] == ["Mer kaffe", "Lengre åpent,\nogså fredag"]
    assert {(p.given_by, p.participant) for p in given} == {(GivenBy.PAPER, None)}
    with pytest.raises(DomainError):
        proposals_from_notes(process=process, notes=["x"] * 61, by=town.coordinator.user)


@pytest.mark.parametrize("text", ["", "   \n"])
def test_nothing_is_no_proposal(process: CodesignProcess, text: str) -> None:
    with pytest.raises(DomainError):
        give(ParticipantFactory.create(process=process), text)


def test_nobody_gives_to_what_is_over(process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    CodesignProcess.objects.filter(pk=process.pk).update(state="ended", ended_on=timezone.localdate())
    hers.process.refresh_from_db()
    with pytest.raises(StateChanged):
        give(hers)


# --- Shown as text -------------------------------------------------------------------------------------
def test_twenty_thousand_characters_of_anything_are_shown_as_text(
    client: Client, process: CodesignProcess
) -> None:
    hers = ParticipantFactory.create(process=process)
    walk_in(client, hers)
    text = (ODD + " " + "å" * 20_000)[:20_000]
    client.post(reverse("proposal_new", args=[process.pk]), {"text": text})
    proposal = Proposal.objects.get()
    assert proposal.text == text
    for name, more in (("proposal", (proposal.pk,)), ("proposals", ()), ("participant_home", ())):
        html = page(client, name, process.pk, *more).content.decode()
        assert "<script>alert" not in html, name
        assert "<b>fet" not in html, name
        assert 'href="https://evil.example' not in html, name
    html = page(client, "proposal", process.pk, proposal.pk).content.decode()
    assert "👩‍👩‍👧‍👦" in html
    assert "مرحبا" in html
    assert "&lt;script&gt;" in html
    assert 'dir="auto"' in html


def test_one_more_is_refused_and_nothing_is_lost(client: Client, process: CodesignProcess) -> None:
    walk_in(client, ParticipantFactory.create(process=process))
    html = client.post(reverse("proposal_new", args=[process.pk]), {"text": "å" * 20_001}).content.decode()
    assert "å" * 20_001 in html
    assert not Proposal.objects.exists()


# --- Changed, together ----------------------------------------------------------------------------------
def test_hers_until_it_is_answered(town: Town, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    proposal = proposal_change(proposal=give(hers), version=0, text="Mer te", by=None)
    assert (proposal.text, proposal.version) == ("Mer te", 1)
    with pytest.raises(ChangedMeanwhile):
        proposal_change(proposal=proposal, version=0, text="Mer brus", by=None)
    answered = answer(proposal, town)
    with pytest.raises(StateChanged):
        proposal_change(proposal=answered, version=answered.version, text="Mer brus", by=None)
    with pytest.raises(StateChanged):
        proposal_take_back(proposal=answered, by=None)


def test_an_answer_to_words_that_were_changed_meanwhile_is_looked_at_again(
    client: Client, town: Town, process: CodesignProcess
) -> None:
    """Nobody answers something else than she read."""
    proposal = give(ParticipantFactory.create(process=process))
    proposal_change(proposal=proposal, version=0, text="Mer te", by=None)
    client.force_login(town.coordinator.user)
    sent = {"outcome": "taken_in", "reason": "Kaffe blir det.", "version": 0}
    html = client.post(reverse("proposal_answer", args=[process.pk, proposal.pk]), sent).content.decode()
    assert "Kaffe blir det." in html
    assert Proposal.objects.get().answered_at is None


def test_support_counts_once_and_can_be_taken_back(client: Client, process: CodesignProcess) -> None:
    hers, other = ParticipantFactory.create(process=process), ParticipantFactory.create(process=process)
    proposal = give(other)
    walk_in(client, hers)
    url = reverse("proposal_support", args=[process.pk, proposal.pk])
    for _time in range(2):
        client.post(url, {"support": "1"})
    assert proposal.support.count() == 1
    client.post(url, {"support": "0"})
    assert proposal.support.count() == 0


def test_nobody_supports_her_own(client: Client, process: CodesignProcess) -> None:
    hers = ParticipantFactory.create(process=process)
    proposal = give(hers)
    walk_in(client, hers)
    client.post(reverse("proposal_support", args=[process.pk, proposal.pk]), {"support": "1"})
    assert proposal.support.count() == 0


def test_themes_are_made_by_name_and_go_when_empty(town: Town, process: CodesignProcess) -> None:
    first, second = ProposalFactory.create(process=process), ProposalFactory.create(process=process)
    by = town.coordinator.user
    proposal_group_set(proposal=first, title="Mat  og drikke", by=by)
    proposal_group_set(proposal=second, title="mat og drikke", by=by)
    assert [g.title for g in process.proposal_groups.all()] == ["Mat og drikke"]
    proposal_group_set(proposal=first, title="", by=by)
    proposal_group_set(proposal=second, title="", by=by)
    assert not process.proposal_groups.exists()


def test_one_answer_to_a_whole_theme(client: Client, town: Town, process: CodesignProcess) -> None:
    proposals = [ProposalFactory.create(process=process) for _n in range(3)]
    for proposal in proposals[:2]:
        proposal_group_set(proposal=proposal, title="Mat", by=town.coordinator.user)
    client.force_login(town.coordinator.user)
    sent = {"outcome": "not_now", "reason": "Ikke i år.", "version": 0, "same": "on"}
    client.post(reverse("proposal_answer", args=[process.pk, proposals[0].pk]), sent)
    assert [bool(p.answered_at) for p in Proposal.objects.order_by("pk")] == [True, True, False]


def test_one_answer_passes_by_what_was_taken_back(town: Town, process: CodesignProcess) -> None:
    same = [ProposalFactory.create(process=process) for _number in range(3)]
    proposal_take_back(proposal=same[1], by=None)
    # In the order of their keys, whatever order they are given in: two who answer the same wait in a line.
    answered = proposals_answer_together(
        proposals=same[::-1],
        outcome=ProposalOutcome.TAKEN_IN,
        reason="Det gjør vi.",
        answered_by=town.coordinator.person,
        by=town.coordinator.user,
    )
    assert answered == [same[0], same[2]]


def test_two_who_name_a_theme_take_turns(town: Town, process: CodesignProcess) -> None:
    """The process is locked before the theme is looked for, so that two do not both make it."""
    proposal = ProposalFactory.create(process=process)
    with CaptureQueriesContext(connection) as asked:
        proposal_group_set(proposal=proposal, title="Mat", by=town.coordinator.user)
    said = [query["sql"] for query in asked.captured_queries]
    lock = next(i for i, sql in enumerate(said) if "codesignprocess" in sql and "FOR NO KEY UPDATE" in sql)
    looks = next(i for i, sql in enumerate(said) if 'FROM "partnerships_proposalgroup"' in sql)
    assert lock < looks


def test_who_answers_is_asked_for_once_however_many_wait(process: CodesignProcess) -> None:
    late = {"process": process, "answer_by": THURSDAY}
    ProposalFactory.create(**late)
    source = source_of("proposal_waits")
    assert source is not None

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert list(source.derive(THURSDAY))
        return len(asked)

    one = queries()
    ProposalFactory.create_batch(5, **late)
    assert queries() == one
    Proposal.objects.update(answer_by=THURSDAY - timedelta(days=30))
    assert list(source.derive(THURSDAY)) == [], "whoever holds it has been told"


def test_comments_name_only_those_who_want_it(client: Client, town: Town, process: CodesignProcess) -> None:
    proposal = ProposalFactory.create(process=process)
    shy = ParticipantFactory.create(process=process, person__name="Sky Person", consent_at=None)
    open_one = ParticipantFactory.create(process=process, person__name="Oda Åpen")
    for who in (shy, open_one):
        CommentFactory.create(proposal=proposal, person=who.person, text=f"fra {who.pk}")
    walk_in(client, ParticipantFactory.create(process=process))
    html = page(client, "proposal", process.pk, proposal.pk).content.decode()
    assert "Sky" not in html
    assert "Oda" in html
    assert "Åpen" not in html
    client.force_login(town.coordinator.user)
    assert "Sky Person" in page(client, "proposal", process.pk, proposal.pk).content.decode()


def test_another_partys_people_see_no_names(client: Client, town: Town, process: CodesignProcess) -> None:
    chief = member(town.municipality, Role.CHIEF)
    hers = ParticipantFactory.create(process=process, person__name="Oda Åpen")
    proposal = give(hers)
    client.force_login(chief.user)
    for name, more in (("proposal", (proposal.pk,)), ("proposals", ()), ("participants", ())):
        assert "Oda" not in page(client, name, process.pk, *more).content.decode(), name


# --- Answered ------------------------------------------------------------------------------------------
def test_never_without_a_reason(town: Town, process: CodesignProcess) -> None:
    proposal = ProposalFactory.create(process=process)
    with pytest.raises(DomainError):
        answer(proposal, town, reason="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(outcome="taken_in")


def test_the_giver_is_told_in_her_channel(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    clock.set(at(THURSDAY, 9))
    hers = ParticipantFactory.create(
        process=process, person__digest=Digest.AT_ONCE, person__email="aase@prove.example"
    )
    answer(give(hers, "Mer kaffe, takk"), town, "Fra mandag koker vi to kanner.")
    round_of(at(THURSDAY, 9))
    deliver()
    (message,) = [m for m in mail.outbox if m.to == ["aase@prove.example"]]
    assert "Fra mandag koker vi to kanner." in message.body
    assert "Mer kaffe, takk" in message.body
    assert "/prosess/" in message.body
    assert "kaffe" not in str(message.subject)


def test_an_answer_mended_the_same_day_is_told_too(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = ParticipantFactory.create(process=process, person__digest="at_once")
    proposal = answer(give(hers), town)
    round_of(at(THURSDAY, 9))
    deliver()
    answer(proposal, town, "Det ble feil. Kaffen må vente.")
    round_of(at(THURSDAY, 10))
    round_of(at(THURSDAY, 10))
    deliver()
    told = [m.body for m in mail.outbox if m.to == [hers.person.email]]
    assert ["Kaffen må vente." in body for body in told] == [False, True]


def test_who_has_no_email_gets_it_as_a_letter(
    town: Town, process: CodesignProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).set(at(THURSDAY, 9))
    hers = ParticipantFactory.create(process=process)
    Person.objects.filter(pk=hers.person_id).update(
        email="", channel="letter", street="Fjordveien 1", postal_code="1234", post_town="Fjordvik"
    )
    hers.person.refresh_from_db()
    answer(give(hers), town)
    round_of(at(THURSDAY, 9))
    notice = hers.person.notices.get(kind="proposal_answered")
    assert (notice.channel, notice.state) == ("letter", "listed")


def test_all_answers_on_one_page_name_nobody(client: Client, town: Town, process: CodesignProcess) -> None:
    answer(give(ParticipantFactory.create(process=process, person__name="Oda Åpen"), "Mer kaffe"), town)
    client.force_login(town.coordinator.user)
    html = page(client, "proposal_answers", process.pk).content.decode()
    assert "Mer kaffe" in html
    assert "Det gjør vi fra mandag." in html
    assert "Oda" not in html


# --- Climbing ------------------------------------------------------------------------------------------
def test_unanswered_ones_climb_a_rung_at_a_time(town: Town, process: CodesignProcess) -> None:
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    CodesignProcess.objects.filter(pk=process.pk).update(convener=staff.person)
    proposal = ProposalFactory.create(process=process, answer_by=THURSDAY - timedelta(days=1))
    held: list[set[Person | None]] = []
    day: date = THURSDAY
    for _time in range(4):
        current = Proposal.objects.select_related("process__centre").get()
        held.append(set(receivers(current)))
        proposals_climb(day)
        day = Proposal.objects.get().answer_by + timedelta(days=3)
        day = day if day.weekday() < 5 else day + timedelta(days=2)
    coordinator = {town.coordinator.person}
    assert held == [{staff.person}, {leader.person}, coordinator, coordinator]
    assert AuditEvent.objects.filter(verb="proposal_climbed").count() == 2
    proposal.refresh_from_db()
    assert proposal.climbed == 2


def test_lifted_to_somebody_else_or_not_at_all(town: Town, process: CodesignProcess) -> None:
    late = {"process": process, "answer_by": THURSDAY - timedelta(days=1)}
    proposal = ProposalFactory.create(**late)
    # The contact is the coordinator, and no leader stands between.
    assert proposals_climb(THURSDAY) == 0
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    # The leader is the contact herself: past her own rung, to the coordinator.
    CodesignProcess.objects.filter(pk=process.pk).update(convener=leader.person)
    assert proposals_climb(THURSDAY) == 1
    proposal.refresh_from_db()
    assert proposal.climbed == 2
    assert set(receivers(proposal)) == {town.coordinator.person}
    # Without a contact it began with those who lead.
    CodesignProcess.objects.filter(pk=process.pk).update(convener=None)
    other = ProposalFactory.create(**late)
    assert proposals_climb(THURSDAY) == 1
    other.refresh_from_db()
    assert set(receivers(other)) == {town.coordinator.person}


def test_nothing_climbs_on_a_sunday_twice_or_when_answered(town: Town, process: CodesignProcess) -> None:
    # Somebody else to climb to: the contact is the coordinator.
    member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    answered = ProposalFactory.create(process=process, answer_by=THURSDAY - timedelta(days=1))
    answer(answered, town)
    ProposalFactory.create(process=process, answer_by=THURSDAY - timedelta(days=1))
    assert proposals_climb(MONDAY - timedelta(days=1)) == 0
    assert proposals_climb(THURSDAY) == 1
    assert proposals_climb(THURSDAY) == 0


def test_the_talk_names_nobody_who_hid_or_left_nor_staff_to_a_guest(
    town: Town, process: CodesignProcess
) -> None:
    club = OrganisationFactory.create(municipality=town.municipality)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=club, name="Per Hansen")
    gone = ParticipantFactory.create(process=process, person=rep.person, consent_at=None)
    proposal = give(gone)
    for person in (rep.person, town.coordinator.person):
        CommentFactory.create(proposal=proposal, person=person)
    participant_leave(participant=gone, by=None)
    answer(proposal, town)
    until = timezone.localdate() + timedelta(days=30)
    guest = member(town.municipality, Role.GUEST, process=process, valid_to=until)
    by_link, invited = Client(), Client()
    walk_in(by_link, ParticipantFactory.create(process=process))
    invited.force_login(guest.user)
    boss = town.coordinator.person.name
    read = [page(one, "proposal", process.pk, proposal.pk).content.decode() for one in (by_link, invited)]
    assert [["Hansen" in html, boss in html] for html in read] == [[False, True], [False, False]]


def test_the_trace_names_nobody_who_takes_part(client: Client, town: Town, process: CodesignProcess) -> None:
    """Who is in the group, and who said what, is not the chief's to read there."""
    chief = member(town.municipality, Role.CHIEF, name="Siri Sjef")
    account = UserFactory.create()
    hers = ParticipantFactory.create(
        process=process, person__user=account, person__name="Oda Åpen", person__municipality=town.municipality
    )
    written = give(hers, by=account)
    proposal_change(proposal=written, version=0, text="Mer te", by=account)
    comment_write(proposal=written, text="Og saft", person=hers.person, by=account)
    spoken = give(hers, given_by=GivenBy.PHONE, by=town.coordinator.user)
    client.force_login(chief.user)
    pages = [client.get(reverse("history"))] + [
        client.get(reverse("object_history", args=["innspill", one.pk])) for one in (written, spoken)
    ]
    assert [answer.status_code for answer in pages] == [200, 200, 200]
    for answer in pages:
        assert "ga et innspill" in answer.content.decode()
        assert "Oda" not in answer.content.decode()
    assert "En deltaker ga et innspill" in pages[1].content.decode()


# --- Others' ------------------------------------------------------------------------------------------
def test_a_proposal_of_another_process_is_not_here(
    client: Client, town: Town, process: CodesignProcess
) -> None:
    other = ProposalFactory.create(process__municipality=town.municipality)
    client.force_login(town.coordinator.user)
    assert page(client, "proposal", process.pk, other.pk).status_code == 404
    walk_in(Client(), ParticipantFactory.create(process=process))


def test_five_hundred_proposals_cost_no_more_queries_than_one(
    client: Client, town: Town, process: CodesignProcess, django_assert_max_num_queries: Any
) -> None:
    hers = ParticipantFactory.create(process=process)
    for _n in range(60):
        ParticipantFactory.create(process=process)
    for number in range(500):
        proposal = ProposalFactory.create(process=process, participant=hers)
        if number < 40:
            proposal_support(proposal=proposal, participant=hers, supports=True)
            CommentFactory.create(proposal=proposal, person=hers.person)
    client.force_login(town.coordinator.user)
    with django_assert_max_num_queries(10):
        assert page(client, "proposals", process.pk).status_code == 200
    with django_assert_max_num_queries(25):
        assert page(client, "process", process.pk).status_code == 200
    with django_assert_max_num_queries(10):
        assert page(client, "participants", process.pk).status_code == 200


def test_the_list_is_filtered_by_theme_words_and_state(
    client: Client, town: Town, process: CodesignProcess
) -> None:
    first, second = (ProposalFactory.create(process=process, text=text) for text in ("Mer kaffe", "Mer te"))
    group = proposal_group_set(proposal=first, title="Mat", by=town.coordinator.user).group
    answer(second, town)
    client.force_login(town.coordinator.user)
    url = reverse("proposals", args=[process.pk])

    def shown(query: str) -> list[bool]:
        html = client.get(url + query).content.decode()
        return ["Mer kaffe" in html, "Mer te" in html]

    assert group is not None
    assert shown("") == [True, True]
    assert shown(f"?tema={group.pk}") == [True, False]
    assert shown("?vis=besvart") == [False, True]
    assert shown("?q=KAFFE") == [True, False]
    # Another process's theme is none of these: the filter is not used.
    assert shown("?tema=2000000000") == [True, True]
