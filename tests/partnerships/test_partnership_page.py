"""The pages of partnerships: found, shown, and told of."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partnerships.due import source_of
from partnerships.models import Notice, Partnership, PartnershipParty
from partnerships.models.partnership import LogKind, Phase, Track
from partnerships.models.understanding import UnderstandingState
from partnerships.selectors.partnership_search import Found, both_forms, chosen
from partnerships.services.grant import grant_reported
from partnerships.services.log_entry import log_add
from partnerships.services.notice import notices_derive
from partnerships.services.partnership import partnership_start
from partnerships.services.party import neighbour_ask, party_answer, party_ask, party_leave
from partnerships.services.phase import partnership_end, partnership_pause, phase_move
from samskaping.accounts.permissions import Role
from samskaping.core.registries import Viewer, WorkItem, work_items
from samskaping.core.text import sort_key
from tests.factories.partnerships import OrganisationFactory, UnitFactory, member
from tests.factories.work import (
    ContactFactory,
    DutyFactory,
    FrameFactory,
    GrantFactory,
    LogEntryFactory,
    MapFactory,
    PartyFactory,
    SignalFactory,
    TaskCheckFactory,
    UnderstandingFactory,
)
from tests.partnerships.conftest import Town, make_town
from tests.work_list import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def made(town: Town, title: str, **fields: Any) -> Partnership:
    return partnership_start(municipality=town.municipality, title=title, by=town.coordinator.user, **fields)


def titles(town: Town, **wanted: Any) -> list[str]:
    found = Found(town.coordinator.user, town.coordinator, chosen(**wanted))
    on_board = [row for _number, rows in found.in_columns().values() for row in rows]
    on_list = found.page("navn", None).object_list
    assert {row.pk for row in on_list} == {row.pk for row in on_board}
    return [row.title for row in on_list]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tjeneste", "Våketjeneste"),
        ("teneste", "Våketjeneste"),
        ("vaketeneste", "Våketjeneste"),
        ("tjeneste", "Vaketeneste"),
        ("VÅKETJENESTE", "Vaketeneste"),
        ("køyring", "Kjøring til kafé"),
        ("kafe kjøring", "Kjøring til kafé"),
    ],
)
def test_search_finds_parts_of_words_in_both_forms(town: Town, typed: str, found: str) -> None:
    made(town, found)
    made(town, "Turgruppe")
    assert titles(town, q=typed) == [found]


def test_name_that_is_chosen_is_that_one_alone(town: Town) -> None:
    for name in ("Nes lag", "Nes lag ungdom"):
        actor = OrganisationFactory.create(municipality=town.municipality, name=name)
        PartyFactory.create(partnership=made(town, f"Tur med {name}"), organisation=actor)
    assert titles(town, party="nes LAG") == ["Tur med Nes lag"]
    assert titles(town, party="nes") == ["Tur med Nes lag", "Tur med Nes lag ungdom"]
    assert titles(town, party="ungdom nes") == ["Tur med Nes lag ungdom"]
    assert titles(town, party="nes lag", q="ungdom") == ["Tur med Nes lag ungdom"]


def test_filters_are_all_obeyed_together(town: Town) -> None:
    here = made(town, "Turgruppe (50 %) på Nes")
    Partnership.objects.filter(pk=here.pk).update(areas=["elderly", "youth"])
    made(town, "Turgruppe")
    every = {"q": "tur 50", "area": "youth", "phase": here.phase, "track": here.track}
    assert titles(town, **every) == [here.title]
    for but in ({"q": "tur 51"}, {"area": "sport"}, {"phase": "ended"}, {"track": "full"}, {"paused": True}):
        assert titles(town, **{**every, **but}) == []
    assert titles(town, q="( [ *") == ["Turgruppe", here.title]


@pytest.mark.parametrize(
    ("asked", "number", "shown"),
    [("", 1, 30), ("2", 2, 1), ("3", 2, 1), ("0", 2, 1), ("-1", 2, 1), ("x", 1, 30), ("9" * 30, 2, 1)],
)
def test_there_is_always_a_page(town: Town, asked: str, number: int, shown: int) -> None:
    for nth in range(31):
        made(town, f"Turgruppe {nth:02}")
    page = Found(town.coordinator.user, town.coordinator, {}).page("navn", asked)
    assert (page.number, len(page.object_list), page.paginator.count) == (number, shown, 31)
    none = Found(town.coordinator.user, town.coordinator, chosen(q="finnesikke")).page("navn", asked)
    assert (none.number, len(none.object_list), none.paginator.count) == (1, 0, 0)


def test_forms_of_a_word_are_few() -> None:
    assert len(both_forms(sort_key("frivillighetsskolehjemmetjenestebesøksvenn"))) <= 128


def test_list_is_found_by_party_and_phase(town: Town, coordinator: Client) -> None:
    made(town, "Prøve én", others=[town.organisation], running_since=date(2019, 1, 1))
    made(town, "Prøve to")
    name = town.organisation.name
    for typed in (name, name.upper(), name[: len(name) // 2], " ".join(reversed(name.split()))):
        shown = coordinator.get("/samarbeid/", {"party": typed}).content.decode()
        assert "Prøve én" in shown
        assert "Prøve to" not in shown
    assert "Ingen samarbeid passer" in coordinator.get("/samarbeid/?party=finnesikke").content.decode()
    assert "Prøve to" not in coordinator.get("/samarbeid/?phase=operation").content.decode()
    assert "Ingen samarbeid passer" in coordinator.get("/samarbeid/?q=finnesikke").content.decode()


def test_parties_are_suggested_once_and_only_ones_own(town: Town, coordinator: Client) -> None:
    asked = OrganisationFactory.create(municipality=town.municipality, name="Prøve spurt lag")
    made(town, "Prøve én", others=[town.organisation], running_since=date(2019, 1, 1))
    made(town, "Prøve to", others=[town.organisation, asked], running_since=date(2019, 1, 1))
    PartyFactory.create(organisation__name="Fremmed lag")
    suggested = coordinator.get("/samarbeid/parter/").content.decode()
    assert suggested.count(f'<option value="{town.organisation.name}"></option>') == 1
    assert "Fremmed lag" not in suggested
    assert 'list="id_party_names"' in coordinator.get("/samarbeid/").content.decode()


def test_board_moves_with_one_form_for_each_column(town: Town, coordinator: Client) -> None:
    found = made(town, "Prøve én")
    page = coordinator.get("/samarbeid/tavle/").content.decode()
    assert page.count('<form hidden method="post" id="to-') == 1
    assert f'form="to-development" formaction="/samarbeid/{found.pk}/fase/"' in page


def test_list_and_board_cost_the_same_however_many(
    town: Town, coordinator: Client, django_assert_max_num_queries: Any
) -> None:
    for nth in range(25):
        made(town, f"Prøve {nth}", others=[town.organisation], running_since=date(2019, 1, 1))
    for page in ("/samarbeid/", "/samarbeid/tavle/"):
        coordinator.get(page)
        with django_assert_max_num_queries(10):
            assert coordinator.get(page).status_code == 200


def test_start_asks_three_things(town: Town, coordinator: Client, reference: None) -> None:
    response = coordinator.post(
        "/samarbeid/start/",
        {
            "title": "Turgruppe på Nes",
            "with_1": town.organisation.name.upper(),
            "with_2": "Et nytt lag",
            "template": "samarbeid-turgruppe",
            "running_since": "2019",
        },
    )
    found = Partnership.objects.get()
    assert response.headers["Location"] == f"/samarbeid/{found.pk}/"
    assert (found.phase, found.running_since) == (Phase.OPERATION, date(2019, 1, 1))
    assert sorted(p.actor.name for p in found.parties.all()) == sorted(
        [town.organisation.name, "Et nytt lag"]
    )
    page = coordinator.get(response.headers["Location"]).content.decode()
    assert "line__level" not in page, "a light one has no boxes to fill"


def test_page_shows_everything_in_few_queries(
    town: Town, coordinator: Client, django_assert_max_num_queries: Any
) -> None:
    found = made(town, "Prøve kafé", track=Track.FULL, others=[town.unit])
    for _nth in range(4):
        party = PartyFactory.create(partnership=found)
        ContactFactory.create(party=party, person__name="Prøve Kontakt")
        GrantFactory.create(partnership=found, report_on=timezone.localdate())
        LogEntryFactory.create(partnership=found)
    page = f"/samarbeid/{found.pk}/"
    shown = coordinator.get(page).content.decode()
    assert "Prøve Kontakt" in shown
    assert "Rapporter til Prøvestiftelsen" in shown
    assert shown.count('class="work__row"') == 3
    with django_assert_max_num_queries(25):
        coordinator.get(page)


def test_button_of_the_board_moves_and_a_step_back_asks_why(town: Town, coordinator: Client) -> None:
    found = made(town, "Prøve kafé", running_since=date(2019, 1, 1))
    url = f"/samarbeid/{found.pk}/fase/"
    refused = coordinator.post(url, {"phase": "development", "board": "1"})
    assert refused.status_code == 200
    assert "hvorfor dere går tilbake" in refused.content.decode()
    moved = coordinator.post(url, {"phase": "development", "because": "Ny tid", "board": "1"})
    assert moved.headers["Location"] == "/samarbeid/tavle/"
    assert Partnership.objects.get().phase == Phase.DEVELOPMENT


def test_rejected_edit_shows_both_and_keeps_what_was_typed(town: Town, coordinator: Client) -> None:
    found = made(town, "Prøve kafé")
    url = f"/samarbeid/{found.pk}/endre/"
    assert coordinator.post(url, {"title": "Prøve én", "version": "0"}).status_code == 302
    shown = coordinator.post(url, {"title": "Prøve to", "version": "0"}).content.decode()
    assert "mens du skrev" in shown
    assert "Prøve én" in shown
    assert "Prøve to" in shown


def test_two_who_edit_a_grant_see_both(town: Town, coordinator: Client) -> None:
    found = made(town, "Prøve kafé")
    given = {"source": "Prøvefondet", "amount": "1000", "ends_on": "2026-12-31", "version": "0"}
    assert coordinator.post(f"/samarbeid/{found.pk}/tilskudd/", given).status_code == 302
    grant = found.grants.get()
    url = f"/samarbeid/tilskudd/{grant.pk}/"
    assert 'name="version"' in coordinator.get(url).content.decode()
    assert coordinator.post(url, {**given, "source": "Prøvelegatet"}).status_code == 302
    shown = coordinator.post(url, {**given, "amount": "2000", "source": "Prøvekassa"}).content.decode()
    assert "mens du skrev" in shown
    assert "Prøvelegatet" in shown
    assert "Prøvekassa" in shown
    grant.refresh_from_db()
    assert (grant.source, grant.amount, grant.version) == ("Prøvelegatet", 1000, 1)
    again = coordinator.post(url, {**given, "amount": "2000", "version": "1"})
    assert again.status_code == 302
    assert (
        coordinator.post(url, {**given, "ends_on": "2020-01-01", "starts_on": "2021-01-01"}).status_code
        == 200
    )


def test_club_that_is_asked_sees_the_question_and_then_the_partnership(town: Town, client: Client) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    found = made(town, "Prøve kafé")
    asked = party_ask(partnership=found, actor=town.organisation, by=town.coordinator.user)
    viewer = Viewer(user=rep.user, membership=rep, today=timezone.localdate())
    assert [item.url for item in waiting(viewer, "Samarbeid")] == [f"/samarbeid/part/{asked.pk}/"]
    client.force_login(rep.user)
    assert client.get(f"/samarbeid/{found.pk}/").status_code == 404
    assert "Prøve kafé" in client.get(f"/samarbeid/part/{asked.pk}/").content.decode()
    client.post(f"/samarbeid/part/{asked.pk}/", {"yes": "1", "words": "Gjerne!"})
    assert "Gjerne!" in client.get(f"/samarbeid/{found.pk}/").content.decode()


# --- What is told and what waits --------------------------------------------------------------------------
def test_other_sides_hear_of_a_step_and_its_doer_does_not(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    stranger = member(
        town.municipality,
        Role.ORGANISATION_REP,
        organisation=OrganisationFactory.create(municipality=town.municipality),
    )
    found = made(town, "Prøve kafé", others=[town.organisation], running_since=date(2019, 1, 1))
    phase_move(partnership=found, phase=Phase.DEVELOPMENT, because="Ny tid", by=town.coordinator.user)
    notices_derive(timezone.localdate())
    told = Notice.objects.filter(kind="partnership_news").values_list("person", flat=True)
    assert list(told) == [rep.person_id] * 2, "that it is in, and that the phase is another"
    assert stranger.person_id not in told


def test_who_is_asked_is_told_until_there_is_an_answer(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    asked = party_ask(partnership=made(town, "Prøve"), actor=town.organisation, by=town.coordinator.user)
    notices_derive(timezone.localdate())
    notice = Notice.objects.get(kind="party_asked")
    assert notice.person == rep.person
    source = source_of("party_asked")
    assert source is not None
    assert source.about(notice) == asked
    assert "Prøve" in " ".join(source.words(notice, asked).lines)
    assert "Prøve" not in source.words(notice, asked).title
    party_answer(party=asked, yes=False, by=rep.user)
    assert source.about(notice) is None


def answerable(membership: Any, asked: PartnershipParty, client: Client) -> bool:
    """Told of it, and it waits on her list, and she may open it: all three, or none."""
    client.force_login(membership.user)
    viewer = Viewer(user=membership.user, membership=membership, today=timezone.localdate())
    said = {
        Notice.objects.filter(kind="party_asked", person=membership.person_id, object_id=asked.pk).exists(),
        f"/samarbeid/part/{asked.pk}/" in [item.url for item in asks(viewer)],
        client.get(f"/samarbeid/part/{asked.pk}/").status_code == 200,
    }
    assert len(said) == 1, membership.role
    return said.pop()


def test_those_who_may_answer_for_a_unit_are_told_and_nobody_else(town: Town, client: Client) -> None:
    place = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    beside = UnitFactory.create(municipality=town.municipality, parent=town.unit)
    asker = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    asked = party_ask(
        partnership=made(town, "Prøve", others=[town.organisation], running_since=date(2019, 1, 1)),
        actor=place,
        by=asker.user,
    )
    answers = [
        member(town.municipality, Role.UNIT_LEADER, unit=place),
        member(town.municipality, Role.UNIT_LEADER, unit=town.unit),
        member(town.municipality, Role.CHIEF, unit=town.unit),
        town.coordinator,
    ]
    others = [
        member(town.municipality, Role.PLACE_CONTACT, unit=place),
        member(town.municipality, Role.STAFF, unit=place),
        member(town.municipality, Role.UNIT_LEADER, unit=beside),
        make_town().coordinator,
        asker,
    ]
    notices_derive(timezone.localdate())
    assert [answerable(one, asked, client) for one in answers] == [True] * len(answers)
    assert not any(answerable(one, asked, client) for one in others)
    client.force_login(answers[1].user)
    client.post(f"/samarbeid/part/{asked.pk}/", {"yes": "1"})
    asked.refresh_from_db()
    assert asked.answered_by == answers[1].user


@pytest.mark.parametrize("has_rep", [True, False])
def test_coordinator_hears_of_what_a_side_with_nobody_here_is_asked(
    town: Town, client: Client, has_rep: bool
) -> None:
    """Also by a neighbour's partnership that none of hers is in any more."""
    there = make_town()
    asker = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    choir = OrganisationFactory.create(municipality=town.municipality)
    if has_rep:
        member(town.municipality, Role.ORGANISATION_REP, organisation=choir)
    found = made(there, "Prøve")
    club = PartyFactory.create(partnership=found, organisation=town.organisation)
    asked = party_ask(partnership=found, actor=choir, by=asker.user)
    party_leave(party=club, by=asker.user)
    notices_derive(timezone.localdate())
    told = Notice.objects.filter(kind="party_asked", person=town.coordinator.person_id)
    assert told.exists() is not has_rep
    assert not Notice.objects.filter(kind="party_asked", person=there.coordinator.person_id).exists()
    client.force_login(town.coordinator.user)
    assert client.get(f"/samarbeid/part/{asked.pk}/").status_code == 200


def test_coordinator_who_asked_is_not_told_that_she_did(town: Town) -> None:
    party_ask(partnership=made(town, "Prøve"), actor=town.organisation, by=town.coordinator.user)
    notices_derive(timezone.localdate())
    assert not Notice.objects.filter(kind="party_asked").exists()


def test_nobody_is_asked_into_what_has_ended(town: Town) -> None:
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    next_door = make_town()
    found, by, today = made(town, "Prøve"), town.coordinator.user, timezone.localdate()
    party_ask(partnership=found, actor=town.organisation, by=by)
    neighbour_ask(partnership=found, municipality=next_door.municipality, name="Kanarilaget", by=by)
    kinds = ("party_asked", "neighbour_asked")
    ours = Viewer(user=rep.user, membership=rep, today=today)
    theirs = Viewer(user=next_door.coordinator.user, membership=next_door.coordinator, today=today)
    notices_derive(today)
    assert [len(asks(ours)), len(asks(theirs))] == [1, 1]
    assert all(about(kind) for kind in kinds)
    partnership_end(partnership=found, ended_on=today, because="", by=by)
    assert asks(ours) == asks(theirs) == []
    assert not any(about(kind) for kind in kinds)
    Notice.objects.all().delete()
    notices_derive(today)
    assert not Notice.objects.filter(kind__in=kinds).exists()


def test_page_of_what_is_over_offers_nothing_to_answer_or_write(town: Town, coordinator: Client) -> None:
    found = made(town, "Prøve", track=Track.FULL, others=[town.unit])
    asked = party_ask(partnership=found, actor=town.organisation, by=town.coordinator.user)
    SignalFactory.create(
        municipality=town.municipality, partnership=found, receiver=town.coordinator.person, subject="Nøkkel?"
    )
    page, question = f"/samarbeid/{found.pk}/", f"/samarbeid/part/{asked.pk}/"
    links = [
        question,
        *(page + path for path in ("enige/sammen/", "kan-frivillige/ny/", "ansvar/ny/")),
    ]
    offers = ["Svar på «Nøkkel?»", "Ja, vi er med", "Begynn å skrive", *(f'href="{url}"' for url in links)]

    def offered() -> list[str]:
        urls = (page, f"{page}enige/", f"{page}kan-frivillige/", f"{page}ansvar/", question)
        shown = "".join(coordinator.get(url).content.decode() for url in urls)
        return [offer for offer in offers if offer in shown]

    assert offered() == offers
    partnership_end(partnership=found, ended_on=timezone.localdate(), because="", by=town.coordinator.user)
    assert offered() == []


@pytest.mark.parametrize("is_over", [False, True])
def test_nobody_is_reminded_of_what_is_paused_or_over_but_of_a_report(town: Town, is_over: bool) -> None:
    found, by, today = made(town, "Prøve"), town.coordinator.user, timezone.localdate()
    log_add(partnership=found, kind=LogKind.PHONE, line="Ring Per", next_on=today, by=by)
    ContactFactory.create(
        party=PartyFactory.create(partnership=found, organisation=town.organisation),
        person=member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation).person,
    )
    GrantFactory.create(partnership=found, report_on=today + timedelta(days=20))
    waits(found, today)
    kinds = ("log_next", "frame_revision", "task_check_again", "understanding_awaited")
    notices_derive(today)
    assert all(about(kind) for kind in kinds)
    if is_over:
        partnership_end(partnership=found, ended_on=today, because="", by=by)
    else:
        partnership_pause(partnership=found, until=None, by=by)
    assert not any(about(kind) for kind in kinds)
    Notice.objects.all().delete()
    notices_derive(today)
    assert not Notice.objects.filter(kind__in=kinds).exists()
    # Whoever gave the money waits all the same, until the report is sent.
    report = about("grant_report")
    assert report == found.grants.get()
    viewer = Viewer(user=by, membership=town.coordinator, today=today)
    assert [item.title for item in waiting(viewer, "Tilskudd")] == [f"Rapporter til {report.source}"]
    grant_reported(grant=report, by=by)
    assert about("grant_report") is None
    assert waiting(viewer, "Tilskudd") == []


def waits(partnership: Partnership, day: date) -> None:
    """What its sides are to look at again, and a text that waits for their yes."""
    FrameFactory.create(partnership=partnership, revise_by=day)
    TaskCheckFactory.create(partnership=partnership, look_again_on=day)
    UnderstandingFactory.create(
        partnership=partnership, state=UnderstandingState.PROPOSED, proposed_at=timezone.now()
    )


def asks(viewer: Viewer) -> list[WorkItem]:
    return waiting(viewer, "Samarbeid") + waiting(viewer, "Nabokommune")


def about(kind: str) -> Any:
    source, notice = source_of(kind), Notice.objects.filter(kind=kind).first()
    assert source is not None
    assert notice is not None
    return source.about(notice)


def test_days_come_up_in_the_week(town: Town) -> None:
    found, today = made(town, "Prøve kafé"), timezone.localdate()
    viewer = Viewer(user=town.coordinator.user, membership=town.coordinator, today=today)
    log_add(
        partnership=found,
        kind=LogKind.PHONE,
        line="Ring Per",
        next_on=today + timedelta(days=1),
        by=town.coordinator.user,
    )
    GrantFactory.create(partnership=found, report_on=today + timedelta(days=20))
    GrantFactory.create(partnership=found, report_on=today + timedelta(days=60))
    assert [item.note for item in waiting(viewer, "Neste gang")] == ["Ring Per"]
    assert len(waiting(viewer, "Tilskudd")) == 1


@pytest.mark.parametrize("is_over", [False, True])
def test_home_page_asks_only_for_the_report_of_what_is_paused_or_over(town: Town, is_over: bool) -> None:
    found, by, today = made(town, "Prøve kafé"), town.coordinator.user, timezone.localdate()
    log_add(partnership=found, kind=LogKind.PHONE, line="Ring Per", next_on=today, by=by)
    GrantFactory.create(partnership=found, report_on=today)
    PartyFactory.create(partnership=found, unit=town.unit)
    waits(found, today)
    DutyFactory.create(map=MapFactory.create(partnership=found, municipality=town.municipality))

    def tags() -> list[str]:
        found = work_items(Viewer(by, town.coordinator, today))
        return sorted(item.tag for item in found if item.tag != "Kom i gang")

    assert tags() == ["Ansvar", "Avklaring", "Enige", "Neste gang", "Rammer", "Tilskudd"]
    if is_over:
        partnership_end(partnership=found, ended_on=today, because="", by=by)
        assert tags() == ["Tilskudd"]
    else:
        partnership_pause(partnership=found, until=today + timedelta(days=3), by=by)
        assert tags() == ["Pause", "Tilskudd"], "and that the pause is soon over"
