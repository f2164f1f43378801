"""Questions: who gets them, who may answer, and what each step does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Absence, Signal
from partnerships.models.areas import Level
from partnerships.models.signal import SignalKind, SignalState
from partnerships.selectors.signal_access import answers_there
from partnerships.selectors.signal_people import forward_choices
from partnerships.services.membership import membership_end
from partnerships.services.signal import (
    To,
    signal_answer,
    signal_close,
    signal_forward,
    signal_see,
    signal_take_back,
)
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, UnitFactory, member
from tests.factories.work import ContactFactory, DutyFactory, MapFactory, PartnershipFactory, hold
from tests.partnerships.conftest import Town
from tests.partnerships.signals import Cafe, make_cafe

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe(town: Town) -> Cafe:
    return make_cafe(town)


def client_of(membership: Any) -> Client:
    client = Client()
    client.force_login(membership.user)
    return client


def answerers(signal: Signal, *memberships: Any) -> list[str]:
    fresh = Signal.objects.get(pk=signal.pk)
    users = [type(m.user).objects.get(pk=m.user.pk) for m in memberships]
    return [m.person.name for m, user in zip(memberships, users, strict=True) if answers_there(user, fresh)]


def form(**fields: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=14)
    return {"kind": "question", "to": "niva-1", "subject": "Nøkkel", "text": "Hvem?", "due_on": day, **fields}


# --- Whom it goes to -----------------------------------------------------------------------------------
def test_goes_to_the_nearest_who_answers_there(cafe: Cafe) -> None:
    town = cafe.town
    assert cafe.ask(cafe.staff, To(Level.DEVELOPMENT)).receiver == town.coordinator.person
    assert cafe.ask(cafe.leader, To(Level.ANCHORING)).receiver == cafe.sector_chief.person
    assert cafe.ask(cafe.rep, To(Level.OPERATION)).receiver == cafe.leader.person
    assert cafe.ask(cafe.rep, To(Level.DEVELOPMENT, town.unit)).receiver == cafe.leader.person
    assert cafe.ask(cafe.leader, To(Level.DEVELOPMENT, town.organisation)).receiver == cafe.rep.person


def test_the_map_comes_before_the_role_and_the_partys_contact_too(cafe: Cafe) -> None:
    place = cafe.town.municipality
    own = MapFactory.create(municipality=place, partnership=cafe.partnership)
    hold(DutyFactory.create(map=own, level="operative"), cafe.staff.person)
    assert cafe.ask(cafe.rep, To(Level.OPERATION)).receiver == cafe.staff.person

    contact = PersonFactory.create(municipality=place)
    party = cafe.partnership.parties.get(organisation=cafe.town.organisation)
    ContactFactory.create(person=contact, party=party)
    assert cafe.ask(cafe.leader, To(Level.DEVELOPMENT, cafe.town.organisation)).receiver == contact


def test_nobody_is_sent_her_own_question(cafe: Cafe) -> None:
    assert cafe.ask(cafe.sector_chief, To(Level.ANCHORING)).receiver == cafe.chief.person
    alone = PartnershipFactory.create(municipality=cafe.town.municipality)
    asked = cafe.ask(cafe.town.coordinator, To(Level.DEVELOPMENT), partnership=alone)
    assert asked.receiver == cafe.chief.person


def test_who_is_away_is_not_asked_but_her_deputy(cafe: Cafe) -> None:
    deputy = member(cafe.town.municipality, Role.UNIT_LEADER, unit=cafe.town.unit, name="Dagny Vara")
    today = timezone.localdate()
    Absence.objects.create(
        municipality=cafe.town.municipality,
        membership=cafe.sector_chief,
        deputy=deputy.person,
        away_from=today,
        away_to=today,
    )
    assert cafe.ask(cafe.leader, To(Level.ANCHORING)).receiver == deputy.person


@pytest.mark.parametrize("what", ["past", "over", "not_a_party", "other_town"])
def test_what_cannot_be_asked(cafe: Cafe, neighbour: Town, what: str) -> None:
    to = To(Level.ANCHORING)
    fields: dict[str, Any] = {}
    if what == "past":
        fields["due_on"] = timezone.localdate() - timedelta(days=1)
    elif what == "over":
        cafe.partnership.phase, cafe.partnership.ended_on = "ended", timezone.localdate()
        cafe.partnership.save()
    elif what == "not_a_party":
        to = To(Level.DEVELOPMENT, OrganisationFactory.create(municipality=cafe.town.municipality))
    else:
        to, fields = To(Level.DEVELOPMENT, neighbour.unit), {"partnership": None}
    with pytest.raises(DomainError):
        cafe.ask(cafe.leader, to, **fields)
    assert not Signal.objects.exists()


# --- Who may answer ------------------------------------------------------------------------------------
def test_who_answers(cafe: Cafe) -> None:
    everybody = (cafe.town.coordinator, cafe.chief, cafe.sector_chief, cafe.leader, cafe.staff, cafe.rep)
    to_leadership = cafe.ask(cafe.rep, To(Level.ANCHORING))
    assert answerers(to_leadership, *everybody) == ["Ingrid Koordinator", "Torunn Sjef", "Sigrid Sektor"]
    to_organisation = cafe.ask(cafe.leader, To(Level.DEVELOPMENT, cafe.town.organisation))
    assert answerers(to_organisation, *everybody) == ["Ingrid Koordinator", "Kåre Lag"]
    # Whom the map names may answer, whatever her role.
    Signal.objects.filter(pk=to_leadership.pk).update(receiver=cafe.staff.person)
    assert "Anne Ansatt" in answerers(to_leadership, *everybody)
    membership_end(membership=cafe.staff, by=cafe.chief.user)
    assert "Anne Ansatt" not in answerers(to_leadership, *everybody)


def test_the_leadership_next_door_answers_for_its_own_only(cafe: Cafe, neighbour: Town) -> None:
    there = OrganisationFactory.create(municipality=neighbour.municipality)
    from tests.factories.work import PartyFactory

    PartyFactory.create(partnership=cafe.partnership, organisation=there)
    chief = member(neighbour.municipality, Role.CHIEF, name="Nabo Sjef")
    rep = member(neighbour.municipality, Role.ORGANISATION_REP, organisation=there, name="Nabo Lag")
    assert answerers(cafe.ask(cafe.leader, To(Level.ANCHORING)), chief, neighbour.coordinator, rep) == []
    assert answerers(cafe.ask(cafe.leader, To(Level.DEVELOPMENT, there)), chief, rep) == ["Nabo Lag"]


# --- Steps ---------------------------------------------------------------------------------------------
def test_seen_once_answered_once_closed(cafe: Cafe) -> None:
    asked = cafe.ask(cafe.leader, To(Level.ANCHORING))
    for _again in range(2):
        signal_see(signal=asked, by=cafe.sector_chief.user)
    signal_answer(
        signal=asked, text="Vaktmesteren.", answered_by=cafe.sector_chief.person, by=cafe.sector_chief.user
    )
    with pytest.raises(StateChanged):
        signal_answer(signal=asked, text="Jeg.", answered_by=cafe.chief.person, by=cafe.chief.user)
    with pytest.raises(StateChanged):
        signal_take_back(signal=asked, by=cafe.leader.user)
    asked.refresh_from_db()
    assert (asked.state, asked.answer, asked.answered_by) == (
        SignalState.ANSWERED,
        "Vaktmesteren.",
        cafe.sector_chief.person,
    )
    signal_close(signal=asked, by=cafe.leader.user)
    verbs = AuditEvent.objects.filter(object_type="partnerships.signal").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "signal_raised",
        "signal_seen",
        "signal_answered",
        "signal_closed",
    ]


def test_a_decision_goes_down_again(cafe: Cafe) -> None:
    asked = cafe.ask(cafe.leader, To(Level.ANCHORING))
    signal_answer(
        signal=asked, text="Vi dekker leia.", answered_by=cafe.chief.person, by=cafe.chief.user, decision=True
    )
    decision = Signal.objects.get(kind=SignalKind.DECISION)
    assert (decision.from_level, decision.to_level, decision.text) == (1, 2, "Vi dekker leia.")
    assert (decision.follows, decision.partnership) == (asked, cafe.partnership)
    assert not Signal.objects.unanswered().exists()


def test_sent_on_is_new_to_the_next(cafe: Cafe) -> None:
    asked = cafe.ask(cafe.leader, To(Level.ANCHORING))
    signal_see(signal=asked, by=cafe.sector_chief.user)
    signal_forward(signal=asked, receiver=cafe.chief.person, by=cafe.sector_chief.user)
    asked.refresh_from_db()
    assert (asked.receiver, asked.state) == (cafe.chief.person, SignalState.NEW)
    for nobody in (cafe.staff.person, PersonFactory.create(municipality=cafe.town.municipality)):
        with pytest.raises(DomainError):
            signal_forward(signal=asked, receiver=nobody, by=cafe.chief.user)


def test_sent_on_to_those_it_concerns_and_no_other(cafe: Cafe, neighbour: Town) -> None:
    """Those of the parties and the owner's leadership; outside a partnership, for who belongs there."""
    place = cafe.town.municipality
    member(place, Role.UNIT_LEADER, unit=UnitFactory.create(municipality=place), name="Annen Enhet")
    asked = cafe.ask(cafe.rep, To(Level.ANCHORING))
    names = set(forward_choices(asked, cafe.leader.user).values_list("name", flat=True))
    assert {"Torunn Sjef", "Liv Leder", "Ingrid Koordinator"} <= names
    assert "Annen Enhet" not in names
    alone = cafe.ask(cafe.rep, To(Level.ANCHORING), partnership=None)
    assert "Annen Enhet" in forward_choices(alone, cafe.leader.user).values_list("name", flat=True)
    assert not forward_choices(alone, neighbour.coordinator.user).exists()


# --- Pages ---------------------------------------------------------------------------------------------
def test_asked_and_answered_by_hand(cafe: Cafe) -> None:
    url = reverse("signal_raise", args=[cafe.partnership.pk])
    rep, chief = client_of(cafe.rep), client_of(cafe.sector_chief)
    page = rep.get(url).content.decode()
    assert "går til Sigrid Sektor" in page
    assert rep.post(url, form(to="niva-3", text="")).status_code == 200
    response = rep.post(url, form())
    signal = Signal.objects.get()
    assert response.headers["Location"] == reverse("signal", args=[signal.pk])
    assert signal.raised_for == cafe.partnership.parties.get(organisation=cafe.town.organisation)

    its_page = reverse("signal", args=[signal.pk])
    assert "Torunn Sjef" in rep.get(its_page).content.decode(), "says who is next, before it goes there"
    signal.refresh_from_db()
    seen = reverse("signal_seen", args=[signal.pk])
    assert seen in chief.get(its_page).content.decode()
    assert rep.post(seen).status_code == 403
    signal.refresh_from_db()
    assert signal.state == SignalState.NEW, "only its receiver sees it, and fetching is not seeing"
    assert "Nøkkel" in chief.get(reverse("signals")).content.decode()
    assert chief.post(seen).status_code == 204
    assert seen not in chief.get(its_page).content.decode()
    signal.refresh_from_db()
    assert signal.state == SignalState.SEEN

    answer = reverse("signal_answer", args=[signal.pk])
    assert chief.post(answer, {"answer": "", "said_by": "selv"}).status_code == 200
    assert chief.post(answer, {"answer": "Ring <b>Per</b>\nfør ni.", "said_by": "selv"}).status_code == 302
    shown = rep.get(its_page).content.decode()
    assert "Ring &lt;b&gt;Per&lt;/b&gt;<br>før ni." in shown
    assert "Nøkkel" in rep.get(reverse("partnership", args=[cafe.partnership.pk])).content.decode()


def test_list_of_one_partnership_is_no_list_of_others(cafe: Cafe, neighbour: Town) -> None:
    rep, nobody = client_of(cafe.rep), client_of(neighbour.coordinator)
    here = f"/sporsmal/?vis=alle&samarbeid={cafe.partnership.pk}"
    assert cafe.partnership.title in rep.get(here).content.decode()
    assert nobody.get(here).status_code == 404
    assert rep.get("/sporsmal/?samarbeid=12345678").status_code == 404


def test_a_telephone_answer_is_hers_and_the_trace_says_who_wrote_it(cafe: Cafe) -> None:
    contact = PersonFactory.create(municipality=cafe.town.municipality, name="Olga Utenkonto")
    party = cafe.partnership.parties.get(unit=cafe.town.unit)
    ContactFactory.create(person=contact, party=party)
    asked = cafe.ask(cafe.rep, To(Level.DEVELOPMENT, cafe.town.unit))
    client = client_of(cafe.town.coordinator)
    url = reverse("signal_answer", args=[asked.pk])
    assert "Olga Utenkonto har sagt svaret til meg" in client.get(url).content.decode()
    client.post(url, {"answer": "Jeg låser opp.", "said_by": "mottaker"})
    asked.refresh_from_db()
    assert asked.answered_by == contact
    event = AuditEvent.objects.get(verb="signal_answered")
    assert (event.actor_id, event.on_behalf_of) == (
        cafe.town.coordinator.user.pk,
        f"partnerships.person:{contact.pk}",
    )


def test_asked_for_somebody_without_an_account(cafe: Cafe) -> None:
    contact = PersonFactory.create(municipality=cafe.town.municipality, name="Olga Utenkonto")
    party = cafe.partnership.parties.get(unit=cafe.town.unit)
    ContactFactory.create(person=contact, party=party)
    url = reverse("signal_raise", args=[cafe.partnership.pk])
    client_of(cafe.town.coordinator).post(url, form(asker=contact.pk))
    signal = Signal.objects.get()
    assert (signal.raised_by, signal.raised_for) == (contact, party)
    # Nobody speaks for people she does not reach.
    assert client_of(cafe.rep).post(url, form(asker=contact.pk)).status_code == 302
    assert Signal.objects.filter(raised_by=contact).count() == 1


def test_only_the_asker_takes_it_back(cafe: Cafe) -> None:
    asked = cafe.ask(cafe.staff, To(Level.DEVELOPMENT), from_level=Level.OPERATION)
    url = reverse("signal_take_back", args=[asked.pk])
    assert client_of(cafe.leader).post(url).status_code == 403
    assert client_of(cafe.staff).post(url).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at) == (SignalState.CLOSED, None)


def test_one_not_about_a_partnership_is_between_the_two(cafe: Cafe) -> None:
    client = client_of(cafe.leader)
    key = f"lag-{cafe.town.organisation.pk}"
    client.post(reverse("signal_new"), form(to=key))
    signal = Signal.objects.get()
    assert (signal.receiver, signal.partnership) == (cafe.rep.person, None)
    assert client_of(cafe.rep).get(reverse("signal", args=[signal.pk])).status_code == 200
    assert client_of(cafe.staff).get(reverse("signal", args=[signal.pk])).status_code == 404


def test_a_thread_goes_up_and_down(cafe: Cafe) -> None:
    first = cafe.ask(cafe.leader, To(Level.ANCHORING))
    signal_answer(signal=first, text="Ja.", answered_by=cafe.chief.person, by=cafe.chief.user, decision=True)
    client_of(cafe.leader).post(reverse("signal_follow_up", args=[first.pk]), form(subject="Enn i helgene?"))
    second = Signal.objects.get(subject="Enn i helgene?")
    assert second.follows == first
    page = client_of(cafe.leader).get(reverse("signal", args=[second.pk])).content.decode()
    assert "Hele tråden" in page
    assert page.count("Nøkkel til lokalet") >= 2, "the question, and the decision made of its answer"


def test_inbox_filters_and_its_queries_do_not_grow(cafe: Cafe, django_assert_max_num_queries: Any) -> None:
    for _each in range(3):
        cafe.ask(cafe.leader, To(Level.ANCHORING))
    other = cafe.ask(cafe.leader, To(Level.ANCHORING))
    Signal.objects.filter(pk=other.pk).update(subject="Leie av sal")
    client = client_of(cafe.sector_chief)
    with django_assert_max_num_queries(12):  # ten, and two to find who is signed in
        page = client.get(reverse("signals")).content.decode()
    assert "4 spørsmål" in page
    assert "1 spørsmål" in client.get(reverse("signals"), {"q": "sal"}).content.decode()
    late = client.get(reverse("signals"), {"status": "over-tiden"}).content.decode()
    assert "Ingen spørsmål passer" in late
    by_name = client.get(reverse("signals"), {"q": cafe.partnership.title.upper()}).content.decode()
    assert "4 spørsmål" in by_name
    by_link = client.get(reverse("signals"), {"samarbeid": cafe.partnership.pk}).content.decode()
    assert "Leie av sal" in by_link
    assert f"Fjern filteret </span>{cafe.partnership.title}<svg" in by_link
    assert "Du har ikke spurt" in client.get(reverse("signals"), {"vis": "mine"}).content.decode()


def test_a_guest_sees_no_questions(cafe: Cafe) -> None:
    asked = cafe.ask(cafe.leader, To(Level.ANCHORING))
    guest = member(
        cafe.town.municipality,
        Role.GUEST,
        user=UserFactory.create(),
        partnership=cafe.partnership,
        valid_to=timezone.localdate() + timedelta(days=9),
    )
    client = client_of(guest)
    assert client.get(reverse("signal", args=[asked.pk])).status_code == 404
    assert client.get(reverse("signals")).status_code == 403
    page = client.get(reverse("partnership", args=[cafe.partnership.pk])).content.decode()
    assert "Nøkkel" not in page
    assert "Spørsmål og svar" not in page
