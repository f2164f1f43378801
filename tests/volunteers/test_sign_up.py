"""Somebody writes without an account: a question, an interest, or in at once; and who answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Notice, Offer, Person
from partnerships.models.offer import OfferState
from partnerships.services.offer_requirement import offer_requirement_add
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent, OneTimeCode, RateLimit
from samskaping.core.registries import Viewer
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_add
from samskaping.core.working_days import working_days_later
from tests.factories import partnerships as made
from tests.factories.offers import OfferFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory
from tests.factories.volunteers import OpeningFactory, SignUpFactory, light_opening
from tests.factories.work import PartnershipFactory, RequirementKindFactory
from tests.partnerships.conftest import Town, deliver
from tests.partnerships.noticing import Clock, at, round_of
from tests.work_list import waiting
from volunteers.models import Assignment, Opening, SignUp, Volunteer
from volunteers.models.assignment import AssignmentState
from volunteers.models.sign_up import SignUpKind, SignUpOutcome
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.opening import taken
from volunteers.selectors.public import openings_public
from volunteers.services.opening import opening_close
from volunteers.services.sign_up import sign_up_confirm, sign_up_token, sign_up_withdraw

pytestmark = pytest.mark.django_db
WHO = {"name": "Prøve Nygård", "reach": "nygaard@prove.example"}


@pytest.fixture
def offer(town: Town) -> Offer:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    return OfferFactory.create(partnership=partnership, title="Prøvekafé", place="Biblioteket")


@pytest.fixture
def light(offer: Offer) -> Opening:
    return light_opening(offer=offer, title="Koke kaffe", wanted=2)


@pytest.fixture
def staff(town: Town, client: Client) -> Client:
    client.force_login(town.coordinator.user)
    return client


def asks(client: Client, page: str, number: int | str, /, **data: Any) -> Any:
    return client.post(reverse(page, args=[number]), {**WHO, **data})


def digits(client: Client) -> str:
    (state,) = client.session["one_time_code"].values()
    return one_time_code_digits(OneTimeCode.objects.get(pk=state["id"]))


def joins(opening: Opening, **data: Any) -> tuple[Client, Any]:
    """The whole way, as somebody walks it."""
    client = Client()
    sent = asks(client, "opening_join", opening.pk, **data)
    assert sent.status_code == 302, sent.content.decode()
    return client, client.post(reverse("sign_up_code"), {"code": digits(client)}, follow=True)


# --- Writing -----------------------------------------------------------------------------------------------
def test_a_question_is_promised_an_answer(town: Town, offer: Offer, client: Client) -> None:
    opening = OpeningFactory.create(offer=offer)
    answer = asks(client, "opening_ask", opening.pk, words="Hvor lenge varer det?")
    sign_up = SignUp.objects.get()
    assert (sign_up.kind, sign_up.opening) == (SignUpKind.QUESTION, opening)
    assert sign_up.reply_by == working_days_later(timezone.localdate(), 5)
    assert answer.url == reverse("sign_up_thanks", args=[sign_up_token(sign_up)])
    assert "sessionid" not in str(client.cookies).lower(), "nothing is kept of who only writes"
    assert not Person.objects.filter(email=WHO["reach"]).exists()
    deliver()
    (message,) = mail.outbox
    assert message.to == [WHO["reach"]]
    assert answer.url in message.body
    assert AuditEvent.objects.filter(verb="sign_up_made", actor_id=None).exists()


@pytest.mark.parametrize(
    ("kind", "answered", "subject"),
    [
        (SignUpKind.QUESTION, False, "Takk for spørsmålet"),
        (SignUpKind.INTEREST, False, "Takk for at du vil være med"),
        (SignUpKind.AT_ONCE, False, "Velkommen som frivillig"),
        (SignUpKind.QUESTION, True, "Svar til deg"),
        (SignUpKind.INTEREST, True, "Svar til deg"),
    ],
)
def test_subjects_are_the_same_for_everybody(
    town: Town, light: Opening, kind: SignUpKind, answered: bool, subject: str
) -> None:
    """A subject shows on a locked screen: neither who she is, nor where, nor what she wrote stands in it."""
    sign_up = SignUpFactory.create(municipality=town.municipality, opening=light, kind=kind, name=WHO["name"])
    if answered:
        SignUp.objects.filter(pk=sign_up.pk).update(
            answered_at=timezone.now(), answer="Så fint!", outcome=SignUpOutcome.ANSWERED
        )
    outbox_add(
        "sign_up_answer" if answered else "sign_up_received",
        str(sign_up.pk),
        payload={"sign_up": sign_up.pk},
        municipality=town.municipality,
    )
    deliver()
    assert [message.subject for message in mail.outbox] == [subject]


def test_the_municipality_says_how_soon(town: Town, client: Client) -> None:
    town.settings.reply_days = 2
    town.settings.save()
    asks(client, "municipality_interest", town.municipality.number)
    assert SignUp.objects.get().reply_by == working_days_later(timezone.localdate(), 2)


def test_interest_in_one_screen(town: Town, client: Client) -> None:
    asks(
        client,
        "municipality_interest",
        town.municipality.number,
        reach="902 12 345",
        interests=["elderly", "culture"],
        how_much="sometimes",
        free=["evening"],
        words="Jeg spiller trekkspill",
        under_18="on",
    )
    found = SignUp.objects.get()
    assert (found.phone, found.email) == ("+4790212345", "")
    assert (found.interests, found.free, found.how_much) == (["elderly", "culture"], ["evening"], "sometimes")
    assert found.under_18
    assert found.kind == SignUpKind.INTEREST


def test_sms_tells_her(town: Town, client: Client, texts: list[tuple[str, str]]) -> None:
    asks(client, "municipality_interest", town.municipality.number, reach="902 12 345")
    deliver()
    ((number, words),) = texts
    assert number == "+4790212345"
    assert "/bli-frivillig/takk/" in words


def test_a_landline_is_rung(town: Town, staff: Client) -> None:
    asks(Client(), "municipality_ask", town.municipality.number, reach="22 33 44 55", words="Når?")
    assert deliver() == []
    found = SignUp.objects.get()
    assert "Ring" in staff.get(reverse("sign_up", args=[found.pk])).content.decode()


def test_a_foreign_number_is_rung(town: Town, light: Opening, staff: Client) -> None:
    """Anybody could make us send it, and it costs most."""
    asks(Client(), "municipality_ask", town.municipality.number, reach="+46 70 123 45 67", words="Når?")
    assert deliver() == []
    found = SignUp.objects.get()
    assert "Ring" in staff.get(reverse("sign_up", args=[found.pk])).content.decode()
    # A code would not come.
    answer = asks(Client(), "opening_join", light.pk, reach="+46 70 123 45 67")
    assert "et norsk mobilnummer" in answer.content.decode()
    assert (SignUp.objects.count(), OneTimeCode.objects.count()) == (1, 0)


@pytest.mark.parametrize("reach", ["", "ola@", "12", "ola nordmann"])
def test_what_reaches_nobody_is_asked_for_again(town: Town, client: Client, reach: str) -> None:
    answer = asks(client, "municipality_interest", town.municipality.number, reach=reach)
    assert answer.status_code == 200
    assert "Prøve Nygård" in answer.content.decode(), "what was typed is kept"
    assert not SignUp.objects.exists()


def test_too_much_from_one_address(town: Town, client: Client) -> None:
    answers = [asks(client, "municipality_interest", town.municipality.number).status_code for _ in range(7)]
    assert answers[:5] == [302] * 5
    assert answers[6] == 429


def test_too_much_to_one_address_in_a_day(town: Town, light: Opening) -> None:
    """Also in small portions, and also codes."""
    for portion in range(2):
        for number in range(5):
            asks(Client(), "municipality_ask", town.municipality.number, words=f"{portion} {number}")
        quarter = timezone.now() + timedelta(hours=1)
        RateLimit.objects.filter(until__lt=quarter).update(until=timezone.now() - timedelta(minutes=1))
    assert SignUp.objects.count() == 10
    answer = asks(Client(), "opening_join", light.pk)
    assert answer.status_code == 429
    assert "Prøv igjen i morgen" in answer.content.decode()
    assert asks(Client(), "opening_join", light.pk, reach="annen@prove.example").status_code == 302


def test_another_code_counts_in_the_day(town: Town, light: Opening) -> None:
    client = Client()
    asks(client, "opening_join", light.pk)
    RateLimit.objects.filter(until__gt=timezone.now() + timedelta(hours=1)).update(hits=10)
    page = client.post(reverse("sign_up_code"), {"again": "1"}, follow=True).content.decode()
    assert "Prøv igjen i morgen" in page
    assert OneTimeCode.objects.count() == 1


def test_sent_twice_is_there_once(town: Town, client: Client) -> None:
    first, second = (asks(client, "municipality_interest", town.municipality.number) for _press in range(2))
    assert first.url == second.url
    assert SignUp.objects.count() == 1
    deliver()
    assert len(mail.outbox) == 1


def test_taken_back(town: Town, client: Client) -> None:
    asks(client, "municipality_interest", town.municipality.number)
    link = reverse("sign_up_thanks", args=[sign_up_token(SignUp.objects.get())])
    assert client.get(link).status_code == 200
    assert SignUp.objects.exists(), "looking changes nothing"
    client.post(link)
    assert not SignUp.objects.exists()
    assert client.get(link).status_code == 410


def test_taken_back_twice_at_once(town: Town) -> None:
    sign_up = SignUpFactory.create(opening=None, municipality=town.municipality)
    for _press in range(2):
        sign_up_withdraw(sign_up=sign_up)
    assert AuditEvent.objects.filter(verb="sign_up_withdrawn").count() == 1


# --- At once ---------------------------------------------------------------------------------------------
def test_a_name_a_code_and_in(town: Town, light: Opening) -> None:
    client, page = joins(light)
    assert "Velkommen" in page.content.decode()
    person = Person.objects.get(email=WHO["reach"])
    volunteer = Volunteer.objects.get(person=person)
    assert volunteer.state == VolunteerState.ACTIVE
    assert Assignment.objects.get(volunteer=volunteer).state == AssignmentState.ACTIVE
    sign_up = SignUp.objects.get()
    assert sign_up.volunteer == volunteer
    assert (sign_up.outcome, sign_up.answered_by) == (SignUpOutcome.TAKEN_IN, None)
    assert client.get(reverse("sign_up_code")).status_code == 410, "the code is used"


def test_the_code_pressed_twice(light: Opening, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    asks(client, "opening_join", light.pk)
    typed = {"code": digits(client)}
    # The other press comes in between: it uses the code, and she is in.
    monkeypatch.setattr(
        "volunteers.views.sign_up.sign_up_code_use",
        lambda *, sign_up, **_code: sign_up_confirm(sign_up=sign_up) is None,
    )
    at_once: Any = client.post(reverse("sign_up_code"), typed)
    after: Any = client.post(reverse("sign_up_code"), typed)
    hers = reverse("sign_up_thanks", args=[sign_up_token(SignUp.objects.get())])
    assert (at_once.url, after.url) == (hers, hers)
    assert Assignment.objects.count() == 1


def test_nobody_before_the_code(town: Town, light: Opening, staff: Client) -> None:
    client = Client()
    asks(client, "opening_join", light.pk)
    assert not Person.objects.filter(email=WHO["reach"]).exists()
    assert list(SignUp.objects.visible_to(town.coordinator.user)) == []
    wrong = f"{(int(digits(client)) + 1) % 10**6:06d}"
    assert "Koden stemmer ikke" in client.post(reverse("sign_up_code"), {"code": wrong}).content.decode()
    assert not Person.objects.filter(email=WHO["reach"]).exists()


def test_the_code_goes_by_mail_and_is_on_no_page(town: Town, light: Opening) -> None:
    client = Client()
    asks(client, "opening_join", light.pk)
    deliver()
    assert digits(client) in mail.outbox[0].body
    assert digits(client) not in mail.outbox[0].subject
    page = client.get(reverse("sign_up_code")).content.decode()
    assert "n•••@prove.example" in page
    assert WHO["reach"] not in page


def test_the_last_place_closes_it(town: Town, light: Opening) -> None:
    joins(light)
    assert Opening.objects.public().exists()
    joins(light, name="Prøve To", reach="to@prove.example")
    light.refresh_from_db()
    assert light.closed_at is not None
    assert Client().get(reverse("public_opening", args=[light.pk])).status_code == 404


def test_who_signs_up_twice_takes_one_place(town: Town, light: Opening) -> None:
    joins(light)
    joins(light)
    assert SignUp.objects.count() == 2
    light.refresh_from_db()
    assert light.closed_at is None
    assert taken(light) == 1
    assert openings_public().get().taken == 1


def test_the_place_went_while_she_waited_for_the_code(town: Town, light: Opening) -> None:
    client = Client()
    asks(client, "opening_join", light.pk, name="Prøve Sen", reach="sen@prove.example")
    typed = digits(client)
    joins(light)
    joins(light, name="Prøve To", reach="to@prove.example")
    page = client.post(reverse("sign_up_code"), {"code": typed}, follow=True).content.decode()
    assert "Det går ikke å begynne med en gang lenger" in page
    late = SignUp.objects.get(email="sen@prove.example")
    assert (late.kind, late.volunteer) == (SignUpKind.INTEREST, None)
    assert late in SignUp.objects.visible_to(town.coordinator.user)


@pytest.mark.parametrize("why", ["requirement", "ended", "paused", "closed"])
def test_what_changed_meanwhile_makes_it_an_interest(town: Town, light: Opening, why: str) -> None:
    client = Client()
    asks(client, "opening_join", light.pk)
    if why == "requirement":
        kind = RequirementKindFactory.create(municipality=town.municipality)
        offer_requirement_add(offer=light.offer, kind=kind, because="Trygt", by=town.coordinator.user)
    elif why == "closed":
        opening_close(opening=light, by=town.coordinator.user)
    else:
        ended = timezone.localdate() if why == "ended" else None
        Offer.objects.filter(pk=light.offer_id).update(state=why, ended_on=ended)
    client.post(reverse("sign_up_code"), {"code": digits(client)})
    assert SignUp.objects.get().kind == SignUpKind.INTEREST
    assert not Volunteer.objects.exists()


def test_under_eighteen_is_talked_with_first(town: Town, light: Opening, client: Client) -> None:
    asks(client, "opening_join", light.pk, under_18="on")
    assert SignUp.objects.get().kind == SignUpKind.INTEREST
    assert not OneTimeCode.objects.exists()


def test_who_is_known_here_is_not_made_twice(town: Town, light: Opening) -> None:
    known = PersonFactory.create(
        municipality=town.municipality, name="prøve nygård", email="Nygaard@prove.example"
    )
    joins(light)
    assert Volunteer.objects.get().person == known
    joins(light)
    assert Assignment.objects.count() == 1
    assert Person.objects.filter(email__iexact=WHO["reach"]).count() == 1


def test_a_family_shares_an_address(town: Town, light: Opening) -> None:
    PersonFactory.create(municipality=town.municipality, name="Prøve Annen", email=WHO["reach"])
    joins(light)
    assert Volunteer.objects.get().person.name == "Prøve Nygård"


def test_pressing_twice_does_it_once(town: Town, light: Opening) -> None:
    joins(light)
    before = SignUp.objects.get()
    assert sign_up_confirm(sign_up=before).confirmed_at == before.confirmed_at
    assert Assignment.objects.count() == 1


# --- Who answers -------------------------------------------------------------------------------------------
def test_an_organisation_that_is_here_answers_its_own(town: Town, staff: Client) -> None:
    rep = made.member(town.municipality, Role.ORGANISATION_REP, organisation=town.organisation)
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(partnership=partnership, organisation=town.organisation)
    joins(light_opening(offer=offer))
    sign_up = SignUp.objects.get()
    assert sign_up.organisation == town.organisation
    assert Person.objects.get(email=WHO["reach"]).controller_organisation == town.organisation
    assert staff.get(reverse("sign_up", args=[sign_up.pk])).status_code == 404
    assert WHO["name"] not in staff.get(reverse("sign_ups")).content.decode()
    # The coordinator runs every offer: she sees how many wrote, not who.
    page = staff.get(reverse("opening", args=[sign_up.opening_id])).content.decode()
    assert WHO["name"] not in page
    assert "1 har skrevet" in page
    staff.force_login(rep.user)
    assert WHO["name"] in staff.get(reverse("sign_up", args=[sign_up.pk])).content.decode()


def test_where_nobody_of_theirs_is_here_the_municipality_answers(town: Town, client: Client) -> None:
    partnership = PartnershipFactory.create(municipality=town.municipality)
    offer = OfferFactory.create(
        partnership=partnership, organisation=OrganisationFactory.create(municipality=town.municipality)
    )
    asks(client, "opening_interest", OpeningFactory.create(offer=offer).pk)
    assert SignUp.objects.get().organisation is None
    assert SignUp.objects.visible_to(town.coordinator.user).exists()


def test_the_neighbour_sees_nothing(town: Town, neighbour: Town, client: Client) -> None:
    asks(client, "municipality_interest", town.municipality.number)
    client.force_login(neighbour.coordinator.user)
    assert WHO["name"] not in client.get(reverse("sign_ups")).content.decode()
    assert client.get(reverse("sign_up", args=[SignUp.objects.get().pk])).status_code == 404


# --- Answering ---------------------------------------------------------------------------------------------
def test_an_answer_is_sent(town: Town, staff: Client) -> None:
    sign_up = SignUpFactory.create(
        opening=None, municipality=town.municipality, kind=SignUpKind.QUESTION, email=WHO["reach"]
    )
    staff.post(reverse("sign_up_answer", args=[sign_up.pk]), {"text": "To timer på torsdager."})
    deliver()
    assert "To timer på torsdager." in mail.outbox[0].body
    sign_up.refresh_from_db()
    assert (sign_up.outcome, sign_up.answered_by) == (SignUpOutcome.ANSWERED, town.coordinator.user)
    again = staff.post(reverse("sign_up_answer", args=[sign_up.pk]), {"text": "Noe annet"})
    assert "Noen har svart på denne allerede" in again.content.decode()


def test_a_kind_no_in_her_language(town: Town, staff: Client) -> None:
    sign_up = SignUpFactory.create(opening=None, municipality=town.municipality)
    page = staff.get(reverse("sign_up_not_now", args=[sign_up.pk])).content.decode()
    assert "Takk for at du tok kontakt." in page
    staff.post(reverse("sign_up_not_now", args=[sign_up.pk]), {"text": "Takk."})
    sign_up.refresh_from_db()
    assert sign_up.outcome == SignUpOutcome.NOT_NOW
    assert not Volunteer.objects.exists()


def test_taken_in(town: Town, offer: Offer, staff: Client) -> None:
    sign_up = SignUpFactory.create(
        opening__offer=offer, name="Prøve Nygård", email=WHO["reach"], interests=["elderly"], how_much="once"
    )
    staff.post(reverse("sign_up_take_in", args=[sign_up.pk]), {"text": "Så fint!"})
    volunteer = Volunteer.objects.get()
    assert (volunteer.state, volunteer.interests, volunteer.how_much) == (
        VolunteerState.STARTING, ["elderly"], "once",
    )  # fmt: skip
    assert Assignment.objects.get(volunteer=volunteer, offer=offer).state == AssignmentState.INTERESTED
    deliver()
    assert "Så fint!" in mail.outbox[0].body


def test_somebody_like_her_is_asked_about_first(town: Town, staff: Client) -> None:
    like = PersonFactory.create(
        municipality=town.municipality, name="Prøve Nygård", email="gammel@prove.example"
    )
    kept = PersonFactory.create(
        municipality=town.municipality, name="Prøve Nygård", controller_organisation=town.organisation,
        email="lagets@prove.example",
    )  # fmt: skip
    sign_up = SignUpFactory.create(
        opening=None, municipality=town.municipality, name="Prøve Nygård", email=WHO["reach"]
    )
    url = reverse("sign_up_take_in", args=[sign_up.pk])
    page = staff.get(url).content.decode()
    assert like.email in page
    assert kept.email not in page, "another controller's is nobody here"
    assert staff.post(url, {"text": "Hei"}).status_code == 200, "she says which"
    assert staff.post(url, {"text": "Hei", "same": kept.pk}).status_code == 200
    staff.post(url, {"text": "Hei", "same": like.pk})
    assert Volunteer.objects.get().person == like


def test_hidden_details_stay_hidden_beside_a_strangers_words(town: Town, staff: Client) -> None:
    hides = {"municipality": town.municipality, "name": WHO["name"], "hide_contact": True}
    PersonFactory.create(**hides, email="skjult@prove.example")
    PersonFactory.create(**hides, email="", phone="+4790212399")
    sign_up = SignUpFactory.create(opening=None, municipality=town.municipality, name=WHO["name"])
    page = staff.get(reverse("sign_up_take_in", args=[sign_up.pk])).content.decode()
    assert page.count("kjent fra før") == 2
    assert "skjult@prove.example" not in page
    assert "902 12 399" not in page


def test_a_new_one_beside_the_one_like_her(town: Town, staff: Client) -> None:
    like = PersonFactory.create(municipality=town.municipality, name="Prøve Nygård")
    sign_up = SignUpFactory.create(opening=None, municipality=town.municipality, name="Prøve Nygård")
    staff.post(reverse("sign_up_take_in", args=[sign_up.pk]), {"text": "Hei", "same": "new"})
    assert Volunteer.objects.get().person != like


# --- Waiting -----------------------------------------------------------------------------------------------
def test_it_waits_in_this_week(town: Town) -> None:
    sign_up = SignUpFactory.create(opening=None, municipality=town.municipality)
    viewer = Viewer(town.coordinator.user, town.coordinator, timezone.localdate())
    assert [item.title for item in waiting(viewer, "Frivillig")] == ["Noen vil bli frivillig"]
    SignUp.objects.filter(pk=sign_up.pk).update(answered_at=timezone.now(), outcome="answered")
    assert waiting(viewer, "Frivillig") == []


def test_who_answers_is_reminded_without_a_name(town: Town) -> None:
    SignUpFactory.create(
        opening=None, municipality=town.municipality, reply_by=timezone.localdate() - timedelta(days=1)
    )
    round_of(timezone.now())
    assert Notice.objects.filter(kind="sign_up_waits", person=town.coordinator.person).count() == 1


def test_who_runs_the_offer_is_told_of_somebody_who_is_in(
    town: Town, light: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With those who keep her, once each; in words that name nobody, and with a page she may open."""
    # At night it waits for the morning.
    Clock(monkeypatch).set(at(timezone.localdate(), hour=12))
    runs = made.member(town.municipality, Role.PLACE_CONTACT, unit=town.unit)
    contact, boss = runs.person, town.coordinator.person
    assert contact is not None
    Offer.objects.filter(pk=light.offer_id).update(contact=contact)
    light.refresh_from_db()
    sign_up_confirm(sign_up=SignUpFactory.create(opening=light, kind=SignUpKind.AT_ONCE, name="Prøve Nygård"))
    mail.outbox.clear()
    round_of(timezone.now())
    deliver()
    told = {letter.to[0]: letter for letter in mail.outbox}
    assert set(told) >= {contact.email, boss.email}
    staff = (told[contact.email], told[boss.email])
    assert not [one for one in staff if "Nygård" in f"{one.subject}{one.body}"]
    assert reverse("offer_crew", args=[light.offer_id]) in told[contact.email].body
    assert "/frivillige/henvendelser/" in told[boss.email].body
    # Who keeps her may be the contact too.
    Offer.objects.filter(pk=light.offer_id).update(contact=town.coordinator.person)
    round_of(timezone.now())
    assert Notice.objects.filter(kind="sign_up_joined", person=town.coordinator.person).count() == 1


def test_an_open_address_is_not_told_apart(town: Town, client: Client) -> None:
    for token in ("1-abc", "0", "x" * 60):
        assert client.get(reverse("sign_up_thanks", args=[token])).status_code == 410


def test_an_ended_offer_takes_nobody(town: Town, light: Opening, client: Client) -> None:
    Offer.objects.filter(pk=light.offer_id).update(state=OfferState.ENDED, ended_on=timezone.localdate())
    assert asks(client, "opening_join", light.pk).status_code == 404
