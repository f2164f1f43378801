"""Processes: started by anyone who may, understood anew, stopped kindly, and what they come to."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import (
    Adaptation,
    CodesignProcess,
    FollowUp,
    Frame,
    Meeting,
    Membership,
    Offer,
    ProblemVersion,
    ProcessResult,
    Win,
)
from partnerships.models.codesign import PhaseKind, ProcessState
from partnerships.models.meeting import MeetingState
from partnerships.models.participant import Side
from partnerships.models.partnership import Phase, StartedBy, Track
from partnerships.models.process_result import ResultKind
from partnerships.selectors.process import developed, may_look, processes_here
from partnerships.selectors.process_preparation import is_anchored, lacking, points_of, preparation_now, stops
from partnerships.selectors.process_problem import versions_of
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.process import (
    process_attach,
    process_change,
    process_end,
    process_problem_write,
    process_publish,
    process_reopen,
    process_run,
    process_start,
)
from partnerships.services.process_phase import process_phase_set
from partnerships.services.process_preparation import process_invite_anyway, process_prepare
from partnerships.services.process_result import (
    process_result_add,
    process_result_change,
    process_result_make,
    process_result_remove,
)
from partnerships.services.process_task import process_task_add
from partnerships.services.win import win_add
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from samskaping.core.registries import Viewer, work_items
from samskaping.core.services.reference import reference_load
from tests.factories.accounts import UserFactory
from tests.factories.codesign import MeetingFactory, ParticipantFactory, ProcessFactory, ProposalFactory
from tests.factories.partnerships import UnitFactory, member
from tests.factories.work import FrameFactory, PartnershipFactory, PartyFactory, StrategyFactory
from tests.partnerships.conftest import Town

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts_loaded(db: None) -> None:
    reference_load()


@pytest.fixture
def coordinator(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def started(town: Town, **fields: Any) -> CodesignProcess:
    given = {"title": "Middag sammen", "by": town.coordinator.user, **fields}
    return process_start(municipality=town.municipality, **given)


def waiting(membership: Membership) -> list[str]:
    viewer = Viewer(user=membership.user, membership=membership, today=timezone.localdate())
    return [item.title for item in work_items(viewer)]


def page(client: Client, process: CodesignProcess) -> str:
    response = client.get(reverse("process", args=[process.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


# --- Starting ---------------------------------------------------------------------------------------------
def test_a_name_is_enough(town: Town, coordinator: Client) -> None:
    answer = coordinator.post(reverse("process_start"), {"title": "  Middag   sammen "})
    made = CodesignProcess.objects.get()
    assert answer.headers["Location"] == reverse("process", args=[made.pk])
    assert (made.title, made.state, made.started_by) == ("Middag sammen", "preparing", "municipality")
    assert made.convener == town.coordinator.person
    assert "Middag sammen" in coordinator.get(reverse("processes")).content.decode()


@pytest.mark.parametrize(
    ("role", "place", "by"),
    [
        (Role.STAFF, "unit", StartedBy.MUNICIPALITY),
        (Role.PLACE_CONTACT, "unit", StartedBy.MUNICIPALITY),
        (Role.CENTRE_LEADER, "centre", StartedBy.CENTRE),
        (Role.ORGANISATION_REP, "organisation", StartedBy.ORGANISATION),
    ],
)
def test_anyone_who_may_starts_for_her_own_side(
    town: Town, client: Client, role: Role, place: str, by: StartedBy
) -> None:
    hers = member(town.municipality, role, **{place: getattr(town, place)})
    client.force_login(hers.user)
    assert client.post(reverse("process_start"), {"title": "Middag sammen"}).status_code == 302
    made = CodesignProcess.objects.get()
    assert (getattr(made, place), made.started_by) == (getattr(town, place), by)


def test_nobody_starts_for_anothers_side(town: Town) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    with pytest.raises(DomainError):
        started(town, own=town.organisation, by=staff.user)
    with pytest.raises(DomainError):
        started(town, own=None, by=staff.user)


def test_from_a_partnership_it_belongs_there(town: Town, coordinator: Client) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    url = reverse("process_start", query={"samarbeid": partnership.pk})
    assert partnership.title in coordinator.get(url).content.decode()
    coordinator.post(url, {"title": "Middag sammen"})
    assert CodesignProcess.objects.get().partnership == partnership


def test_from_somebody_elses_partnership_is_not_there(town: Town, neighbour: Town, client: Client) -> None:
    theirs = PartnershipFactory.create(municipality=neighbour.municipality)
    client.force_login(town.coordinator.user)
    assert client.get(reverse("process_start", query={"samarbeid": theirs.pk})).status_code == 404


def test_the_list_is_of_where_she_works_and_is_filtered(town: Town, neighbour: Town) -> None:
    mine = ProcessFactory.create(municipality=town.municipality, title="Kveldskafé")
    ProcessFactory.create(municipality=neighbour.municipality, title="Kveldskafé hos naboen")
    found = processes_here(town.coordinator.user, town.coordinator)
    assert list(found) == [mine]


def test_a_party_from_next_door_sees_what_is_developed_in_the_partnership(
    town: Town, neighbour: Town
) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(
        partnership=partnership, unit=neighbour.unit, party_municipality=neighbour.municipality
    )
    process = ProcessFactory.create(municipality=town.municipality, partnership=partnership)
    assert list(processes_here(neighbour.coordinator.user, neighbour.coordinator)) == [process]


def test_who_only_takes_part_finds_back(town: Town) -> None:
    hers = ParticipantFactory.create(process__municipality=town.municipality)
    user = UserFactory.create()
    assert not may_look(user)
    hers.person.user = user
    hers.person.save()
    assert may_look(user)
    assert list(processes_here(user, None)) == [hers.process]


# --- What it is about -------------------------------------------------------------------------------------
def test_the_problem_is_written_anew_and_the_old_words_stay(town: Town, coordinator: Client) -> None:
    process = started(town, problem="Eldre spiser alene.")
    form = {"problem": "Mange spiser alene.", "because": "Det gjelder ikke bare eldre.", "version": 0}
    coordinator.post(reverse("process_problem", args=[process.pk]), form)
    process.refresh_from_db()
    assert process.problem == "Mange spiser alene."
    newest, first = versions_of(process)
    assert [piece.kind for piece in newest.pieces][:2] == ["removed", "added"]
    assert {piece.kind for piece in first.pieces} == {"same"}
    shown = coordinator.get(reverse("process_problem_versions", args=[process.pk])).content.decode()
    assert "<del>" in shown
    assert "<ins>" in shown
    assert "Det gjelder ikke bare eldre." in shown


def test_the_same_words_make_no_version(town: Town) -> None:
    process = started(town, problem="Eldre spiser alene.")
    by = town.coordinator.user
    process_problem_write(process=process, version=0, text=process.problem, because="", by=by)
    assert ProblemVersion.objects.count() == 1


def test_two_who_write_lose_nothing(town: Town, coordinator: Client) -> None:
    process = started(town, problem="Først.")
    by = town.coordinator.user
    process_problem_write(process=process, version=0, text="Den andres.", because="", by=by)
    form = {"problem": "Min egen.", "because": "", "version": 0}
    answer = coordinator.post(reverse("process_problem", args=[process.pk]), form).content.decode()
    assert "Min egen." in answer
    assert "Den andres." in answer
    with pytest.raises(ChangedMeanwhile):
        process_change(process=process, version=0, changes={"title": "Annet"}, by=by)


def test_what_people_write_is_shown_as_text(town: Town, coordinator: Client) -> None:
    odd = "<script>alert(1)</script> שלום 🎉"
    process = started(town, problem=odd)
    shown = page(coordinator, process)
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום 🎉" in shown


# --- The stop sign ----------------------------------------------------------------------------------------
def test_stops_municipal_staff_about_to_invite_citizens(town: Town) -> None:
    process, user = started(town), town.coordinator.user
    assert stops(process, user, Side.CITIZEN)
    assert stops(process, user, Side.RECIPIENT)
    assert not stops(process, user, Side.STAFF)
    assert not stops(process, user, Side.VOLUNTEER)


@pytest.mark.parametrize("own", ["centre", "organisation", "from_citizen"])
def test_never_stops_what_starts_from_below(town: Town, own: str) -> None:
    given = {"from_citizen": True} if own == "from_citizen" else {"own": getattr(town, own)}
    assert not stops(started(town, **given), town.coordinator.user, Side.CITIZEN)


def test_never_stops_who_does_not_work_for_the_municipality(town: Town) -> None:
    representative = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    assert not stops(started(town), representative.user, Side.CITIZEN)


def test_what_stands_on_level_one_is_not_asked_for_again(town: Town) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    process = started(town, partnership=partnership)
    assert stops(process, town.coordinator.user, Side.CITIZEN)
    FrameFactory.create(
        partnership=partnership,
        strategy=StrategyFactory.create(municipality=town.municipality),
        mandate="Gruppa velger sted.",
    )
    process = CodesignProcess.objects.get(pk=process.pk)
    assert is_anchored(process)
    assert not stops(process, town.coordinator.user, Side.CITIZEN)
    assert "mandate" not in {point.key for point in lacking(points_of(process))}


def test_preparing_takes_the_sign_away(town: Town, coordinator: Client) -> None:
    process = started(town)
    shown = coordinator.get(reverse("process_stop", args=[process.pk])).content.decode()
    assert "Vent litt før dere inviterer" in shown
    assert "Hva er forankret?" in shown
    form = {"anchored": "Sagt ja i ledermøtet.", "tick_balance": "on", "version": 0}
    coordinator.post(reverse("process_prepare", args=[process.pk]), form)
    process.refresh_from_db()
    assert (process.anchored, process.prepared) == ("Sagt ja i ledermøtet.", ["balance"])
    assert not stops(process, town.coordinator.user, Side.CITIZEN)
    assert "Det er forankret" in coordinator.get(reverse("process_stop", args=[process.pk])).content.decode()


def test_whoever_goes_on_says_why_once(town: Town, coordinator: Client) -> None:
    process = started(town)
    stop = reverse("process_stop", args=[process.pk])
    assert coordinator.post(stop, {"because": "  "}).status_code == 200
    assert stops(process, town.coordinator.user, Side.CITIZEN)
    coordinator.post(stop, {"because": "Møtet er kunngjort."})
    process.refresh_from_db()
    assert not stops(process, town.coordinator.user, Side.CITIZEN)
    noted = AuditEvent.objects.get(verb="process_invited_anyway")
    assert (noted.actor_id, noted.data) == (town.coordinator.user.pk, {})
    assert "Møtet er kunngjort." in page(coordinator, process)
    process_invite_anyway(process=process, because="En annen grunn", by=town.coordinator.user)
    process.refresh_from_db()
    assert process.invited_anyway_because == "Møtet er kunngjort."


def test_nobody_takes_the_sign_away_for_others(town: Town, client: Client) -> None:
    """A party that is never stopped itself does not go on in the municipality's place."""
    partnership = PartnershipFactory.create(municipality=town.municipality)
    for side in ({"unit": town.unit}, {"organisation": town.organisation}):
        PartyFactory.create(partnership=partnership, **side)
    process = started(town, own=town.unit, partnership=partnership)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    with pytest.raises(DomainError):
        process_invite_anyway(process=process, because="Det haster", by=rep.user)
    client.force_login(rep.user)
    stop = reverse("process_stop", args=[process.pk])
    assert client.get(stop).status_code == 200
    assert client.post(stop, {"because": "Det haster"}).status_code == 403
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    assert stops(process, leader.user, Side.CITIZEN)


def adapted(client: Client, **changes: str) -> Any:
    form = client.get(reverse("preparation")).context["form"]
    filled = {name: form.initial.get(name, "") for name in form.fields if not name.startswith("out_")}
    return client.post(reverse("preparation"), {**filled, **changes})


def test_the_municipality_asks_in_its_own_words(town: Town, neighbour: Town, coordinator: Client) -> None:
    process = started(town)
    before = len(points_of(process))
    new = f"title_{before}"
    assert (
        adapted(coordinator, title_0="Har rådet sagt ja?", out_4="on", **{new: "Vi har baker"}).status_code
        == 302
    )
    titles = [point.title for point in points_of(process)]
    assert titles[0] == "Har rådet sagt ja?"
    assert titles[-1] == "Vi har baker"
    assert len(titles) == before
    assert "Vi tåler å gi fra oss kontroll" not in titles
    theirs = process_start(municipality=neighbour.municipality, title="Noe", by=neighbour.coordinator.user)
    assert points_of(theirs)[0].title == "Hva er forankret?"


def test_somebody_elses_newer_list_is_not_overwritten(town: Town, coordinator: Client) -> None:
    read = str(preparation_now(town.municipality).pk)
    adapted(coordinator, title_0="Den andres")
    assert "Noen andre har endret listen" in adapted(coordinator, title_0="Min", read=read).content.decode()


# --- Phases, end, public page -----------------------------------------------------------------------------
def test_operation_without_a_plan_is_a_visible_gap(town: Town, coordinator: Client) -> None:
    # With a problem and somebody to ring, or those are among the three steps that come first.
    process = started(town, problem="Eldre spiser alene.", convener=town.coordinator.person)
    process_run(process=process, by=town.coordinator.user)
    assert "Ingen plan ennå" in page(coordinator, process)
    assert "Hvem driver det etterpå?" in page(coordinator, process)
    url = reverse("process_phase", args=[process.pk, "operate"])
    coordinator.post(url, {"starts_on": "2027-01-01", "amount": "40000", "version": 0})
    shown = page(coordinator, process)
    assert "Ingen plan ennå" not in shown
    assert "01.01.2027–" in shown
    assert "40\xa0000 kr" in shown
    # Who takes part may look, and is not met by it.
    user, other = UserFactory.create(), Client()
    ParticipantFactory.create(process=process, person__user=user)
    other.force_login(user)
    assert '<summary id="phases">' in page(other, process)
    assert '<summary id="phases">' not in shown


def test_a_phase_ends_after_it_begins(town: Town, coordinator: Client) -> None:
    url = reverse("process_phase", args=[started(town).pk, "try"])
    form = {"starts_on": "2027-02-01", "ends_on": "2027-01-01", "version": 0}
    assert "Sluttdatoen må komme etter startdatoen." in coordinator.post(url, form).content.decode()
    assert coordinator.get(reverse("process_phase", args=[started(town).pk, "hva"])).status_code == 404


def test_what_is_over_is_read_and_not_written(town: Town, coordinator: Client) -> None:
    process, by = started(town), town.coordinator.user
    with pytest.raises(DomainError):
        process_end(process=process, ended_on=timezone.localdate() + timedelta(days=1), because="", by=by)
    process_end(process=process, ended_on=timezone.localdate(), because="Vi fikk det til.", by=by)
    assert "Vi fikk det til." in page(coordinator, process)
    for write in (
        lambda: process_problem_write(process=process, version=1, text="Nytt", because="", by=by),
        lambda: process_prepare(process=process, version=1, words={"anchored": "x"}, ticked=[], by=by),
        lambda: process_phase_set(process=process, kind=PhaseKind.TRY, version=0, changes={}, by=by),
        lambda: process_result_add(process=process, kind=ResultKind.OFFER, title="Noe", by=by),
    ):
        with pytest.raises(StateChanged):
            write()
    process_reopen(process=process, by=by)
    process.refresh_from_db()
    assert (process.state, process.ended_on) == (ProcessState.RUNNING, None)


def test_the_public_page_is_for_all_and_only_while_it_is(town: Town, client: Client) -> None:
    process, by = started(town, problem="Mange spiser alene."), town.coordinator.user
    url = reverse("process_public", args=[process.public_key])
    assert client.get(url).status_code == 404
    process_publish(process=process, public=True, by=by)
    ParticipantFactory.create(process=process, person__name="Hemmelig Deltaker")
    win_add(process=process, text="Hemmelig seier", on=timezone.localdate(), by=by)
    shown = client.get(url).content.decode()
    assert "Mange spiser alene." in shown
    assert "Hemmelig" not in shown
    assert str(town.coordinator.person) not in shown
    # A thought is not a decision: what is only written down stands on the group's own page.
    result = result_of(process, town, ResultKind.UNDERSTANDING, "Legge ned dagsenteret?")
    assert result.title not in client.get(url).content.decode()
    process_result_make(result=result, by=by)
    assert result.title in client.get(url).content.decode()
    process_publish(process=process, public=False, by=by)
    assert client.get(url).status_code == 404


def test_the_public_page_sends_people_to_who_invites(town: Town, client: Client) -> None:
    club, office = town.organisation, town.settings
    office.contact_phone, office.contact_email = "+4755500100", "torget@prove.example"
    office.save()
    club.phone, club.email = "", "turlaget@prove.example"
    club.save()
    by = town.coordinator.user
    for own, seen in ((club, club.email), (None, office.contact_email)):
        process = process_publish(process=started(town, own=own), public=True, by=by)
        shown = client.get(reverse("process_public", args=[process.public_key])).content.decode()
        assert {mail for mail in (club.email, office.contact_email) if mail in shown} == {seen}


def test_what_is_asked_about_the_public_page_is_what_is_done(town: Town, coordinator: Client) -> None:
    """Two who take it away at once do not make it again."""
    process, by = started(town), town.coordinator.user
    url = reverse("process_publish", args=[process.pk])
    asked = coordinator.get(url).context["fields"]
    for _press in range(2):
        coordinator.post(url, dict(asked))
        process.refresh_from_db()
        assert process.public_at is not None
    asked = coordinator.get(url).context["fields"]
    process_publish(process=process, public=False, by=by)
    coordinator.post(url, dict(asked))
    process.refresh_from_db()
    assert process.public_at is None


def test_only_who_convenes_chooses_the_contact(town: Town, client: Client) -> None:
    """The contact reads what is for her alone: another party of the partnership does not take the place."""
    partnership = PartnershipFactory.create(municipality=town.municipality)
    for side in ({"unit": town.unit}, {"organisation": town.organisation}):
        PartyFactory.create(partnership=partnership, **side)
    leader = member(town.municipality, Role.UNIT_LEADER, unit=town.unit)
    process = started(town, own=town.unit, partnership=partnership, convener=leader.person, by=leader.user)
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    assert rep.person is not None
    client.force_login(rep.user)
    form = {"title": "Nytt navn", "duration": "short", "convener": rep.person.pk, "version": 0}
    assert "convener" not in client.get(reverse("process_edit", args=[process.pk])).context["form"].fields
    assert client.post(reverse("process_edit", args=[process.pk]), form).status_code == 302
    process.refresh_from_db()
    assert (process.title, process.convener) == ("Nytt navn", leader.person)
    with pytest.raises(DomainError):
        process_change(process=process, version=1, changes={"convener": rep.person}, by=rep.user)
    client.force_login(leader.user)
    form = {**form, "convener": "", "version": 1}
    assert client.post(reverse("process_edit", args=[process.pk]), form).status_code == 302
    process.refresh_from_db()
    assert process.convener is None


def test_a_group_whose_contact_has_left_is_given_a_new_one(town: Town, coordinator: Client) -> None:
    contact = member(town.municipality, Role.COORDINATOR)
    process = started(town, convener=contact.person)
    assert "Velg hvem deltakerne kan ringe" not in page(coordinator, process)
    contact.ended_at = timezone.now()
    contact.save()
    assert "Velg hvem deltakerne kan ringe" in page(coordinator, process)


def test_a_neighbour_starts_as_itself(town: Town, neighbour: Town) -> None:
    """Not as the municipality whose partnership it is."""
    partnership = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(
        partnership=partnership, unit=neighbour.unit, party_municipality=neighbour.municipality
    )
    given: dict[str, Any] = {"title": "Middag sammen", "by": neighbour.coordinator.user}
    given |= {"municipality": neighbour.municipality, "partnership": partnership}
    with pytest.raises(DomainError):
        process_start(**given)
    made = process_start(**given, own=neighbour.unit)
    # Who invites answers for those it asks in: their names are the neighbour's to keep.
    assert (made.unit, made.municipality) == (neighbour.unit, neighbour.municipality)


def test_nobody_waits_for_what_is_over(town: Town) -> None:
    """The answer that was promised is given first; a meeting to come is called off, and the group told."""
    process, by = started(town), town.coordinator.user
    proposal = ProposalFactory.create(process=process)
    soon = timezone.now() + timedelta(days=3)
    meeting = MeetingFactory.create(process=process, starts_at=soon)
    been = MeetingFactory.create(process=process)
    end = {
        "process": process,
        "ended_on": timezone.localdate(),
        "because": "Bussen går på torsdager.",
        "by": by,
    }
    with pytest.raises(DomainError):
        process_end(**end)
    proposal.delete()
    process_end(**end)
    assert [m.state for m in Meeting.objects.filter(pk__in=(meeting.pk, been.pk)).order_by("starts_at")] == [
        MeetingState.SET,
        MeetingState.CANCELLED,
    ]
    # Taken up again, what was learnt is not lost.
    process_reopen(process=process, by=by)
    process.refresh_from_db()
    assert process.ended_because == "Bussen går på torsdager."


def test_the_public_page_is_taken_away_also_when_it_is_over(town: Town, coordinator: Client) -> None:
    process, by = started(town), town.coordinator.user
    process_publish(process=process, public=True, by=by)
    process_end(process=process, ended_on=timezone.localdate(), because="", by=by)
    assert "Ta bort den offentlige siden" in page(coordinator, process)
    process.refresh_from_db()
    with pytest.raises(StateChanged):
        win_add(process=process, text="Tolv kom", on=timezone.localdate(), by=by)
    with pytest.raises(StateChanged):
        process_task_add(process=process, text="Koke kaffe", holder=None, due_on=None, by=by)


def test_what_was_noted_about_people_ends_with_the_process(town: Town) -> None:
    process, other = started(town), started(town)
    noted = {"municipality": town.municipality}
    for each in (process, other):
        hers = ParticipantFactory.create(process=each)
        Adaptation.objects.create(
            participant=hers, text="Plass til rullestol", consent_at=timezone.now(), **noted
        )
        FollowUp.objects.create(participant=hers, line="Kommer neste gang", **noted)
        answered = {"outcome": "taken_in", "reason": "Ja.", "answered_at": timezone.now()}
        ProposalFactory.create(process=each, participant=hers, **answered)
    process_end(process=process, ended_on=timezone.localdate(), because="", by=town.coordinator.user)
    assert Adaptation.objects.get().participant.process == other
    assert FollowUp.objects.get().participant.process == other
    # What the group made stays, and names for as long as the municipality's own rule says.
    assert process.proposals.count() == process.participants.count() == 1


# --- What it comes to -------------------------------------------------------------------------------------
def result_of(process: CodesignProcess, town: Town, kind: ResultKind, title: str) -> ProcessResult:
    return process_result_add(process=process, kind=kind, title=title, by=town.coordinator.user)


def test_a_result_becomes_an_offer_that_knows_where_it_comes_from(town: Town, coordinator: Client) -> None:
    process = started(town)
    found = result_of(process, town, ResultKind.OFFER, "Middag hver onsdag")
    coordinator.post(reverse("process_result_make", args=[process.pk, found.pk]))
    offer, found = Offer.objects.get(), ProcessResult.objects.get()
    assert (found.offer, offer.process, offer.title) == (offer, process, "Middag hver onsdag")
    process.refresh_from_db()
    assert process.partnership == offer.partnership
    assert process.title in coordinator.get(reverse("offer", args=[offer.pk])).content.decode()
    assert (offer.partnership.track, offer.partnership.title) == (Track.LIGHT, "Middag hver onsdag")
    assert "Gjør det til et tilbud" not in page(coordinator, process)


def test_two_results_stand_in_the_same_partnership(town: Town) -> None:
    process, by = started(town), town.coordinator.user
    for title in ("Middag hver onsdag", "Kokkekurs"):
        process_result_make(result=result_of(process, town, ResultKind.OFFER, title), by=by)
    assert Offer.objects.values("partnership").distinct().count() == 1


def test_a_result_becomes_a_duty_and_a_line_they_agree_on(town: Town) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    process, by = started(town, partnership=partnership), town.coordinator.user
    duty = process_result_make(result=result_of(process, town, ResultKind.DUTY, "Hente maten"), by=by).duty
    assert duty is not None
    assert (duty.text, duty.map.partnership) == ("Hente maten", partnership)
    agreed = process_result_make(
        result=result_of(process, town, ResultKind.UNDERSTANDING, "Vi spiser sammen"), by=by
    ).understanding
    assert agreed is not None
    assert agreed.shall == ["Vi spiser sammen"]


def test_what_is_made_is_made_once_and_stays(town: Town) -> None:
    process, by = started(town), town.coordinator.user
    found = result_of(process, town, ResultKind.OFFER, "Middag hver onsdag")
    process_result_make(result=found, by=by)
    for again in (
        lambda: process_result_make(result=found, by=by),
        lambda: process_result_remove(result=found, by=by),
        lambda: process_result_change(result=found, version=1, changes={"title": "Annet"}, by=by),
    ):
        with pytest.raises(StateChanged):
            again()
    assert Offer.objects.count() == 1


def test_who_may_not_make_an_offer_is_told_and_nothing_is_made(town: Town, client: Client) -> None:
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    process = started(town, own=town.unit, by=staff.user)
    found = process_result_add(process=process, kind=ResultKind.OFFER, title="Middag", by=staff.user)
    client.force_login(staff.user)
    client.post(reverse("process_result_make", args=[process.pk, found.pk]))
    found.refresh_from_db()
    assert found.made_at is None
    assert not Offer.objects.exists()


def test_a_result_of_another_process_is_not_there(town: Town, coordinator: Client) -> None:
    found = result_of(started(town), town, ResultKind.OFFER, "Middag")
    url = reverse("process_result_make", args=[started(town).pk, found.pk])
    assert coordinator.post(url).status_code == 404


def test_a_win_is_said_by_anybody_at_the_table(town: Town, coordinator: Client) -> None:
    process = started(town)
    today = timezone.localdate().isoformat()
    coordinator.post(reverse("win_new", args=[process.pk]), {"text": "Tolv kom!", "on": today})
    assert "Tolv kom!" in page(coordinator, process)
    with pytest.raises(DomainError):
        win_add(process=process, text="I morgen", on=date.max, by=None)
    coordinator.post(reverse("win_remove", args=[process.pk, Win.objects.get().pk]))
    assert not Win.objects.exists()


# --- Beside it --------------------------------------------------------------------------------------------
def test_developed_together_is_counted_and_never_a_scolding() -> None:
    assert str(developed([])) == "Ikke utviklet sammen ennå"


def test_a_partnership_tells_what_is_developed_in_it(town: Town, coordinator: Client) -> None:
    partnership = PartnershipFactory.create(
        municipality=town.municipality, track=Track.FULL, phase=Phase.DEVELOPMENT
    )
    url = reverse("partnership", args=[partnership.pk])
    assert "Utvikle det sammen med dem det er for" in coordinator.get(url).content.decode()
    process = started(town, partnership=partnership)
    shown = coordinator.get(url).content.decode()
    assert reverse("process", args=[process.pk]) in shown
    assert "Utvikle det sammen med dem det er for" not in shown


def test_a_process_is_attached_once_and_at_home(town: Town, neighbour: Town) -> None:
    process, by = started(town), town.coordinator.user
    theirs = PartnershipFactory.create(municipality=neighbour.municipality)
    with pytest.raises(DomainError):
        process_attach(process=process, partnership=theirs, by=by)
    mine = PartnershipFactory.create(municipality=town.municipality)
    process_attach(process=process, partnership=mine, by=by)
    with pytest.raises(StateChanged):
        process_attach(process=process, partnership=mine, by=by)


def test_the_contacts_week_tells_what_waits(town: Town) -> None:
    process = started(town, convener=town.coordinator.person)
    result_of(process, town, ResultKind.OFFER, "Middag hver onsdag")
    process_phase_set(
        process=process,
        kind=PhaseKind.TRY,
        version=0,
        changes={"ends_on": timezone.localdate() + timedelta(days=3)},
        by=town.coordinator.user,
    )
    titles = waiting(town.coordinator)
    assert "Middag sammen: gjør klart før dere inviterer" in titles
    assert "Middag sammen: fasen «Prøve ut» slutter" in titles
    assert "Gjør «Middag hver onsdag» til noe" in titles
    leader = member(
        town.municipality, Role.UNIT_LEADER, unit=UnitFactory.create(municipality=town.municipality)
    )
    assert not [title for title in waiting(leader) if "Middag" in title]


def test_an_anchored_partnership_asks_for_no_preparation(town: Town) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    started(town, partnership=partnership, convener=town.coordinator.person)
    Frame.objects.create(municipality=town.municipality, partnership=partnership, decided_by="Kommunalsjefen")
    assert not [title for title in waiting(town.coordinator) if "gjør klart" in title]
