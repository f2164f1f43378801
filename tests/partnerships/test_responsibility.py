"""Ansvarskart: made from the template, changed without loss, handed over and never dropped."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships import page
from partnerships.models import Absence, Contact, Duty, DutyHolder, Partnership, Person, ResponsibilityMap
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import DutyGroup, DutyLevel, HolderPart
from partnerships.selectors.history import history_of
from partnerships.selectors.responsibility import red
from partnerships.selectors.responsibility_board import board_of, map_snapshot
from partnerships.selectors.responsibility_compare import Fate, beside_day, beside_template
from partnerships.services.editing import ChangedMeanwhile
from partnerships.services.handover import (
    deputy_end,
    duty_hand_over,
    handover_answer,
    handover_withdraw,
    holder_leaves,
)
from partnerships.services.membership import membership_end
from partnerships.services.person import Somebody, people_add, person_add
from partnerships.services.responsibility import (
    TEMPLATE,
    duty_add,
    duty_change,
    duty_move,
    duty_remove,
    map_make,
    map_of_partnership,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent, ContentTemplate
from samskaping.core.models.content_template import ContentKind
from samskaping.core.registries import Viewer, overview_cards, work_items
from samskaping.core.services.reference import reference_load
from tests.factories.core import ContentTemplateFactory
from tests.factories.partnerships import CentreFactory, PersonFactory, member
from tests.factories.work import DutyFactory, MapFactory, PartnershipFactory, PartyFactory, hold
from tests.partnerships.conftest import Town
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
HOLDER, DEPUTY = HolderPart.HOLDER, HolderPart.DEPUTY


@pytest.fixture
def boss(town: Town) -> Any:
    return town.coordinator.user


@pytest.fixture
def plan(town: Town) -> ResponsibilityMap:
    return MapFactory.create(municipality=town.municipality)


def texts(plan: ResponsibilityMap, group: DutyGroup) -> list[str]:
    found = Duty.objects.filter(map=plan, group=group, removed_at=None).order_by("order")
    return list(found.values_list("text", flat=True))


def now_of(duty: Duty, part: HolderPart = HOLDER) -> DutyHolder | None:
    return DutyHolder.objects.now().filter(duty=duty, part=part).first()


# --- Maps and duties ------------------------------------------------------------------------------
def test_a_map_is_made_of_the_template_in_the_towns_language(town: Town, boss: Any) -> None:
    reference_load()
    town.settings.language = "nn"
    town.settings.save()
    town.municipality.refresh_from_db()
    made = map_make(municipality=town.municipality, by=boss)
    assert "Kome som avtalt, eller seie frå i god tid" in texts(made, DutyGroup.VOLUNTEERS)
    assert {duty.group for duty in made.duties.all()} == set(DutyGroup)
    # What everybody does has its holder; what somebody must take has none yet.
    assert set(red(Duty.objects.filter(map=made)).values_list("group", flat=True)) == {
        DutyGroup.LEADERS,
        DutyGroup.COORDINATOR,
        DutyGroup.STAFF,
    }
    assert ContentTemplate.objects.get(key=TEMPLATE).first_used_at is not None
    with pytest.raises(StateChanged):
        map_make(municipality=town.municipality, by=boss)
    assert map_make(municipality=town.municipality, unit=town.unit, by=boss).unit == town.unit


def test_a_unit_of_another_municipality_gets_no_map_here(town: Town, neighbour: Town, boss: Any) -> None:
    with pytest.raises(DomainError):
        map_make(municipality=town.municipality, unit=neighbour.unit, by=boss)


def test_duties_are_added_moved_and_taken_away_and_stay_in_history(
    plan: ResponsibilityMap, boss: Any
) -> None:
    made = [
        duty_add(plan=plan, text=text, group=DutyGroup.STAFF, level=DutyLevel.OPERATIVE, by=boss)
        for text in ("en", "to", "tre")
    ]
    duty_move(duty=made[2], up=True, by=boss)
    assert texts(plan, DutyGroup.STAFF) == ["en", "tre", "to"]
    duty_move(duty=made[0], up=True, by=boss)
    duty_move(duty=made[0], up=False, by=boss)
    assert texts(plan, DutyGroup.STAFF) == ["tre", "en", "to"]
    holder = hold(made[0])
    duty_remove(duty=made[0], by=boss)
    assert texts(plan, DutyGroup.STAFF) == ["tre", "to"]
    holder.refresh_from_db()
    assert holder.until is not None
    with pytest.raises(StateChanged):
        duty_remove(duty=made[0], by=boss)
    told = [entry.sentence for entry in history_of(made[0], boss).entries]
    assert any("tok bort oppgaven" in sentence for sentence in told)


def test_two_who_edit_the_same_duty_lose_nothing(plan: ResponsibilityMap, boss: Any, client: Client) -> None:
    duty = DutyFactory.create(map=plan, text="Ringe")
    read = duty.version
    duty_change(duty=duty, version=read, changes={"text": "Ringe alle"}, by=boss)
    with pytest.raises(ChangedMeanwhile):
        duty_change(duty=duty, version=read, changes={"text": "Skrive"}, by=boss)
    client.force_login(boss)
    given = {"text": "Skrive", "group": duty.group, "level": duty.level, "version": str(read)}
    answer = client.post(reverse("duty_change", args=[duty.pk]), given)
    assert answer.status_code == 200
    assert {"Ringe alle", "Skrive"} <= set(answer.content.decode().replace("<", ">").split(">"))
    duty.refresh_from_db()
    assert duty.text == "Ringe alle"


def test_another_column_is_its_last_place(plan: ResponsibilityMap, boss: Any) -> None:
    DutyFactory.create(map=plan, group=DutyGroup.LEADERS, text="først", order=1)
    duty = DutyFactory.create(map=plan, group=DutyGroup.STAFF, text="flyttes", order=1)
    duty_change(duty=duty, version=duty.version, changes={"group": "leaders"}, by=boss)
    assert texts(plan, DutyGroup.LEADERS) == ["først", "flyttes"]


def test_a_partnerships_own_duties_stand_before_those_it_builds_on(town: Town, boss: Any) -> None:
    whole = MapFactory.create(municipality=town.municipality)
    DutyFactory.create(map=whole, group=DutyGroup.STAFF, text="arvet")
    kafe = PartnershipFactory.create(municipality=town.municipality)
    own = map_of_partnership(partnership=kafe, by=boss)
    assert own.inherits == whole
    assert map_of_partnership(partnership=kafe, by=boss) == own
    duty_add(plan=own, text="egen", group=DutyGroup.STAFF, level=DutyLevel.OPERATIVE, by=boss)
    board = board_of([own, whole], boss)
    assert [(card.duty.text, card.is_inherited) for card in board.cards] == [("egen", False), ("arvet", True)]
    assert (board.red, board.own_red) == (2, 1)


def test_a_set_up_suggests_the_first_duties_once(town: Town, boss: Any, client: Client) -> None:
    ContentTemplateFactory.create(
        key="prove-oppsett", kind=ContentKind.PARTNERSHIP, data={"duties": {"nb": ["Dekke bordet", "Rydde"]}}
    )
    tour = PartnershipFactory.create(municipality=town.municipality, template="prove-oppsett")
    client.force_login(boss)
    shown = reverse("partnership_map", args=[tour.pk])
    assert "Dekke bordet" in client.get(shown).content.decode()
    take = reverse("partnership_duties", args=[tour.pk])
    client.post(take)
    client.post(take)
    assert texts(tour.responsibility_map, DutyGroup.VOLUNTEERS) == ["Dekke bordet", "Rydde"]
    assert "Legg forslagene i kartet" not in client.get(shown).content.decode()


# --- Handing over ---------------------------------------------------------------------------------
def test_the_one_before_is_free_only_when_the_next_has_said_yes(
    town: Town, plan: ResponsibilityMap, boss: Any
) -> None:
    duty = DutyFactory.create(map=plan)
    before = hold(duty, PersonFactory.create(municipality=town.municipality))
    kari = member(town.municipality, Role.STAFF, unit=town.unit, name="Kari")
    asked = duty_hand_over(duty=duty, part=HOLDER, person=kari.person, by=boss)
    assert now_of(duty) == before
    with pytest.raises(StateChanged):
        duty_hand_over(duty=duty, part=HOLDER, person=town.coordinator.person, by=boss)
    handover_answer(holder=asked, yes=False, by=kari.user)
    assert now_of(duty) == before

    again = duty_hand_over(duty=duty, part=HOLDER, person=kari.person, by=boss)
    handover_answer(holder=again, yes=True, by=kari.user)
    before.refresh_from_db()
    assert now_of(duty) == again
    assert before.until is not None
    with pytest.raises(StateChanged):
        handover_answer(holder=again, yes=False, by=kari.user)
    with pytest.raises(DomainError):
        duty_hand_over(duty=duty, part=HOLDER, person=kari.person, by=boss)


def test_nothing_is_asked_or_taken_on_where_the_partnership_is_over(town: Town, boss: Any) -> None:
    kafe = PartnershipFactory.create(municipality=town.municipality)
    plan = map_of_partnership(partnership=kafe, by=boss)
    duty = DutyFactory.create(map=plan)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    asked = duty_hand_over(duty=duty, part=HOLDER, person=staff.person, by=boss)
    viewer = Viewer(staff.user, staff, timezone.localdate())
    assert any("Du er spurt" in item.title for item in work_items(viewer))
    Partnership.objects.update(phase=Phase.ENDED, ended_on=timezone.localdate())
    assert not any("Du er spurt" in item.title for item in work_items(viewer))
    steps = (
        lambda: map_of_partnership(partnership=kafe, by=boss),
        lambda: duty_add(plan=plan, text="Ny", group=DutyGroup.STAFF, level=DutyLevel.OPERATIVE, by=boss),
        lambda: duty_hand_over(duty=duty, part=DEPUTY, person=staff.person, by=boss),
        lambda: handover_answer(holder=asked, yes=True, by=staff.user),
    )
    for step in steps:
        with pytest.raises(StateChanged):
            step()
    client = Client()
    client.force_login(boss)
    response = client.post(
        reverse("partnership_duty_new", args=[kafe.pk]),
        {"text": "Ny", "group": DutyGroup.STAFF, "level": DutyLevel.OPERATIVE},
    )
    assert "Samarbeidet er avsluttet" in response.content.decode()


def test_a_holder_cannot_drop_it_and_a_deputy_can(plan: ResponsibilityMap, town: Town, boss: Any) -> None:
    duty = DutyFactory.create(map=plan)
    holder = hold(duty, PersonFactory.create(municipality=town.municipality))
    deputy = hold(duty, PersonFactory.create(municipality=town.municipality), part=DEPUTY)
    with pytest.raises(DomainError):
        deputy_end(holder=holder, by=boss)
    deputy_end(holder=deputy, by=boss)
    assert (now_of(duty), now_of(duty, DEPUTY)) == (holder, None)
    assert not red(Duty.objects.filter(pk=duty.pk)).exists()


def test_a_deputy_who_takes_over_is_deputy_no_more(plan: ResponsibilityMap, town: Town, boss: Any) -> None:
    duty, kari = DutyFactory.create(map=plan), PersonFactory.create(municipality=town.municipality)
    hold(duty, kari, part=DEPUTY)
    asked = duty_hand_over(duty=duty, part=HOLDER, person=kari, by=boss)
    handover_answer(holder=asked, yes=True, by=boss)
    assert (now_of(duty), now_of(duty, DEPUTY)) == (asked, None)
    # Noted by another: the trace says for whom.
    event = AuditEvent.objects.get(verb="duty_taken")
    assert event.on_behalf_of == f"partnerships.person:{kari.pk}"


def test_a_position_and_oneself_have_it_at_once_and_a_question_can_be_withdrawn(
    plan: ResponsibilityMap, town: Town, boss: Any
) -> None:
    duty = DutyFactory.create(map=plan)
    first = duty_hand_over(duty=duty, part=HOLDER, position="Avdelingsleder", by=boss)
    assert now_of(duty) == first
    mine = duty_hand_over(duty=duty, part=HOLDER, person=town.coordinator.person, by=boss)
    assert now_of(duty) == mine
    asked = duty_hand_over(
        duty=duty, part=DEPUTY, person=PersonFactory.create(municipality=town.municipality), by=boss
    )
    handover_withdraw(holder=asked, by=boss)
    with pytest.raises(StateChanged):
        handover_answer(holder=asked, yes=True, by=boss)


def test_nobody_of_another_municipality_gets_a_duty(
    plan: ResponsibilityMap, neighbour: Town, boss: Any
) -> None:
    duty = DutyFactory.create(map=plan)
    for given in (
        {"person": neighbour.coordinator.person},
        {"position": "Leder", "side": neighbour.organisation},
    ):
        with pytest.raises(DomainError):
            duty_hand_over(duty=duty, part=HOLDER, by=boss, **given)
    kafe = PartnershipFactory.create(municipality=plan.municipality)
    PartyFactory.create(partnership=kafe, organisation=neighbour.organisation)
    shared = DutyFactory.create(map=MapFactory.create(municipality=plan.municipality, partnership=kafe))
    made = duty_hand_over(duty=shared, part=HOLDER, position="Leder", side=neighbour.organisation, by=boss)
    assert made.organisation == neighbour.organisation


def test_leaving_is_red_until_somebody_else_says_yes(plan: ResponsibilityMap, town: Town, boss: Any) -> None:
    duty = DutyFactory.create(map=plan)
    holder = hold(duty, PersonFactory.create(municipality=town.municipality))
    holder_leaves(holder=holder, leaves_on=timezone.localdate() + timedelta(days=20), by=boss)
    assert red(Duty.objects.all()).get() == duty
    holder_leaves(holder=holder, leaves_on=None, by=boss)
    assert not red(Duty.objects.all()).exists()


def test_somebody_new_is_kept_by_the_side_she_is_on(town: Town, boss: Any) -> None:
    independent = CentreFactory.create(municipality=town.municipality, ownership="foundation")
    made = {
        side: person_add(
            municipality=town.municipality, side=side, name="Ny", email="Ny@prove.example", by=boss
        )
        for side in (None, town.unit, town.centre, town.organisation, independent)
    }
    assert made[None] == made[town.unit] == made[town.centre]
    assert made[town.organisation].controller_organisation == town.organisation
    assert made[independent].controller_centre == independent
    assert Person.objects.filter(email="ny@prove.example").count() == 3
    with pytest.raises(DomainError):
        person_add(municipality=town.municipality, side=None, name="Ny", by=boss)


def test_many_at_once_are_found_as_one_by_one(town: Town, boss: Any) -> None:
    def add(*people: Somebody) -> list[Person]:
        return people_add(municipality=town.municipality, side=None, people=people, by=boss)

    kari, ola = add(Somebody("Kari Nes", "Kari@prove.example"), Somebody("Ola Nes", phone="+4790212345"))
    assert (kari.email, kari.channel, ola.channel) == ("kari@prove.example", "email", "sms")
    found = add(
        Somebody("Åse Nes", phone="+4790212345"),
        Somebody("ola nes", phone="+4790212345"),
        Somebody("K. Nes", "kari@PROVE.example"),
        Somebody("Åse Nes", phone="+4790212345"),
    )
    assert [person.pk for person in found[1:3]] == [ola.pk, kari.pk]
    assert found[0] == found[3]
    assert found[0].name_key == PersonFactory.create(name="Åse Nes").name_key
    traced = AuditEvent.objects.filter(verb="person_added", object_id__in=[each.pk for each in found])
    assert set(traced.values_list("object_id", "actor")) == {
        (str(each.pk), boss.pk) for each in (kari, ola, found[0])
    }
    with pytest.raises(DomainError):
        add(Somebody("Kari Nes", "kari@prove.example"), Somebody("Per Nes"))


def test_two_who_share_a_telephone_are_two(town: Town, boss: Any) -> None:
    kari, same, ola = (
        person_add(municipality=town.municipality, side=None, name=name, phone="+4790212345", by=boss)
        for name in ("Kari Nes", "kari nes", "Ola Nes")
    )
    assert kari == same
    assert (ola != kari, ola.name) == (True, "Ola Nes")


# --- What is shown --------------------------------------------------------------------------------
def test_names_are_for_those_who_work_there(town: Town, plan: ResponsibilityMap) -> None:
    hold(DutyFactory.create(map=plan), PersonFactory.create(municipality=town.municipality, name="Kari Nes"))
    observer = member(town.municipality, Role.OBSERVER)
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    names = [board_of([plan], who.user).cards[0].holder.name for who in (staff, observer)]  # type: ignore[union-attr]
    assert names == ["Kari Nes", ""]
    assert map_snapshot(plan, observer.user)["groups"][0]["duties"][0]["holder"] == "har ansvarlig"
    assert map_snapshot(plan)["groups"][0]["duties"][0]["holder"] == "Kari Nes"


def test_while_she_is_away_the_map_says_who_takes_over(
    town: Town, plan: ResponsibilityMap, boss: Any
) -> None:
    kari = member(town.municipality, Role.STAFF, unit=town.unit, name="Kari")
    hold(DutyFactory.create(map=plan), kari.person)
    today = timezone.localdate()
    Absence.objects.create(
        municipality=town.municipality,
        membership=kari,
        deputy=town.coordinator.person,
        away_from=today,
        away_to=today,
    )
    shown = board_of([plan], boss).cards[0].holder
    assert shown is not None
    assert (shown.away_to, shown.meanwhile) == (today, "Ingrid Koordinator")
    membership_end(membership=kari, by=boss)
    assert board_of([plan], boss).red == 1


def test_beside_the_template_and_beside_last_year(town: Town, boss: Any) -> None:
    reference_load()
    made = map_make(municipality=town.municipality, by=boss)
    duties = {duty.template_key: duty for duty in made.duties.all()}
    duty_change(duty=duties["tid"], version=0, changes={"text": "Gi Kari tid"}, by=boss)
    duty_remove(duty=duties["motene"], by=boss)
    duty_add(plan=made, text="Egen", group=DutyGroup.STAFF, level=DutyLevel.OPERATIVE, by=boss)
    found = {line.after or line.before: line.fate for line in beside_template(made, TEMPLATE)}
    assert found["Gi Kari tid"] == Fate.CHANGED
    assert found["Ta opp frivillighet på ledermøter og personalmøter"] == Fate.REMOVED
    assert found["Egen"] == Fate.ADDED
    assert list(found.values()).count(Fate.SAME) == len(duties) - 2

    today = timezone.localdate()
    assert {line.fate for line in beside_day(made, today - timedelta(days=1), boss)} == {Fate.ADDED}
    assert {line.fate for line in beside_day(made, today, boss)} == {Fate.SAME}


def test_who_has_changed_hands_since_then(town: Town, plan: ResponsibilityMap, boss: Any) -> None:
    duty, later = DutyFactory.create(map=plan), timezone.now() + timedelta(days=2)
    anne, berit, cato = (
        PersonFactory.create(municipality=town.municipality, name=name) for name in ("Anne", "Berit", "Cato")
    )
    hold(duty, anne, until=later)
    hold(duty, berit, part=DEPUTY)
    hold(duty, cato, accepted_at=later)
    (line,) = beside_day(plan, timezone.localdate(), boss)
    assert (line.holder_before, line.holder_after, line.changed_hands) == ("Anne", "Cato", True)


def test_work_list_card_fact_and_step(town: Town, boss: Any) -> None:
    kafe = PartnershipFactory.create(municipality=town.municipality, title="Språkkafé")
    PartyFactory.create(partnership=kafe, organisation=town.organisation)
    DutyFactory.create(
        map=MapFactory.create(municipality=town.municipality, partnership=kafe), text="Låse opp"
    )
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    today = timezone.localdate()
    for who in (town.coordinator, rep):
        viewer = Viewer(who.user, who, today)
        assert any("Språkkafé" in item.title for item in work_items(viewer))
        card = next(card for card in overview_cards(viewer) if card.label == "Oppgaver uten ansvarlig")
        assert card.number == "1"
        assert any("1 tom plass" in str(getattr(fact, "text", "")) for fact in page.line_of(kafe, viewer))
        assert any("Låse opp" in step.title for step in page.next_steps(kafe, viewer))
    staff = member(town.municipality, Role.STAFF, unit=town.unit)
    assert not any("Språkkafé" in item.title for item in work_items(Viewer(staff.user, staff, today)))


# --- Pages ----------------------------------------------------------------------------------------
def test_a_day_with_the_map(town: Town, boss: Any, client: Client) -> None:
    """Made, filled, asked, answered by her who is asked: through the pages, with no script."""
    reference_load()
    client.force_login(boss)
    assert "Lag kartet fra malen" in client.get(reverse("responsibility_maps")).content.decode()
    client.post(reverse("responsibility_map_new"))
    made = ResponsibilityMap.objects.get(municipality=town.municipality)
    shown = client.get(reverse("responsibility_maps")).content.decode()
    assert "Sørge for at noen har frivillighet som oppgave" in shown
    duty = Duty.objects.get(map=made, template_key="tid")
    given = {"name": "Kari Nes", "email": "kari@prove.example", "phone": "", "position": "", "side": ""}
    answer = client.post(reverse("duty_hand_over", args=[duty.pk]), given, follow=True)
    assert "Kari Nes er spurt" in answer.content.decode()
    asked = DutyHolder.objects.asked().get()
    assert asked.person is not None

    kari = member(town.municipality, Role.STAFF, unit=town.unit)
    Person.objects.filter(user=kari.user).update(user=None)
    Person.objects.filter(email="kari@prove.example").update(user=kari.user)
    client.force_login(kari.user)
    assert "Du er spurt" in client.get(reverse("my_duties")).content.decode()
    client.post(reverse("handover_answer", args=[asked.pk]), {"answer": "yes"})
    assert now_of(duty) == asked
    assert "Jeg slutter" in client.get(reverse("my_duties")).content.decode()


def test_one_of_three_and_new_people_on_ones_own_side_only(town: Town, client: Client) -> None:
    kafe = PartnershipFactory.create(municipality=town.municipality)
    PartyFactory.create(partnership=kafe, organisation=town.organisation)
    PartyFactory.create(partnership=kafe, organisation=None, unit=town.unit)
    duty = DutyFactory.create(map=MapFactory.create(municipality=town.municipality, partnership=kafe))
    rep = member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    client.force_login(rep.user)
    url = reverse("duty_hand_over", args=[duty.pk])
    both = {"name": "Ny", "email": "ny@prove.example", "position": "Leder", "side": ""}
    assert "Velg én" in client.post(url, both).content.decode()
    foreign = {"name": "Ny", "email": "ny@prove.example", "side": f"unit-{town.unit.pk}"}
    assert "på din egen side" in client.post(url, foreign).content.decode()
    assert not Person.objects.filter(email="ny@prove.example").exists()
    own = {**foreign, "side": f"organisation-{town.organisation.pk}"}
    assert client.post(url, own).status_code == 302
    assert Person.objects.get(email="ny@prove.example").controller_organisation == town.organisation


def test_contacts_of_the_parties_can_be_asked(town: Town, client: Client) -> None:
    kafe = PartnershipFactory.create(municipality=town.municipality)
    party = PartyFactory.create(partnership=kafe, organisation=town.organisation)
    hers = PersonFactory.create(
        municipality=town.municipality, name="Lagets Kontakt", controller_organisation=town.organisation
    )
    Contact.objects.create(municipality=town.municipality, person=hers, party=party)
    PersonFactory.create(
        municipality=town.municipality, name="Lagets Medlem", controller_organisation=town.organisation
    )
    duty = DutyFactory.create(map=MapFactory.create(municipality=town.municipality, partnership=kafe))
    client.force_login(town.coordinator.user)
    shown = client.get(reverse("duty_hand_over", args=[duty.pk])).content.decode()
    assert "Lagets Kontakt" in shown
    assert "Lagets Medlem" not in shown
    client.post(reverse("duty_hand_over", args=[duty.pk]), {"person": hers.pk, "side": ""})
    assert DutyHolder.objects.asked().get().organisation == town.organisation


def test_htmx_gets_the_board_and_others_the_page(plan: ResponsibilityMap, boss: Any, client: Client) -> None:
    duties = [DutyFactory.create(map=plan, text=text, order=n) for n, text in enumerate(("en", "to"))]
    client.force_login(boss)
    url = reverse("duty_move", args=[duties[1].pk])
    answer = client.post(url, {"to": "up"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<div class="board"')
    assert texts(plan, DutyGroup.COORDINATOR) == ["to", "en"]
    assert client.post(url, {"to": "down"}).headers["Location"].endswith(f"?ordne=1#duty-{duties[1].pk}")


@pytest.mark.parametrize("name", ["responsibility_map", "responsibility_sheet", "responsibility_compare"])
def test_a_longer_map_asks_no_more(
    name: str, plan: ResponsibilityMap, town: Town, boss: Any, client: Client
) -> None:
    def more() -> None:
        person = member(town.municipality, Role.STAFF, unit=town.unit).person
        hold(DutyFactory.create(map=plan), person)

    reference_load()
    client.force_login(boss)
    assert_constant_queries(client, reverse(name, args=[plan.pk]), more)


def test_more_maps_ask_no_more(town: Town, boss: Any, client: Client) -> None:
    MapFactory.create(municipality=town.municipality)

    def more() -> None:
        kafe = PartnershipFactory.create(municipality=town.municipality)
        DutyFactory.create(map=MapFactory.create(municipality=town.municipality, partnership=kafe))

    client.force_login(boss)
    assert_constant_queries(client, reverse("responsibility_maps"), more)
